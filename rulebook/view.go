package rulebook

import (
	"time"

	"github.com/google/uuid"

	"doorstep/triage"
)

// Version is one rule set in a list.
type Version struct {
	ID          uuid.UUID  `json:"id"`
	Version     int        `json:"version"`
	Pack        string     `json:"pack"`
	Hash        string     `json:"hash"`
	Status      string     `json:"status"` // draft, live, retired
	Title       string     `json:"title"`  // what changed
	Author      string     `json:"author"` // empty: came with the program
	BasedOn     *int       `json:"based_on"`
	CreatedAt   time.Time  `json:"created_at"`
	EffectiveAt *time.Time `json:"effective_at"` // nil: never live
	RetiredAt   *time.Time `json:"retired_at"`
}

// The states of a version.
const (
	draft   = "draft"
	live    = "live"
	retired = "retired"
)

// Page is one page of a list; Next is empty on the last.
type Page struct {
	Items []Version `json:"items"`
	Next  string    `json:"next"`
}

// Full is one version with all that is known of it.
type Full struct {
	Version
	Note     string            `json:"note"` // why it changed
	Files    map[string]string `json:"files"`
	Problems []triage.Problem  `json:"problems"` // what this program refuses in it; a stored version had none when it was written
	// Words is nil when it does not compile.
	Words       *triage.Description `json:"words"`
	Gate        []Step              `json:"gate"` // of a draft: what it still needs to go live
	Simulations []SimulationRow     `json:"simulations"`
	Releases    []Release           `json:"releases"`
	MayApprove  bool                `json:"-"` // the reader wrote neither the text nor the note that is to be approved
}

// Release is one time that a version went live.
type Release struct {
	Kind       string    `json:"kind"` // release, rollback
	ReleasedAt time.Time `json:"released_at"`
	ReleasedBy string    `json:"released_by"`
	ApprovedBy string    `json:"approved_by"`
	Community  string    `json:"community"`
	Replaced   *int      `json:"replaced"` // the version that was live before
	Reason     string    `json:"reason"`
}

// SimulationRow is a simulation in a list.
type SimulationRow struct {
	ID         uuid.UUID  `json:"id"`
	Against    int        `json:"against"` // the version that was live when it was asked for
	Days       int        `json:"days"`
	State      string     `json:"state"` // waiting, running, done, failed
	Total      int        `json:"total"`
	Done       int        `json:"done"`
	AskedAt    time.Time  `json:"asked_at"`
	AskedBy    string     `json:"asked_by"`
	FinishedAt *time.Time `json:"finished_at"`
}

// Simulation is one simulation with its result.
type Simulation struct {
	SimulationRow
	RuleSetID uuid.UUID   `json:"rule_set_id"`
	Version   int         `json:"version"`
	Current   bool        `json:"current"` // the version it compares with is live still
	Result    *Comparison `json:"result"`
	Notes     []Note      `json:"notes"`
	SeenBy    []string    `json:"seen_by"`
}

// Note is an equity note: what the simulation shows for each group, in words.
type Note struct {
	ID        uuid.UUID `json:"id"`
	Words     string    `json:"words"`
	WrittenAt time.Time `json:"written_at"`
	WrittenBy string    `json:"written_by"`
}

// Receipt answers what changed a version.
type Receipt struct {
	ID      uuid.UUID `json:"id"`
	Version int       `json:"version"`
	Hash    string    `json:"hash"`
	Status  string    `json:"status"`
}
