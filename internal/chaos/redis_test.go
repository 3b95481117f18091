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

// waiting counts the calls that no worker has taken yet. asynq's Inspector does not see a queue whose name Redis has
// forgotten, since each client tells it once.
func (l *lab) waiting(t *testing.T) int {
	t.Helper()
	n, err := l.redisClient(t).LLen(t.Context(), "asynq:{doorstep}:pending").Result()
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
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
