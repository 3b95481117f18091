package referral

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// fold adds what stands on a case to it, for as long as it stands there: her needs and forms, ways to reach her, and each no. A yes is not
// carried over: it was written on another record, and holds for this one only once she says it again.
func (f *family) fold(o family, episode uuid.UUID) {
	for name, answer := range o.answers {
		if at, corrected := f.corrected[name]; corrected && !o.saidAt(name).After(at) {
			continue // it was put right on the case as which both go on
		}
		if f.answers[name] != yes { // of two sources the one that asks for more help counts
			f.answers[name] = answer
			f.toldIn(o.told[name], name, answer)
		}
	}
	f.screenings = append(f.screenings, o.screenings...)
	for _, c := range o.consents {
		if c.Answer != yes {
			f.consents = append(f.consents, c)
		}
	}
	slices.SortStableFunc(f.consents, func(a, b Consent) int { return a.GivenAt.Compare(b.GivenAt) })
	f.referrals = append(f.referrals, o.referrals...)
	slices.SortStableFunc(f.referrals, func(a, b Referral) int { return a.ReceivedAt.Compare(b.ReceivedAt) })
	f.foldReach(o)
	f.lost = f.lost || o.lost || o.pregnancy.ended() || len(o.died) > 0
	if f.pregnancy == nil && o.pregnancy != nil {
		p := *o.pregnancy
		p.EpisodeID = episode // what is written of it from now on is this case's
		f.pregnancy = &p
	}
}

// saidAt is when an answer was given, or put right.
func (f *family) saidAt(name string) time.Time {
	at := f.corrected[name]
	r, known := find(f.referrals, func(r Referral) bool { return r.ID == f.told[name] })
	if known && r.ReceivedAt.After(at) {
		return r.ReceivedAt
	}
	return at
}

// foldReach: where both speak of one number or one home, her own newer word counts, else the stricter.
func (f *family) foldReach(o family) {
	for _, c := range o.contacts {
		at := slices.IndexFunc(f.contacts, func(have ContactMethod) bool { return have.Value == c.Value })
		if at < 0 {
			f.contacts = append(f.contacts, c)
			continue
		}
		have := &f.contacts[at]
		of := between(have.Kept, c.Kept)
		have.SafeCall, have.SafeText = of.answer(have.SafeCall, c.SafeCall), of.answer(have.SafeText, c.SafeText)
		have.SafeVoicemail, have.SafeEmail = of.answer(have.SafeVoicemail, c.SafeVoicemail), of.answer(have.SafeEmail, c.SafeEmail)
		of.rest(&have.Kept, c.Kept)
	}
	for _, a := range o.addresses {
		at := slices.IndexFunc(f.addresses, func(have Address) bool { return sameHome(have, a) })
		if at < 0 {
			f.addresses = append(f.addresses, a)
			continue
		}
		have := &f.addresses[at]
		of := between(have.Kept, a.Kept)
		have.SafeMail, have.SafeToVisit = of.answer(have.SafeMail, a.SafeMail), of.answer(have.SafeToVisit, a.SafeToVisit)
		have.AnnouncedOnly = of == first && have.AnnouncedOnly || of == second && a.AnnouncedOnly || of == both && (have.AnnouncedOnly || a.AnnouncedOnly)
		of.rest(&have.Kept, a.Kept)
	}
}

// voice is which of two rows about one way counts.
type voice int

const (
	both voice = iota // the stricter of each
	first
	second
)

// between: her own word counts alone against what was said before it.
func between(a, b Kept) voice {
	switch {
	case a.ToldBy == byHer && a.GivenAt.After(b.GivenAt):
		return first
	case b.ToldBy == byHer && b.GivenAt.After(a.GivenAt):
		return second
	}
	return both
}

func (v voice) answer(a, b string) string {
	switch v {
	case first:
		return a
	case second:
		return b
	}
	return stricter(a, b)
}

// rest is whose a way is and its hours: some hours are stricter than any.
func (v voice) rest(have *Kept, other Kept) {
	switch {
	case v == second:
		have.Whose, have.Hours = other.Whose, other.Hours
	case v == both:
		have.Whose = word{}.owner(have.Whose, other.Whose)
		if len(have.Hours) == 0 {
			have.Hours = other.Hours
		}
	}
}
