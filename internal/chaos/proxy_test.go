//go:build failpoints

package chaos_test

import (
	"bytes"
	"net"
	"regexp"
	"sync"
	"testing"
)

// cutter is a wire that drops connections in place of answers 201: the server has committed and written, and the caller hears
// nothing. Every second one is dropped until as many are as were asked for; all else passes.
type cutter struct {
	mu    sync.Mutex
	most  int
	seen  int
	taken []string // keys of the requests whose answers were lost
}

func newCutter(t *testing.T, most int) *cutter {
	t.Helper()
	return &cutter{most: most}
}

func (c *cutter) lost() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string{}, c.taken...)
}

// drop decides about one answer 201.
func (c *cutter) drop(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen++
	if c.seen%2 == 0 || len(c.taken) >= c.most {
		return false
	}
	c.taken = append(c.taken, key)
	return true
}

// before listens in front of a server and returns where.
func (c *cutter) before(t *testing.T, server string) *string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			caller, err := l.Accept()
			if err != nil {
				return
			}
			go c.pass(caller, server)
		}
	}()
	address := l.Addr().String()
	return &address
}

var keyHeader = regexp.MustCompile(`(?i)\r\nIdempotency-Key: ([^\r]*)\r\n`)

// pass copies one connection both ways. A caller asks nothing before it has its answer, so that every answer, and every
// request with its head, begins a read of its own.
func (c *cutter) pass(caller net.Conn, server string) {
	to, err := net.Dial("tcp", server)
	if err != nil {
		_ = caller.Close()
		return
	}
	end := func() { _, _ = caller.Close(), to.Close() }
	var mu sync.Mutex
	key := ""
	go func() {
		defer end()
		_ = eachRead(caller, func(b []byte) bool {
			if found := keyHeader.FindSubmatch(b); found != nil {
				mu.Lock()
				key = string(found[1])
				mu.Unlock()
			}
			_, err := to.Write(b)
			return err == nil
		})
	}()
	defer end()
	_ = eachRead(to, func(b []byte) bool {
		if bytes.HasPrefix(b, []byte("HTTP/1.1 201 ")) {
			mu.Lock()
			of := key
			mu.Unlock()
			if c.drop(of) {
				return false
			}
		}
		_, err := caller.Write(b)
		return err == nil
	})
}

// eachRead hands on what comes until it ends or do says no.
func eachRead(from net.Conn, do func([]byte) bool) error {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 && !do(buffer[:n]) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
