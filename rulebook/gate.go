package rulebook

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// Step is one thing a draft needs before it goes live, in this order. The database refuses a release that lacks one; here they
// are told all at once, in words.
type Step struct {
	Step string     `json:"step"` // simulated, seen, noted, approved
	Done bool       `json:"done"`
	Who  string     `json:"who"`
	At   *time.Time `json:"at"`
	Need string     `json:"need"` // what to do, when it is not done
}

// evidence is what stands behind a draft: its newest finished simulation against the live version, the newest note on it,
// and the newest approval of that simulation.
type evidence struct {
	SimulationID *uuid.UUID
	FinishedAt   *time.Time
	AskedBy      string
	SeenAt       *time.Time // by who asks now
	NoteID       *uuid.UUID
	NotedAt      *time.Time
	NotedBy      string
	NoteUser     *uuid.UUID
	ApprovalID   *uuid.UUID
	ApprovedAt   *time.Time
	ApprovedBy   string
}

// gate says what is there and what is missing. you is the name under which "seen" is asked: each person for themselves.
func (e evidence) gate() []Step {
	return []Step{
		{"simulated", e.SimulationID != nil, e.AskedBy, e.FinishedAt, "Simulate this text against the version that is live now, and wait until it is done."},
		{"seen", e.SeenAt != nil, "", e.SeenAt, "Open the finished simulation yourself."},
		{"noted", e.NoteID != nil, e.NotedBy, e.NotedAt, "Write an equity note: what the simulation shows for each group of families."},
		{"approved", e.ApprovalID != nil, e.ApprovedBy, e.ApprovedAt, "Have it approved by a second person, who wrote neither the text nor the note."},
	}
}

// lacking is a Conflict that names what is missing among the steps before and with upTo, nil when nothing is.
func (e evidence) lacking(upTo string) error {
	var needs []string
	for _, s := range e.gate() {
		if !s.Done {
			needs = append(needs, s.Need)
		}
		if s.Step == upTo {
			break
		}
	}
	if len(needs) == 0 {
		return nil
	}
	return fault.New(fault.Conflict, "This version is not ready. %s", strings.Join(needs, " "))
}

// may lets in hub staff with this permission. A key of another organization that claims a hub's role finds nothing.
func may(actor auth.Actor, p auth.Permission) error {
	if err := actor.Require(p); err != nil {
		return err
	}
	if !actor.SeesAll() {
		return fault.New(fault.NotFound, "There is no such rule set.")
	}
	return nil
}

// signs is may for what a person puts their name to: a machine's key has none.
func signs(actor auth.Actor, p auth.Permission) error {
	if err := may(actor, p); err != nil {
		return err
	}
	if actor.Kind != "user" {
		return fault.New(fault.Invalid, "A person must do this in their own name: use a key that belongs to you.")
	}
	return nil
}
