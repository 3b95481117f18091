package referral

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// DueDate is one due date that somebody gave. It stays when another counts.
type DueDate struct {
	ID         uuid.UUID
	EpisodeID  uuid.UUID
	DueOn      civil.Date
	Method     string     // how it was found: one of the constants below
	ReferralID *uuid.UUID // the referral that gave it; nil: a person wrote it on the case
	OrgID      uuid.UUID
	RecordedBy uuid.UUID
	RecordedAt time.Time
	ChosenAt   *time.Time // when a person said that this one counts
	ChosenBy   *uuid.UUID
}

// TableName is gorm's.
func (DueDate) TableName() string { return "due_dates" }

// How a due date was found. The database holds the same list.
const (
	byPeriod     = "lmp"
	byUltrasound = "ultrasound"
)

// counting is the due date that counts: the one that a person chose last; without a choice ultrasound before last period before all
// others, then the newest. nil when there is none. Pure.
func counting(all []DueDate) *DueDate {
	if len(all) == 0 {
		return nil
	}
	rank := func(d DueDate) int { return slices.Index([]string{byPeriod, byUltrasound}, d.Method) } // others -1
	chosen := func(d DueDate) int64 {
		if d.ChosenAt == nil {
			return 0
		}
		return d.ChosenAt.UnixMicro()
	}
	best := slices.MaxFunc(all, func(a, b DueDate) int {
		return cmp.Or(cmp.Compare(chosen(a), chosen(b)), cmp.Compare(rank(a), rank(b)), a.RecordedAt.Compare(b.RecordedAt),
			strings.Compare(a.ID.String(), b.ID.String()))
	})
	return &best
}

// DueDateForm gives a due date with how it was found, or chooses among those that were given.
type DueDateForm struct {
	Version      int        `json:"version" validate:"required,min=1"` // of the case as its writer read it
	DueOn        string     `json:"due_on" validate:"omitempty,datetime=2006-01-02"`
	LastPeriodOn string     `json:"last_period_on" validate:"omitempty,datetime=2006-01-02"`
	Method       string     `json:"method" validate:"omitempty,oneof=lmp ultrasound clinical_estimate told_by_her unknown"` // of due_on
	Choose       *uuid.UUID `json:"choose"`
}

func (in DueDateForm) seen() int { return in.Version }

func (in DueDateForm) meaning() []fault.Field {
	given := 0
	for _, has := range []bool{in.DueOn != "", in.LastPeriodOn != "", in.Choose != nil} {
		if has {
			given++
		}
	}
	switch {
	case given != 1:
		return []fault.Field{{Pointer: "", Code: "one", Detail: "Give a due date, or the last period, or choose one that was given."}}
	case (in.DueOn != "") != (in.Method != ""):
		return []fault.Field{{Pointer: "/method", Code: "required", Detail: "Say how the due date was found, and only of a due date."}}
	}
	return nil
}

// RecordDueDate adds a due date to those of the pregnancy, or says which of them counts. When another day counts from now on, the rules
// decide again in the same transaction: windows, place in every list and the promise of the last safe day move with it.
// Faults: Stale when the case changed since; Conflict when the pregnancy is over, or the case is not the parent's who carries it;
// Invalid; NotFound for a family that the agency does not have.
func (s *Service) RecordDueDate(ctx context.Context, actor auth.Actor, id uuid.UUID, in DueDateForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseFamily, id, ActDueDate, in, func(m *moving) error {
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
		all, err := m.store.dueDates(m.c.EpisodeID)
		if err != nil {
			return err
		}
		if in.Choose != nil {
			all, err = m.chooseDueDate(all, *in.Choose)
		} else {
			all, err = m.giveDueDate(all, in)
		}
		if err != nil {
			return err
		}
		if !m.dateAgain(f, all) {
			return nil
		}
		return m.factsChanged(f, "due_date")
	})
}

