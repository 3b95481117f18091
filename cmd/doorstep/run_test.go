package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"doorstep/auth"
	"doorstep/config"
	"doorstep/internal/dbtest"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/pg"
	"doorstep/referral"
)

// surroundings is an environment for a migrated database of the test's own.
func surroundings(t *testing.T) (*dbtest.DB, []string) {
	t.Helper()
	db := dbtest.New(t)
	return db, []string{"DATABASE_URL=" + db.AppURL, "MIGRATE_DATABASE_URL=" + db.OwnerURL, "SEAL_KEYS=" + pg.NewKey(1),
		"LISTEN=127.0.0.1:0", "METRICS_LISTEN=127.0.0.1:0"}
}

// command runs one command to its end and returns what it printed.
func command(t *testing.T, environ []string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, environ, &out, io.Discard)
	return out.String(), err
}

func TestMigrateUpBeginsWithTheShippedRulesOnce(t *testing.T) {
	_, environ := surroundings(t)
	for _, want := range []bool{true, false} {
		out, err := command(t, environ, "migrate", "up")
		if err != nil {
			t.Fatal(err)
		}
		if imported := strings.Contains(out, "rule set version 1"); imported != want {
			t.Errorf("migrate up said %q", out)
		}
	}
	out, err := command(t, environ, "migrate", "status")
	if err != nil || !strings.HasPrefix(out, "applied  00001 ") || strings.Contains(out, "pending") {
		t.Errorf("migrate status: %q %v", out, err)
	}
}

func TestUserAddPrintsAKeyThatOpens(t *testing.T) {
	db, environ := surroundings(t)
	hub := seed.New(t, db.Open(t, nil)).Hub(seed.Org{})
	out, err := command(t, environ, "user", "add", "--org", hub.ID.String(), "--email", "person@example.org", "--name", "Example Person", "--role", "triage_supervisor")
	if err != nil {
		t.Fatal(err)
	}
	p := &process{ctx: t.Context(), environ: environ, stderr: io.Discard}
	a, err := p.app(config.Command())
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	actor, err := a.accounts.Authenticate(t.Context(), strings.TrimSpace(out[strings.LastIndex(out, "ds_"):]))
	if err != nil || actor.Role != auth.TriageSupervisor || actor.Kind != "user" || !strings.Contains(out, actor.ID.String()) {
		t.Errorf("%+v %v from %q", actor, err, out)
	}
}

func TestAuditVerifyFailsOnABrokenHistory(t *testing.T) {
	_, environ := surroundings(t)
	if _, err := command(t, environ, "migrate", "up"); err != nil { // leaves the import in the history
		t.Fatal(err)
	}
	out, err := command(t, environ, "audit", "verify")
	if err != nil || !regexp.MustCompile(`events +1\n`).MatchString(out) {
		t.Errorf("%q %v", out, err)
	}
}

// Who was refused stands in the history, written in the refused one's own database role.
func TestRefusalsStandInTheHistory(t *testing.T) {
	db, environ := surroundings(t)
	builder := seed.New(t, db.Open(t, nil))
	key, _ := builder.Key(builder.Hospital(seed.Org{}), auth.Referrer)
	p := &process{ctx: t.Context(), environ: environ, stderr: io.Discard}
	a, err := p.app(config.Serve())
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	events := func() int64 {
		r, err := a.sealer.Verify(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return r.Events
	}
	before := events()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/cases", nil)
	request.Header.Set("Authorization", "Bearer "+key)
	answer := httptest.NewRecorder()
	a.handler().ServeHTTP(answer, request)
	if answer.Code != http.StatusForbidden || events() != before+1 {
		t.Errorf("%d, and %d events", answer.Code, events()-before)
	}
}

func TestLifecycleIsTheTable(t *testing.T) {
	out, err := command(t, nil, "lifecycle")
	if err != nil || out != referral.LifecycleMarkdown() {
		t.Errorf("%q %v", out, err)
	}
}

func TestCommandsThatCannotBegin(t *testing.T) {
	db, environ := surroundings(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for name, test := range map[string]struct {
		environ []string
		args    []string
		want    string
	}{
		"no command":      {nil, nil, "--help"},
		"unknown":         {nil, []string{"dance"}, "dance"},
		"no settings":     {nil, []string{"serve"}, "SEAL_KEYS is needed and not set"},
		"the owner":       {append(environ, "DATABASE_URL="+db.OwnerURL, "MIGRATE_DATABASE_URL="), []string{"serve"}, "doorstep_app"},
		"a superuser":     {append(environ, "DATABASE_URL="+db.SuperuserURL), []string{"serve"}, "doorstep_app"},
		"no organization": {environ, []string{"user", "add", "--org", "x", "--email", "a@example.org", "--name", "A", "--role", "referrer"}, "--org"},
		"a port in use":   {append(environ, "METRICS_LISTEN="+taken.Addr().String()), []string{"serve"}, "METRICS_LISTEN"},
	} {
		if _, err := command(t, test.environ, test.args...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if out, err := command(t, nil, "--help"); err != nil || !strings.Contains(out, "lifecycle") {
		t.Errorf("--help: %q %v", out, err)
	}
}

// serve comes up on a free port, answers, and goes when it is told to.
func TestServeAnswersUntilItIsStopped(t *testing.T) {
	_, environ := surroundings(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	log, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"serve"}, environ, io.Discard, w)
		_ = w.Close()
	}()
	lines := json.NewDecoder(log)
	var line struct{ Msg, Address string }
	for line.Msg != "serving" {
		if err := lines.Decode(&line); err != nil {
			t.Fatalf("serve ended before it served: %v, %v", err, <-ended)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, log) }()
	answer, err := http.Get("http://" + line.Address + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != 200 || !strings.Contains(string(text), `"database":"ok"`) || strings.Contains(string(text), "redis") {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("serve ended with %v", err)
	}
}
