package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/referral/contact"
)

// SearchForm is where a person looks for a way to her when none is left, and what came of it. A guardian is not on the list.
type SearchForm struct {
	Place   string `json:"place" validate:"required,oneof=clinic_visit school shelter trusted_person referrer_asks"`
	Outcome string `json:"outcome" validate:"omitempty,oneof=found not_found she_said_no"` // empty: it begins
}

// LookForWay begins a search, or says how it ended. What was found is a way of its own: add it. The desk's task ends with a way
// that may be used, never with the search alone.
// Faults: Conflict when a trusted person is to be asked and she named none, or where this place is being asked already.
func (s *Service) LookForWay(ctx context.Context, actor auth.Actor, id uuid.UUID, in SearchForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseFindWay, id, ActFindWay, in, func(m *moving) error {
		f, err := m.family()
		if err != nil {
			return err
		}
		if f.client.DoNotContact || f.client.DeathRecordedAt != nil {
			return fault.New(fault.Conflict, "She asked not to be contacted, or nothing goes to her any more. Nobody looks for a way to her.")
		}
		if in.Place == "trusted_person" && !slices.ContainsFunc(f.ways(m.svc.contactDays), func(w contact.Way) bool { return w.Whose == contact.Trusted }) {
			return fault.New(fault.Conflict, "She named no such person. Only one that she named herself may be asked; never a guardian instead.")
		}
		return m.search(in)
	})
}

func (m *moving) search(in SearchForm) error {
	m.detail["place"], m.detail["outcome"] = in.Place, in.Outcome
	past, err := m.store.searches(m.c.ID)
	if err != nil {
		return err
	}
	open, going := find(past, func(s search) bool { return s.Place == in.Place && s.Outcome == nil })
	switch {
	case going && in.Outcome == "":
		return fault.New(fault.Conflict, "This is being tried already. Say how it ended.")
	case going:
		m.created = &open.ID
		m.store.settleSearch(open.ID, in.Outcome)
		return nil
	}
	row := search{ID: pg.NewID(), CaseID: m.c.ID, Place: in.Place, BeganAt: m.tx.Now, BeganBy: m.tx.Actor.ID}
	if in.Outcome != "" { // asked and answered at once
		row.Outcome, row.SettledAt, row.SettledBy = &in.Outcome, &m.tx.Now, &m.tx.Actor.ID
	}
	m.created = &row.ID
	return m.tx.Insert(&row)
}

// lookForAWay asks the desk to find a way when none is left, and ends that task when there is one. Nobody looks for a way to
// somebody who asked not to be contacted.
func (m *moving) lookForAWay(f *family) error {
	switch {
	case m.hasRoute(f):
		return m.jobs.CloseTasks(&m.id, m.c.ID, jobs.TaskDone, taskFindWay)
	case f.client.DoNotContact || f.client.DeathRecordedAt != nil:
		return nil
	}
	return m.askForAWay()
}

// routeLeft is lookForAWay where nothing changed but the time.
func (m *moving) routeLeft() error {
	f, err := m.family()
	if err != nil {
		return err
	}
	return m.lookForAWay(f)
}

func (m *moving) askForAWay() error {
	hub, err := m.hub()
	if err != nil {
		return err
	}
	return m.ask(hub.ID, auth.TriageCoordinator, taskFindWay, m.c.ID, false)
}
