package embedded

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// childFile holds the pid of the server that runs in a folder. Where no kernel ends our children with us, it is how the
// next start tells our own left-over from a server that somebody else started on the same data.
const childFile = "server.pid"

// childSpec says how to start a server.
type childSpec struct {
	path     string
	args     []string
	home     string   // our folder of this server: child file and log
	env      []string // the whole environment: the caller's PG* and LC_* variables must not leak in
	as       *identity
	deathSig syscall.Signal // what the kernel sends the server when we die (Linux)
}

// child is a running server process.
type child struct {
	pid  int
	done chan struct{} // closed when the process was reaped
	err  error         // valid after done
}

// startChild starts a server whose output goes to the log in its folder.
func startChild(spec childSpec) (*child, error) {
	out, err := openLog(logPath(spec.home))
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	cmd := exec.Command(spec.path, spec.args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = "/", spec.env, out, out
	cmd.SysProcAttr = processAttributes(spec.as)
	dieWithParent(cmd.SysProcAttr, spec.deathSig)

	c := &child{done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// The kernel sends the death signal when the thread that forked ends, not the process, and Go ends threads at will.
		// So this goroutine owns its thread until the child is gone.
		runtime.LockOSThread()
		err := cmd.Start()
		if err == nil {
			c.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			c.err = cmd.Wait()
			close(c.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", spec.path, err)
	}
	if err := os.WriteFile(filepath.Join(spec.home, childFile), []byte(strconv.Itoa(c.pid)+"\n"), 0o644); err != nil {
		_ = kill(c.pid, sigKill)
		<-c.done
		return nil, fmt.Errorf("write the pid of the server: %w", err)
	}
	return c, nil
}

// running says whether the process has not been reaped yet.
func (c *child) running() bool {
	if c == nil {
		return false
	}
	select {
	case <-c.done:
		return false
	default:
		return true
	}
}

// stop sends first, and when ctx ends before the process does, kills it and its children.
func (c *child) stop(ctx context.Context, first syscall.Signal) error {
	// A frozen server would keep the signal for later.
	if err := thawTree(c.pid); err != nil {
		return err
	}
	if err := kill(c.pid, first); err != nil {
		return err
	}
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
	}
	if err := c.killAll(); err != nil {
		return err
	}
	return fmt.Errorf("stop process %d in time: %w; it was killed", c.pid, ctx.Err())
}

// killAll is kill -9 of the server and all its children. Ten seconds are for a machine that is out of memory or disk.
func (c *child) killAll() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := killTree(ctx, c.pid); err != nil {
		return err
	}
	<-c.done
	return nil
}

// readPID reads the number in the first line of a pid file, 0 when there is none.
func readPID(path string) int {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || pid <= 1 {
		return 0
	}
	return pid
}
