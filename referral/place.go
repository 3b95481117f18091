package referral

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/providers"
)

// lineBatch bounds how many waiting families one freed place asks about.
const lineBatch = 100

// OfferFreedPlaces is the job behind program.place_free: it was enqueued when a claim or an enrollment ended, or a program stated
// more room. The places that are free and not on offer go to the families that wait, in the rules' order, each in a transaction
// of its own. Run twice it offers nothing twice: an offer that stands counts as a place.
func (s *Service) OfferFreedPlaces(ctx context.Context, job jobs.Job) error {
	program := job.SubjectID
	var line []uuid.UUID
	err := s.asSystem(ctx, job, func(w *work) (err error) {
		line, err = w.store.nextInLine(program, lineBatch)
		return err
	})
	if err != nil {
		return fmt.Errorf("see who waits: %w", err)
	}
	for _, id := range line {
		more, err := s.offerFreedPlace(ctx, job, id)
		if err != nil {
			return fmt.Errorf("offer a freed place to case %s: %w", id, err)
		}
		if !more {
			break
		}
	}
	return s.asSystem(ctx, job, func(w *work) error { return w.jobs.Settle(job) })
}

// tellLines lets the lines of the programs hear of it whose places a move gave back.
func (m *moving) tellLines(move uuid.UUID) error {
	if err := m.tx.Flush(); err != nil { // what was ended is read below
		return err
	}
	programs, err := m.store.placesLeft(m.c.ID, move)
	for _, id := range programs {
		m.jobs.TellLine(id)
	}
	return err
}

// LookForPlaces tells every program's line that has room. A duty of the workers: room that a statement promised for a later day,
// and families that began to wait in the moment when a place was freed, are found by nothing else.
func (s *Service) LookForPlaces(ctx context.Context) error {
	return s.db.InTx(ctx, auth.System("look for places"), func(tx *pg.Tx) error {
		w := s.work(tx)
		_, cal, err := w.desk()
		if err != nil {
			return err
		}
		open, err := w.providers.Places("", cal.Day(tx.Now))
		for _, p := range open {
			if p.Free > 0 && p.Intake != providers.IntakeClosed {
				w.jobs.TellLine(p.ProgramID)
			}
		}
		return err
	})
}

func (s *Service) asSystem(ctx context.Context, job jobs.Job, fn func(*work) error) error {
	return s.db.InTx(ctx, auth.System(string(job.Kind)), func(tx *pg.Tx) error { return fn(s.work(tx)) })
}

// tellTheLine: a place that the rules find for a family that waits goes to whoever stands first in its line, which may be another.
func (m *moving) tellTheLine(v verdict) error {
	for _, program := range v.route() {
		if err := m.jobs.Enqueue(jobs.PlaceFree, program); err != nil {
			return err
		}
	}
	return nil
}

// offerFreedPlace asks the rules about one family that waits; it reports whether a place may be left for the next one.
func (s *Service) offerFreedPlace(ctx context.Context, job jobs.Job, caseID uuid.UUID) (more bool, err error) {
	err = s.asSystem(ctx, job, func(w *work) error {
		m, err := w.lock(caseID, ActPlaceFree)
		if err != nil {
			return err
		}
		more = true
		if m.c.Status != Waitlisted {
			return nil
		}
		if more, err = m.placeLeft(job.SubjectID); err != nil || !more {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		return m.takeFreed(f, job.SubjectID)
	})
	return more, err
}

// placeLeft locks the program, so that two jobs do not offer one place twice. Locks go case first, then program.
func (m *moving) placeLeft(program uuid.UUID) (bool, error) {
	p, err := m.providers.LockProgram(program)
	if err != nil || p.ClosedAt != nil {
		return false, err
	}
	usage, err := m.providers.Free(program)
	if err != nil {
		return false, err
	}
	offered, err := m.store.offeredPlaces(program)
	return usage.Free > offered, err
}

// takeFreed offers the place when she waits for this program and the rules still give it to her; a family that was not asked
// yet goes to the hub, which can now name a place.
func (m *moving) takeFreed(f *family, program uuid.UUID) error {
	waits, err := m.store.waiting(m.c.ID)
	if err != nil {
		return err
	}
	m.fromList = program
	v, err := m.weigh(f)
	if err != nil {
		return err
	}
	waitsForIt := mayShare(f.consents, program) && slices.ContainsFunc(waits, func(e WaitlistEntry) bool { return e.ProgramID == program })
	if !slices.Contains(v.route(), program) || m.c.HeldSince != nil || len(waits) > 0 && !waitsForIt {
		return nil // she waits on; a decision kept at each hour's look would bury those that moved her
	}
	if err := m.keepDecision(f, v, "place_free"); err != nil {
		return err
	}
	if len(waits) == 0 || len(f.servedBy) > 0 { // one who is served by now is never offered
		err = m.settle(f, v)
	} else {
		err = m.toOffered(f, v, []uuid.UUID{program}, direct)
	}
	if err != nil {
		return err
	}
	return m.save()
}
