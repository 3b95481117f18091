package worker_test

import (
	"context"
	"testing"

	"github.com/hibiken/asynq"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/jobs/worker"
)

// BenchmarkJob is one job from the outbox to its settled row, with no effect of its own.
func BenchmarkJob(b *testing.B) {
	w := newWorld(b)
	ran := make(chan jobs.Job, b.N)
	o := w.options(map[jobs.Kind]worker.Handler{jobs.CaseTriage: func(ctx context.Context, job jobs.Job) error {
		err := w.db.InTx(ctx, auth.System("bench"), func(tx *pg.Tx) error { return jobs.NewStore(tx).Settle(job) })
		ran <- job
		return err
	}})
	o.RedisURL = startRedis(b).URL()
	w.enqueue(jobs.CaseTriage, b.N)
	b.ResetTimer()
	stop := w.start(o)
	for range b.N {
		<-ran
	}
	b.StopTimer()
	stop()
}

// BenchmarkBareAsynq is the same number of tasks through asynq alone, which loses them with Redis.
func BenchmarkBareAsynq(b *testing.B) {
	client := redisClient(b, startRedis(b))
	queue := asynq.NewClientFromRedisClient(client)
	for range b.N {
		if _, err := queue.Enqueue(asynq.NewTask("bench", nil)); err != nil {
			b.Fatal(err)
		}
	}
	ran := make(chan struct{}, b.N)
	server := asynq.NewServerFromRedisClient(client, asynq.Config{Concurrency: 8, LogLevel: asynq.FatalLevel})
	b.ResetTimer()
	if err := server.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error { ran <- struct{}{}; return nil })); err != nil {
		b.Fatal(err)
	}
	for range b.N {
		<-ran
	}
	b.StopTimer()
	server.Shutdown()
}
