package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// SendImport sends every row that may be sent. Each is a job of its own; asking again changes nothing. Faults: NotFound, Conflict while rows
// are not checked.
func (s *Service) SendImport(ctx context.Context, actor auth.Actor, id uuid.UUID) (ImportView, error) {
	if err := actor.Require(auth.ReferralCreate); err != nil {
		return ImportView{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (ImportView, error) {
		w := s.work(tx)
		i, err := w.store.lockImport(actor.OrgID, id)
		if err != nil {
			return ImportView{}, err
		}
		before, err := w.importView(i)
		if err != nil {
			return ImportView{}, err
		}
		switch {
		case i.Status == ImportSending:
			return before, nil
		case i.Status != ImportReady:
			return ImportView{}, fault.New(fault.Conflict, "This file is still being checked. Wait until it is.")
		case before.ToSend() == 0:
			return ImportView{}, fault.New(fault.Conflict, "No row of this file can be sent. Correct the file and upload it again.")
		}
		i.Status, i.SentAt = ImportSending, &tx.Now
		if err := w.audit.Record(audit.Event{Action: "send import", Subject: "import", SubjectID: &id, Detail: map[string]any{"rows": before.ToSend()}}); err != nil {
			return ImportView{}, err
		}
		if err := tx.AsHub("the import is the actor's own; the outbox is written by the hub's role"); err != nil {
			return ImportView{}, err
		}
		w.store.sendImport(id, tx.Now)
		before.Status, before.SentAt = i.Status, i.SentAt
		return before, nil
	})
}
