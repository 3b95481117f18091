package referral

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// TaskView is one thing that a person must do. Kind says what, subject on what.
type TaskView struct {
	ID        uuid.UUID  `json:"id"`
	CaseID    *uuid.UUID `json:"case_id"`
	Role      auth.Role  `json:"role"`
	Kind      string     `json:"kind"`
	SubjectID uuid.UUID  `json:"subject_id"`
	Urgent    bool       `json:"urgent"`
	DueAt     time.Time  `json:"due_at"`
}

// Tasks lists the open tasks of the actor's own organization, urgent first.
func (s *Service) Tasks(ctx context.Context, actor auth.Actor, after string) (Page[TaskView], error) {
	return read(ctx, s, actor, auth.TaskRead, func(w *work) (Page[TaskView], error) {
		out := Page[TaskView]{Items: []TaskView{}}
		cursor, err := pg.ParseCursor(after)
		if err != nil {
			return out, err
		}
		only := auth.Role("")
		if actor.Role == auth.PrivacyOfficer { // who answers complaints has no part in the work
			only = actor.Role
		}
		tasks, next, err := w.jobs.ListTasks(jobs.TaskPage{Role: only, After: cursor, Limit: pageSize})
		if err != nil {
			return out, err
		}
		var shown []uuid.UUID
		for _, t := range tasks {
			out.Items = append(out.Items, TaskView{t.ID, t.CaseID, t.Role, t.Kind, t.SubjectID, t.Urgent, t.DueAt})
			if t.CaseID != nil {
				shown = append(shown, *t.CaseID)
			}
		}
		out.Next = next.String()
		return out, w.audit.Listed("list tasks", shown)
	})
}

// TaskEnd says how a task ended. Done is done; could not is an honest answer too.
type TaskEnd struct {
	As string `json:"as" validate:"required,oneof=done could_not no_longer_needed"`
}

// CloseTask ends a task of the actor's own organization. An alarm's task ends with its outcome, not here.
func (s *Service) CloseTask(ctx context.Context, actor auth.Actor, id uuid.UUID, in TaskEnd) (TaskView, error) {
	if err := actor.Require(auth.TaskClose); err != nil {
		return TaskView{}, err
	}
	if err := s.checkForm(in); err != nil {
		return TaskView{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (TaskView, error) {
		w := s.work(tx)
		t, err := w.jobs.Task(id)
		if err != nil {
			return TaskView{}, err
		}
		if officer := actor.Role == auth.PrivacyOfficer; officer != (t.Role == auth.PrivacyOfficer) { // neither ends what is the other's
			return TaskView{}, fault.New(fault.NotFound, "There is no such task.")
		}
		if t.Kind == taskAlarm {
			return TaskView{}, fault.New(fault.Conflict, "An alarm's task ends when its outcome is written.")
		}
		if slices.Contains([]string{"family.change_contact", "family.changed_mind", "family.take_back"}, t.Kind) {
			return TaskView{}, fault.New(fault.Conflict, "This task ends when the family's request is settled.")
		}
		if err := tx.AsHub("tasks are written by the hub's role; the task was read in the actor's own"); err != nil {
			return TaskView{}, err
		}
		if err := w.jobs.CloseTask(id, in.As); err != nil {
			return TaskView{}, err
		}
		err = w.audit.Record(audit.Event{Action: "close task", CaseID: t.CaseID, Subject: t.Kind, SubjectID: &id, Detail: map[string]any{"as": in.As}})
		return TaskView{t.ID, t.CaseID, t.Role, t.Kind, t.SubjectID, t.Urgent, t.DueAt}, err
	})
}
