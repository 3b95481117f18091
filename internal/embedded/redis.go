package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
)

// The two kinds of Redis that StartRedis can give.
const (
	KindServer    = "redis-server"
	KindMiniredis = "miniredis"
)

// RedisOptions says how to start a private Redis.
type RedisOptions struct {
	Dir       string       // holds the socket, the log and, when Durable, the append-only file
	Durable   bool         // write each second; a crash of the machine may lose the last one
	InProcess bool         // take miniredis even when redis-server is installed
	Log       *slog.Logger // nil: silent
}

// Redis is a private Redis. Its methods may be called from several goroutines.
type Redis struct{ backend redisBackend }

// redisBackend has two kinds: a redis-server process, and miniredis in this process.
type redisBackend interface {
	kind() string
	address() (network, addr string)
	pids() []int
	freeze(ctx context.Context) error
	thaw() error
	flush(ctx context.Context) error
	stop(ctx context.Context) error
	kill9() error
	restart(ctx context.Context) error
}

// StartRedis starts redis-server when it is installed, else miniredis in this process. Doorstep holds nothing in Redis that
// cannot be rebuilt, so the second is enough for a demo; it forgets everything when it stops, Durable or not.
func StartRedis(ctx context.Context, o RedisOptions) (*Redis, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	path, err := exec.LookPath("redis-server")
	if o.InProcess || err != nil || supported() != nil {
		m, err := startMiniredis()
		if err != nil {
			return nil, err
		}
		o.Log.Info("Redis is ready", "kind", KindMiniredis, "addr", m.addr)
		return &Redis{m}, nil
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil || o.Dir == "" {
		return nil, errors.Join(fmt.Errorf("start Redis in %q: not a folder", o.Dir), err)
	}
	o.Dir = dir
	s := &redisServer{o: o, path: path}
	if err := s.restart(ctx); err != nil {
		return nil, err
	}
	o.Log.Info("Redis is ready", "kind", KindServer, "addr", s.socket)
	return &Redis{s}, nil
}

// Kind is KindServer or KindMiniredis.
func (r *Redis) Kind() string { return r.backend.kind() }

// Network is "unix" or "tcp".
func (r *Redis) Network() string { network, _ := r.backend.address(); return network }

// Addr is a socket path or host:port.
func (r *Redis) Addr() string { _, addr := r.backend.address(); return addr }

// URL is what redis.ParseURL of go-redis reads.
func (r *Redis) URL() string { return redisURL(r.backend.address()) }

// Pids is the pid of the server process; empty for miniredis and when it does not run.
func (r *Redis) Pids() []int { return r.backend.pids() }

// FlushAll loses every key of every database at once, as a mistaken operator would.
func (r *Redis) FlushAll(ctx context.Context) error { return r.backend.flush(ctx) }

// Freeze makes Redis hang: connections stay open and nothing answers until Thaw.
func (r *Redis) Freeze(ctx context.Context) error { return r.backend.freeze(ctx) }

// Thaw ends Freeze.
func (r *Redis) Thaw() error { return r.backend.thaw() }

// Stop ends Redis in order; when ctx ends first it is killed. Stopping a stopped one does nothing.
func (r *Redis) Stop(ctx context.Context) error { return r.backend.stop(ctx) }

// Kill9 is kill -9 of the server. miniredis just stops and forgets.
func (r *Redis) Kill9() error { return r.backend.kill9() }

// Start starts it again after Stop or Kill9, at the same address.
func (r *Redis) Start(ctx context.Context) error { return r.backend.restart(ctx) }
