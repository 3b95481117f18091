package jobs

import (
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
)

// How a task may end.
const (
	TaskDone      = "done"
	TaskCouldNot  = "could_not"
	TaskNotNeeded = "no_longer_needed"
)

// The kinds of task that this package makes itself.
const (
	TaskJobDead        = "job.dead"         // subject: the outbox row
	TaskMessageInDoubt = "message.in_doubt" // subject: the message
	TaskMessageFailed  = "message.failed"   // subject: the message
)

// Task is something that a person must do. One (kind, subject) is open at a time.
type Task struct {
	ID         uuid.UUID // made by AddTask when nil
	CaseID     *uuid.UUID
	OrgID      uuid.UUID
	Role       auth.Role
	Kind       string
	SubjectID  uuid.UUID
	Urgent     bool
	DueAt      time.Time
	CreatedAt  time.Time // set by AddTask
	ClosedAt   *time.Time
	ClosedBy   *uuid.UUID // nil when the system closed it
	ClosedAs   *string
	OpenedMove *uuid.UUID
	ClosedMove *uuid.UUID
}
