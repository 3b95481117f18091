package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// role is serve or worker as a process of its own, run from this binary.
type role struct {
	cmd *exec.Cmd
	log string // its path
}

// role starts one on the servers of the house, with the settings of a and ports that are free.
func (h *house) role(ctx context.Context, a *app, name string) (*role, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	r := &role{log: filepath.Join(h.dir, name+".log")}
	log, err := os.Create(r.log)
	if err != nil {
		return nil, fmt.Errorf("keep the log of %s: %w", name, err)
	}
	defer func() { _ = log.Close() }()           // the process has its own
	r.cmd = exec.CommandContext(ctx, self, name) // #nosec G204 -- this very binary
	r.cmd.Stderr = log
	r.cmd.Cancel = func() error { return r.cmd.Process.Signal(syscall.SIGTERM) }
	r.cmd.WaitDelay = 10 * time.Second
	c := a.config
	r.cmd.Env = []string{
		"DATABASE_URL=" + string(c.DatabaseURL), "REDIS_URL=" + string(c.RedisURL), "SEAL_KEYS=" + string(c.SealKeys),
		"DB_MAX_CONNS=" + strconv.Itoa(benchPool), "LISTEN=127.0.0.1:0", "METRICS_LISTEN=127.0.0.1:0", "BASE_URL=" + c.BaseURL,
		"SMTP_ADDR=" + c.SMTPAddr, "SMTP_TLS=" + c.SMTPTLS, "SMTP_FROM=" + c.SMTPFrom,
	}
	if err := r.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return r, nil
}

// stop ends it as an operator would, and waits.
func (r *role) stop() {
	_ = r.cmd.Cancel()
	_ = r.cmd.Wait()
}

// address is where serve answers, once its log says so.
func (r *role) address(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		text, err := os.ReadFile(r.log)
		if err != nil {
			return "", fmt.Errorf("wait for serve: %w", err)
		}
		for line := range bytes.Lines(text) {
			var said struct{ Msg, Address string }
			if json.Unmarshal(line, &said) == nil && said.Msg == "serving" {
				return said.Address, nil
			}
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("serve does not answer: %s", text)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// memory is the most that it ever held, in MB (the kernel's high-water mark of resident memory).
func (r *role) memory() (int, error) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(r.cmd.Process.Pid), "status"))
	if err != nil {
		return 0, fmt.Errorf("read how much memory a process holds (Linux only): %w", err)
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kb, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		return 0, fmt.Errorf("read how much memory a process holds: %w", err)
	}
	return kb >> 10, nil
}
