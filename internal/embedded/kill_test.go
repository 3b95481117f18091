//go:build !windows

package embedded_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"doorstep/internal/embedded"
)

// helperVar makes this test binary act as a Doorstep that starts servers in the folder named, and waits to be killed.
const helperVar = "EMBEDDED_TEST_HELPER_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperVar); dir != "" {
		os.Exit(helper(dir))
	}
	os.Exit(m.Run())
}

func helper(dir string) int {
	ctx := context.Background()
	p, err1 := embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: filepath.Join(dir, "postgres")})
	r, err2 := embedded.StartRedis(ctx, embedded.RedisOptions{Dir: filepath.Join(dir, "redis"), Durable: true})
	if err := errors.Join(err1, err2); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	if err := json.NewEncoder(os.Stdout).Encode(append(p.Pids(), r.Pids()...)); err != nil {
		return 1
	}
	<-make(chan struct{})
	return 0
}

// startHelper returns the running helper and the pids of its servers.
func startHelper(t *testing.T, dir string) (*osexec.Cmd, []int) {
	t.Helper()
	cmd := osexec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), helperVar+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	if err := json.Unmarshal([]byte(line), &pids); err != nil || len(pids) == 0 {
		t.Fatalf("helper said %q: %v", line, err)
	}
	return cmd, pids
}

// there says whether a process runs. A zombie does not: in a container nobody may reap the orphans.
func there(pid int) bool {
	if err := syscall.Kill(pid, 0); err != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil && !os.IsNotExist(err) || err == nil && !strings.Contains(string(stat), ") Z ")
}

func TestKillNineLeavesNoServer(t *testing.T) {
	dir := tempDir(t)
	cmd, pids := startHelper(t, dir)
	for _, pid := range pids {
		if !there(pid) {
			t.Fatalf("server %d does not run", pid)
		}
		group, err := syscall.Getpgid(pid)
		if own := syscall.Getpgrp(); err != nil || group == own || group != pid {
			t.Errorf("server %d is in group %d (ours %d, %v): Ctrl-C would reach it", pid, group, own, err)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for _, pid := range pids {
		eventually(t, "server "+strconv.Itoa(pid)+" gone", func() bool { return !there(pid) })
	}
	// The folder is free again and whole.
	p := startPostgres(t, embedded.PostgresOptions{Dir: filepath.Join(dir, "postgres")})
	connect(t, p.URL(embedded.OwnerRole, embedded.Database))
}

func TestStartAtOnceAfterKillNine(t *testing.T) {
	dir := tempDir(t)
	cmd, _ := startHelper(t, dir)
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	// No wait: the old server may still be leaving.
	startPostgres(t, embedded.PostgresOptions{Dir: filepath.Join(dir, "postgres")})
}

func TestDirOfALivingDoorstepNamesItsPid(t *testing.T) {
	dir := tempDir(t)
	cmd, _ := startHelper(t, dir)
	want := "process " + strconv.Itoa(cmd.Process.Pid)
	_, err := embedded.StartPostgres(within(t), embedded.PostgresOptions{Dir: filepath.Join(dir, "postgres")})
	if !errors.Is(err, embedded.ErrInUse) || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want ErrInUse with %s", err, want)
	}
	_, err = embedded.StartRedis(within(t), embedded.RedisOptions{Dir: filepath.Join(dir, "redis")})
	if _, missing := osexec.LookPath("redis-server"); missing == nil && (!errors.Is(err, embedded.ErrInUse) || !strings.Contains(err.Error(), want)) {
		t.Errorf("got %v, want ErrInUse with %s", err, want)
	}
}

func TestStalePidOfAnotherProgram(t *testing.T) {
	p := startPostgres(t, embedded.PostgresOptions{Dir: tempDir(t)})
	pidFile := filepath.Join(filepath.Dir(p.LogPath()), "data", "postmaster.pid")
	text, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Kill9(); err != nil {
		t.Fatal(err)
	}
	// The number now belongs to a living program, this test.
	stale := strings.Replace(string(text), strings.SplitN(string(text), "\n", 2)[0], pidText(), 1)
	if err := os.WriteFile(pidFile, []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.Start(within(t)); err != nil {
		t.Fatal(err)
	}
}

func TestServerOfSomebodyElseNamesItsPid(t *testing.T) {
	dir := tempDir(t)
	_, pids := startHelper(t, dir)
	// Without our note of the child and without its lock, the server in the folder is a stranger's.
	home := filepath.Join(dir, "postgres")
	for _, name := range []string{"server.pid", "postgres.lock"} {
		if err := os.Remove(filepath.Join(home, name)); err != nil {
			t.Fatal(err)
		}
	}
	_, err := embedded.StartPostgres(within(t), embedded.PostgresOptions{Dir: home})
	if !errors.Is(err, embedded.ErrInUse) || !strings.Contains(err.Error(), "process "+strconv.Itoa(pids[0])) {
		t.Errorf("got %v, want ErrInUse with process %d", err, pids[0])
	}
	if !there(pids[0]) {
		t.Error("the stranger's server was ended")
	}
}
