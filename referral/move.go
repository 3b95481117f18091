package referral

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// Receipt is what a use case answers: where the case stands now and what is promised next.
type Receipt struct {
	CaseID    uuid.UUID  `json:"case_id"`
	Status    Status     `json:"status"`
	NextStep  string     `json:"next_step"`
	NextText  string     `json:"next_text"`
	NextBy    *time.Time `json:"next_by,omitempty"`
	CreatedID *uuid.UUID `json:"created_id,omitempty"` // the offer, claim, attempt or visit that was written
	Remark    string     `json:"remark,omitempty"`
}

// moving is one case, locked, with one move in the making: was is the row as found, c as it will be.
type moving struct {
	*work
	id      uuid.UUID // of the move; rows that it opens or closes carry it, so that undo finds them
	action  Action
	was, c  Case
	created *uuid.UUID
	remark  string
	away    string         // the remark for an agency that has her no more: the receipt tells it nothing else
	detail  map[string]any // codes and ids for the audit row

	// a treatment program sent it: a person looks, since the rules do not read what it said; why stands in no list
	compartment bool

	fresh    bool      // the case is made in this transaction
	newcomer bool      // and so is the record of its caregiver
	flagged  bool      // a source before this referral said that reaching her wrongly may hurt her
	fromList uuid.UUID // the program that offers a freed place to its own list, else nil
	loaded   *family   // read once a move
	raised   int       // alarms raised by this move, not yet readable
	answered uuid.UUID // the alarm whose outcome this move records
	decided  *verdict  // the decision that this move kept, and on whom
	judged   *family
	redated  bool      // another due date or birth counts since this move
	since    time.Time // when what this move writes down came to the hub; zero: now
}

// move is the frame of nearly every use case: permission, form (nil when there is none), idempotency, lock in the actor's own
// role, the version that the form was filled in from, the lifecycle's leave, the change itself, and then state, history, audit and promises in one commit.
func (s *Service) move(ctx context.Context, actor auth.Actor, p auth.Permission, caseID uuid.UUID, action Action, form any, change func(*moving) error) (Receipt, error) {
	if err := actor.Require(p); err != nil {
		return Receipt{}, err
	}
	if err := s.checkForm(form); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		m, err := s.work(tx).lock(caseID, action)
		if err != nil {
			return Receipt{}, err
		}
		if err := m.upToDate(form); err != nil {
			return Receipt{}, err
		}
		if err := m.checkAction(); err != nil {
			return Receipt{}, err
		}
		return m.finish(change)
	})
}

// checkForm names everything that is wrong with a form: its shape by the tags, and what its fields mean together.
func (s *Service) checkForm(form any) error {
	if form == nil {
		return nil
	}
	problems := s.shape.Check(form)
	if f, ok := form.(interface{ meaning() []fault.Field }); ok {
		problems = append(problems, f.meaning()...)
	}
	return fault.Problems(problems)
}

// lock takes the case's row in the actor's own database role, which proves that the actor may see it, and then becomes the
// hub: a move writes rows of several organizations.
func (w *work) lock(caseID uuid.UUID, action Action) (*moving, error) {
	c, err := w.store.lockCase(caseID)
	if err != nil {
		return nil, err
	}
	if err := w.tx.AsHub("a move writes rows of several organizations; the lock above proved scope"); err != nil {
		return nil, err
	}
	return &moving{work: w, id: pg.NewID(), action: action, was: c, c: c, detail: map[string]any{}}, nil
}

// lockLive is lock for the case on which her referrals are worked: the one itself, or the one on which it stands.
// Faults: Unavailable when it was joined or parted at this moment.
func (w *work) lockLive(caseID uuid.UUID, action Action) (*moving, error) {
	live, err := w.store.liveCase(caseID)
	if err != nil {
		return nil, err
	}
	m, err := w.lock(live.ID, action)
	if err != nil {
		return nil, err
	}
	now, err := w.store.liveCase(caseID) // joining and parting lock both
	if err == nil && now.ID != live.ID {
		err = fault.New(fault.Unavailable, "This case was linked or parted just now. Try again.")
	}
	return m, err
}

// finish runs the change and writes the move.
func (m *moving) finish(change func(*moving) error) (Receipt, error) {
	if err := change(m); err != nil {
		return Receipt{}, err
	}
	if err := m.save(); err != nil {
		return Receipt{}, err
	}
	return m.receipt(), nil
}

// save checks the move against the table, then writes the case, its history and the audit row.
func (m *moving) save() error {
	if err := CheckMove(m.was.Status, m.action, m.c.Status); err != nil {
		return err
	}
	var before JSON
	if undoable(m.action, m.was.Status) || m.action == ActJoin { // a link is undone by another use case
		snapshot, err := json.Marshal(m.was)
		if err != nil {
			return fmt.Errorf("keep case %s for undo: %w", m.c.ID, err)
		}
		before = snapshot
	}
	return m.write(before)
}

