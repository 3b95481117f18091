package tour

import (
	"context"
	"io"
	"time"
)

// World is a running Doorstep with its synthetic community, as the tour meets it.
type World struct {
	BaseURL string
	Orgs    []Org
	Out     io.Writer // one readable line a step
	Now     func() time.Time
	Advance func(ctx context.Context, to time.Time) error // moves the business clock; all due work is done when it returns
	Mail    func() []Mail                                 // everything sent so far
	Traces  func(ctx context.Context) ([]Trace, error)    // everything that is left behind beside the answers
}

// Org is an organization with one API key a role.
type Org struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Kind     string            `json:"kind"`
	Keys     map[string]string `json:"keys"` // by role
	Visitors []string          `json:"visitors,omitempty"`
	Programs []Program         `json:"programs,omitempty"`
}

// Program is one program of an agency.
type Program struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Code string `json:"code"` // of the rule pack
}

// Mail is one message that left the house.
type Mail struct{ To, Subject, Body string }

// zone is the community's own: "Friday 19:00" is said in it.
const zone = "America/New_York"
