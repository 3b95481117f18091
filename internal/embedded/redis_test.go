package embedded_test

import (
	"context"
	"errors"
	"net"
	osexec "os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"doorstep/internal/embedded"
)

// eachRedis runs a test on both kinds. A machine without redis-server has only one.
func eachRedis(t *testing.T, test func(t *testing.T, r *embedded.Redis, c *redis.Client)) {
	for _, kind := range []string{embedded.KindServer, embedded.KindMiniredis} {
		t.Run(kind, func(t *testing.T) {
			if _, err := osexec.LookPath("redis-server"); err != nil && kind == embedded.KindServer {
				t.Skip("redis-server is not installed; miniredis stands in for it")
			}
			r, err := embedded.StartRedis(within(t), embedded.RedisOptions{Dir: tempDir(t), Durable: true, InProcess: kind == embedded.KindMiniredis})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := r.Stop(context.Background()); err != nil {
					t.Error(err)
				}
			})
			if r.Kind() != kind {
				t.Fatalf("kind = %s, want %s", r.Kind(), kind)
			}
			test(t, r, redisClient(t, r))
		})
	}
}

func redisClient(t *testing.T, r *embedded.Redis) *redis.Client {
	t.Helper()
	o, err := redis.ParseURL(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	if o.Network != r.Network() || o.Addr != r.Addr() {
		t.Errorf("URL leads to %s %s, want %s %s", o.Network, o.Addr, r.Network(), r.Addr())
	}
	o.ContextTimeoutEnabled, o.MaxRetries = true, -1
	c := redis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestRedisExpiresInRealTime(t *testing.T) {
	eachRedis(t, func(t *testing.T, _ *embedded.Redis, c *redis.Client) {
		if err := c.Set(within(t), "lock", "1", 300*time.Millisecond).Err(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the key expired", func() bool { return errors.Is(c.Get(within(t), "lock").Err(), redis.Nil) })
	})
}

func TestRedisFlushAll(t *testing.T) {
	eachRedis(t, func(t *testing.T, r *embedded.Redis, c *redis.Client) {
		if err := c.Set(within(t), "a", "1", 0).Err(); err != nil {
			t.Fatal(err)
		}
		if err := r.FlushAll(within(t)); err != nil {
			t.Fatal(err)
		}
		if n, err := c.DBSize(within(t)).Result(); err != nil || n != 0 {
			t.Errorf("%d keys left, %v", n, err)
		}
	})
}

func TestRedisFreezeAndThaw(t *testing.T) {
	eachRedis(t, func(t *testing.T, r *embedded.Redis, c *redis.Client) {
		if err := c.Ping(within(t)).Err(); err != nil {
			t.Fatal(err)
		}
		if err := r.Freeze(within(t)); err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		var late net.Error
		if err := c.Ping(short).Err(); !errors.As(err, &late) || !late.Timeout() {
			t.Errorf("while frozen: %v, want a timeout", err)
		}
		if err := r.Thaw(); err != nil {
			t.Fatal(err)
		}
		if err := c.Ping(within(t)).Err(); err != nil {
			t.Errorf("after thaw: %v", err)
		}
	})
}

func TestRedisStopsWhileFrozenAndStartsAgain(t *testing.T) {
	eachRedis(t, func(t *testing.T, r *embedded.Redis, c *redis.Client) {
		url := r.URL()
		if err := c.Set(within(t), "a", "1", 0).Err(); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(r.Freeze(within(t)), r.Stop(within(t)), r.Start(within(t))); err != nil {
			t.Fatal(err)
		}
		if r.URL() != url {
			t.Errorf("URL changed from %s to %s", url, r.URL())
		}
		want := map[string]int64{embedded.KindServer: 1, embedded.KindMiniredis: 0}[r.Kind()]
		if n, err := redisClient(t, r).DBSize(within(t)).Result(); err != nil || n != want {
			t.Errorf("%d keys after a restart, want %d, %v", n, want, err)
		}
	})
}

func TestRedisKillNine(t *testing.T) {
	eachRedis(t, func(t *testing.T, r *embedded.Redis, _ *redis.Client) {
		if err := r.Kill9(); err != nil {
			t.Fatal(err)
		}
		if pids := r.Pids(); len(pids) != 0 {
			t.Errorf("still there: %v", pids)
		}
		if err := r.Start(within(t)); err != nil {
			t.Fatal(err)
		}
		if err := redisClient(t, r).Ping(within(t)).Err(); err != nil {
			t.Error(err)
		}
	})
}

func TestRedisServerSettings(t *testing.T) {
	eachRedis(t, func(t *testing.T, r *embedded.Redis, c *redis.Client) {
		if r.Kind() != embedded.KindServer {
			t.Skip("miniredis has no settings")
		}
		for name, want := range map[string]string{"maxmemory-policy": "noeviction", "appendonly": "yes", "appendfsync": "everysec", "save": "", "port": "0"} {
			got, err := c.ConfigGet(within(t), name).Result()
			if err != nil || got[name] != want {
				t.Errorf("%s = %q, want %q, %v", name, got[name], want, err)
			}
		}
	})
}
