package referral

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
)

// seen is a form that says which version of the case its writer had before their eyes; 0 says nothing.
type seen interface{ seen() int }

// upToDate refuses a form that was filled in from an older record: what happened since is named, and nothing is written over it.
func (m *moving) upToDate(form any) error {
	f, says := form.(seen)
	if !says || f.seen() == 0 || f.seen() == m.c.Version {
		return nil
	}
	full := m.tx.Actor.SeesAll()
	if !full {
		var err error
		if full, err = m.store.seesInFull(m.c.ID, m.tx.Actor.OrgID); err != nil {
			return err
		}
	}
	if !full { // how often a family moves that it does not have is not this agency's to know
		return fault.New(fault.NotFound, "There is no such case.")
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	since, err := m.store.since(m.c.ID, f.seen())
	if err != nil {
		return err
	}
	stale := fault.New(fault.Stale, "Somebody changed this case after you read it. Read it again, then say what you want to change.")
	for _, s := range since {
		stale.Fields = append(stale.Fields, fault.Field{Pointer: "/version", Code: "changed", Detail: s.sentence(m.tx.Actor.OrgID, hub.ID)})
	}
	return stale
}

// sinceRow is one move that the writer of a form had not seen. Fields are names of columns, never what stands in them.
type sinceRow struct {
	Action   Action
	MovedAt  time.Time
	ActorOrg uuid.UUID
	Name     string
	Fields   string
}

// sentence names a person of the reader's own organization, and of others the organization's kind alone.
func (s sinceRow) sentence(own, hub uuid.UUID) string {
	who := "another organization"
	switch {
	case s.ActorOrg == own && s.Name != "":
		who = s.Name
	case s.ActorOrg == own:
		who = "your organization"
	case s.ActorOrg == hub:
		who = "the hub"
	case s.ActorOrg == uuid.Nil:
		who = "the system"
	}
	what := string(s.Action)
	if s.Fields != "" {
		what += " (" + s.Fields + ")"
	}
	return fmt.Sprintf("%s, by %s at %s", what, who, s.MovedAt.Format("2006-01-02 15:04 MST"))
}
