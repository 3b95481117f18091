package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrInUse is wrapped by every error that says a folder belongs to a running process.
var ErrInUse = errors.New("folder in use")

// FolderLock is held until Unlock or until the process ends, however it ends.
type FolderLock struct{ f *os.File }

// Lock takes dir for this process. When another process has it, the error wraps ErrInUse and names that process's pid.
// dir is made when it is missing.
func Lock(dir string) (*FolderLock, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make folder %s: %w", dir, err)
	}
	return lockFile(dir, "doorstep.lock")
}

// lockFile is Lock under a name of its own: the demo locks its folder, and each server inside locks again.
func lockFile(dir, name string) (*FolderLock, error) {
	path := filepath.Join(dir, name)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open lock file: %w", err)
	}
	got, err := tryLock(f)
	if err != nil || !got {
		pid, _ := io.ReadAll(io.LimitReader(f, 20))
		_ = f.Close()
		if err != nil {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		return nil, fmt.Errorf("%w: %s is used by another Doorstep, process %s; stop it or choose another folder",
			ErrInUse, dir, strings.TrimSpace(string(pid)))
	}
	// The pid is for people only; the lock itself is the kernel's. The file stays after Unlock: removing it would let two
	// processes lock two files of the same name.
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("write lock file %s: %w", path, err)
	}
	return &FolderLock{f}, nil
}

// Unlock gives the folder back. A second call, or one on nil, does nothing.
func (l *FolderLock) Unlock() error {
	if l == nil || l.f == nil {
		return nil
	}
	err := l.f.Close()
	l.f = nil
	return err
}
