package referral

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Undo takes back the newest move of a case, within UndoWindow, by the person who made it. Place in line and clocks return;
// what was seen stays in the audit; messages that have not left are withdrawn.
// Faults: Conflict when it is too late, somebody else's, not a move that can be undone, or when the place is gone.
func (s *Service) Undo(ctx context.Context, actor auth.Actor, id uuid.UUID) (Receipt, error) {
	if err := actor.Require(auth.CaseUndo); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		w := s.work(tx)
		m, err := w.lockUndo(id)
		if err != nil {
			return Receipt{}, err
		}
		newest, err := w.store.newestDeed(m.c)
		if err != nil {
			return Receipt{}, err
		}
		if err := mayUndo(newest, actor, tx); err != nil {
			return Receipt{}, err
		}
		return m.undo(newest)
	})
}

// lockUndo locks the case. An agency that has just declined no longer sees it, and may still take that back: its own newest
// move is then the proof of scope.
func (w *work) lockUndo(id uuid.UUID) (*moving, error) {
	m, err := w.lock(id, ActUndo)
	if fault.KindOf(err) != fault.NotFound {
		return m, err
	}
	offers, lookup := w.store.ownOffers(id, w.tx.Actor.OrgID)
	if lookup != nil || len(offers) == 0 {
		return nil, err
	}
	if err := w.tx.AsHub("undo of a decline: the agency's own offer, read in its own role, proved scope"); err != nil {
		return nil, err
	}
	return w.lock(id, ActUndo)
}

func mayUndo(newest Move, actor auth.Actor, tx *pg.Tx) error {
	switch {
	case newest.Action == ActUndo || newest.UndoneAt != nil:
		return fault.New(fault.Conflict, "The newest move of this case was undone already.")
	case newest.ActorID != actor.ID:
		return fault.New(fault.Conflict, "Somebody else moved this case last; only that person can take it back.")
	case newest.FromStatus == nil || !undoable(newest.Action, Status(*newest.FromStatus)):
		return fault.New(fault.Conflict, "%q cannot be undone.", newest.Action)
	case tx.Now.Sub(newest.MovedAt) > UndoWindow:
		return fault.New(fault.Conflict, "The %.0f minutes in which this could be undone are over.", UndoWindow.Minutes())
	}
	return nil
}

// undoUntil is until when whoever reads may take back the newest of these moves, nil when they may not.
func undoUntil(c Case, moves []Move, tx *pg.Tx) *time.Time {
	for i := len(moves) - 1; i >= 0; i-- {
		m := moves[i]
		if c.StandsOn == nil && (m.Action == ActJoin || m.Action == ActPart) { // as newestDeed reads them
			continue
		}
		if auth.May(tx.Actor.Role, auth.CaseUndo) && mayUndo(m, tx.Actor, tx) == nil {
			until := m.MovedAt.Add(UndoWindow)
			return &until
		}
		return nil
	}
	return nil
}

// undo puts the case row back as it was and turns around what the move did to the rows of the line and to promises.
func (m *moving) undo(newest Move) (Receipt, error) {
	if err := m.takePlaceAgain(newest); err != nil {
		return Receipt{}, err
	}
	if m.c.Disposition != nil && *m.c.Disposition == AskedNotToBeContacted {
		m.store.undoRefusal(m.c.CaregiverID, m.c.ID)
	}
	version := m.c.Version
	if err := json.Unmarshal(newest.Before, &m.c); err != nil {
		return Receipt{}, wrap(err, "read case %s as it was", m.c.ID)
	}
	if newest.ToStatus != Waitlisted { // only waiting names who answers for her; who was given the case since keeps it
		m.c.OwnerID = m.was.OwnerID
	}
	m.c.Version = version // history only grows
	m.store.undoLine(m.c.ID, newest.ID)
	switch newest.Action {
	case ActRelease:
		m.store.waitNoMore(m.c.ID)
	case ActWaitOn:
		m.store.confirmedBefore(m.c.ID, newest.ID)
	case ActAttempt, ActOutreach:
		m.store.takeBackAttempt(newest)
	}
	if err := m.jobs.Undo(m.c.ID, newest.ID); err != nil {
		return Receipt{}, err
	}
	if newest.Action == ActClaim {
		if err := m.tellLines(newest.ID); err != nil {
			return Receipt{}, err
		}
	}
	if m.c.HeldSince != nil { // what was held when the move ended it is held again
		m.jobs.Hold(m.c.ID, *m.c.HeldSince, toHer()...)
	}
	m.store.markUndone(newest.ID)
	m.detail["undone"] = newest.Action
	if err := m.write(nil); err != nil {
		return Receipt{}, err
	}
	err := m.tx.Flush()
	if pg.IsUnique(err, "cases_one_open") {
		return Receipt{}, fault.New(fault.Conflict, "A new case of this family was opened since. Go on with that one.")
	}
	r := m.receipt()
	if newest.Action == ActClaim && m.c.Status.served() { // of a transfer: how she is served elsewhere is not this agency's to know
		r.Status, r.NextStep, r.NextText, r.NextBy = Offered, stepAgency, stepText(stepAgency), nil
	}
	return r, err
}

// takePlaceAgain: the move gave a place back, and somebody else may have it by now. That the program was closed meanwhile does not
// matter: she was there before.
func (m *moving) takePlaceAgain(newest Move) error {
	program, err := m.store.programLeft(m.c.ID, newest.ID)
	if err != nil || program == uuid.Nil {
		return err
	}
	_, err = m.lockPlace(program)
	return err
}
