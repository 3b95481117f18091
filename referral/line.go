package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// Offer is a case proposed to one program. It holds all that its agency may know before a claim.
type Offer struct {
	ID          uuid.UUID
	CaseID      uuid.UUID
	OrgID       uuid.UUID
	ProgramID   uuid.UUID
	Kind        string // direct, pool or transfer
	Stage       string
	Area        string // ZIP
	Interpreter bool
	RankKey     string
	MadeAt      time.Time
	ClaimBy     time.Time
	EndedAt     *time.Time
	EndedAs     *string
	DeclineCode *string
	OpenedMove  *uuid.UUID
	ClosedMove  *uuid.UUID
	Released    bool `gorm:"->"` // claimed, and given back since
}

// TableName is gorm's.
func (Offer) TableName() string { return "offers" }

// Claim is an agency's hold on a case and on one slot of a program.
type Claim struct {
	ID          uuid.UUID
	CaseID      uuid.UUID
	Line        string
	ProgramID   uuid.UUID
	OrgID       uuid.UUID
	OfferID     uuid.UUID
	ClaimedAt   time.Time
	ClaimedBy   uuid.UUID
	VisitorID   *uuid.UUID
	EndedAt     *time.Time
	EndedAs     *string
	ReleaseCode *string
	SetAside    *string // the kept share of the program's places that she takes
	OpenedMove  *uuid.UUID
	ClosedMove  *uuid.UUID
}

// TableName is gorm's.
func (Claim) TableName() string { return "claims" }

// Enrollment is a slot in use: program consent given and first visit completed, dated that visit.
type Enrollment struct {
	ID         uuid.UUID
	CaseID     uuid.UUID
	ProgramID  uuid.UUID
	OrgID      uuid.UUID
	VisitorID  *uuid.UUID
	ConsentID  uuid.UUID
	State      string
	CameBy     string // claim, walk_in or import
	SetAside   *string
	EnrolledAt time.Time
	EndedAt    *time.Time
	EndedAs    *string
	Changeable *bool
	OpenedMove *uuid.UUID
	ClosedMove *uuid.UUID
}

// TableName is gorm's.
func (Enrollment) TableName() string { return "enrollments" }

// Visit is planned, and then completed, missed or moved.
type Visit struct {
	ID         uuid.UUID
	CaseID     uuid.UUID
	OrgID      uuid.UUID
	First      bool
	Place      string
	AddressID  *uuid.UUID // of a visit at home
	PlannedFor *time.Time
	Status     string
	HeldAt     *time.Time
	RecordedBy uuid.UUID
	OpenedMove *uuid.UUID
	ClosedMove *uuid.UUID
}

// TableName is gorm's.
func (Visit) TableName() string { return "visits" }

// Attempt is one try to reach the family.
type Attempt struct {
	ID              uuid.UUID
	CaseID          uuid.UUID
	OrgID           uuid.UUID
	ByID            uuid.UUID
	At              time.Time
	Channel         string
	Outcome         string
	ContactMethodID *uuid.UUID
	AddressID       *uuid.UUID
	Announced       bool
	NextAt          *time.Time
	RemarksSealed   pg.Sealed
	OpenedMove      *uuid.UUID
	TakenBackAt     *time.Time // it was written down by mistake, and counts no more
	CheckedBefore   *time.Time // when its way had been known to be right before this try
	CheckedBeforeBy *uuid.UUID
}

// TableName is gorm's.
func (Attempt) TableName() string { return "attempts" }
