package referral

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// handoverDays is how many business days of the hub another jurisdiction's office has to answer: local policy.
const handoverDays = 5

// Handover is a family sent to the office of another jurisdiction. "Sent" is never help received: only the answer ends it.
type Handover struct {
	ID             uuid.UUID
	CaseID         uuid.UUID
	Jurisdiction   string
	Office         string
	How            string
	ConsentHow     string
	SentAt         time.Time
	SentBy         uuid.UUID
	AcknowledgedAt *time.Time
	EndedAt        *time.Time
	EndedAs        *string
	OpenedMove     *uuid.UUID
	ClosedMove     *uuid.UUID
}

// TableName is gorm's.
func (Handover) TableName() string { return "handovers" }

// The answers to a hand-over.
const (
	handoverAcknowledged = "acknowledged"
	handoverUnanswered   = "not_acknowledged"
	handoverTakenBack    = "taken_back"
)

// HandOverForm says to whom she was sent, by which way, and how she agreed.
type HandOverForm struct {
	Jurisdiction string `json:"jurisdiction" validate:"required,max=100"`
	Office       string `json:"office" validate:"required,max=200"`
	How          string `json:"how" validate:"required,oneof=phone fax secure_mail portal in_person"`
	ConsentHow   string `json:"consent_how" validate:"required,oneof=in_person phone signed link required_form"`
}

// HandOver sends a family to the office of another jurisdiction. One that no agency has waits at the hub for the answer; one that
// is served stays where she is until the other office has her. The hub gets an urgent task when no answer comes in time.
// Faults: Conflict while an alarm has no outcome, or while she is handed over already.
func (s *Service) HandOver(ctx context.Context, actor auth.Actor, id uuid.UUID, in HandOverForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseHandOver, id, ActHandOver, in, func(m *moving) error {
		if err := m.noAlarmOpen(); err != nil {
			return err
		}
		basis, err := m.mayHandOver(in.ConsentHow)
		if err != nil {
			return err
		}
		h := Handover{ID: pg.NewID(), CaseID: m.c.ID, Jurisdiction: in.Jurisdiction, Office: in.Office, How: in.How, ConsentHow: in.ConsentHow,
			SentAt: m.tx.Now, SentBy: m.tx.Actor.ID, OpenedMove: &m.id}
		if err := m.tx.Insert(&h); err != nil {
			return err
		}
		err = m.tx.Flush()
		if pg.IsUnique(err, "handovers_one_open") {
			return fault.New(fault.Conflict, "She is handed over already, and the answer has not come. Record it first.")
		}
		if err != nil {
			return err
		}
		m.created, m.detail["handover"] = &h.ID, h.ID
		m.discloseOutside(discloseHandover, "record", "home_visiting", basis, h.Office+", "+h.Jurisdiction, h.ID)
		hub, cal, err := m.desk()
		if err != nil {
			return err
		}
		by := cal.AddBusinessDays(m.tx.Now, handoverDays)
		if m.c.Status.served() {
			return m.promise(jobs.HandoverUnanswered, h.ID, hub.ID, by)
		}
		if err := m.kept(); err != nil {
			return err
		}
		if err := m.leaveOffers("withdrawn"); err != nil {
			return err
		}
		m.store.leave(m.c.ID, nil, waitHerChoice, m.id)
		m.c.Status, m.c.ReviewReasons = Review, []string{reviewHandedOver}
		return m.next(stepElsewhere, jobs.HandoverUnanswered, h.ID, hub.ID, by)
	})
}

// mayHandOver: her own yes to this office, or a form that the law requires; never the form against her no.
func (m *moving) mayHandOver(how string) (basis string, err error) {
	if how != requiredForm {
		return herAnswer, nil
	}
	f, err := m.family()
	if err != nil {
		return "", err
	}
	if refusedAll(f.consents) {
		return "", fault.New(fault.Conflict, "She said that nobody else may know who she is, or took back her yes. Only her own yes to this office sends her there.")
	}
	return requiredForm, nil
}

// HandOverAnswer is what came of it.
type HandOverAnswer struct {
	Answer string `json:"answer" validate:"required,oneof=acknowledged not_acknowledged taken_back"`
	Reason string `json:"reason" validate:"omitempty,oneof=office_refused no_such_office she_objected other"` // why nobody will answer, before the time is over
}

// AnswerHandOver closes a family whom the other office has, or of whom it never spoke and nothing more can be expected; or takes
// her back. Faults: Conflict when she is not handed over, while an alarm has no outcome, or when the time to answer still runs and
// nothing says that no answer will come.
func (s *Service) AnswerHandOver(ctx context.Context, actor auth.Actor, id uuid.UUID, in HandOverAnswer) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseHandOver, id, ActHandOverAnswered, in, func(m *moving) error {
		h, err := m.store.openHandover(m.c.ID)
		if err != nil {
			return err
		}
		m.detail["handover"], m.detail["answer"] = h.ID, in.Answer
		if in.Reason != "" {
			m.detail["reason"] = in.Reason
		}
		if in.Answer == handoverUnanswered && in.Reason == "" {
			waited, err := m.store.wasAsked(h.ID, taskHandover)
			if err != nil {
				return err
			}
			if !waited {
				return fault.New(fault.Conflict, "The office still has time to answer. Wait for it, or say why no answer will come.")
			}
		}
		m.store.endHandover(h.ID, in.Answer, m.id)
		if err := m.jobs.Keep(&m.id, h.ID, jobs.HandoverUnanswered); err != nil {
			return err
		}
		if err := m.jobs.CloseTasks(&m.id, h.ID, jobs.TaskDone, taskHandover); err != nil {
			return err
		}
		if in.Answer == handoverTakenBack {
			return m.takenBack()
		}
		if err := m.noAlarmOpen(); err != nil {
			return err
		}
		return m.end(m.c.CaregiverID, OtherJurisdiction, "moved", new(false))
	})
}

// takenBack leaves a served family where she is; one that waited for the answer needs a person now.
func (m *moving) takenBack() error {
	if !slices.Contains(m.c.ReviewReasons, reviewHandedOver) {
		return nil
	}
	reasons := slices.DeleteFunc(slices.Clone([]string(m.c.ReviewReasons)), func(r string) bool { return r == reviewHandedOver })
	if len(reasons) == 0 {
		reasons = []string{reviewNeedsPerson}
	}
	return m.toReview(reasons, m.clocks())
}
