package providers

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"doorstep/auth"
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
