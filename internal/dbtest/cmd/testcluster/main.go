// Testcluster runs a command with a throw-away PostgreSQL that all test processes below it share:
//
//	go run ./internal/dbtest/cmd/testcluster -- go test ./...
//
// It saves each package the second that a cluster and its migration take. It exits as the command does. With -durable in front of
// the -- the server writes to the disk as in production, for measuring.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"doorstep/internal/dbtest"
)

func main() {
	code, err := run(context.Background(), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testcluster:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func run(ctx context.Context, args []string) (int, error) {
	durable := len(args) > 0 && args[0] == "-durable"
	if durable {
		args = args[1:]
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return 2, errors.New("usage: testcluster [-durable] -- command [argument ...]")
	}
	// The command stands in our process group and gets Ctrl-C from the terminal itself; we only outlive it, to clean up. A
	// SIGTERM comes to us alone and is passed on.
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(stop)

	cluster, err := dbtest.Start(ctx, durable)
	if err != nil {
		return 1, err
	}
	code, err := child(args, cluster.URL, stop)
	return code, errors.Join(err, cluster.Stop())
}

// child runs the command and returns its exit code, 128 and the signal's number when one ended it.
func child(args []string, url string, stop <-chan os.Signal) (int, error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), dbtest.Env+"="+url)
	if err := cmd.Start(); err != nil {
		return 127, fmt.Errorf("start %s: %w", args[0], err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case sig := <-stop:
			if sig == syscall.SIGTERM {
				_ = cmd.Process.Signal(sig) // it may have ended just now
			}
		case err := <-done:
			var failed *exec.ExitError
			if !errors.As(err, &failed) {
				return 0, err
			}
			if ws, ok := failed.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
				return 128 + int(ws.Signal()), nil
			}
			return failed.ExitCode(), nil
		}
	}
}
