package providers

import (
	"context"
	"database/sql/driver"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Program is what an agency runs: one model, one track of it.
type Program struct {
	ID            uuid.UUID
	OrgID         uuid.UUID
	Name          string
	Model         string
	Track         string
	PackCode      string    // the program of the rule pack whose eligibility applies
	Languages     Languages // BCP-47, spoken by its home visitors
	ResponseHours *int      // published answer time to an offer, in business hours; nil = the pack's
	CreatedAt     time.Time
	ClosedAt      *time.Time
	Zips          []string `gorm:"-"` // its service area, in order; filled by Service.Program and Store.Program
}

// Languages is a list of language tags, stored as text[].
type Languages []string

// Scan reads text[].
func (l *Languages) Scan(src any) error {
	return pgtype.NewMap().SQLScanner((*[]string)(l)).Scan(src)
}

// Value writes text[].
func (l Languages) Value() (driver.Value, error) {
	text, err := pgtype.NewMap().Encode(pgtype.TextArrayOID, pgtype.TextFormatCode, []string(l), nil)
	return string(text), err
}

// Program shows one program to its own agency and to the hub. Anyone else's is NotFound. It holds no client record, so
// it leaves no view row.
func (s *Service) Program(ctx context.Context, actor auth.Actor, id uuid.UUID) (Program, error) {
	if err := actor.Require(auth.ProgramRead); err != nil {
		return Program{}, err
	}
	var program Program
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		var err error
		program, err = NewStore(tx).Program(id)
		return err
	})
	return program, err
}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$`)

// ProgramForm describes a new program.
type ProgramForm struct {
	Name          string    `json:"name" validate:"required,max=200"`
	Model         string    `json:"model" validate:"required,max=100"`
	Track         string    `json:"track" validate:"required,max=100"`
	PackCode      string    `json:"pack_code" validate:"required,max=100"`
	Languages     Languages `json:"languages" validate:"required,min=1,max=50"`
	ResponseHours *int      `json:"response_hours"`
	Zips          []string  `json:"zips" validate:"max=2000"`
}

func (f ProgramForm) problems() error {
	for _, must := range []struct{ what, value string }{{"name", f.Name}, {"model", f.Model}, {"track", f.Track}, {"code in the rules", f.PackCode}} {
		if strings.TrimSpace(must.value) == "" {
			return fault.New(fault.Invalid, "A program needs a %s.", must.what)
		}
	}
	if len(f.Languages) == 0 {
		return fault.New(fault.Invalid, "Say which languages the program's home visitors speak.")
	}
	for _, l := range f.Languages {
		if !languageTag.MatchString(l) { // a word such as "English" would match no family
			return fault.New(fault.Invalid, "%q is not a language code such as en or es.", l)
		}
	}
	return nil
}

// AddProgram adds a program with its service area to an agency and returns its id. It takes no family until its capacity
// is stated. Faults: Forbidden, Invalid, NotFound for the organization.
func (s *Service) AddProgram(ctx context.Context, actor auth.Actor, agency uuid.UUID, form ProgramForm) (uuid.UUID, error) {
	return s.add(ctx, actor, "program", func(store *Store, id uuid.UUID) error {
		if err := form.problems(); err != nil {
			return err
		}
		rows, err := areas(id, form.Zips)
		if err != nil {
			return err
		}
		org, err := store.Organization(agency)
		if err != nil {
			return err
		}
		if org.Kind != auth.Agency {
			return fault.New(fault.Invalid, "Only an agency runs a program.")
		}
		return store.tx.Insert(&Program{
			ID: id, OrgID: agency, Name: form.Name, Model: form.Model, Track: form.Track, PackCode: form.PackCode,
			Languages: form.Languages, ResponseHours: form.ResponseHours, CreatedAt: store.tx.Now,
		}, rows)
	})
}
