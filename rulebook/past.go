package rulebook

import (
	"context"
	"iter"
	"time"

	"github.com/google/uuid"

	"doorstep/triage"
)

// PastCase is the newest decision of one case, to be decided again.
type PastCase struct {
	CaseID uuid.UUID // where a reader goes on; it is kept in no result
	Facts  triage.Facts
	Places []triage.Place
	Kept   bool // false: a decision from before places were kept, which cannot be decided again
	// RaceEthnicity is what she said of herself, to count by and for nothing else: it is beside the facts and never among them.
	RaceEthnicity []string
}

// Past reads decisions. It is the other side of the house: the wiring gives it, so that the rule book knows nothing of cases.
type Past struct {
	// Count is how many cases have their newest decision within the period, both ends included.
	Count func(ctx context.Context, from, until time.Time) (int, error)
	// Cases yields them in the order of their ids, behind after, reading a few at a time.
	Cases func(ctx context.Context, from, until time.Time, after uuid.UUID) iter.Seq2[PastCase, error]
	// Rooms are the programs of the network and their free places now.
	Rooms func(ctx context.Context) ([]Room, error)
}

// Room is what one program has free now.
type Room struct {
	ProgramID string
	Name      string
	Code      string
	Free      int // negative when more is in use than funded
	Open      bool
}

// Kept is one stored decision with its very bytes.
type Kept struct {
	ID          uuid.UUID
	RuleSetID   uuid.UUID
	RuleSetHash string
	Facts       []byte
	Places      []byte // nil: not kept then
	Outcome     []byte
}
