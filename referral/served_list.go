package referral

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// ListForm is a family that a program serves and that does not want to be named here: the hash of her name (NameHash, in hex) and her
// birth date are enough to know that she is served.
type ListForm struct {
	ProgramID   uuid.UUID  `json:"program_id" validate:"required"`
	NameHash    string     `json:"name_hash" validate:"required,len=64"`
	DateOfBirth civil.Date `json:"date_of_birth"`
}

func (in ListForm) meaning() []fault.Field {
	var problems []fault.Field
	if _, err := hex.DecodeString(in.NameHash); err != nil && len(in.NameHash) == 64 {
		problems = append(problems, fault.Field{Pointer: "/name_hash", Code: "hex", Detail: "64 letters of hexadecimal: the SHA-256 of the name."})
	}
	if !in.DateOfBirth.IsValid() {
		problems = append(problems, fault.Field{Pointer: "/date_of_birth", Code: "required", Detail: "A date as YYYY-MM-DD."})
	}
	return problems
}

// Imported is what became of one family of a caseload.
type Imported struct {
	Already  bool // she was there before: nothing was added
	Referred bool // the hub must look at her first; she takes no place
}

// errTried rolls back what was only tried.
var errTried = errors.New("this was a look at what would be made")

// TryListed says what ListServed would do, and does nothing. Faults: as ListServed's.
func (s *Service) TryListed(ctx context.Context, actor auth.Actor, in ListForm) (Imported, error) {
	return tried(s.listServed(ctx, actor, in, true))
}

// TryFamily says what ImportFamily would do, and does nothing. Faults: as ImportFamily's.
func (s *Service) TryFamily(ctx context.Context, actor auth.Actor, in ImportForm) (Imported, error) {
	return tried(s.importFamily(ctx, actor, in, true))
}

func tried(out Imported, err error) (Imported, error) {
	if errors.Is(err, errTried) {
		err = nil
	}
	return out, err
}

// only is nil, or what rolls a trial back.
func only(trial bool) error {
	if trial {
		return errTried
	}
	return nil
}

// ListServed counts a served family as a place in use and lets intake find that she is served; nothing else is known of her. The
// program's numbers are facts: it is listed even when more families are served than funded. Once more adds nothing, nor does one that
// has a place of the program by a claim or an enrollment.
// Faults: Invalid; Conflict for a closed program.
func (s *Service) ListServed(ctx context.Context, actor auth.Actor, in ListForm) (Imported, error) {
	return s.listServed(ctx, actor, in, false)
}

func (s *Service) listServed(ctx context.Context, actor auth.Actor, in ListForm, trial bool) (Imported, error) {
	if err := actor.Require(auth.CaseloadImport); err != nil {
		return Imported{}, err
	}
	if err := s.checkForm(in); err != nil {
		return Imported{}, err
	}
	return pg.Once(pg.WithRequest(ctx, nil), s.db, actor, func(tx *pg.Tx) (Imported, error) { // many rows are one request
		w := s.work(tx)
		to, err := w.ownProgram(in.ProgramID)
		if err != nil {
			return Imported{}, err
		}
		var name [32]byte
		if _, err := hex.Decode(name[:], []byte(in.NameHash)); err != nil {
			return Imported{}, err
		}
		key := matchKeyOf(name, in.DateOfBirth)
		known, listed, err := w.store.lockSameClient(key, in.DateOfBirth)
		if err != nil {
			return Imported{}, err
		}
		already := slices.ContainsFunc(listed, func(s served) bool { return s.ProgramID == to.program.ID })
		if known != nil && !already {
			if already, err = w.store.hasPlace(known.ID, to.program.ID); err != nil {
				return Imported{}, err
			}
		}
		if already {
			return Imported{Already: true}, nil
		}
		program, err := w.providers.LockProgram(to.program.ID) // a claim counts its places before or after, never between
		if err != nil {
			return Imported{}, err
		}
		if program.ClosedAt != nil {
			return Imported{}, errClosed(program.Name)
		}
		id := pg.NewID()
		w.store.list(id, to.program, key)
		err = w.audit.Record(audit.Event{Action: "list served family", Subject: "served family", SubjectID: &id,
			Detail: map[string]any{"program": to.program.ID}})
		if err == nil {
			err = only(trial)
		}
		return Imported{}, err
	})
}

// ImportForm is one family of a program's caseload that agreed to be named here.
type ImportForm struct {
	ProgramID  uuid.UUID  `json:"program_id" validate:"required"`
	EnrolledOn civil.Date `json:"enrolled_on"`
	Family     Submission `json:"family" validate:"-"`
}

func (in ImportForm) meaning() []fault.Field {
	if !in.EnrolledOn.IsValid() {
		return []fault.Field{{Pointer: "/enrolled_on", Code: "required", Detail: "A date as YYYY-MM-DD."}}
	}
	return nil
}

// errAlready rolls a second import of one family back.
var errAlready = errors.New("this family is in the caseload already")

// ImportFamily enrolls a family that a program served before Doorstep, dated the day that its agency gives. Once more adds nothing,
// also when that enrollment has ended since. Faults as of EnrollWalkIn.
func (s *Service) ImportFamily(ctx context.Context, actor auth.Actor, in ImportForm) (Imported, error) {
	return s.importFamily(ctx, actor, in, false)
}

func (s *Service) importFamily(ctx context.Context, actor auth.Actor, in ImportForm, trial bool) (Imported, error) {
	if err := actor.Require(auth.CaseloadImport); err != nil {
		return Imported{}, err
	}
	if err := s.checkForm(in); err != nil {
		return Imported{}, err
	}
	out, err := pg.Once(pg.WithRequest(ctx, nil), s.db, actor, func(tx *pg.Tx) (Imported, error) { // likewise
		w := s.work(tx)
		to, err := w.ownProgram(in.ProgramID)
		if err != nil {
			return Imported{}, err
		}
		cal, err := w.calendar(to.agency.ID)
		if err != nil {
			return Imported{}, err
		}
		if in.EnrolledOn.After(cal.Day(tx.Now)) {
			return Imported{}, fault.Problems([]fault.Field{{Pointer: "/enrolled_on", Code: "in_future", Detail: "This date is in the future."}})
		}
		noon := time.Date(in.EnrolledOn.Year, in.EnrolledOn.Month, in.EnrolledOn.Day, 12, 0, 0, 0, cal.Zone).UTC()
		if noon.After(tx.Now) { // enrolled this morning
			noon = tx.Now
		}
		r, err := w.walkIn(WalkInForm{ProgramID: in.ProgramID, HeldAt: noon, Place: "other_place", ConsentHow: "signed", Family: in.Family}, to, byImport)
		if err == nil {
			err = only(trial)
		}
		return Imported{Referred: !r.Enrolled}, err
	})
	if errors.Is(err, errAlready) {
		return Imported{Already: true}, nil
	}
	return out, err
}

// notAgain is errAlready when this program has or had her by this very import.
func (m *moving) notAgain(to destination, held time.Time) error {
	again, err := m.store.isEnrolled(m.c.CaregiverID, to.program.ID)
	if err == nil && !again {
		again, err = m.store.wasImported(m.c.CaregiverID, to.program.ID, held)
	}
	if err == nil && again {
		err = errAlready
	}
	return err
}
