//go:build failpoints

package chaos_test

import "syscall"

// dieWithUs: no process outlives the test, even when that is killed.
func dieWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
