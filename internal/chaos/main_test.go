//go:build failpoints

package chaos_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// binary is the doorstep that all tests of this package run.
var binary string

func TestMain(m *testing.M) { os.Exit(build(m)) }

// build makes the binary once, with the same toolchain that runs the tests.
func build(m *testing.M) int {
	dir, err := os.MkdirTemp("", "doorstep-chaos-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary = filepath.Join(dir, "doorstep")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute) // from an empty build cache
	defer cancel()
	if out, err := exec.CommandContext(ctx, "go", "build", "-tags", "failpoints", "-o", binary, "doorstep/cmd/doorstep").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the binary: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// eventually asks until yes, and fails the test when limit is over.
func eventually(t *testing.T, limit time.Duration, what string, yes func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !yes(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %s in vain until %s", limit, what)
		}
	}
}
