package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// redisServer is a redis-server process on a unix socket: there is no port to find and no password to keep.
type redisServer struct {
	o      RedisOptions
	path   string
	socket string
	as     *identity
	mu     sync.Mutex
	lock   *FolderLock
	proc   *child
}

func (s *redisServer) kind() string { return KindServer }

func (s *redisServer) address() (network, addr string) { return "unix", s.socket }

func (s *redisServer) pids() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.proc.running() {
		return nil
	}
	return []int{s.proc.pid}
}

func (s *redisServer) restart(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc.running() {
		return fmt.Errorf("start Redis in %s: %w: it already runs as process %d", s.o.Dir, ErrInUse, s.proc.pid)
	}
	if err := s.launch(ctx); err != nil {
		return errors.Join(fmt.Errorf("start Redis in %s: %w", s.o.Dir, err), s.lock.Unlock())
	}
	return nil
}

func (s *redisServer) launch(ctx context.Context) error {
	// Loading an append-only file of a demo takes well under a second; half a minute is for a busy machine.
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := os.MkdirAll(s.o.Dir, 0o755); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	var err error
	if s.as, err = unprivileged("redis"); err != nil {
		return err
	}
	if err := s.as.reachable(s.o.Dir); err != nil {
		return err
	}
	if err := s.lock.Unlock(); err != nil { // of a server that died by itself
		return err
	}
	if s.lock, err = lockFile(s.o.Dir, "redis.lock"); err != nil {
		return err
	}
	if err := s.endOrphan(ctx); err != nil {
		return err
	}
	conf, err := s.configure()
	if err != nil {
		return err
	}
	// SIGTERM, so that the last second of a durable one reaches its file even when we were killed.
	spec := childSpec{
		path: s.path, args: []string{conf}, home: s.o.Dir, as: s.as, deathSig: sigTerm,
		env: []string{"PATH=/usr/bin:/bin", "LC_ALL=C"},
	}
	if s.proc, err = startChild(spec); err != nil {
		return err
	}
	if err := s.awaitReady(ctx); err != nil {
		if s.proc.running() {
			err = errors.Join(err, s.proc.killAll())
		}
		s.proc = nil
		return err
	}
	return nil
}

// endOrphan ends a server that an earlier Doorstep left in this folder: two would write one append-only file.
func (s *redisServer) endOrphan(ctx context.Context) error {
	pid := readPID(filepath.Join(s.o.Dir, childFile))
	if p, alive := lookUp(pid); pid == 0 || !alive || p.name != "redis-server" {
		return nil
	}
	if dir := workingDir(pid); dir != "" && dir != resolved(filepath.Join(s.o.Dir, "data")) {
		return nil // the number belongs to another Redis by now
	}
	return endOrphan(ctx, pid)
}

// configure makes the folders and the configuration file, and returns the file's path.
func (s *redisServer) configure() (string, error) {
	data := filepath.Join(s.o.Dir, "data")
	if err := privateDir(data, s.as); err != nil {
		return "", err
	}
	run, err := socketDir(s.o.Dir, "redis.sock", s.as)
	if err != nil {
		return "", err
	}
	s.socket = filepath.Join(run, "redis.sock")
	yesNo := map[bool]string{true: "yes", false: "no"}
	conf := strings.Join([]string{
		"port 0",
		"unixsocket " + quoted(s.socket),
		"unixsocketperm 700",
		"dir " + quoted(data),
		"daemonize no",
		`save ""`, // no snapshots: the append-only file is the only copy, and a test needs none
		"appendonly " + yesNo[s.o.Durable],
		"appendfsync everysec",
		"maxmemory-policy noeviction", // a queue that drops its oldest work silently is worse than one that refuses new
		"",
	}, "\n")
	path := filepath.Join(s.o.Dir, "redis.conf")
	if err := os.WriteFile(path, []byte(conf), 0o644); err != nil {
		return "", fmt.Errorf("write the configuration: %w", err)
	}
	return path, nil
}

// quoted is a string as redis.conf reads it.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func (s *redisServer) awaitReady(ctx context.Context) error {
	client := s.client()
	defer func() { _ = client.Close() }()
	var last error
	err := poll(ctx, 2*time.Millisecond, func() (bool, error) {
		if !s.proc.running() {
			return false, fmt.Errorf("the server ended while starting (%v); its log ends with:\n%s", s.proc.err, logTail(logPath(s.o.Dir)))
		}
		// A bare connection first: the client writes each failed dial to the standard error, past our logger.
		conn, err := net.Dial("unix", s.socket)
		if err != nil {
			last = err
			return false, nil
		}
		_ = conn.Close()
		last = client.Ping(ctx).Err()
		return last == nil, nil
	})
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("wait for the server to answer: %w (last: %v)", err, last)
	}
	return err
}

func (s *redisServer) client() *redis.Client {
	return redis.NewClient(&redis.Options{Network: "unix", Addr: s.socket, MaxRetries: -1, ContextTimeoutEnabled: true})
}

func (s *redisServer) flush(ctx context.Context) error {
	client := s.client()
	defer func() { _ = client.Close() }()
	if err := client.FlushAll(ctx).Err(); err != nil {
		return fmt.Errorf("flush Redis: %w", err)
	}
	return nil
}

func (s *redisServer) freeze(ctx context.Context) error {
	return s.signal(func(pid int) error { return freezeTree(ctx, pid) })
}

func (s *redisServer) thaw() error { return s.signal(thawTree) }

func (s *redisServer) signal(do func(pid int) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.proc.running() {
		return errors.New("Redis does not run")
	}
	return do(s.proc.pid)
}

func (s *redisServer) stop(ctx context.Context) error {
	return s.end(func(c *child) error { return c.stop(ctx, sigTerm) })
}

func (s *redisServer) kill9() error { return s.end((*child).killAll) }

func (s *redisServer) end(how func(*child) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc.running() {
		if err := how(s.proc); err != nil {
			return fmt.Errorf("stop Redis in %s: %w", s.o.Dir, err)
		}
	}
	s.proc = nil
	return s.lock.Unlock()
}

func redisURL(network, addr string) string {
	if network == "unix" {
		return (&url.URL{Scheme: "unix", Path: addr}).String()
	}
	return (&url.URL{Scheme: "redis", Host: addr, Path: "/0"}).String()
}
