package referral

import (
	"fmt"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
)

// Case is the work for one caregiver and episode. It shows no identity: that stands in the client's own rows.
type Case struct {
	ID             uuid.UUID
	CaregiverID    uuid.UUID
	CaregiverRole  string
	EpisodeID      uuid.UUID
	PreviousCaseID *uuid.UUID
	Status         Status
	Stage          string // prenatal or postpartum
	FirstContact   string // hub or agency
	ReviewReasons  Texts
	Band           int // 0 alarm, 1 reach first, then the tier
	WindowClosesOn *civil.Date
	NextStep       string     // what happens next, a code of steps.go
	NextDueAt      *time.Time // by when
	RankKey        string     // default order of every list, see rankKey
	ReceivedAt     time.Time
	TriagedAt      *time.Time
	ReachedAt      *time.Time
	SaidYesAt      *time.Time
	ClaimedAt      *time.Time
	FirstVisitAt   *time.Time
	EnrolledAt     *time.Time
	CompletedAt    *time.Time
	ClosedAt       *time.Time
	Disposition    *string
	OwnerID        *uuid.UUID // who at the hub answers for a family that waits
	StandsOn       *uuid.UUID `json:",omitempty"` // the live case of the same person and episode, while a link says so
	HeldSince      *time.Time // while a hold is open: promises to her wait
	Version        int
}

// TableName is gorm's.
func (Case) TableName() string { return "cases" }

// The dispositions: how a case may end. The database holds the same list.
const (
	Served                 = "served"
	SaidNoForNow           = "said_no_for_now"
	AskedNotToBeContacted  = "asked_not_to_be_contacted"
	NotReached             = "not_reached"
	NoSafeWay              = "no_safe_way"
	NoProgramFits          = "no_program_fits"
	NoPlaceInTime          = "no_place_in_time"
	AlreadyServed          = "already_served"
	OtherJurisdiction      = "other_jurisdiction"
	InformationGiven       = "information_given"
	PregnancyEnded         = "pregnancy_ended"
	ChildDied              = "child_died"
	ClientDied             = "client_died"
	WithdrawnByReferrer    = "withdrawn_by_referrer"
	EnteredInError         = "entered_in_error"
	Joined                 = "joined" // it goes on as another case of the same person, while a link says so
	noWindow               = "9999-12-31"
	rankTime               = "20060102T150405.000000"
	careGiverIsBirthParent = "birth_parent"
)

// rankKey orders work: urgency band, then the earlier of window close and next due, then how long she has waited, then id.
// It is text so that one index and one page cursor serve every list.
func (c *Case) rankKey() string {
	soonest := noWindow
	if c.WindowClosesOn != nil {
		soonest = c.WindowClosesOn.String()
	}
	if c.NextDueAt != nil {
		if due := c.NextDueAt.UTC().Format(time.DateOnly); due < soonest {
			soonest = due
		}
	}
	return fmt.Sprintf("%d|%s|%s|%s", c.Band, soonest, c.ReceivedAt.UTC().Format(rankTime), c.ID)
}

// open reports whether the case still asks for work.
func (c *Case) open() bool { return c.Status != Closed }

// Move is one row of the case's history.
type Move struct {
	ID         uuid.UUID
	CaseID     uuid.UUID
	Seq        int
	Action     Action
	FromStatus *string
	ToStatus   Status
	ActorKind  string
	ActorID    uuid.UUID
	ActorOrg   uuid.UUID
	MovedAt    time.Time
	Before     JSON // the case row before an undoable move
	UndoneAt   *time.Time
}

// TableName is gorm's.
func (Move) TableName() string { return "case_moves" }

// Access says which organization may see how much of a case.
type Access struct {
	ID         uuid.UUID
	CaseID     uuid.UUID
	OrgID      uuid.UUID
	Level      string // limited, full or source
	Since      time.Time
	Until      *time.Time
	OpenedMove *uuid.UUID
	ClosedMove *uuid.UUID
}

// TableName is gorm's.
func (Access) TableName() string { return "case_access" }