// write stores the case and one history row; undo calls it without the table's leave, since it goes back along an arrow.
func (m *moving) write(before JSON) error {
	if err := m.keepSafety(); err != nil {
		return err
	}
	m.c.Version++
	m.c.RankKey = m.c.rankKey()
	from := string(m.was.Status)
	move := Move{ID: m.id, CaseID: m.c.ID, Seq: m.c.Version, Action: m.action, FromStatus: &from, ToStatus: m.c.Status,
		ActorKind: m.tx.Actor.Kind, ActorID: m.tx.Actor.ID, ActorOrg: m.tx.Actor.OrgID, MovedAt: m.tx.Now, Before: before}
	if m.action == ActReceive {
		move.FromStatus = nil
		if err := m.tx.Insert(&m.c); err != nil {
			return err
		}
	} else {
		m.store.updateCase(&m.c)
	}
	if err := m.tx.Insert(&move); err != nil {
		return err
	}
	return m.audit.Record(audit.Event{Action: string(m.action), CaseID: &m.c.ID, Subject: "case", SubjectID: &m.c.ID,
		From: string(m.was.Status), To: string(m.c.Status), Detail: m.detail})
}

// checkAction is CheckAction for this actor. An agency that was only asked to take her over has her not: its refusal must not tell
// how she is served elsewhere.
func (m *moving) checkAction() error {
	err := CheckAction(m.c.Status, m.action)
	if err == nil || m.tx.Actor.SeesAll() || !m.c.Status.served() {
		return err
	}
	full, lookup := m.store.seesInFull(m.c.ID, m.tx.Actor.OrgID)
	switch {
	case lookup != nil:
		return lookup
	case full:
		return err
	}
	return fault.New(fault.NotFound, "There is no such case.")
}

func (m *moving) receipt() Receipt {
	if m.away != "" { // where she goes next is not this agency's to know
		return Receipt{CaseID: m.c.ID, Status: Offered, NextStep: stepNothing, NextText: stepText(stepNothing), Remark: m.away}
	}
	return Receipt{CaseID: m.c.ID, Status: m.c.Status, NextStep: m.c.NextStep, NextText: stepText(m.c.NextStep),
		NextBy: m.c.NextDueAt, CreatedID: m.created, Remark: m.remark}
}

// next says what happens now, by when, and who promised it; the follow-up fires if it does not.
func (m *moving) next(step string, kind jobs.Kind, subject, owedBy uuid.UUID, due time.Time) error {
	m.c.NextStep, m.c.NextDueAt = step, &due
	return m.promise(kind, subject, owedBy, due)
}

func (m *moving) promise(kind jobs.Kind, subject, owedBy uuid.UUID, due time.Time) error {
	f := jobs.FollowUp{ID: pg.NewID(), CaseID: m.c.ID, Kind: kind, SubjectID: subject, OwedBy: owedBy, DueAt: due, OpenedMove: &m.id}
	if m.c.HeldSince != nil && slices.Contains(toHer(), kind) {
		f.HeldAt = &m.tx.Now
	}
	return m.jobs.Promise(f)
}

// toHer are the promises that reach her when they are kept; a hold lets them wait. The clocks of staff, windows and alarms
// run on.
func toHer() []jobs.Kind {
	return []jobs.Kind{jobs.OutreachDue, jobs.FirstAttemptDue, jobs.NextAttemptDue, jobs.WaitlistTouch, jobs.WaitlistExit}
}

// ask gives a person something to do about this case, due now.
func (m *moving) ask(org uuid.UUID, role auth.Role, kind string, subject uuid.UUID, urgent bool) error {
	return m.jobs.AddTask(jobs.Task{CaseID: &m.c.ID, OrgID: org, Role: role, Kind: kind, SubjectID: subject, Urgent: urgent, DueAt: m.tx.Now,
		OpenedMove: &m.id})
}

// kept ends what the hub promised for the status that the case leaves.
func (m *moving) kept() error {
	if err := m.jobs.Keep(&m.id, m.c.ID, jobs.ReviewDue, jobs.OutreachDue, jobs.WaitlistTouch, jobs.WaitlistExit); err != nil {
		return err
	}
	return m.jobs.CloseTasks(&m.id, m.c.ID, jobs.TaskNotNeeded, taskReview, taskOutreach, taskWaitlistTouch)
}

// holds is the claim through which the actor's agency works this family. Anyone else is told that there is no such case.
func (m *moving) holds() (Claim, error) {
	claim, err := m.store.openClaim(m.c.ID)
	if err != nil {
		return claim, err
	}
	if claim.OrgID != m.tx.Actor.OrgID {
		return claim, fault.New(fault.NotFound, "There is no such case.")
	}
	return claim, nil
}

// serves is likewise the enrollment.
func (m *moving) serves() (Enrollment, error) {
	e, err := m.store.openEnrollment(m.c.ID)
	if err != nil {
		return e, err
	}
	if e.OrgID != m.tx.Actor.OrgID {
		return e, fault.New(fault.NotFound, "There is no such case.")
	}
	return e, nil
}

// family is everything that triage and the gates read, loaded once a move.
func (m *moving) family() (*family, error) {
	if m.loaded == nil {
		f, err := m.store.family(m.c)
		if err != nil {
			return nil, err
		}
		m.loaded = &f
	}
	return m.loaded, nil
}
