//go:build failpoints

package main

import (
	"context"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/jackc/pgx/v5"

	"doorstep/jobs"
	"doorstep/jobs/worker"
)

// failpoint reads which time of something is this process's last, or nil.
func failpoint(variable string) *atomic.Int64 {
	n, err := strconv.ParseInt(os.Getenv(variable), 10, 64)
	if err != nil {
		return nil
	}
	left := new(atomic.Int64)
	left.Store(n)
	return left
}

// die ends this process as kill -9 does.
func die() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Signal(syscall.SIGKILL)
	}
	select {} // the signal is on its way, and nothing may happen before it
}

// failpoints kills this process in place of the n-th answer 201 with FAILPOINT_201=n: what that answer would have told is
// committed by then, and nobody hears of it.
func failpoints(h http.Handler) http.Handler {
	left := failpoint("FAILPOINT_201")
	if left == nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(dyingWriter{w, left}, r) })
}

type dyingWriter struct {
	http.ResponseWriter
	left *atomic.Int64
}

// WriteHeader comes after the use case, and so after its commit, and before the first byte of the answer.
func (w dyingWriter) WriteHeader(status int) {
	if status == http.StatusCreated && w.left.Add(-1) <= 0 {
		die()
	}
	w.ResponseWriter.WriteHeader(status)
}

// failpointCommit kills this process with FAILPOINT_COMMIT=n in place of the n-th commit of a request with a key: all is read
// and decided, and the last writes stay unsent together with the commit that travels with them.
func failpointCommit() pgx.QueryTracer {
	if left := failpoint("FAILPOINT_COMMIT"); left != nil {
		return dyingTracer{left}
	}
	return nil
}

type dyingTracer struct{ left *atomic.Int64 }

func (dyingTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}
func (dyingTracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData)     {}
func (dyingTracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (dyingTracer) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// TraceBatchStart is called before the first byte of the batch leaves.
func (d dyingTracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, batch pgx.TraceBatchStartData) context.Context {
	keyed, commits := false, false
	for _, q := range batch.Batch.QueuedQueries {
		keyed = keyed || strings.Contains(q.SQL, "idempotency_keys")
		commits = q.SQL == "commit"
	}
	if keyed && commits && d.left.Add(-1) <= 0 {
		die()
	}
	return ctx
}

// failpointJob kills this process with FAILPOINT_JOB=n when it has taken its n-th such job and done nothing for it.
func failpointJob(handle worker.Handler) worker.Handler {
	left := failpoint("FAILPOINT_JOB")
	if left == nil {
		return handle
	}
	return func(ctx context.Context, job jobs.Job) error {
		if left.Add(-1) <= 0 {
			die()
		}
		return handle(ctx, job)
	}
}
