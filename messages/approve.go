package messages

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Approve is the yes of a second person: from now on machines use this version. It names a version, so that nobody approves words that they
// have not seen. Faults: Forbidden, NotFound, Conflict for who wrote it, for what is no draft, and when the checks find something by now.
func (s *Service) Approve(ctx context.Context, actor auth.Actor, version uuid.UUID) (Receipt, error) {
	if err := signs(actor, auth.TemplateApprove); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		st := store{tx}
		v, err := st.version(version)
		if err != nil {
			return Receipt{}, err
		}
		if err := st.lock(v.TemplateID); err != nil {
			return Receipt{}, err
		}
		if v, err = st.version(version); err != nil { // as it stands under the lock
			return Receipt{}, err
		}
		if v.Status != Draft {
			return Receipt{}, fault.New(fault.Conflict, "Version %d is no draft any more. Look at the newest.", v.Version)
		}
		if v.WrittenID != nil && *v.WrittenID == actor.ID {
			return Receipt{}, fault.New(fault.Conflict, "You wrote this. A second person approves it.")
		}
		t, err := st.template(v.TemplateID, actor.ID)
		if err != nil {
			return Receipt{}, err
		}
		names, err := st.names()
		if err != nil {
			return Receipt{}, err
		}
		if len(Check(t.Channel, v.Words(), names).Findings) > 0 { // an organization may have got its name since it was written
			return Receipt{}, fault.New(fault.Conflict, "The checks find something in this text by now. Write it anew.")
		}
		st.approve(v, actor.ID)
		return Receipt{t.ID, []string{v.Language}}, audit.NewStore(tx).Record(audit.Event{Action: "approve message template", Subject: "message_template",
			SubjectID: &t.ID, From: Draft, To: Approved, Detail: map[string]any{"version": v.Version, "language": v.Language}})
	})
}

// StopForm names a language.
type StopForm struct {
	Language string `json:"language" validate:"required"`
}

// Stop takes a template out of use in a language, at once: from now on machines send nothing in it, and people do. One person is enough. Faults:
// Forbidden, NotFound, Conflict when nothing is in use.
func (s *Service) Stop(ctx context.Context, actor auth.Actor, id uuid.UUID, form StopForm) (Receipt, error) {
	if err := signs(actor, auth.TemplateApprove); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		st := store{tx}
		if err := st.lock(id); err != nil {
			return Receipt{}, err
		}
		t, err := st.template(id, actor.ID)
		if err != nil {
			return Receipt{}, err
		}
		for _, in := range t.Languages {
			if in.Language == form.Language && in.Approved != nil {
				st.end(in.Approved.ID, Stopped)
				return Receipt{id, []string{in.Language}}, audit.NewStore(tx).Record(audit.Event{Action: "stop message template", Subject: "message_template",
					SubjectID: &id, From: Approved, To: Stopped, Detail: map[string]any{"version": in.Approved.Version, "language": in.Language}})
			}
		}
		return Receipt{}, fault.New(fault.Conflict, "Nothing is in use in this language.")
	})
}
