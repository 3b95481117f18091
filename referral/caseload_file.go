package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// CaseloadFile is a file with the families that a program serves already, as it was sent.
type CaseloadFile struct {
	ID        uuid.UUID
	ProgramID uuid.UUID
	Program   string
	Text      []byte
}

// OnBehalf is whoever brings a caseload, as one of the program's agency: an agency's own manager, or who sets the network up. Faults: Forbidden,
// NotFound for a program that is not theirs to bring families to.
func (s *Service) OnBehalf(ctx context.Context, actor auth.Actor, program uuid.UUID) (auth.Actor, string, error) {
	if err := actor.Require(auth.CaseloadImport); err != nil {
		return actor, "", err
	}
	var name string
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		p, err := s.work(tx).providers.Program(program)
		if err == nil && p.OrgID != actor.OrgID && !actor.SeesAll() {
			err = noProgram()
		}
		if err == nil && actor.Role != auth.SystemRole {
			actor.OrgID, actor.OrgKind, actor.SiteID = p.OrgID, auth.Agency, uuid.Nil
		}
		name = p.Name
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		err = noProgram() // in one sentence, whether it is another's or none
	}
	return actor, name, err
}

func noProgram() error { return fault.New(fault.NotFound, "There is no such program.") }

// KeepCaseload keeps a file until it is brought, for a day at most. Faults: as OnBehalf's.
func (s *Service) KeepCaseload(ctx context.Context, actor auth.Actor, program uuid.UUID, text []byte) (uuid.UUID, error) {
	actor, _, err := s.OnBehalf(ctx, actor, program)
	if err != nil {
		return uuid.Nil, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (uuid.UUID, error) {
		id := pg.NewID()
		s.work(tx).store.keepCaseload(id, actor, program, text)
		return id, audit.NewStore(tx).Record(audit.Event{Action: "upload caseload", Subject: "caseload file", SubjectID: &id, Detail: map[string]any{"program": program}})
	})
}

// CaseloadFile is a file that is kept. Faults: Forbidden, NotFound also when it is another agency's, or gone.
func (s *Service) CaseloadFile(ctx context.Context, actor auth.Actor, id uuid.UUID) (out CaseloadFile, err error) {
	if err := actor.Require(auth.CaseloadImport); err != nil {
		return out, err
	}
	err = s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
		out, err = s.work(tx).store.caseloadFile(id)
		return err
	})
	return out, err
}

// DropCaseload forgets a file. Faults: as CaseloadFile's.
func (s *Service) DropCaseload(ctx context.Context, actor auth.Actor, id uuid.UUID) error {
	if _, err := s.CaseloadFile(ctx, actor, id); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		s.work(tx).store.dropCaseload(id)
		return audit.NewStore(tx).Record(audit.Event{Action: "drop caseload", Subject: "caseload file", SubjectID: &id})
	})
}
