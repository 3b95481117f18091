package rulebook

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

type simulationRow struct {
	ID          uuid.UUID
	RuleSetID   uuid.UUID
	Hash        string
	AgainstID   uuid.UUID
	AgainstHash string
	Days        int
	AskedAt     time.Time
	AskedBy     uuid.UUID
	State       string
	Total       int
	Done        int
	FinishedAt  *time.Time
	Progress    []byte
	Result      []byte
}

// TableName is gorm's.
func (simulationRow) TableName() string { return "rule_simulations" }

// checkpoint is where a simulation goes on after a slice, and what it counted.
type checkpoint struct {
	After uuid.UUID
	Tally *tally
}

func (s store) simulation(id uuid.UUID) (simulationRow, error) {
	var row simulationRow
	err := s.tx.Gorm().Where("id = ?", id).Take(&row).Error
	return row, pg.NotFound(err, "simulation")
}

const simulations = `SELECT s.id, a.version AS against, s.days, s.state, s.total, s.done, s.asked_at, coalesce(u.name, '') AS asked_by, s.finished_at
	FROM rule_simulations s JOIN rule_sets a ON a.id = s.against_id LEFT JOIN users u ON u.id = s.asked_by `

func (s store) simulationsOf(ruleSet uuid.UUID) ([]SimulationRow, error) {
	out := []SimulationRow{}
	err := s.tx.Gorm().Raw(simulations+`WHERE s.rule_set_id = ? ORDER BY s.asked_at DESC, s.id DESC LIMIT 50`, ruleSet).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("read the simulations of rule set %s: %w", ruleSet, err)
	}
	return out, nil
}

// shown is a simulation as it is opened.
func (s store) shown(id uuid.UUID) (Simulation, error) {
	row, err := s.simulation(id)
	if err != nil {
		return Simulation{}, err
	}
	out := Simulation{RuleSetID: row.RuleSetID, Notes: []Note{}, SeenBy: []string{}}
	err = s.tx.ReadAll(
		pg.Read{Query: s.tx.Gorm().Raw(simulations+`WHERE s.id = ?`, id), Into: &out.SimulationRow},
		pg.Read{Query: s.tx.Gorm().Raw(`SELECT version FROM rule_sets WHERE id = ?`, row.RuleSetID), Into: &out.Version},
		pg.Read{Query: s.tx.Gorm().Raw(`SELECT status = 'live' FROM rule_sets WHERE id = ?`, row.AgainstID), Into: &out.Current},
		pg.Read{Query: s.tx.Gorm().Raw(`SELECT n.id, n.words, n.written_at, u.name AS written_by FROM rule_notes n JOIN users u ON u.id = n.written_by
			WHERE n.simulation_id = ? ORDER BY n.written_at, n.id`, id), Into: &out.Notes},
		pg.Read{Query: s.tx.Gorm().Raw(`SELECT u.name FROM rule_simulation_views v JOIN users u ON u.id = v.user_id
			WHERE v.simulation_id = ? ORDER BY v.seen_at, u.id`, id), Into: &out.SeenBy})
	if err != nil {
		return Simulation{}, fmt.Errorf("read simulation %s: %w", id, err)
	}
	if row.Result != nil {
		out.Result = &Comparison{}
		if err := json.Unmarshal(row.Result, out.Result); err != nil {
			return Simulation{}, fmt.Errorf("read the result of simulation %s: %w", id, err)
		}
	}
	return out, nil
}

// seen notes that a person opened a finished simulation; the first time counts.
func (s store) seen(simulation, user uuid.UUID) {
	s.tx.Queue(`INSERT INTO rule_simulation_views (simulation_id, user_id, seen_at) VALUES ($1, $2, $3)
		ON CONFLICT (simulation_id, user_id) DO NOTHING`, simulation, user, s.tx.Now)
}

// advance keeps a slice. Of two runs of one simulation the second finds that it has moved on.
func (s store) advance(row simulationRow, was int) {
	s.tx.Fence(jobs.ErrSuperseded, `UPDATE rule_simulations SET state = $2, total = $3, done = $4, progress = $5, result = $6, finished_at = $7
		WHERE id = $1 AND done = $8 AND state IN ('waiting', 'running')`,
		row.ID, row.State, row.Total, row.Done, orNull(row.Progress), orNull(row.Result), row.FinishedAt, was)
}

// orNull: no bytes are NULL, and bytes are text to a jsonb column.
func orNull(b []byte) *string {
	if b == nil {
		return nil
	}
	text := string(b)
	return &text
}

// evidence is what stands behind a draft as this person sees it.
func (s store) evidence(ruleSet, user uuid.UUID) (evidence, error) {
	return s.evidenceOf(ruleSet, user, nil)
}

// evidenceOf is evidence by one simulation; nil: by the one that has come furthest.
func (s store) evidenceOf(ruleSet, user uuid.UUID, simulation *uuid.UUID) (evidence, error) {
	var e evidence
	err := s.tx.Gorm().Raw(`SELECT s.id AS simulation_id, s.finished_at, coalesce(u.name, '') AS asked_by, v.seen_at,
			n.id AS note_id, n.written_at AS noted_at, coalesce(n.name, '') AS noted_by, n.written_by AS note_user,
			a.id AS approval_id, a.approved_at, coalesce(a.name, '') AS approved_by
		FROM rule_simulations s JOIN rule_sets l ON l.id = s.against_id AND l.status = 'live' LEFT JOIN users u ON u.id = s.asked_by
		LEFT JOIN rule_simulation_views v ON v.simulation_id = s.id AND v.user_id = @user AND v.seen_at >= s.finished_at
		LEFT JOIN LATERAL (SELECT n.*, u.name FROM rule_notes n JOIN users u ON u.id = n.written_by
			WHERE n.simulation_id = s.id ORDER BY n.written_at DESC, n.id DESC LIMIT 1) n ON true
		LEFT JOIN LATERAL (SELECT a.*, u.name FROM rule_approvals a JOIN rule_notes m ON m.id = a.note_id JOIN users u ON u.id = a.approved_by
			WHERE m.simulation_id = s.id ORDER BY a.approved_at DESC, a.id DESC LIMIT 1) a ON true
		WHERE s.rule_set_id = @id AND s.state = 'done' AND (CAST(@simulation AS uuid) IS NULL OR s.id = @simulation) ORDER BY a.id IS NULL, n.id IS NULL, s.finished_at DESC LIMIT 1`,
		map[string]any{"id": ruleSet, "user": user, "simulation": simulation}).Scan(&e).Error
	if err != nil {
		return e, fmt.Errorf("read what stands behind rule set %s: %w", ruleSet, err)
	}
	return e, nil
}

// refusedByGate tells a refusal of the database's own gate in words: somebody was faster than the checks before it.
func refusedByGate(err error) error {
	if pg.IsCheck(err, "rule_gate") {
		return fault.Wrap(fault.Conflict, err, "This version cannot go live now: somebody released another meanwhile, or what stands behind it has changed. Open it again to see what it needs.")
	}
	return err
}
