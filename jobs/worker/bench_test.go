package worker_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/jobs/worker"
)

// BenchmarkFollowUps is one worker with the settings of production that finds follow-ups due and keeps them: sweep, outbox, lease,
// call through Redis, effect and settled job in one transaction. Beside it, in the same run, the same number of tasks through
// asynq alone, which loses them with Redis and whose effect is nothing. of-asynq is the ratio of the two.
func BenchmarkFollowUps(b *testing.B) {
	bare := bareAsynq(b, b.N)
	w := newWorld(b)
	w.exec(`INSERT INTO follow_ups (id, case_id, kind, subject_id, owed_by, due_at, status)
		SELECT gen_random_uuid(), $1, 'case.review_due', gen_random_uuid(), $2, now(), 'open' FROM generate_series(1, $3)`, w.caseID, w.hub, b.N)
	ran := make(chan struct{}, b.N)
	o := worker.Options{DB: w.db, RedisURL: startRedis(b).URL(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Handlers: map[jobs.Kind]worker.Handler{jobs.ReviewDue: func(ctx context.Context, job jobs.Job) error {
			err := w.db.InTx(ctx, auth.System("bench"), func(tx *pg.Tx) error {
				s := jobs.NewStore(tx)
				if err := s.AddTask(jobs.Task{OrgID: w.hub, Role: auth.TriageSupervisor, Kind: "effect", SubjectID: job.SubjectID, DueAt: tx.Now}); err != nil {
					return err
				}
				return s.Settle(job)
			})
			ran <- struct{}{}
			return err
		}}}
	b.ResetTimer()
	begun := time.Now()
	stop := w.start(o)
	for range b.N {
		<-ran
	}
	took := time.Since(begun)
	b.StopTimer()
	stop()
	var effects int
	if err := w.owner.QueryRowContext(b.Context(), `SELECT count(*) FROM tasks WHERE kind = 'effect'`).Scan(&effects); err != nil || effects != b.N {
		b.Errorf("%d effects of %d follow-ups, %v", effects, b.N, err)
	}
	b.ReportMetric(float64(b.N)/took.Seconds(), "effects/s")
	b.ReportMetric(float64(b.N)/bare.Seconds(), "asynq/s")
	b.ReportMetric(bare.Seconds()/took.Seconds(), "of-asynq")
}

// bareAsynq is how long asynq alone takes to call a handler n times that does nothing.
func bareAsynq(b *testing.B, n int) time.Duration {
	b.Helper()
	client := redisClient(b, startRedis(b))
	queue := asynq.NewClientFromRedisClient(client)
	for range n {
		if _, err := queue.Enqueue(asynq.NewTask("bench", nil)); err != nil {
			b.Fatal(err)
		}
	}
	ran := make(chan struct{}, n)
	server := asynq.NewServerFromRedisClient(client, asynq.Config{Concurrency: 8, LogLevel: asynq.FatalLevel})
	begun := time.Now()
	if err := server.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error { ran <- struct{}{}; return nil })); err != nil {
		b.Fatal(err)
	}
	for range n {
		<-ran
	}
	took := time.Since(begun)
	server.Shutdown()
	return took
}
