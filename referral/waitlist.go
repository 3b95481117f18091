package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/triage"
)

// WaitForm is her yes to wait for programs that have no place now. It lets them know who she is once they have one.
type WaitForm struct {
	Version        int         `json:"version" validate:"min=0"`
	Programs       []uuid.UUID `json:"programs" validate:"required,min=1,max=10,unique"`
	How            string      `json:"how" validate:"required,oneof=in_person phone signed link"`
	Language       string      `json:"language" validate:"omitempty,max=35,language"`
	WordingVersion string      `json:"wording_version" validate:"omitempty,wording"`
	Reason         string      `json:"reason" validate:"omitempty,oneof=her_wish continuity language distance other"` // for a program that the rules would not give her
}

func (in WaitForm) seen() int { return in.Version }

// Wait puts her on the lists of programs: several at once, each by the rules' order, which counts from her referral.
// Faults: Conflict when a program has a place now or is closed for good, when an agency serves her already, or while an alarm has
// no outcome; Invalid without a reason for a program that the rules rule out.
func (s *Service) Wait(ctx context.Context, actor auth.Actor, id uuid.UUID, in WaitForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseWait, id, ActWait, in, func(m *moving) error {
		if err := m.noAlarmOpen(); err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		if f.client.DoNotContact {
			return errHerWord()
		}
		if len(f.servedBy) > 0 {
			return errServed()
		}
		if err := m.reached(m.tx.Now); err != nil {
			return err
		}
		v, err := m.decide(f, "wait")
		if err != nil {
			return err
		}
		if err := m.mayWait(v, in); err != nil {
			return err
		}
		m.saidYesNow()
		for _, program := range in.Programs {
			c := Consent{Gate: GateShare, ProgramID: &program, Answer: yes, Basis: herAnswer, How: in.How, WordingVersion: in.WordingVersion, Language: in.Language}
			m.stampConsent(&c)
			f.consents = append(f.consents, c)
			if err := m.tx.Insert(&c); err != nil {
				return err
			}
			m.store.join(WaitlistEntry{ID: pg.NewID(), CaseID: m.c.ID, ProgramID: program, JoinedAt: m.tx.Now, OpenedMove: &m.id})
		}
		if err := m.tx.Flush(); err != nil { // the entries are read below
			return err
		}
		m.detail["programs"] = in.Programs
		if m.was.Status == Waitlisted { // she was told of the wait, and says that she waits: the touch that was to tell her is over
			return m.waitsOn()
		}
		return m.toWaitlisted(f, v.clocks)
	})
}

func (m *moving) mayWait(v verdict, in WaitForm) error {
	if v.decision == nil {
		return fault.New(fault.Conflict, "No rule set has decided this case yet, so nobody knows for which programs she may wait.")
	}
	for _, id := range in.Programs {
		program, err := m.namedProgram(id)
		if err != nil {
			return err
		}
		p, known := find(v.decision.Programs, func(p triage.ProgramVerdict) bool { return p.ProgramID == id.String() })
		switch {
		case program.ClosedAt != nil || !known:
			return errClosed(program.Name)
		case p.Verdict == triage.Eligible && p.HasPlace && p.InArea == triage.Yes && p.AgreementValid:
			return fault.New(fault.Conflict, "%s has a place now. Offer it to her instead.", program.Name)
		case p.Verdict == triage.NotEligible && in.Reason == "":
			return fault.Problems([]fault.Field{{Pointer: "/reason", Code: "required", Detail: "The rules would not give her " + program.Name + ". Say why she should wait for it."}})
		}
	}
	if in.Reason != "" {
		m.detail["override"] = in.Reason
	}
	return nil
}

// WaitOn notes that she was asked and still wants to wait: the monthly clock begins again.
func (s *Service) WaitOn(ctx context.Context, actor auth.Actor, id uuid.UUID) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseWait, id, ActWaitOn, nil, func(m *moving) error {
		if err := m.reached(m.tx.Now); err != nil {
			return err
		}
		m.store.confirmWaiting(m.c.ID)
		return m.waitsOn()
	})
}

// waitsOn begins the time again until she must next hear from the hub.
func (m *moving) waitsOn() error {
	hub, cal, err := m.desk()
	if err != nil {
		return err
	}
	if err := m.kept(); err != nil {
		return err
	}
	return m.next(stepInLine, jobs.WaitlistTouch, m.c.ID, hub.ID, touchBy(m.clocks(), cal, m.tx.Now))
}

// LeaveForm names the lists that she leaves; none named: all.
type LeaveForm struct {
	Programs []uuid.UUID `json:"programs" validate:"max=100"`
}

// LeaveWaitlist takes her off lists, by her choice. The case stays with its owner: another program, or its end, is her next word.
// Faults: Conflict when she is on none of them; a second click would else be the newest move, and undo would bring nothing back.
func (s *Service) LeaveWaitlist(ctx context.Context, actor auth.Actor, id uuid.UUID, in LeaveForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseWait, id, ActLeaveWaitlist, in, func(m *moving) error {
		waits, err := m.store.waiting(m.c.ID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(waits, func(e WaitlistEntry) bool { return len(in.Programs) == 0 || slices.Contains(in.Programs, e.ProgramID) }) {
			return fault.New(fault.Conflict, "She waits for none of these programs.")
		}
		m.store.leave(m.c.ID, in.Programs, waitHerChoice, m.id)
		m.detail["programs"] = in.Programs
		return nil
	})
}
