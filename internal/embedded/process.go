package embedded

import (
	"context"
	"fmt"
	"time"
)

// process is one line of the process table.
type process struct {
	pid, parent int
	state       byte // as ps prints it: T stopped, Z a zombie
	name        string
}

// gone: a zombie runs no code. In a container whose first process reaps nobody it stays in the table for ever.
func (p process) gone() bool { return p.state == 'Z' || p.state == 'X' }

// halted: stopped by SIGSTOP (T) or by a tracer (t).
func (p process) halted() bool { return p.state == 'T' || p.state == 't' }

// living says whether a process still runs.
func living(pid int) bool {
	_, ok := lookUp(pid)
	return ok
}

// childrenOf lists the direct children. Every PostgreSQL process is forked by the postmaster, so there are no deeper ones.
func childrenOf(pid int) ([]int, error) {
	all, err := processes()
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, p := range all {
		if p.parent == pid && !p.gone() {
			pids = append(pids, p.pid)
		}
	}
	return pids, nil
}

// poll asks done again and again until it says yes, fails, or ctx ends.
func poll(ctx context.Context, every time.Duration, done func() (bool, error)) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// freezeTree stops a process and its children and returns when none of them runs any more. The parent goes first: a
// stopped parent cannot fork, so the list of children is complete.
func freezeTree(ctx context.Context, root int) error {
	if err := freezeOne(ctx, root); err != nil {
		return err
	}
	children, err := childrenOf(root)
	if err != nil {
		return err
	}
	for _, pid := range children {
		if err := freezeOne(ctx, pid); err != nil {
			return err
		}
	}
	return nil
}

func freezeOne(ctx context.Context, pid int) error {
	if err := kill(pid, sigStop); err != nil {
		return err
	}
	// A signal is delivered when the process next enters the kernel: wait, or a busy backend could still commit.
	err := poll(ctx, time.Millisecond, func() (bool, error) {
		p, alive := lookUp(pid)
		return !alive || p.halted(), nil
	})
	if err != nil {
		return fmt.Errorf("wait until process %d stands still: %w", pid, err)
	}
	return nil
}

// thawTree lets a frozen process and its children go on.
func thawTree(root int) error {
	children, err := childrenOf(root)
	if err != nil {
		return err
	}
	for _, pid := range append(children, root) {
		if err := kill(pid, sigCont); err != nil {
			return err
		}
	}
	return nil
}

// killTree ends a process and its children at once and returns when all are gone: nobody gets to clean up.
func killTree(ctx context.Context, root int) error {
	// Stand still first: the children of a dead postmaster notice and leave, and a late fork would escape the list.
	if err := freezeTree(ctx, root); err != nil {
		return err
	}
	pids, err := childrenOf(root)
	if err != nil {
		return err
	}
	pids = append(pids, root)
	for _, pid := range pids {
		if err := kill(pid, sigKill); err != nil {
			return err
		}
	}
	return waitGone(ctx, pids...)
}

func waitGone(ctx context.Context, pids ...int) error {
	for _, pid := range pids {
		err := poll(ctx, 2*time.Millisecond, func() (bool, error) { return !living(pid), nil })
		if err != nil {
			return fmt.Errorf("wait until process %d is gone: %w", pid, err)
		}
	}
	return nil
}
