package referral

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// HerPage is what she sees. It names no program, no agency, no person and nothing about a pregnancy or a child.
type HerPage struct {
	Now      time.Time
	Zone     *time.Location
	State    string     // one of HerStates
	By       *time.Time // by when the next thing happens, where a person owes it to her
	Who      []string   // who may know about her: hub, sender, program
	OpenTill time.Time
}

// HerStates are the sentences that her page has.
func HerStates() []string {
	return []string{"reading", "reaching", "waiting", "asking", "found", "planned", "going_on", "paused", "ended"}
}

// KnownPage reports by NotFound that there is no open page behind an address. It tells nothing else.
func (s *Service) KnownPage(ctx context.Context, token string) error {
	return s.db.InTx(ctx, visitor(), func(tx *pg.Tx) error {
		_, err := s.work(tx).pageOf("token_hash", hashed(token))
		return err
	})
}

// pageOf is an open page of a family that may have one still: a safety flag that came since shuts it.
func (w *work) pageOf(column string, key any) (familyPage, error) {
	page, err := w.store.openPage(column, key)
	if err != nil {
		return page, err
	}
	c, err := w.store.caseByID(page.CaseID)
	if err != nil {
		return page, err
	}
	f, err := w.familyBehind(c)
	if err == nil && (c.CaregiverID != page.ClientID || f.safetyFlag(w.rulesAnyway()) || f.client.DoNotContact || f.client.DeathRecordedAt != nil) {
		err = noPage()
	}
	return page, err
}

// EnterHerPage takes her word and returns the token of a visit. Faults: Invalid for another word, of which the fifth shuts the page; NotFound; TooMany.
func (s *Service) EnterHerPage(ctx context.Context, token, word, address string) (string, error) {
	if err := s.count(ctx, "word", address); err != nil {
		return "", err
	}
	if len(word) > 200 {
		return "", refused("/word", "word")
	}
	var visit string
	err := s.db.InTx(ctx, visitor(), func(tx *pg.Tx) error {
		visit = ""
		w := s.work(tx)
		page, err := w.pageOf("token_hash", hashed(token))
		if err != nil {
			return err
		}
		record := func(action string) error {
			return w.audit.Record(audit.Event{Action: action, CaseID: &page.CaseID, Subject: "family page", SubjectID: &page.ID})
		}
		if !sameWord(word, page.WordSalt, page.WordHash) {
			w.store.guessed(page.ID, page.Guesses+1)
			if page.Guesses+1 >= maxGuesses {
				w.store.shutPage(page.CaseID, "guesses")
			}
			return record("wrong word on family page")
		}
		w.store.guessed(page.ID, 0)
		var hash []byte
		visit, hash = newToken()
		w.store.keepVisit(pg.NewID(), hash, &page.ID)
		return record("enter family page")
	})
	if err == nil && visit == "" {
		err = refused("/word", "word")
	}
	return visit, err
}

// herVisit is the page behind a visit that her word opened, at the address that the browser shows.
func (w *work) herVisit(token, visit string) (familyPage, error) {
	row, err := w.store.visit(hashed(visit))
	if fault.KindOf(err) == fault.NotFound || err == nil && row.PageID == nil {
		return familyPage{}, fault.New(fault.Unauthenticated, "Enter your word.")
	}
	if err != nil {
		return familyPage{}, err
	}
	page, err := w.pageOf("id", *row.PageID)
	if err == nil && !slices.Equal(page.TokenHash, hashed(token)) {
		err = fault.New(fault.Unauthenticated, "Enter your word.")
	}
	return page, err
}

// HerPage shows it. Faults: Unauthenticated before her word; NotFound when it is shut.
func (s *Service) HerPage(ctx context.Context, token, visit string) (HerPage, error) {
	var out HerPage
	err := s.db.InTx(ctx, visitor(), func(tx *pg.Tx) error {
		w := s.work(tx)
		page, err := w.herVisit(token, visit)
		if err != nil {
			return err
		}
		out, err = w.herPage(page)
		return err
	})
	return out, err
}

func (w *work) herPage(page familyPage) (HerPage, error) {
	c, err := w.store.liveCase(page.CaseID)
	if err != nil {
		return HerPage{}, err
	}
	_, cal, err := w.desk()
	if err != nil {
		return HerPage{}, err
	}
	out := HerPage{Now: w.tx.Now, Zone: cal.Zone, State: herState(c), OpenTill: page.ExpiresAt, Who: []string{"hub"}}
	if slices.Contains([]string{"reading", "reaching"}, out.State) && c.NextDueAt != nil && c.NextDueAt.After(w.tx.Now) {
		out.By = c.NextDueAt
	}
	f, err := w.store.family(c)
	if err != nil {
		return out, err
	}
	if slices.ContainsFunc(f.referrals, func(r Referral) bool { return r.SourceKind != sourceHerself }) {
		out.Who = append(out.Who, "sender")
	}
	seen, err := w.store.agenciesThatSee(c.ID)
	if len(seen) > 0 {
		out.Who = append(out.Who, "program")
	}
	return out, err
}

func herState(c Case) string {
	switch {
	case c.Status == Closed:
		return "ended"
	case c.HeldSince != nil:
		return "paused"
	}
	switch c.Status {
	case Outreach:
		return "reaching"
	case Waitlisted:
		return "waiting"
	case Offered:
		return "asking"
	case Claimed:
		return "found"
	case Accepted:
		return "planned"
	case Enrolled:
		return "going_on"
	}
	return "reading"
}

// seal makes the request's row.
func (w *work) seal(kind string, caseID, pageID *uuid.UUID, text []byte) familyRequest {
	r := familyRequest{ID: pg.NewID(), Kind: kind, CaseID: caseID, PageID: pageID, AskedAt: w.tx.Now}
	r.TextSealed = w.tx.Keys().Seal("family_requests", "text_sealed", r.ID, text)
	return r
}
