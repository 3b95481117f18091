package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// Batch is one request over many cases. Each case moves in a transaction of its own, behind a row of the outbox, so that a kill in
// the middle loses none and a second run moves none twice.
type Batch struct {
	ID          uuid.UUID
	Kind        string
	OrgID       uuid.UUID
	ProgramID   *uuid.UUID
	FromUser    *uuid.UUID
	ToUser      *uuid.UUID
	Reason      string
	RequestedAt time.Time
	RequestedBy uuid.UUID
}

// TableName is gorm's.
func (Batch) TableName() string { return "batches" }

// The kinds of batch.
const (
	batchCloseProgram = "close_program"
	batchCaseload     = "hand_over_caseload"
)

// BatchItem is one case of a batch. Its result says in one word what became of it.
type BatchItem struct {
	ID      uuid.UUID
	BatchID uuid.UUID
	CaseID  uuid.UUID
	DoneAt  *time.Time
	Result  *string
}

// TableName is gorm's.
func (BatchItem) TableName() string { return "batch_items" }

// The results of an item.
const (
	itemMoved     = "moved"     // another visitor has her
	itemRerouted  = "rerouted"  // the rules sent her on, with her place in line
	itemWithdrawn = "withdrawn" // the program's offer is gone, another stands, or she is served elsewhere
	itemAsked     = "ask_her"   // she is served there: a person asks her
	itemNothing   = "nothing"   // she had left before
)

// BatchReceipt answers a request over many cases: how many there are, and where its progress is shown.
type BatchReceipt struct {
	BatchID uuid.UUID `json:"batch_id"`
	Cases   int       `json:"cases"`
}

// BatchView is how far a batch is. It names no family.
type BatchView struct {
	ID          uuid.UUID      `json:"id"`
	Kind        string         `json:"kind"`
	ProgramID   *uuid.UUID     `json:"program_id"`
	FromUser    *uuid.UUID     `json:"from_user"`
	ToUser      *uuid.UUID     `json:"to_user"`
	Reason      string         `json:"reason"`
	RequestedAt time.Time      `json:"requested_at"`
	Cases       int            `json:"cases"`
	Done        int            `json:"done"`
	Results     map[string]int `json:"results"` // moved, rerouted, withdrawn, ask_her, nothing
}

// Batch shows the progress of a batch to the agency that it is about and to the hub. Faults: NotFound for another's.
func (s *Service) Batch(ctx context.Context, actor auth.Actor, id uuid.UUID) (BatchView, error) {
	return read(ctx, s, actor, auth.ProgramClose, func(w *work) (BatchView, error) {
		b, err := w.store.batch(id)
		if err != nil {
			return BatchView{}, err
		}
		v := BatchView{ID: b.ID, Kind: b.Kind, ProgramID: b.ProgramID, FromUser: b.FromUser, ToUser: b.ToUser, Reason: b.Reason,
			RequestedAt: b.RequestedAt, Results: map[string]int{}}
		counts, err := w.store.batchProgress(id)
		for _, c := range counts {
			v.Cases += c.Cases
			if c.Result != nil {
				v.Done += c.Cases
				v.Results[*c.Result] = c.Cases
			}
		}
		return v, err
	})
}

// CaseloadForm hands the families of one visitor of the agency to another.
type CaseloadForm struct {
	FromUser uuid.UUID `json:"from_user" validate:"required"`
	ToUser   uuid.UUID `json:"to_user" validate:"required"`
	Reason   string    `json:"reason" validate:"required,oneof=left leave balance"`
}

func (in CaseloadForm) meaning() []fault.Field {
	if in.FromUser == in.ToUser && in.ToUser != uuid.Nil {
		return []fault.Field{{Pointer: "/to_user", Code: "same", Detail: "This is the same person."}}
	}
	return nil
}

