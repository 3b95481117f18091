package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/referral/match"
)

// asked is somebody who may be on record already.
type asked struct {
	person  match.Person
	role    string    // as what she cares for the children
	episode uuid.UUID // of the children, where it is on record; nil else
	self    uuid.UUID // her own record, which is no candidate; nil else
}

// Candidate is a client on record who may be the person asked about: what each field says of it, in bits, and whether all of it is enough.
type Candidate struct {
	ClientID uuid.UUID `json:"client_id"`
	match.Score
	// OtherCaregiver: she is on record as another kind of caregiver of a child born on the same day.
	OtherCaregiver bool `json:"other_caregiver"`
}

// LookView is who may be the caregiver of a case, and why: what the hub compares before it links by hand.
type LookView struct {
	Items []FoundView `json:"items"`
}

// FoundView is one of them, the likeliest first.
type FoundView struct {
	Evidence       Evidence   `json:"evidence"`
	OtherCaregiver bool       `json:"other_caregiver"`
	Record         RecordView `json:"record"`
}

// WhoIs looks among those on record for others who may be the caregiver of a case: by hand what intake does by itself. It links nothing.
// Fault: NotFound.
func (s *Service) WhoIs(ctx context.Context, actor auth.Actor, caseID uuid.UUID) (LookView, error) {
	return read(ctx, s, actor, auth.MatchReview, func(w *work) (LookView, error) {
		out := LookView{Items: []FoundView{}}
		c, err := w.store.caseByID(caseID)
		if err != nil {
			return out, err
		}
		f, err := w.store.family(c)
		if err != nil {
			return out, err
		}
		found, err := w.candidates(asked{personOf(f.client, f.contacts, f.addresses, f.infants), c.CaregiverRole, c.EpisodeID, c.CaregiverID})
		if err != nil {
			return out, err
		}
		own, err := w.store.recordsOf(c.CaregiverID)
		if err != nil {
			return out, err
		}
		mine, shown := idsOf(own), []uuid.UUID{caseID}
		found = slices.DeleteFunc(found, func(one Candidate) bool { return slices.Contains(mine, one.ClientID) }) // linked already
		var clients []uuid.UUID
		for _, one := range found {
			clients = append(clients, one.ClientID)
		}
		records, err := w.store.records(clients...)
		if err != nil {
			return out, err
		}
		for _, one := range found {
			r := records[one.ClientID]
			for _, other := range r.cases {
				shown = append(shown, other.ID)
			}
			out.Items = append(out.Items, FoundView{Evidence{one.Score, s.people.Basis()}, one.OtherCaregiver, r.view(w.tx.Now, s.contactDays)})
		}
		return out, w.audit.Listed("look for the same person", shown)
	})
}

// candidates are those on record who may be her, the likeliest first; strangers are left out, and at most one has the verdict
// link. It needs the hub's role, since every source's clients are looked at. It takes no lock: who links takes that of her identity
// first and asks behind it.
//
// Never across two caregivers of one child: whoever else has a case of the episode asked about is no candidate at all. Who seems
// to be another kind of caregiver of the same child, as a grandmother often has the mother's name, number and home, is at most asked about.
func (w *work) candidates(a asked) ([]Candidate, error) {
	known, err := w.store.alike(&a)
	if err != nil {
		return nil, err
	}
	against := w.svc.people.Against(a.person)
	all := make([]Candidate, 0, len(known))
	place := map[uuid.UUID]int{}
	for _, k := range known {
		c := Candidate{k.id, against(k.person), k.otherCaregiver}
		if k.otherCaregiver && c.Verdict == match.Link {
			c.Verdict = match.Ask
		}
		i, seen := place[k.whose]
		switch {
		case !seen:
			place[k.whose] = len(all)
			all = append(all, c)
		case c.Bits > all[i].Bits: // of one person's records the likest speaks
			all[i] = c
		}
	}
	return match.Judge(all, func(c *Candidate) *match.Score { return &c.Score }), nil
}
