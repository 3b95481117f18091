package rulebook

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// NoteForm is an equity note on the simulation that the person has seen.
type NoteForm struct {
	SimulationID uuid.UUID `json:"simulation_id" validate:"required"`
	Words        string    `json:"words" validate:"required,max=8000"`
}

// ApproveForm approves a draft by the simulation and the note that stand behind it.
type ApproveForm struct {
	SimulationID uuid.UUID `json:"simulation_id" validate:"required"`
	Community    string    `json:"community" validate:"max=200"` // who signed for the community, where a third name is asked for
}

// Signed answers a note or an approval: what the draft still needs, as its signer sees it.
type Signed struct {
	ID   uuid.UUID `json:"id"`
	Gate []Step    `json:"gate"`
}

type noteRow struct {
	ID           uuid.UUID
	SimulationID uuid.UUID
	Words        string
	WrittenAt    time.Time
	WrittenBy    uuid.UUID
}

// TableName is gorm's.
func (noteRow) TableName() string { return "rule_notes" }

type approvalRow struct {
	ID         uuid.UUID
	NoteID     uuid.UUID
	ApprovedAt time.Time
	ApprovedBy uuid.UUID
	Community  *string
}

// TableName is gorm's.
func (approvalRow) TableName() string { return "rule_approvals" }

// WriteNote keeps what a person reads in the finished simulation about each group of families. Faults: Forbidden, NotFound,
// Invalid without words, Conflict when they have not opened it, or it does not compare with what is live now.
func (s *Service) WriteNote(ctx context.Context, actor auth.Actor, id uuid.UUID, form NoteForm) (Signed, error) {
	words := strings.TrimSpace(form.Words)
	if err := signs(actor, auth.RulesDraft); err != nil {
		return Signed{}, err
	}
	if len(words) < 20 || len(words) > 8000 {
		return Signed{}, fault.Problems([]fault.Field{{Pointer: "/words", Code: "required",
			Detail: "Say in your own words what changes for which group, also when it is nothing, in 20 to 8000 characters."}})
	}
	return s.sign(ctx, actor, id, form.SimulationID, "seen", func(tx *pg.Tx, e evidence) (uuid.UUID, error) {
		row := noteRow{pg.NewID(), form.SimulationID, words, tx.Now, actor.ID}
		if err := tx.Insert(&row); err != nil {
			return uuid.Nil, err
		}
		return row.ID, audit.NewStore(tx).Record(audit.Event{Action: "note on rules", Subject: "rule_set", SubjectID: &id,
			Detail: map[string]any{"simulation": form.SimulationID, "note": row.ID}})
	})
}

// Approve is the yes of a second person. Faults: as WriteNote, and Conflict for the author and for who wrote the note.
func (s *Service) Approve(ctx context.Context, actor auth.Actor, id uuid.UUID, form ApproveForm) (Signed, error) {
	if err := signs(actor, auth.RulesRelease); err != nil {
		return Signed{}, err
	}
	community := strings.TrimSpace(form.Community)
	if len(community) > 200 {
		return Signed{}, fault.Problems([]fault.Field{{Pointer: "/community", Code: "max", Detail: "At most 200 characters."}})
	}
	return s.sign(ctx, actor, id, form.SimulationID, "noted", func(tx *pg.Tx, e evidence) (uuid.UUID, error) {
		version, err := store{tx}.key(id)
		if err != nil {
			return uuid.Nil, err
		}
		if actor.ID == version.CreatedBy || actor.ID == *e.NoteUser {
			return uuid.Nil, fault.New(fault.Conflict, "A second person approves: you wrote the text or the equity note.")
		}
		row := approvalRow{pg.NewID(), *e.NoteID, tx.Now, actor.ID, nil}
		if community != "" {
			row.Community = &community
		}
		if err := tx.Insert(&row); err != nil {
			return uuid.Nil, err
		}
		return row.ID, audit.NewStore(tx).Record(audit.Event{Action: "approve rules", Subject: "rule_set", SubjectID: &id,
			Detail: map[string]any{"simulation": form.SimulationID, "note": e.NoteID, "approval": row.ID, "community": row.Community != nil}})
	})
}

// sign writes what a person puts their name to, once the steps up to upTo are done by the simulation that they name.
func (s *Service) sign(ctx context.Context, actor auth.Actor, id, simulation uuid.UUID, upTo string,
	write func(*pg.Tx, evidence) (uuid.UUID, error)) (Signed, error) {
	out, err := pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Signed, error) {
		store := store{tx}
		version, err := store.key(id)
		if err != nil {
			return Signed{}, err
		}
		if version.Status != draft {
			return Signed{}, fault.New(fault.Conflict, "Version %d is %s, and no draft.", version.Version, version.Status)
		}
		e, err := store.evidenceOf(id, actor.ID, &simulation)
		if err != nil {
			return Signed{}, err
		}
		if err := e.lacking(upTo); err != nil {
			return Signed{}, err
		}
		signed, err := write(tx, e)
		if err != nil {
			return Signed{}, err
		}
		if err := tx.Flush(); err != nil {
			return Signed{}, err
		}
		e, err = store.evidenceOf(id, actor.ID, &simulation)
		return Signed{signed, e.gate()}, err
	})
	return out, refusedByGate(err)
}
