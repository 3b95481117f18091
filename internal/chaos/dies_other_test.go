//go:build failpoints && !linux

package chaos_test

import "syscall"

// dieWithUs: only Linux ends children by itself; elsewhere the tests' own clean-up must do.
func dieWithUs() *syscall.SysProcAttr { return nil }