func (m *moving) chooseDueDate(all []DueDate, id uuid.UUID) ([]DueDate, error) {
	i := slices.IndexFunc(all, func(d DueDate) bool { return d.ID == id })
	if i < 0 {
		return nil, fault.Problems([]fault.Field{{Pointer: "/choose", Code: "unknown", Detail: "This is not a due date of this pregnancy."}})
	}
	all[i].ChosenAt, all[i].ChosenBy = &m.tx.Now, &m.tx.Actor.ID
	m.store.chooseDueDate(all[i])
	m.created = &id
	return all, nil
}

func (m *moving) giveDueDate(all []DueDate, in DueDateForm) ([]DueDate, error) {
	c, err := m.familyDates()
	if err != nil {
		return nil, err
	}
	p := c.pregnancy(&Submission{Stage: "prenatal", Pregnancy: &SubmittedPregnancy{DueOn: in.DueOn, LastPeriodOn: in.LastPeriodOn}})
	for i := range c.problems {
		c.problems[i].Pointer = strings.TrimPrefix(c.problems[i].Pointer, "/pregnancy")
	}
	if err := fault.Problems(c.problems); err != nil {
		return nil, err
	}
	d := DueDate{ID: pg.NewID(), EpisodeID: m.c.EpisodeID, DueOn: *p.DueOn, Method: in.Method, OrgID: m.tx.Actor.OrgID,
		RecordedBy: m.tx.Actor.ID, RecordedAt: m.tx.Now}
	if in.LastPeriodOn != "" {
		d.Method = byPeriod
	}
	m.created, m.detail["method"] = &d.ID, d.Method
	return append(all, d), m.tx.Insert(&d)
}

// dateAgain keeps the pregnancy's due date the one that counts; it reports whether that is another day than before.
func (m *moving) dateAgain(f *family, all []DueDate) bool {
	best := counting(all)
	if f.pregnancy != nil && f.pregnancy.DueOn != nil && *f.pregnancy.DueOn == best.DueOn {
		return false
	}
	if f.pregnancy == nil {
		f.pregnancy = &Pregnancy{EpisodeID: m.c.EpisodeID}
	}
	f.pregnancy.DueOn, f.pregnancy.Dating, f.pregnancy.DatedOn = &best.DueOn, "due_date", civil.DateOf(m.tx.Now)
	if best.Method == byPeriod {
		f.pregnancy.Dating = "last_period"
	}
	m.store.updatePregnancy(f.pregnancy)
	m.redated = true
	return true
}

// dueBy is how the due date of a referral was found, as far as it says so: by a last period, or as its sender says of the date itself.
func (s *Submission) dueBy(p Pregnancy) string {
	switch {
	case p.Dating == "last_period":
		return byPeriod
	case p.Dating == "due_date" && s.Pregnancy.Method != "":
		return s.Pregnancy.Method
	}
	return unknown
}

// dueDateCame adds the due date of a referral. That of a pregnancy that is over changes nothing any more. One that does not count and
// lies far from the one that does is a question for a person.
func (m *moving) dueDateCame(r received, f *family, row Referral) error {
	d := DueDate{ID: pg.NewID(), EpisodeID: m.c.EpisodeID, DueOn: *r.pregnancy.DueOn, Method: r.dueBy, ReferralID: &row.ID, OrgID: row.OrgID,
		RecordedBy: m.tx.Actor.ID, RecordedAt: m.tx.Now}
	if err := m.tx.Insert(&d); err != nil || m.fresh && f.pregnancy.DueOn != nil && *f.pregnancy.DueOn == d.DueOn || f.pregnancy.Outcome != nil {
		return err
	}
	all, err := m.store.dueDates(m.c.EpisodeID)
	if err != nil {
		return err
	}
	all = append(all, d)
	if m.dateAgain(f, all) {
		return nil
	}
	if apart := counting(all).DueOn.DaysSince(d.DueOn); apart <= datingTolerance && apart >= -datingTolerance {
		return nil
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	return m.ask(hub.ID, auth.TriageCoordinator, taskDueDate, m.c.ID, false)
}
