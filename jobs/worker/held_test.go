package worker

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/jobs"
)

func TestWhatIsHeldIsGivenOnceAndNotForLong(t *testing.T) {
	var h held
	first, second := jobs.Job{ID: uuid.New(), Attempt: 1}, jobs.Job{ID: uuid.New(), Attempt: 2}
	h.add([]jobs.Job{first}, time.Now().Add(time.Hour))
	h.add([]jobs.Job{second}, time.Now().Add(-time.Second))
	if _, ok := h.take(first.ID, 2); ok {
		t.Error("another attempt was given")
	}
	if got, ok := h.take(first.ID, 1); !ok || got != first {
		t.Errorf("%v %v", got, ok)
	}
	if _, ok := h.take(first.ID, 1); ok {
		t.Error("it was given twice")
	}
	if _, ok := h.take(second.ID, 2); ok {
		t.Error("one was given whose lease may be over")
	}
	h.add([]jobs.Job{second}, time.Now().Add(-time.Second))
	h.add(nil, time.Now())
	if len(h.jobs) != 0 {
		t.Errorf("%d are kept for ever", len(h.jobs))
	}
}