// HandOverCaseload gives every family of a visitor who leaves to another visitor of the agency. The families keep their agency, their
// program and their clocks. Faults: Invalid when nobody is visited by the one, or the other is no visitor of the agency.
func (s *Service) HandOverCaseload(ctx context.Context, actor auth.Actor, in CaseloadForm) (BatchReceipt, error) {
	if err := actor.Require(auth.CaseloadMove); err != nil {
		return BatchReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return BatchReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (BatchReceipt, error) {
		w := s.work(tx)
		cases, err := w.store.caseload(actor.OrgID, in.FromUser)
		if err != nil {
			return BatchReceipt{}, err
		}
		if err := tx.AsHub("a batch is written by the hub's role; its families were read in the agency's own"); err != nil {
			return BatchReceipt{}, err
		}
		var problems []fault.Field
		if len(cases) == 0 {
			problems = append(problems, fault.Field{Pointer: "/from_user", Code: "unknown", Detail: "This person visits no family of your agency."})
		}
		visits, err := w.store.visitsHomes(in.ToUser, actor.OrgID)
		if err != nil {
			return BatchReceipt{}, err
		}
		if !visits {
			problems = append(problems, fault.Field{Pointer: "/to_user", Code: "unknown", Detail: "This is not a home visitor of your agency."})
		}
		if err := fault.Problems(problems); err != nil {
			return BatchReceipt{}, err
		}
		b := Batch{ID: pg.NewID(), Kind: batchCaseload, OrgID: actor.OrgID, FromUser: &in.FromUser, ToUser: &in.ToUser, Reason: in.Reason,
			RequestedAt: tx.Now, RequestedBy: actor.ID}
		if err := w.begin(b, "hand over caseload", cases); err != nil {
			return BatchReceipt{}, err
		}
		return BatchReceipt{b.ID, len(cases)}, nil
	})
}

// begin writes a batch with the cases that are known, and its audit row.
func (w *work) begin(b Batch, action string, cases []uuid.UUID) error {
	if err := w.tx.Insert(&b); err != nil {
		return err
	}
	w.store.addItems(b.ID, cases)
	return w.audit.Record(audit.Event{Action: action, Subject: "batch", SubjectID: &b.ID,
		Detail: map[string]any{"cases": len(cases), "reason": b.Reason, "program": b.ProgramID, "from": b.FromUser, "to": b.ToUser}})
}

// WorkBatchItem is the job behind batch.item: one case of a batch. It was enqueued with its item; under the case's lock an item that
// is done is left alone, so that a second run has no effect.
func (s *Service) WorkBatchItem(ctx context.Context, job jobs.Job) error {
	return s.asSystem(ctx, job, func(w *work) error {
		item, err := w.store.batchItem(job.SubjectID)
		if err != nil {
			return err
		}
		b, err := w.store.batch(item.BatchID)
		if err != nil {
			return err
		}
		m, err := w.lock(item.CaseID, "")
		if err != nil {
			return err
		}
		if item, err = w.store.batchItem(job.SubjectID); err != nil || item.DoneAt != nil {
			if err != nil {
				return err
			}
			return w.jobs.Settle(job)
		}
		result, err := m.workItem(b)
		if err != nil {
			return err
		}
		w.store.itemDone(item.ID, result)
		return w.jobs.Settle(job)
	})
}

func (m *moving) workItem(b Batch) (string, error) {
	m.detail["batch"], m.detail["requested_by"] = b.ID, b.RequestedBy
	if b.Kind == batchCloseProgram {
		m.action = ActProgramCloses
		return m.programCloses(*b.ProgramID)
	}
	return m.handToVisitor(b)
}

// handToVisitor moves one family, unless she has left that visitor meanwhile.
func (m *moving) handToVisitor(b Batch) (string, error) {
	m.action = ActCaseload
	theirs, err := m.store.isVisitedBy(m.c.ID, b.OrgID, *b.FromUser)
	if err != nil || !theirs {
		return itemNothing, err
	}
	m.detail["visitor"], m.detail["reason"] = b.ToUser, b.Reason
	m.store.assignVisitor(m.c.ID, *b.ToUser)
	return itemMoved, m.save()
}
