package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// leaveTime is how long a server whose owner died gets to leave before it is helped: an immediate shutdown takes 60 ms.
const leaveTime = 5 * time.Second

// clearStale makes sure that nobody uses the data of home, and ends what an earlier Doorstep left behind. A living server
// that is not ours is an error naming its pid. The caller holds the lock of home, so no other Doorstep is alive in it.
func clearStale(ctx context.Context, home string) error {
	data := filepath.Join(home, "data")
	pidFile := filepath.Join(data, "postmaster.pid")
	pid := readPID(pidFile)
	if pid == 0 {
		return waitForBackends(ctx, data)
	}
	switch {
	case isPostmaster(pid, data) && pid == readPID(filepath.Join(home, childFile)):
		if err := endOrphan(ctx, pid); err != nil {
			return err
		}
	case isPostmaster(pid, data):
		return fmt.Errorf("%w: a PostgreSQL server, process %d, already runs on %s and was not started by Doorstep; stop it or choose another folder",
			ErrInUse, pid, data)
	case living(pid):
		// The number now belongs to another program (usual after a restart of a container), which PostgreSQL would take for a
		// server. When the number is free it removes the file itself, after a look at shared memory that we cannot do.
		if err := waitForBackends(ctx, data); err != nil {
			return err
		}
		if err := os.Remove(pidFile); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove the stale pid file: %w", err)
		}
	}
	return waitForBackends(ctx, data)
}

// endOrphan ends a postmaster whose Doorstep is dead: at once, as the kernel does on Linux. The next start replays the log.
func endOrphan(ctx context.Context, pid int) error {
	if err := thawTree(pid); err != nil {
		return err
	}
	if err := kill(pid, sigQuit); err != nil {
		return err
	}
	wait, cancel := context.WithTimeout(ctx, leaveTime)
	defer cancel()
	if waitGone(wait, pid) == nil {
		return nil
	}
	return killTree(ctx, pid)
}

// endOrphans ends the servers below a throw-away folder whose owner is dead.
func endOrphans(dir string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*leaveTime)
	defer cancel()
	for _, pattern := range []string{childFile, "*/" + childFile, "*/*/" + childFile} {
		files, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, f := range files {
			pid := readPID(f)
			if p, alive := lookUp(pid); pid == 0 || !alive || !isServer(p) {
				continue
			}
			// The number may be somebody else's by now. Where the working folder can be read it decides.
			if wd := workingDir(pid); wd != "" && !strings.HasPrefix(wd, filepath.Dir(f)) {
				continue
			}
			if err := endOrphan(ctx, pid); err != nil {
				return err
			}
		}
	}
	return nil
}

// isPostmaster says whether pid is a PostgreSQL server, and of this data folder where the system lets us see.
func isPostmaster(pid int, data string) bool {
	p, alive := lookUp(pid)
	if !alive || !isServer(p) {
		return false
	}
	dir := workingDir(pid)
	return dir == "" || dir == resolved(data)
}

func isServer(p process) bool {
	return slices.Contains([]string{"postgres", "postmaster", "redis-server"}, p.name)
}

// waitForBackends waits until no backend of a dead postmaster works on data: a second server beside it would ruin the
// files. They leave by themselves when they see that the postmaster is gone, unless they are frozen.
func waitForBackends(ctx context.Context, data string) error {
	wait, cancel := context.WithTimeout(ctx, leaveTime)
	defer cancel()
	var left []int
	err := poll(wait, 5*time.Millisecond, func() (bool, error) {
		var err error
		left, err = processesIn(data)
		return len(left) == 0, err
	})
	if !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
		return err
	}
	for _, pid := range left {
		if err := kill(pid, sigKill); err != nil {
			return err
		}
	}
	return waitGone(ctx, left...)
}

// processesIn lists the PostgreSQL processes standing in a data folder; none where the system does not tell.
func processesIn(data string) ([]int, error) {
	all, err := processes()
	if err != nil {
		return nil, err
	}
	data = resolved(data)
	var pids []int
	for _, p := range all {
		if !p.gone() && isServer(p) && workingDir(p.pid) == data {
			pids = append(pids, p.pid)
		}
	}
	return pids, nil
}

// resolved is a path without symbolic links, as the kernel reports a working folder.
func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}
