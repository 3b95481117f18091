//go:build failpoints

package chaos_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"doorstep/internal/embedded"
)

// TestChaosTourLeavesNoNames lets the tour tell its lives and then looks for the families where they must not be.
func TestChaosTourLeavesNoNames(t *testing.T) {
	dir, remove, err := embedded.TempDir()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = remove() }()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "demo", "--tour", "--dir", dir)
	cmd.SysProcAttr = dieWithUs()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	var redis bytes.Buffer
	var listening sync.WaitGroup
	if _, err := exec.LookPath("redis-server"); err == nil { // miniredis lives and ends inside the process
		listening.Go(func() { monitor(ctx, filepath.Join(dir, "redis"), &redis) })
	}
	err = cmd.Run()
	cancel()
	listening.Wait()
	if err != nil {
		t.Fatalf("the tour failed: %v\n%s", err, said.Bytes())
	}
	places := append(files(t, dir, "postgres/data"), place{"what the tour printed", said.Bytes()}, place{"the commands that Redis was given", redis.Bytes()})
	words := append(phones("410-555-0142"), "Testfamily", "Babytest", "Avery", "Blair", "Emery", "Example Street")
	for _, leak := range leaks(words, places...) {
		t.Error(leak)
	}
	seen := []string{"/api/v1/referrals", "database system is ready"}
	if redis.Len() > 0 {
		seen = append(seen, "outbox_id")
	} else {
		t.Log("no redis-server here: its commands were not looked at")
	}
	for _, word := range seen {
		if len(leaks([]string{word}, places...)) == 0 {
			t.Errorf("no place holds %q: the scan read nothing", word)
		}
	}
}

// monitor writes down every command that the Redis in dir is given, until it ends or ctx does.
func monitor(ctx context.Context, dir string, to *bytes.Buffer) {
	socket := regexp.MustCompile(`unixsocket "(.*)"`)
	for ; ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		conf, err := os.ReadFile(filepath.Join(dir, "redis.conf"))
		at := socket.FindSubmatch(conf)
		if err != nil || at == nil {
			continue
		}
		conn, err := new(net.Dialer).DialContext(ctx, "unix", string(at[1]))
		if err != nil {
			continue
		}
		context.AfterFunc(ctx, func() { _ = conn.Close() })
		if _, err := conn.Write([]byte("MONITOR\r\n")); err == nil {
			_, _ = to.ReadFrom(conn)
		}
		return
	}
}
