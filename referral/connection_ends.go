package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// ConnectionForm says how far it came: the service knows of her, she got what she was sent for, or she did not and why.
type ConnectionForm struct {
	Outcome string `json:"outcome" validate:"required,oneof=acknowledged received not_received"`
	Reason  string `json:"reason" validate:"omitempty,oneof=could_not_reach she_declined not_eligible no_capacity waitlisted_there moved consent_revoked other"`
}

func (f ConnectionForm) meaning() []fault.Field {
	switch missed := f.Outcome == connectionNotReceived; {
	case missed && f.Reason == "":
		return []fault.Field{{Pointer: "/reason", Code: "required", Detail: "Say why it did not come to her."}}
	case !missed && f.Reason != "":
		return []fault.Field{{Pointer: "/reason", Code: "not_received", Detail: "A reason belongs to what was not received."}}
	}
	return nil
}

// RecordConnection writes what became of a connection; also of a closed case, since help that was promised goes on.
// Faults: NotFound for a connection that another organization made; Conflict when its end was written before.
func (s *Service) RecordConnection(ctx context.Context, actor auth.Actor, id uuid.UUID, in ConnectionForm) (Receipt, error) {
	if err := actor.Require(auth.CaseConnect); err != nil {
		return Receipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		w := s.work(tx)
		c, err := w.store.connection(id) // in the actor's own role: its organization's rows, or all for the hub
		if err != nil {
			return Receipt{}, err
		}
		m, err := w.lock(c.CaseID, ActConnectionEnds)
		if err != nil {
			return Receipt{}, err
		}
		if c, err = w.store.connection(id); err != nil { // as it is under the lock
			return Receipt{}, err
		}
		switch {
		case c.SettledAt != nil:
			return Receipt{}, fault.New(fault.Conflict, "How this connection ended was written at %s.", c.SettledAt.Format("2006-01-02 15:04 MST"))
		case in.Outcome == c.Status:
			return Receipt{}, fault.New(fault.Conflict, "This connection was acknowledged at %s.", c.AcknowledgedAt.Format("2006-01-02 15:04 MST"))
		}
		if m.c.Status == Closed { // nothing moves
			if err := m.recordConnection(c, in); err != nil {
				return Receipt{}, err
			}
			return m.receipt(), m.audit.Record(audit.Event{Action: string(ActConnectionEnds), CaseID: &m.c.ID, Subject: "connection",
				SubjectID: &c.ID, Detail: m.detail})
		}
		if err := CheckAction(m.c.Status, ActConnectionEnds); err != nil {
			return Receipt{}, err
		}
		return m.finish(func(m *moving) error { return m.recordConnection(c, in) })
	})
}

func (m *moving) recordConnection(c Connection, in ConnectionForm) error {
	m.detail["connection"], m.detail["outcome"] = c.ID, in.Outcome
	if in.Outcome == connectionAcknowledged {
		m.store.acknowledgeConnection(c.ID)
		return nil // that the service knows of her is no end: the promise to ask stands
	}
	var reason *string
	if in.Reason != "" {
		reason, m.detail["reason"] = &in.Reason, in.Reason
	}
	m.store.settleConnection(c.ID, in.Outcome, reason, m.id)
	if err := m.jobs.Keep(&m.id, c.ID, jobs.ConnectionCheck); err != nil {
		return err
	}
	return m.jobs.CloseTasks(&m.id, c.ID, jobs.TaskDone, taskConnection)
}
