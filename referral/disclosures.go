package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// DisclosureView is one telling of who she is to somebody outside the hub.
type DisclosureView struct {
	At      time.Time `json:"at"`
	CaseID  uuid.UUID `json:"case_id"`
	Act     string    `json:"act"`
	What    string    `json:"what"`
	Purpose string    `json:"purpose"`
	Basis   string    `json:"basis"`
	By      string    `json:"by"` // the organization that gave it
	GivenBy uuid.UUID `json:"given_by"`
	To      string    `json:"to"`
	InDoubt bool      `json:"in_doubt"` // it may have left: the mail server never answered
}

// DisclosureList is one page of a client's disclosures. Notice stands there while a record of a treatment program is among them.
type DisclosureList struct {
	Items  []DisclosureView `json:"items"`
	Next   string           `json:"next"`
	Since  time.Time        `json:"since"`
	Notice string           `json:"notice,omitempty"`
}

// Years of a list. Three: what an intermediary owes on written request (42 CFR 2.24, as summarised at lexbuild.dev; within 30 days); six:
// the longest accounting under HIPAA (45 CFR 164.528, as summarised at limswiki).
const (
	threeYears = 3
	sixYears   = 6
)

// Disclosures lists what was told of a client outside the hub in the last three or six years, newest first: over all cases of the
// caregiver of this one, by every record that is linked with hers. That it was looked at is a view row. Faults: Invalid for other years; NotFound.
func (s *Service) Disclosures(ctx context.Context, actor auth.Actor, caseID uuid.UUID, years int, after string) (DisclosureList, error) {
	return read(ctx, s, actor, auth.DisclosureRead, func(w *work) (DisclosureList, error) {
		c, err := w.store.caseByID(caseID)
		if err != nil {
			return DisclosureList{}, err
		}
		out, err := w.disclosures(c.CaregiverID, years, after)
		if err != nil {
			return out, err
		}
		return out, w.audit.Viewed("read disclosures", c.ID)
	})
}

// CaseOf is the newest case of the client whose id, or whose case's id, this is. Faults: NotFound.
func (s *Service) CaseOf(ctx context.Context, actor auth.Actor, id uuid.UUID) (uuid.UUID, error) {
	return read(ctx, s, actor, auth.DisclosureRead, func(w *work) (uuid.UUID, error) {
		c, err := w.store.caseOfEither(id)
		return c.ID, err
	})
}

func (w *work) disclosures(client uuid.UUID, years int, after string) (DisclosureList, error) {
	out := DisclosureList{Items: []DisclosureView{}}
	if years != threeYears && years != sixYears {
		return out, fault.Problems([]fault.Field{{Pointer: "/years", Code: "oneof", Detail: "3 or 6."}})
	}
	_, cal, err := w.desk()
	if err != nil {
		return out, err
	}
	out.Since = yearsBefore(w.tx.Now.In(cal.Zone), years)
	at, id, err := parseTimeCursor(after)
	if err != nil {
		return out, err
	}
	var before *audit.Disclosure
	if at != nil {
		before = &audit.Disclosure{At: *at, ID: id}
	}
	records, err := w.store.recordsOf(client)
	if err != nil {
		return out, err
	}
	told, err := w.audit.Disclosures(idsOf(records), out.Since, before, pageSize+1)
	if err != nil {
		return out, err
	}
	if len(told) > pageSize {
		told = told[:pageSize]
		last := told[pageSize-1]
		out.Next = pg.Cursor{Key: last.At.Format(time.RFC3339Nano), ID: last.ID.String()}.String()
	}
	for _, d := range told {
		out.Items = append(out.Items, viewDisclosure(d))
		if d.What == treatmentRecord {
			out.Notice = Part2Notice
		}
	}
	return out, nil
}

// yearsBefore is the beginning of the same day some years ago: what was told on that day is on the list. Of 29 February it is the 28th.
func yearsBefore(now time.Time, years int) time.Time {
	day := time.Date(now.Year()-years, now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	if day.Month() != now.Month() {
		day = day.AddDate(0, 0, -1)
	}
	return day.UTC()
}

func viewDisclosure(d audit.Told) DisclosureView {
	return DisclosureView{At: d.At, CaseID: d.CaseID, Act: d.Act, What: d.What, Purpose: d.Purpose, Basis: d.Basis, By: d.By, GivenBy: d.GivenBy,
		To: d.To, InDoubt: d.InDoubt}
}

// toldBefore is what a revocation cannot call back, the newest hundred: for the hub everything but the compartment, for an agency what
// it was told itself.
func (m *moving) toldBefore() ([]DisclosureView, error) {
	out := []DisclosureView{}
	clients, err := m.clientsOf(m.c)
	if err != nil {
		return out, err
	}
	told, err := m.audit.Disclosures(clients, yearsBefore(m.tx.Now, sixYears), nil, 100)
	for _, d := range told {
		own := d.ToOrg != nil && *d.ToOrg == m.tx.Actor.OrgID
		if d.What != treatmentRecord && (own || m.tx.Actor.SeesAll()) {
			out = append(out, viewDisclosure(d))
		}
	}
	return out, err
}
