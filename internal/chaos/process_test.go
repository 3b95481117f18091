//go:build failpoints

package chaos_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// process is one real doorstep process. It may be ended and started again; its log goes on.
type process struct {
	args    []string
	environ []string
	log     string // path
	ready   string // what it logs once it works
	address atomic.Pointer[string]
	metrics atomic.Pointer[string]
	run     atomic.Pointer[running]
}

type running struct {
	pid  int
	done chan struct{} // closed when it was reaped
}

// start returns when the process works. more is environment for this time only.
func (p *process) start(t *testing.T, more ...string) {
	t.Helper()
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	before, err := log.Stat()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, p.args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = slices.Concat(p.environ, more), log, log
	cmd.SysProcAttr = dieWithUs()
	r := &running{done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// The death signal comes when the thread that forked ends: this goroutine keeps its thread until the child is gone.
		runtime.LockOSThread()
		err := cmd.Start()
		if err == nil {
			r.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(r.done)
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	p.run.Store(r)
	eventually(t, 20*time.Second, p.args[0]+" works", func() bool {
		select {
		case <-r.done:
			t.Fatalf("%s ended at once; its log is\n%s", p.args[0], p.logged(before.Size()))
		default:
		}
		metrics, listens := p.said("metrics and probes", before.Size())
		address, works := p.said(p.ready, before.Size())
		p.metrics.Store(&metrics)
		p.address.Store(&address)
		return listens && works
	})
}

// said looks for a line in the log from an offset on, and returns the address in it.
func (p *process) said(msg string, from int64) (address string, said bool) {
	for line := range bytes.Lines(p.logged(from)) {
		var l struct{ Msg, Address string }
		if json.Unmarshal(line, &l) == nil && l.Msg == msg {
			return l.Address, true
		}
	}
	return "", false
}

func (p *process) logged(from int64) []byte {
	all, err := os.ReadFile(p.log)
	if err != nil || int64(len(all)) < from {
		return nil
	}
	return all[from:]
}

// done is closed when the process that was started last has ended.
func (p *process) done() <-chan struct{} { return p.run.Load().done }

// kill9 returns when the process is gone. It may be called from any goroutine.
func (p *process) kill9() {
	r := p.run.Load()
	select {
	case <-r.done: // its number may belong to another process by now
	default:
		_ = syscall.Kill(r.pid, syscall.SIGKILL)
		<-r.done
	}
}

// terminate asks it to end, as a deploy does.
func (p *process) terminate() { p.signal(syscall.SIGTERM) }

// freeze stops it in its tracks, as a paused machine would, and thaw lets it go on.
func (p *process) freeze() { p.signal(syscall.SIGSTOP) }
func (p *process) thaw()   { p.signal(syscall.SIGCONT) }

func (p *process) signal(s syscall.Signal) {
	r := p.run.Load()
	select {
	case <-r.done:
	default:
		_ = syscall.Kill(r.pid, s)
	}
}

// awaitEnd waits until it has ended by itself, however that came.
func (p *process) awaitEnd(t *testing.T, limit time.Duration) {
	t.Helper()
	select {
	case <-p.done():
	case <-time.After(limit):
		t.Fatalf("%s did not end within %s", p.args[0], limit)
	}
}
