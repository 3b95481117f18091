package worker

import (
	"sync"
	"time"

	"github.com/google/uuid"

	"doorstep/jobs"
)

// held are the jobs that this process has leased and called for. A call that comes back to it need not ask the database what
// the job is, which costs as much as settling it; a call that another process takes, or that comes twice, does. Nothing rests
// on it: an attempt that is over by then meets its fence.
type held struct {
	mu   sync.Mutex
	jobs map[heldKey]heldJob
}

type heldKey struct {
	id      uuid.UUID
	attempt int
}

type heldJob struct {
	job   jobs.Job
	until time.Time
}

// add remembers a job until its lease is half over. What other processes took is forgotten then.
func (h *held) add(leased []jobs.Job, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	for key, j := range h.jobs {
		if now.After(j.until) {
			delete(h.jobs, key)
		}
	}
	if h.jobs == nil {
		h.jobs = map[heldKey]heldJob{}
	}
	for _, job := range leased {
		h.jobs[heldKey{job.ID, job.Attempt}] = heldJob{job, until}
	}
}

// take gives a job out once.
func (h *held) take(id uuid.UUID, attempt int) (jobs.Job, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	j, ok := h.jobs[heldKey{id, attempt}]
	delete(h.jobs, heldKey{id, attempt})
	return j.job, ok && time.Now().Before(j.until)
}
