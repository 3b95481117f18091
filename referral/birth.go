package referral

import (
	"context"
	"slices"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
	"doorstep/triage"
)

// BirthForm is a birth with every child of it. A child without a day of its own was born on BornOn.
type BirthForm struct {
	Version            int               `json:"version" validate:"min=0"`
	BornOn             string            `json:"born_on" validate:"required,datetime=2006-01-02"`
	MotherDischargedOn string            `json:"mother_discharged_on" validate:"omitempty,datetime=2006-01-02"`
	Infants            []SubmittedInfant `json:"infants" validate:"required,min=1,max=9,dive"`
}

func (in BirthForm) seen() int { return in.Version }

// RecordBirth writes the birth on the case of the parent who carried the child. The windows of programs are others from now on,
// so the rules decide again about a family that no agency has; one that an agency has stays, and an enrolled one is asked
// about completion by the child's real age.
// Faults: Conflict when the birth or a loss was recorded before; Invalid; NotFound for a family that the agency does not have.
func (s *Service) RecordBirth(ctx context.Context, actor auth.Actor, id uuid.UUID, in BirthForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseFamily, id, ActBirth, in, func(m *moving) error {
		if err := m.hasFamily(); err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		if err := m.stillPregnant(f); err != nil {
			return err
		}
		b, err := m.readBirth(f, in)
		if err != nil {
			return err
		}
		born := outcomeBirth
		b.pregnancy.Outcome = &born
		m.store.endPregnancy(b.pregnancy)
		if f.pregnancy == nil {
			f.pregnancy = &Pregnancy{EpisodeID: m.c.EpisodeID, Dating: unknown, DatedOn: b.pregnancy.DatedOn}
		}
		f.pregnancy.Outcome, f.pregnancy.OutcomeOn, f.pregnancy.MotherDischargedOn = &born, b.pregnancy.OutcomeOn, b.pregnancy.MotherDischargedOn
		m.c.Stage = "postpartum"
		if err := m.addInfants(f, b.infants, m.actorOrigin()); err != nil {
			return err
		}
		switch m.was.Status {
		case Claimed, Accepted:
			return nil
		case Enrolled:
			return m.completesByBirth()
		}
		return m.afterBirth(f)
	})
}

// readBirth checks the dates of a birth.
func (m *moving) readBirth(f *family, in BirthForm) (received, error) {
	c, err := m.familyDates()
	if err != nil {
		return received{}, err
	}
	born := c.past("/born_on", in.BornOn)
	if born != nil && f.pregnancy != nil && f.pregnancy.DueOn != nil && f.pregnancy.DueOn.DaysSince(*born) > dueAfterPeriod {
		c.refuse("/born_on", "before_pregnancy", "By her due date she was not pregnant then. Check the year.")
	}
	infants := slices.Clone(in.Infants)
	for i := range infants {
		if infants[i].BornOn == "" && born != nil {
			infants[i].BornOn = in.BornOn
		}
	}
	home := c.past("/mother_discharged_on", in.MotherDischargedOn)
	if home != nil && born != nil && home.Before(*born) {
		c.refuse("/mother_discharged_on", "before_birth", "Discharged before the birth. One of the two dates is wrong.")
	}
	r := received{infants: c.infants("/infants", infants),
		pregnancy: Pregnancy{EpisodeID: m.c.EpisodeID, DatedOn: c.today, OutcomeOn: born, MotherDischargedOn: home}}
	return r, fault.Problems(c.problems)
}

// completesByBirth asks the agency for completion by the real birth, and no longer by the due date.
func (m *moving) completesByBirth() error {
	e, err := m.store.openEnrollment(m.c.ID)
	if err != nil {
		return err
	}
	if err := m.jobs.Keep(&m.id, e.ID, jobs.CompletionCheck); err != nil {
		return err
	}
	if err := m.jobs.CloseTasks(&m.id, e.ID, jobs.TaskNotNeeded, taskCompletion); err != nil {
		return err
	}
	return m.completionClock(e)
}

// afterBirth lets the rules read the family again. Offers that still fit stand; else the next program is asked, by her own choice
// where she made one.
func (m *moving) afterBirth(f *family) error {
	v, err := m.decide(f, "birth")
	if err != nil {
		return err
	}
	switch m.was.Status {
	case Offered:
		return m.offersAfterBirth(f, v)
	case Waitlisted:
		waits, err := m.store.waiting(m.c.ID)
		if err != nil {
			return err
		}
		if len(waits) > 0 && !slices.ContainsFunc(waits, func(e WaitlistEntry) bool { return v.mayTake(e.ProgramID) }) {
			return m.putBefore(reviewWindowClosed) // she waits for nothing any more, and somebody tells her so
		}
	}
	return m.settle(f, v)
}

func (m *moving) offersAfterBirth(f *family, v verdict) error {
	offers, err := m.store.offers(m.c.ID)
	if err != nil {
		return err
	}
	fits := true
	for _, o := range offers {
		fits = fits && (o.EndedAs != nil || v.mayTake(o.ProgramID))
	}
	if fits {
		m.store.offersShow(m.c.ID, m.c.Stage)
		return nil
	}
	if err := m.leaveOffers("withdrawn"); err != nil {
		return err
	}
	if err := m.tx.Flush(); err != nil { // what was withdrawn is read below
		return err
	}
	return m.toNext(f, v, nil)
}

// mayTake reports whether the rules do not rule a program out. Without a decision nothing is ruled out.
func (v verdict) mayTake(program uuid.UUID) bool {
	if v.decision == nil {
		return true
	}
	p, known := find(v.decision.Programs, func(p triage.ProgramVerdict) bool { return p.ProgramID == program.String() })
	return known && p.Verdict != triage.NotEligible
}

// bornFirst is the earliest day among children; nil when nobody knows one.
func bornFirst(infants []Infant) *civil.Date {
	var first *civil.Date
	for _, child := range infants {
		if child.BornOn != nil && (first == nil || child.BornOn.Before(*first)) {
			first = child.BornOn
		}
	}
	return first
}
