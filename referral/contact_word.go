package referral

import (
	"slices"

	"github.com/google/uuid"

	"doorstep/internal/pg"
	"doorstep/referral/contact"
)

// Who told what is known of a way.
const (
	byHer      = "her"
	byReferrer = "referrer"
)

// word weighs what is said of a way now against what was known. Her own stands as she says it; anybody else's can only make it
// stricter, and where a wrong call may hurt her nobody else's yes counts until hub and referrer have found a safe way.
type word struct{ hers, flagged bool }

// heard is the answer that holds from now on. What was not asked says nothing.
func (w word) heard(known, now string) string {
	switch {
	case now == "" || now == unknown:
		return known
	case w.hers:
		return now
	case w.flagged && now == yes && known != yes:
		return known
	}
	return stricter(known, now)
}

// owner is likewise whose a way is.
func (w word) owner(known, now string) string {
	order := []string{string(contact.Hers), string(contact.Trusted), string(contact.Guardian)}
	if now != "" && (w.hers || slices.Index(order, now) > slices.Index(order, known)) {
		return now
	}
	return known
}

// hours: nobody but her changes hours that are known; from any time to some is stricter.
func (w word) hours(known, now contact.Hours) contact.Hours {
	if w.hers || len(known) == 0 {
		return now
	}
	return known
}

// announced: nobody but her lets a visitor come unannounced.
func (w word) announced(known, now bool) bool {
	if w.hers {
		return now
	}
	return known || now
}

// notes are what is sealed with a way: its remarks and what to ask.
type notes struct {
	remarks string
	asking  Asking
}

func (k Kept) notes(keys *pg.Keyring, table string, row uuid.UUID) (notes, error) {
	remarks, err := keys.Open(table, "remarks_sealed", row, k.RemarksSealed)
	if err != nil {
		return notes{}, err
	}
	asking, err := openAsking(keys, table, row, k.AskingSealed)
	return notes{string(remarks), asking}, err
}

func (k *Kept) seal(keys *pg.Keyring, table string, row uuid.UUID, n notes) (err error) {
	k.RemarksSealed = keys.Seal(table, "remarks_sealed", row, []byte(n.remarks))
	k.AskingSealed, err = n.asking.sealed(keys, table, row)
	return err
}

// over lays what is said now over what was noted before; what is left out stays.
func (n notes) over(before notes) notes {
	keep := func(now *string, before string) {
		if *now == "" {
			*now = before
		}
	}
	keep(&n.remarks, before.remarks)
	keep(&n.asking.AskFor, before.asking.AskFor)
	keep(&n.asking.CodeWord, before.asking.CodeWord)
	keep(&n.asking.WhoMayAnswer, before.asking.WhoMayAnswer)
	return n
}

// after makes k the row that follows another of the same way: what nobody said anew stays, and who checked it last.
func (k *Kept) after(was Kept, id uuid.UUID) {
	k.ReplacesID, k.VerifiedAt, k.VerifiedBy = &id, was.VerifiedAt, was.VerifiedBy
}
