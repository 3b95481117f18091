//go:build !windows

package embedded

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// The signals this package sends. They are named here because Windows has no such constants.
const (
	sigStop = syscall.SIGSTOP
	sigCont = syscall.SIGCONT
	sigInt  = syscall.SIGINT
	sigQuit = syscall.SIGQUIT
	sigTerm = syscall.SIGTERM
	sigKill = syscall.SIGKILL
)

// supported is nil where private servers can run.
func supported() error { return nil }

// kill sends a signal. A process that is already gone is no error: that is what the sender wanted or will see anyway.
func kill(pid int, sig syscall.Signal) error {
	if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("send %s to process %d: %w", sig, pid, err)
	}
	return nil
}

// tryLock takes the exclusive lock of an open file, or says that another open file has it. The kernel frees it when the
// holder dies, so a lock can never be stale.
func tryLock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// ownerOf is the user and group id that a file belongs to.
func ownerOf(fi os.FileInfo) (uid, gid int) {
	if st, ok := fi.Sys().(*syscall.Stat_t); ok {
		return int(st.Uid), int(st.Gid)
	}
	return -1, -1
}

// processAttributes puts a child into a process group of its own, so that Ctrl-C in a terminal reaches only Doorstep,
// which then stops its servers in order.
func processAttributes(as *identity) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if as != nil {
		attr.Credential = &syscall.Credential{Uid: uint32(as.uid), Gid: uint32(as.gid)}
	}
	return attr
}
