//go:build failpoints

package chaos_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/hibiken/asynq" //nolint:depguard // this test is another process that delivers twice
	"github.com/redis/go-redis/v9"
)

func (l *lab) redisClient(t *testing.T) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Network: l.redis.Network(), Addr: l.redis.Addr()})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// waiting counts the calls that no worker has taken yet.
func (l *lab) waiting(t *testing.T) int {
	t.Helper()
	info, err := asynq.NewInspectorFromRedisClient(l.redisClient(t)).GetQueueInfo("doorstep")
	if err != nil {
		return 0 // the queue does not exist before its first task
	}
	return info.Pending
}

// deliver wakes workers n times more for the last attempt at a message, and waits until all calls are answered.
func (l *lab) deliver(t *testing.T, message string, n int) {
	t.Helper()
	var id, kind string
	var attempt int
	if err := l.db.QueryRowContext(t.Context(), `SELECT id, kind, attempt FROM outbox WHERE subject_id = $1`, message).Scan(&id, &kind, &attempt); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(object{"outbox_id": id, "attempt": attempt})
	if err != nil {
		t.Fatal(err)
	}
	client := asynq.NewClientFromRedisClient(l.redisClient(t))
	for range n {
		if _, err := client.EnqueueContext(t.Context(), asynq.NewTask(kind, body), asynq.Queue("doorstep"), asynq.MaxRetry(0)); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, 8*time.Second, "every call is taken", func() bool { return l.waiting(t) == 0 })
}
