package jobs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

const addTask = `INSERT INTO tasks (id, case_id, org_id, role, kind, subject_id, urgent, due_at, created_at, opened_move)
	SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10`

// AddTask asks a person. While one of the same kind and subject is open, it does nothing.
func (s *Store) AddTask(t Task) error { return s.addTask(t, "") }

// AddTaskOnce is AddTask, and does nothing either when somebody has done one of this kind and subject before.
func (s *Store) AddTaskOnce(t Task) error {
	return s.addTask(t, ` WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE case_id = $2 AND kind = $5 AND subject_id = $6 AND closed_as = 'done')`)
}

func (s *Store) addTask(t Task, unless string) error {
	if t.ID == uuid.Nil {
		t.ID = pg.NewID()
	}
	s.tx.Queue(addTask+unless+` ON CONFLICT (kind, subject_id) WHERE closed_at IS NULL DO NOTHING`,
		t.ID, t.CaseID, t.OrgID, t.Role, t.Kind, t.SubjectID, t.Urgent, t.DueAt, s.tx.Now, t.OpenedMove)
	return nil
}

// AddHubTask is AddTask for the hub's triage supervisors, urgent and due now: where what no machine can end goes.
func (s *Store) AddHubTask(kind string, subject uuid.UUID, caseID *uuid.UUID) error {
	var hub uuid.UUID
	if err := s.tx.Gorm().Raw(`SELECT id FROM organizations WHERE kind = 'hub'`).Row().Scan(&hub); err != nil {
		return fmt.Errorf("find the hub: %w", err)
	}
	return s.AddTask(Task{CaseID: caseID, OrgID: hub, Role: auth.TriageSupervisor, Kind: kind, SubjectID: subject,
		Urgent: true, DueAt: s.tx.Now})
}

// CloseTasks closes the open tasks of these kinds on a subject. as is TaskDone, TaskCouldNot or TaskNotNeeded.
func (s *Store) CloseTasks(move *uuid.UUID, subject uuid.UUID, as string, kinds ...string) error {
	s.tx.Queue(`UPDATE tasks SET closed_at = $1, closed_by = $2, closed_as = $3, closed_move = $4
		WHERE subject_id = $5 AND kind = ANY ($6) AND closed_at IS NULL`, s.tx.Now, s.actor(), as, move, subject, kinds)
	return nil
}

// Task reads one task of the actor's own organization; any other is NotFound.
func (s *Store) Task(id uuid.UUID) (Task, error) {
	var t Task
	err := s.tx.Gorm().Where("id = ? AND org_id = ?", id, s.tx.Actor.OrgID).Take(&t).Error
	if err != nil {
		return t, fmt.Errorf("read task %s: %w", id, pg.NotFound(err, "task"))
	}
	return t, nil
}

// CloseTask closes one task that Task has read; an agency's transaction must be AsHub by then. Conflict when somebody
// closed it before.
func (s *Store) CloseTask(id uuid.UUID, as string) error {
	r := s.tx.Gorm().Exec(`UPDATE tasks SET closed_at = ?, closed_by = ?, closed_as = ? WHERE id = ? AND closed_at IS NULL`,
		s.tx.Now, s.actor(), as, id)
	if r.Error != nil {
		return fmt.Errorf("close task %s: %w", id, r.Error)
	}
	if r.RowsAffected == 0 {
		return fault.New(fault.Conflict, "This task is closed already.")
	}
	return nil
}

// TaskPage says which open tasks to list.
type TaskPage struct {
	Role  auth.Role // "" = every role's
	After pg.Cursor // zero = the first page
	Limit int
}

// ListTasks lists open tasks of the actor's own organization, urgent first, then by due time. The cursor is empty when
// nothing follows. Invalid when After is not of this list.
func (s *Store) ListTasks(page TaskPage) ([]Task, pg.Cursor, error) {
	q := s.tx.Gorm().Where("org_id = ? AND closed_at IS NULL", s.tx.Actor.OrgID)
	if page.Role != "" {
		q = q.Where("role = ?", page.Role)
	}
	if page.After.ID != "" {
		urgent, due, id, err := parseTaskCursor(page.After)
		if err != nil {
			return nil, pg.Cursor{}, err
		}
		q = q.Where("(urgent < ? OR urgent = ? AND (due_at, id) > (?, ?))", urgent, urgent, due, id)
	}
	var tasks []Task
	if err := q.Order("urgent DESC, due_at, id").Limit(page.Limit + 1).Find(&tasks).Error; err != nil {
		return nil, pg.Cursor{}, fmt.Errorf("list tasks: %w", err)
	}
	if len(tasks) <= page.Limit {
		return tasks, pg.Cursor{}, nil
	}
	tasks = tasks[:page.Limit]
	last := tasks[len(tasks)-1]
	key := strconv.FormatBool(last.Urgent) + " " + last.DueAt.UTC().Format(time.RFC3339Nano)
	return tasks, pg.Cursor{Key: key, ID: last.ID.String()}, nil
}

func parseTaskCursor(c pg.Cursor) (urgent bool, due time.Time, id uuid.UUID, err error) {
	first, second, _ := strings.Cut(c.Key, " ")
	if urgent, err = strconv.ParseBool(first); err == nil {
		if due, err = time.Parse(time.RFC3339Nano, second); err == nil {
			id, err = uuid.Parse(c.ID)
		}
	}
	if err != nil {
		err = fault.Wrap(fault.Invalid, err, "This page address is not one of the task list. Start from the first page.")
	}
	return
}
