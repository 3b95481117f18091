package embedded

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// tick is how often miniredis is told that time has passed, and so how late a key may expire. Locks and heartbeats of the
// queue count in whole seconds.
const tick = 100 * time.Millisecond

// miniRedis is a Redis inside this process, for machines without redis-server.
type miniRedis struct {
	mu     sync.Mutex
	server *miniredis.Miniredis
	addr   string
	frozen bool
	quit   chan struct{} // closed to end the ticker
	ended  chan struct{} // closed when it has ended
}

func startMiniredis() (*miniRedis, error) {
	m := &miniRedis{}
	if err := m.restart(context.Background()); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *miniRedis) restart(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server != nil {
		return fmt.Errorf("start miniredis: %w: it already runs", ErrInUse)
	}
	addr := m.addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(addr); err != nil {
		return fmt.Errorf("start miniredis: %w", err)
	}
	m.server, m.addr, m.frozen = server, server.Addr(), false
	m.quit, m.ended = make(chan struct{}), make(chan struct{})
	go age(server, m.quit, m.ended)
	return nil
}

// age lets real time pass for the keys: miniredis never expires one by itself, so that a lock would be held for ever.
func age(server *miniredis.Miniredis, quit, ended chan struct{}) {
	defer close(ended)
	t := time.NewTicker(tick)
	defer t.Stop()
	last := time.Now()
	for {
		select {
		case <-quit:
			return
		case now := <-t.C:
			server.FastForward(now.Sub(last)) // the measured time: a ticker drops beats on a busy machine
			last = now
		}
	}
}

func (m *miniRedis) kind() string { return KindMiniredis }

func (m *miniRedis) address() (network, addr string) { return "tcp", m.addr }

func (m *miniRedis) pids() []int { return nil }

// freeze holds the lock that every command needs.
func (m *miniRedis) freeze(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server == nil {
		return errors.New("miniredis does not run")
	}
	if !m.frozen {
		m.server.Lock()
		m.frozen = true
	}
	return nil
}

func (m *miniRedis) thaw() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.frozen {
		m.server.Unlock()
		m.frozen = false
	}
	return nil
}

func (m *miniRedis) flush(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server == nil || m.frozen {
		return errors.New("flush miniredis: it does not answer")
	}
	m.server.FlushAll()
	return nil
}

func (m *miniRedis) stop(context.Context) error { return m.kill9() }

func (m *miniRedis) kill9() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server == nil {
		return nil
	}
	if m.frozen {
		m.server.Unlock()
		m.frozen = false
	}
	close(m.quit)
	<-m.ended
	m.server.Close()
	m.server = nil
	return nil
}
