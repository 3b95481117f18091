package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	tempPrefix = "doorstep-tmp-"
	tempLock   = "in-use.lock"
)

// TempDir makes a throw-away folder that the unprivileged user of the servers can enter, and the function that removes it.
// It also removes folders left by processes that were killed: a kill -9 runs no clean-up, and a cluster is 40 MB.
func TempDir() (dir string, remove func() error, err error) {
	// Not os.TempDir: on macOS that path is too long for a socket.
	base := "/tmp"
	if _, err := os.Stat(base); err != nil {
		base = os.TempDir()
	}
	sweep(base)
	dir, err = os.MkdirTemp(base, tempPrefix)
	if err != nil {
		return "", nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	lock, err := lockFile(dir, tempLock)
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	// Others may pass through but not list; each server's own folder below is closed to them.
	if err := os.Chmod(dir, 0o711); err != nil {
		return "", nil, errors.Join(fmt.Errorf("open %s: %w", dir, err), lock.Unlock(), os.RemoveAll(dir))
	}
	return dir, func() error { return errors.Join(os.RemoveAll(dir), lock.Unlock()) }, nil
}

// sweep removes throw-away folders of ours whose owner is dead. It is best effort: what cannot be removed stays.
func sweep(base string) {
	entries, err := os.ReadDir(base)
	if err != nil {
		return
	}
	for _, e := range entries {
		fi, err := e.Info()
		if err != nil || !fi.IsDir() || !strings.HasPrefix(e.Name(), tempPrefix) {
			continue
		}
		// A minute: a folder that was just made has no lock yet, and a server told to go needs time to leave.
		if uid, _ := ownerOf(fi); uid != os.Geteuid() || time.Since(fi.ModTime()) < time.Minute {
			continue
		}
		dir := filepath.Join(base, e.Name())
		lock, err := lockFile(dir, tempLock)
		if err != nil {
			continue
		}
		if endOrphans(dir) == nil {
			_ = os.RemoveAll(dir)
		}
		_ = lock.Unlock()
	}
}
