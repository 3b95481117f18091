package bench

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

// Recorder is a tracer of pgx that notes what was sent to the database, trip by trip. A tracer sees each statement with its
// arguments where pgx takes it over, which is what bare pgx needs to send the same; PostgreSQL's log would show neither
// which statements travelled together nor, without client data in a log, their arguments.
type Recorder struct {
	mu    sync.Mutex
	trips []trip
}

// trip is what travels together: one statement, or a pipelined batch.
type trip []statement

type statement struct {
	sql  string
	args []any
}

// TraceQueryStart notes a statement that travels alone.
func (r *Recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	r.note(trip{{q.SQL, q.Args}})
	return ctx
}

// TraceBatchStart notes a batch.
func (r *Recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, b pgx.TraceBatchStartData) context.Context {
	var t trip
	for _, q := range b.Batch.QueuedQueries {
		t = append(t, statement{q.SQL, q.Arguments})
	}
	r.note(t)
	return ctx
}

// TraceQueryEnd is part of pgx's interface.
func (r *Recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchQuery is part of pgx's interface.
func (r *Recorder) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd is part of pgx's interface.
func (r *Recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (r *Recorder) note(t trip) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trips = append(r.trips, t)
}

// take returns what was noted since the last time.
func (r *Recorder) take() []trip {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.trips
	r.trips = nil
	return t
}
