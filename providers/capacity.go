package providers

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// Intake is whether a program takes new families.
type Intake string

// The intake states. A program that never stated its capacity is closed: nobody is sent to a place that may not exist.
const (
	IntakeOpen     Intake = "open"
	IntakeClosed   Intake = "closed"
	IntakeWaitlist Intake = "waitlist"
)

// Statement is what a program says it has room for from a day on. The latest day wins, then the latest word.
type Statement struct {
	ID            uuid.UUID
	ProgramID     uuid.UUID
	EffectiveFrom civil.Date
	Funded        int // funded places
	Intake        Intake
	ConfirmedAt   time.Time
	ConfirmedBy   uuid.UUID
}

// TableName is gorm's.
func (Statement) TableName() string { return "capacity_statements" }

// Usage is a program's room at this moment.
type Usage struct {
	Funded      int
	Promised    int // open claims: she is not enrolled yet
	InUse       int // open enrollments, and families that the agency listed without their names
	Free        int `gorm:"-"` // funded - promised - in use; negative when funding was cut below what is in use
	Intake      Intake
	ConfirmedAt *time.Time // nil = never stated
}

// Place is one open program as routing sees it: may it serve this family's area, may it be told of her, has it room.
type Place struct {
	ProgramID      uuid.UUID
	OrgID          uuid.UUID
	OrgName        string
	Name           string
	PackCode       string
	Languages      Languages
	ResponseHours  *int
	Serves         bool // the asked ZIP code is in its service area; false when no code was given
	AgreementValid bool // on the asked day
	SetAsideUsed   Shares
	Waiting        int // families that chose to wait for it
	Freed          int // places that came free in the last FreedDays
	Usage          `gorm:"embedded"`
}

// FreedDays is how far back freed places are counted: long enough to hold some, short enough to speak of today.
const FreedDays = 90

// Shares counts places in use by set-aside of the rule pack.
type Shares map[string]int

// Scan reads jsonb; NULL is none.
func (s *Shares) Scan(src any) error {
	*s = nil
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), s)
	case []byte:
		return json.Unmarshal(v, s)
	}
	return fmt.Errorf("scan shares from %T", src)
}

// Value writes jsonb.
func (s Shares) Value() (driver.Value, error) {
	text, err := json.Marshal(map[string]int(s))
	return string(text), err
}

// CapacityForm is a capacity statement as an agency sends it.
type CapacityForm struct {
	EffectiveFrom civil.Date `json:"effective_from"`
	Funded        *int       `json:"funded" validate:"required,min=0,max=100000"`
	Intake        Intake     `json:"intake" validate:"required,oneof=open closed waitlist"`
}

// problems says what is wrong with the form, every field at once.
func (f CapacityForm) problems() error {
	var wrong []fault.Field
	if !f.EffectiveFrom.IsValid() {
		wrong = append(wrong, fault.Field{Pointer: "/effective_from", Code: "required", Detail: "The first day on which this holds, as YYYY-MM-DD."})
	}
	if f.Funded == nil || *f.Funded < 0 || *f.Funded > 100_000 {
		wrong = append(wrong, fault.Field{Pointer: "/funded", Code: "range", Detail: "The number of funded places, 0 or more."})
	}
	switch f.Intake {
	case IntakeOpen, IntakeClosed, IntakeWaitlist:
	default:
		wrong = append(wrong, fault.Field{Pointer: "/intake", Code: "oneof", Detail: "One of: open, closed, waitlist."})
	}
	return fault.Problems(wrong)
}

// StateCapacity adds a statement; it changes none. A number below what is in use is accepted: funding is a fact, and the
// program is then simply full. Faults: Forbidden, NotFound for another agency's program, Invalid.
func (s *Service) StateCapacity(ctx context.Context, actor auth.Actor, programID uuid.UUID, form CapacityForm) (Statement, error) {
	if err := actor.Require(auth.CapacityState); err != nil {
		return Statement{}, err
	}
	if err := form.problems(); err != nil {
		return Statement{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Statement, error) {
		store := NewStore(tx)
		if _, err := store.Program(programID); err != nil { // in the actor's own role: this proves scope
			return Statement{}, err
		}
		if err := tx.AsHub("only the hub's role locks a program and writes its capacity"); err != nil {
			return Statement{}, err
		}
		// The lock keeps the statement from falling between a claim's count and its commit.
		if _, err := store.LockProgram(programID); err != nil {
			return Statement{}, err
		}
		said := Statement{
			ID: pg.NewID(), ProgramID: programID, EffectiveFrom: form.EffectiveFrom, Funded: *form.Funded, Intake: form.Intake,
			ConfirmedAt: tx.Now, ConfirmedBy: actor.ID,
		}
		if err := tx.Insert(&said); err != nil {
			return Statement{}, err
		}
		jobs.NewStore(tx).TellLine(programID)
		return said, audit.NewStore(tx).Record(audit.Event{
			Action: "state capacity", Subject: "program", SubjectID: &programID,
			Detail: map[string]any{"effective_from": said.EffectiveFrom, "funded": said.Funded, "intake": said.Intake},
		})
	})
}
