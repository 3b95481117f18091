package embedded

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"
)

// errStopped is for a signal to a server that does not run.
var errStopped = errors.New("PostgreSQL does not run")

// Pids is the postmaster's pid, empty when it does not run.
func (p *Postgres) Pids() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.proc.running() {
		return nil
	}
	return []int{p.proc.pid}
}

// Done is closed when the server that runs now has ended, for whatever reason; at once when none runs.
func (p *Postgres) Done() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc == nil {
		ended := make(chan struct{})
		close(ended)
		return ended
	}
	return p.proc.done
}

// Stop ends all sessions, writes a checkpoint and gives the folder back. A server that is still there when ctx ends is
// killed, which loses no commit of a Durable one, and Stop says so. Stopping a stopped server does nothing.
func (p *Postgres) Stop(ctx context.Context) error { return p.stop(ctx, sigInt) }

// StopImmediate ends the server without a checkpoint: the next Start recovers as after a crash.
func (p *Postgres) StopImmediate() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return p.stop(ctx, sigQuit)
}

func (p *Postgres) stop(ctx context.Context, sig syscall.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	if p.proc.running() {
		err = p.proc.stop(ctx, sig)
	}
	return p.ended(err)
}

// Kill9 is kill -9 of the postmaster and all its children, and returns when they are gone.
func (p *Postgres) Kill9() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.proc.running() {
		return errStopped
	}
	return p.ended(p.proc.killAll())
}

// ended gives the folder back after the process is gone.
func (p *Postgres) ended(err error) error {
	if err != nil {
		err = fmt.Errorf("stop PostgreSQL in %s: %w", p.o.Dir, err)
	}
	if p.proc.running() {
		return err
	}
	p.proc = nil
	return errors.Join(err, p.lock.Unlock())
}

// Freeze stops the postmaster and all its children in their tracks, as a hung disk or hypervisor would: connections stay
// open and nothing answers. It returns when all stand still. Thaw lets them go on.
func (p *Postgres) Freeze() error {
	return p.signal(func(pid int) error {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return freezeTree(ctx, pid)
	})
}

// Thaw ends Freeze.
func (p *Postgres) Thaw() error { return p.signal(thawTree) }

func (p *Postgres) signal(do func(pid int) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.proc.running() {
		return errStopped
	}
	return do(p.proc.pid)
}
