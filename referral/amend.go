package referral

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// AmendForm names fields that were typed wrong and what they should say. The referral as received is none of them.
type AmendForm struct {
	Version int      `json:"version" validate:"required,min=1"` // of the case as its writer read it
	Changes []Change `json:"changes" validate:"required,min=1,max=30,dive"`
}

// Change is one field. To is text as in a referral; empty means that it is not known.
type Change struct {
	Subject string     `json:"subject" validate:"required,oneof=client pregnancy infant answer screening"`
	ID      *uuid.UUID `json:"id"` // of the infant or the screening
	Field   string     `json:"field" validate:"required,max=60"`
	To      string     `json:"to" validate:"max=200"`
}

func (in AmendForm) seen() int { return in.Version }

// LogValue: nothing of it may be logged.
func (AmendForm) LogValue() slog.Value { return slog.StringValue("[amendment]") }

func (in AmendForm) meaning() (problems []fault.Field) {
	for i, c := range in.Changes {
		if needs := c.Subject == "infant" || c.Subject == "screening"; needs != (c.ID != nil) {
			problems = append(problems, fault.Field{Pointer: fmt.Sprintf("/changes/%d/id", i), Code: "required", Detail: "Name the infant or the screening, and nothing else."})
		}
	}
	return problems
}

// Amend corrects what was typed wrong, with its history: each field's old and new value, who and when, in the same transaction. What
// comes out is checked as a referral is. When the rules see something else by it they decide again, and an answer that says she is in
// danger raises its alarm. Answers and screenings are the hub's alone; a closed case is amended by a supervisor, as its end is.
// Faults: Stale when somebody changed the case since it was read, with what changed; Invalid with every problem at once; Conflict when
// nothing would change; NotFound for a family that the agency does not have.
func (s *Service) Amend(ctx context.Context, actor auth.Actor, id uuid.UUID, in AmendForm) (Receipt, error) {
	if err := actor.Require(auth.CaseAmend); err != nil {
		return Receipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		m, err := s.work(tx).lock(id, ActAmend)
		if err != nil {
			return Receipt{}, err
		}
		if m.c.Status == Closed {
			if err := actor.Require(auth.CaseCorrect); err != nil {
				return Receipt{}, err
			}
			m.action = ActCorrect
		}
		if err := m.upToDate(in); err != nil {
			return Receipt{}, err
		}
		if err := m.checkAction(); err != nil {
			return Receipt{}, err
		}
		return m.finish(func(m *moving) error { return m.amend(in.Changes) })
	})
}

// amendment is what one form changes.
type amendment struct {
	*moving
	f       *family
	check   *checker
	changes []Change
	rows    []Correction
	fields  []string  // names of columns, for the audit row
	said    received  // answers and screenings that the rules of alarms must read
	alarmOf uuid.UUID // the referral that they belong to
}

func (m *moving) amend(changes []Change) error {
	if m.c.open() {
		if err := m.hasFamily(); err != nil {
			return err
		}
	}
	f, err := m.family()
	if err != nil {
		return err
	}
	check, err := m.familyDates()
	if err != nil {
		return err
	}
	a := &amendment{moving: m, f: f, check: check, changes: changes}
	born := birthDay(f.pregnancy, f.infants)
	a.client()
	a.pregnancy()
	a.infants()
	a.answers()
	if err := a.screenings(); err != nil {
		return err
	}
	if err := fault.Problems(check.problems); err != nil {
		return err
	}
	if len(a.rows) == 0 {
		return fault.New(fault.Conflict, "The record says all of this already.")
	}
	if err := m.tx.Insert(&a.rows); err != nil {
		return err
	}
	m.detail["fields"] = a.fields
	if err := a.alarms(); err != nil {
		return err
	}
	now := birthDay(f.pregnancy, f.infants)
	m.redated = (born == nil) != (now == nil) || born != nil && *born != *now
	seen := []string{"client.date_of_birth", "client.spoken_language", "client.interpreter", "client.insurance"} // by the rules
	if slices.ContainsFunc(a.fields, func(name string) bool { return slices.Contains(seen, name) }) {
		if err := m.otherCases(); err != nil {
			return err
		}
	}
	return m.factsChanged(f, "amend")
}

// alarms reads what was corrected as it would read a referral that says so.
func (a *amendment) alarms() error {
	if a.alarmOf == uuid.Nil {
		return nil
	}
	_, cal, err := a.desk()
	if err != nil {
		return err
	}
	a.said.client, a.said.stage = a.f.client, a.c.Stage
	_, err = a.raiseAlarms(a.said, a.alarmOf, cal)
	return err
}

// keep remembers one changed field; both values are sealed.
func (a *amendment) keep(subject string, row uuid.UUID, field, before, after string) bool {
	return a.keepOn(a.c.ID, subject, row, field, before, after)
}

// keepOn keeps it on the case whose row it is: a form may stand on a case that is read through this one, and parts with it.
func (a *amendment) keepOn(caseID uuid.UUID, subject string, row uuid.UUID, field, before, after string) bool {
	if before == after {
		return false
	}
	x := Correction{ID: pg.NewID(), CaseID: caseID, MoveID: a.id, Subject: subject, RowID: row, Field: field,
		OrgID: a.tx.Actor.OrgID, CorrectedBy: a.tx.Actor.ID, CorrectedAt: a.tx.Now}
	keys := a.tx.Keys()
	x.BeforeSealed = keys.Seal("corrections", "before_sealed", x.ID, []byte(before))
	x.AfterSealed = keys.Seal("corrections", "after_sealed", x.ID, []byte(after))
	a.rows, a.fields = append(a.rows, x), append(a.fields, subject+"."+field)
	return true
}
