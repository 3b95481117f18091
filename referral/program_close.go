package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// ProgramCloseForm says why a program ends.
type ProgramCloseForm struct {
	Reason string `json:"reason" validate:"required,oneof=funding_ended agency_closes staffing merged other"`
}

// CloseProgram shuts a program's intake at once; what it means for each of its families follows case by case. Offers are withdrawn and
// families that waited go on with their place in line. One that is served there is asked first: a person proposes her a transfer, or she
// stays until her end. The receipt counts the families known now.
// Faults: NotFound for another agency's program; Conflict when it is closed already.
func (s *Service) CloseProgram(ctx context.Context, actor auth.Actor, program uuid.UUID, in ProgramCloseForm) (BatchReceipt, error) {
	if err := actor.Require(auth.ProgramClose); err != nil {
		return BatchReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return BatchReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (BatchReceipt, error) {
		w := s.work(tx)
		if _, err := w.providers.Program(program); err != nil { // in the actor's own role: this proves scope
			return BatchReceipt{}, err
		}
		if err := tx.AsHub("closing a program is written by the hub's role; its agency was checked in the actor's own"); err != nil {
			return BatchReceipt{}, err
		}
		p, err := w.providers.ShutProgram(program)
		if err != nil {
			return BatchReceipt{}, err
		}
		cases, err := w.store.casesOfProgram(program)
		if err != nil {
			return BatchReceipt{}, err
		}
		b := Batch{ID: pg.NewID(), Kind: batchCloseProgram, OrgID: p.OrgID, ProgramID: &program, Reason: in.Reason, RequestedAt: tx.Now, RequestedBy: actor.ID}
		if err := w.begin(b, "close program", nil); err != nil {
			return BatchReceipt{}, err
		}
		// An item touches its case's row, and a case comes before its program: so the items are written behind the commit.
		return BatchReceipt{b.ID, len(cases)}, w.jobs.Enqueue(jobs.BatchSpread, b.ID)
	})
}

// SpreadBatch is the job behind batch.spread: it was enqueued when a program was closed, and writes an item for each of its families.
// None can be added to the program any more. A second run finds the items there.
func (s *Service) SpreadBatch(ctx context.Context, job jobs.Job) error {
	return s.asSystem(ctx, job, func(w *work) error {
		b, err := w.store.batch(job.SubjectID)
		if err != nil {
			return err
		}
		cases, err := w.store.casesOfProgram(*b.ProgramID)
		if err != nil {
			return err
		}
		w.store.addItems(b.ID, cases)
		return w.jobs.Settle(job)
	})
}

// programCloses is what the end of a program means for one family.
func (m *moving) programCloses(program uuid.UUID) (string, error) {
	m.detail["program"] = program
	offers, err := m.store.offers(m.c.ID)
	if err != nil {
		return "", err
	}
	waits, err := m.store.waiting(m.c.ID)
	if err != nil {
		return "", err
	}
	offer, offered := find(offers, func(o Offer) bool { return o.ProgramID == program && o.EndedAs == nil })
	waited := slices.ContainsFunc(waits, func(e WaitlistEntry) bool { return e.ProgramID == program })
	if waited {
		if err := m.leaveLine(program); err != nil {
			return "", err
		}
	}
	result := itemNothing
	switch {
	case m.c.Status.served():
		result, err = m.servedByClosing(program)
		if err == nil && offered { // a transfer to the program that closes
			result, err = itemWithdrawn, m.offerEnds(offer, "withdrawn", nil)
		}
	case offered:
		result, err = itemRerouted, m.offerEnds(offer, "withdrawn", nil)
		if m.c.Status == Offered && slices.ContainsFunc(offers, func(o Offer) bool { return o.EndedAs == nil && o.ProgramID != program }) {
			result = itemWithdrawn
		}
	case waited && m.c.Status == Waitlisted:
		result, err = itemRerouted, m.settleAnew()
	case waited:
		result = itemWithdrawn
	}
	if err != nil || result == itemNothing {
		return result, err
	}
	return result, m.save()
}

// leaveLine ends her place in the program's line and has somebody tell her; her places in other lines stay.
func (m *moving) leaveLine(program uuid.UUID) error {
	m.store.leave(m.c.ID, []uuid.UUID{program}, waitProgramClosed, m.id)
	if err := m.tx.Flush(); err != nil { // what she still waits for is read below
		return err
	}
	if m.c.Status == Closed {
		return nil
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	return m.ask(hub.ID, auth.TriageCoordinator, taskAskHer, m.c.ID, false)
}

// settleAnew asks the rules again about a family that waits; a place that they find goes to whoever stands first in its line.
func (m *moving) settleAnew() error {
	f, err := m.family()
	if err != nil {
		return err
	}
	v, err := m.decide(f, "program_closes")
	if err != nil {
		return err
	}
	return m.settle(f, v)
}

// servedByClosing has the agency's manager and the hub ask her what she wants. Nothing moves her.
func (m *moving) servedByClosing(program uuid.UUID) (string, error) {
	from, err := m.whoServes()
	if err != nil || from.ProgramID != program {
		return itemNothing, err
	}
	return itemAsked, m.askBoth(from, taskAskHer, auth.AgencyManager, auth.TriageSupervisor, true)
}
