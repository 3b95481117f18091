package referral

import (
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// Episode is one pregnancy and all infants born of it.
type Episode struct {
	ID        uuid.UUID
	CreatedAt time.Time
}

// TableName is gorm's.
func (Episode) TableName() string { return "episodes" }

// Pregnancy dates the episode. Nil DueOn means nobody knew.
type Pregnancy struct {
	EpisodeID          uuid.UUID `gorm:"primaryKey"`
	DueOn              *civil.Date
	Dating             string // due_date, last_period, weeks, unknown
	DatedOn            civil.Date
	EarlierLiveBirths  *int
	Outcome            *string // birth or ended, never why; nil while it goes on
	OutcomeOn          *civil.Date
	MotherDischargedOn *civil.Date
}

// How a pregnancy may end. There is no third word, and no reason.
const (
	outcomeBirth = "birth"
	outcomeEnded = "ended"
)

// ended reports whether it is over without a birth. No pregnancy is not over.
func (p *Pregnancy) ended() bool { return p != nil && p.Outcome != nil && *p.Outcome == outcomeEnded }

// TableName is gorm's.
func (Pregnancy) TableName() string { return "pregnancies" }

// Infant is one child of the episode.
type Infant struct {
	ID                  uuid.UUID
	EpisodeID           uuid.UUID
	BirthOrder          int
	GivenName           *string
	BornOn              *civil.Date
	BirthWeightGrams    *int
	GestationDays       *int
	Nicu                string
	DischargedOn        *civil.Date
	DischargeExpectedOn *civil.Date
	DeathRecordedAt     *time.Time
	DiedOn              *civil.Date
	Custody             string     // with whom the child lives; the database holds the list
	EndedAt             *time.Time // recorded in error
	ToldBy              *string    // an origin of triage; nil: written before anybody kept it
}

func (i Infant) toldBy() string {
	if i.ToldBy == nil {
		return ""
	}
	return *i.ToldBy
}

// TableName is gorm's.
func (Infant) TableName() string { return "infants" }

type caseInfant struct{ CaseID, InfantID uuid.UUID }

// TableName is gorm's.
func (caseInfant) TableName() string { return "case_infants" }

// Consent is one answer at one of the four gates, or the legal basis that stands in its place.
type Consent struct {
	ID             uuid.UUID
	ClientID       uuid.UUID
	CaseID         uuid.UUID
	Gate           int
	ProgramID      *uuid.UUID // nil at gate 3: any program of the network
	Answer         string
	Basis          string
	How            string
	WordingVersion string
	Language       string
	TakenByOrg     uuid.UUID
	TakenBy        uuid.UUID
	GivenAt        time.Time
	RevokedAt      *time.Time
	RevokedBy      *uuid.UUID
	Interpreter    *string // not_needed, bilingual_staff or qualified; nil: nobody said
	OpenedMove     *uuid.UUID
	ClosedMove     *uuid.UUID
}

// TableName is gorm's.
func (Consent) TableName() string { return "consents" }

// The four gates.
const (
	GateReceive = 1 // the hub may receive
	GateContact = 2 // the hub may contact her
	GateShare   = 3 // this agency may know who she is
	GateProgram = 4 // the program's own consent, at enrollment
)

// The answers beside the gates, in the same column: what she may be sent, and what her referrer may hear.
const (
	ScopeTexts    = 5
	ScopeEmail    = 6
	ScopeFeedback = 7 // how it goes
	ScopeReason   = 8 // why it ended
)

// ScreeningRow is a form as answered, kept whole.
type ScreeningRow struct {
	ID         uuid.UUID
	CaseID     uuid.UUID
	ReferralID uuid.UUID
	Instrument string
	Version    string
	Language   string
	Items      JSON   // raw answers in printed order, null = not answered
	Recorded   string // how they were written down: values or lines
	GivenOn    *civil.Date
	DoneToday  *string
}

// TableName is gorm's.
func (ScreeningRow) TableName() string { return "screenings" }

type answerRow struct {
	CaseID     uuid.UUID
	ReferralID uuid.UUID
	Name       string
	Answer     string
}

// TableName is gorm's.
func (answerRow) TableName() string { return "answers" }

type decisionRow struct {
	ID          uuid.UUID
	CaseID      uuid.UUID
	RuleSetID   uuid.UUID
	RuleSetHash string
	Cause       string
	Facts       JSON
	Places      JSON
	Outcome     JSON
	Digest      string
	DecidedAt   time.Time
}

// TableName is gorm's.
func (decisionRow) TableName() string { return "decisions" }

// Alarm is an urgent trigger that a person must answer. What was answered on the form stays out of every list.
type Alarm struct {
	ID             uuid.UUID
	CaseID         uuid.UUID
	ReferralID     uuid.UUID
	Kind           string // self_harm or danger
	RaisedAt       time.Time
	SeenByDue      time.Time
	LadderStep     int
	AcknowledgedAt *time.Time
	AcknowledgedBy *uuid.UUID
	Outcome        *string
	OutcomeAt      *time.Time
	OutcomeBy      *uuid.UUID
	RemarksSealed  pg.Sealed
}

// TableName is gorm's.
func (Alarm) TableName() string { return "alarms" }
