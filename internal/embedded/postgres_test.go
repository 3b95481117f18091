package embedded_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"doorstep/internal/embedded"
)

func TestPostgresOwnerIsNoSuperuser(t *testing.T) {
	p := startPostgres(t, embedded.PostgresOptions{Dir: tempDir(t)})
	conn := connect(t, p.URL(embedded.OwnerRole, embedded.Database))
	if got := one[string](t, conn, `SHOW is_superuser`); got != "off" {
		t.Errorf("is_superuser = %s", got)
	}
	if got := one[string](t, conn, `SELECT current_database()`); got != embedded.Database {
		t.Errorf("database = %s", got)
	}
	exec(t, conn, `CREATE ROLE probe`) // migrations create the login role
	exec(t, conn, `CREATE TABLE probe (id int)`)
	if got := one[string](t, conn, `SELECT lower('ÉÖ')`); got != "éö" {
		t.Errorf("lower of letters beyond ASCII = %s", got)
	}
}

func TestPostgresSettings(t *testing.T) {
	for _, durable := range []bool{false, true} {
		p := startPostgres(t, embedded.PostgresOptions{Dir: tempDir(t), Durable: durable, Settings: map[string]string{"doorstep.probe": `it's \ here`}})
		conn := connect(t, p.SuperuserURL())
		want := map[string]string{
			"listen_addresses": "", "log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0",
			"log_error_verbosity": "terse", "idle_in_transaction_session_timeout": "15s", "max_connections": "200",
			"shared_buffers": "128MB", "doorstep.probe": `it's \ here`,
			"fsync": map[bool]string{false: "off", true: "on"}[durable],
		}
		for name, value := range want {
			if got := one[string](t, conn, `SELECT current_setting($1)`, name); got != value {
				t.Errorf("durable %v: %s = %q, want %q", durable, name, got, value)
			}
		}
	}
}

func TestPostgresLogHoldsNoValues(t *testing.T) {
	p := startPostgres(t, embedded.PostgresOptions{Dir: tempDir(t)})
	conn := connect(t, p.SuperuserURL())
	exec(t, conn, `CREATE TABLE probe (name text PRIMARY KEY)`)
	exec(t, conn, `INSERT INTO probe VALUES ('Zzcanary')`)
	if _, err := conn.Exec(within(t), `INSERT INTO probe VALUES ('Zzcanary')`); err == nil {
		t.Fatal("the double key was taken")
	}
	if _, err := conn.Exec(within(t), `INSERT INTO probe VALUES ($1)`, "Zzcanary"); err == nil {
		t.Fatal("the double key was taken")
	}
	text, err := os.ReadFile(p.LogPath())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "probe_pkey") {
		t.Errorf("the log does not tell the failure:\n%s", text)
	}
	if strings.Contains(string(text), "Zzcanary") {
		t.Errorf("the log holds a value:\n%s", text)
	}
}

func TestPostgresRestartKeepsDataAndURL(t *testing.T) {
	p := startPostgres(t, embedded.PostgresOptions{Dir: tempDir(t), Durable: true})
	url := p.URL(embedded.OwnerRole, embedded.Database)
	exec(t, connect(t, url), `CREATE TABLE probe (n int)`)
	for n, stop := range []func() error{
		p.StopImmediate, p.Kill9, func() error { return p.Stop(within(t)) },
	} {
		exec(t, connect(t, url), `INSERT INTO probe VALUES ($1)`, n)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if pids := p.Pids(); len(pids) != 0 {
			t.Fatalf("still there: %v", pids)
		}
		if err := p.Start(within(t)); err != nil {
			t.Fatal(err)
		}
		if got := p.URL(embedded.OwnerRole, embedded.Database); got != url {
			t.Fatalf("URL changed from %s to %s", url, got)
		}
		if got := one[int](t, connect(t, url), `SELECT count(*) FROM probe`); got != n+1 {
			t.Fatalf("after stop %d: %d rows", n, got)
		}
	}
}

func TestPostgresFreezeAndThaw(t *testing.T) {
	p := startPostgres(t, embedded.PostgresOptions{Dir: tempDir(t)})
	conn := connect(t, p.SuperuserURL())
	if err := p.Freeze(); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		_, err := conn.Exec(context.Background(), `SELECT 1`)
		answered <- err
	}()
	// A new connection cannot get an answer either; its own deadline ends the wait.
	short, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if c, err := pgx.Connect(short, p.SuperuserURL()); err == nil {
		_ = c.Close(context.Background())
		t.Error("a frozen server took a connection")
	}
	select {
	case err := <-answered:
		t.Fatalf("a frozen server answered: %v", err)
	default:
	}
	if err := p.Thaw(); err != nil {
		t.Fatal(err)
	}
	if err := <-answered; err != nil {
		t.Fatalf("after thaw: %v", err)
	}
}

func TestPostgresStopsWhileFrozen(t *testing.T) {
	p := startPostgres(t, embedded.PostgresOptions{Dir: tempDir(t)})
	if err := p.Freeze(); err != nil {
		t.Fatal(err)
	}
	done := p.Done()
	if err := p.Stop(within(t)); err != nil {
		t.Fatal(err)
	}
	<-done
	if err := p.Freeze(); err == nil {
		t.Error("a stopped server was frozen")
	}
}

func TestTwoClustersSideBySide(t *testing.T) {
	a := startPostgres(t, embedded.PostgresOptions{Dir: tempDir(t)})
	b := startPostgres(t, embedded.PostgresOptions{Dir: tempDir(t)})
	exec(t, connect(t, a.SuperuserURL()), `CREATE DATABASE only_a`)
	if one[bool](t, connect(t, b.SuperuserURL()), `SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'only_a')`) {
		t.Error("both URLs lead to one cluster")
	}
}

func TestPostgresInALongFolder(t *testing.T) {
	dir := filepath.Join(tempDir(t), strings.Repeat("a-long-name-", 8), "with space")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	p := startPostgres(t, embedded.PostgresOptions{Dir: dir})
	cfg, err := pgx.ParseConfig(p.SuperuserURL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(cfg.Host) }) // the only folder outside dir
	fi, err := os.Stat(cfg.Host)
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Host) > 90 || fi.Mode().Perm() != 0o700 {
		t.Errorf("socket folder %s has mode %s", cfg.Host, fi.Mode())
	}
	connect(t, p.SuperuserURL())
}

func TestPostgresInAFolderInUse(t *testing.T) {
	dir := tempDir(t)
	startPostgres(t, embedded.PostgresOptions{Dir: dir})
	_, err := embedded.StartPostgres(within(t), embedded.PostgresOptions{Dir: dir})
	if !errors.Is(err, embedded.ErrInUse) || !strings.Contains(err.Error(), pidText()) {
		t.Errorf("got %v, want ErrInUse with our pid", err)
	}
}

func TestPostgresThatFailsShowsItsLog(t *testing.T) {
	_, err := embedded.StartPostgres(within(t), embedded.PostgresOptions{Dir: tempDir(t), Settings: map[string]string{"max_connections": "many"}})
	if err == nil || !strings.Contains(err.Error(), "max_connections") {
		t.Errorf("got %v, want the server's own words", err)
	}
}
