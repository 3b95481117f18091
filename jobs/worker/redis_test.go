package worker_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"doorstep/internal/embedded"
	"doorstep/jobs"
)

func redisClient(t testing.TB, r *embedded.Redis) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Network: r.Network(), Addr: r.Addr()})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// wakeUp enqueues n calls for one attempt of a job, as a queue that repeats itself would.
func wakeUp(t *testing.T, r *embedded.Redis, job jobs.Job, n int) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"outbox_id": job.ID, "attempt": job.Attempt})
	if err != nil {
		t.Fatal(err)
	}
	client := asynq.NewClientFromRedisClient(redisClient(t, r))
	for range n {
		if _, err := client.Enqueue(asynq.NewTask(string(job.Kind), body), asynq.Queue("doorstep"), asynq.MaxRetry(0)); err != nil {
			t.Fatal(err)
		}
	}
}

// waitEmpty returns when Redis holds no task that waits or runs.
func waitEmpty(t *testing.T, r *embedded.Redis) {
	t.Helper()
	inspector := asynq.NewInspectorFromRedisClient(redisClient(t, r))
	for t.Context().Err() == nil {
		info, err := inspector.GetQueueInfo("doorstep")
		if err != nil {
			t.Fatal(err)
		}
		if info.Pending+info.Active == 0 {
			return
		}
	}
}

// onError is a log that tells failed of each error.
type onError struct{ failed chan<- struct{} }

func (onError) Enabled(context.Context, slog.Level) bool { return true }
func (h onError) Handle(_ context.Context, r slog.Record) error {
	if r.Level == slog.LevelError {
		select {
		case h.failed <- struct{}{}:
		default:
		}
	}
	return nil
}
func (h onError) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h onError) WithGroup(string) slog.Handler      { return h }
