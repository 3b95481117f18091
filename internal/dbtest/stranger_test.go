package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"doorstep/internal/embedded"
)

// TestStrangerIsRefused: a server without the mark, and one where a client pretends, must not be touched.
func TestStrangerIsRefused(t *testing.T) {
	dir, remove, err := embedded.TempDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = remove() })
	server, err := embedded.StartPostgres(t.Context(), embedded.PostgresOptions{Dir: filepath.Join(dir, "pg")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	for _, url := range []string{
		server.SuperuserURL(),
		server.SuperuserURL() + "&" + mark + "=" + markValue, // a run-time parameter of the connection
	} {
		_, err := Join(t.Context(), url)
		if err == nil || !strings.Contains(err.Error(), "refuse the server") {
			t.Errorf("%s: got %v", url, err)
		}
	}
}

func TestTemplateNameFollowsTheMigrations(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	name := func() string {
		t.Helper()
		n, err := templateName()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	write("go.mod", "module doorstep\n")
	write("migrations/00001_init.sql", "one")
	write("web/api/x.go", "")
	t.Chdir(filepath.Join(root, "web", "api"))
	first := name()
	if first != name() {
		t.Error("the name changes by itself")
	}
	write("migrations/00001_init.sql", "two")
	if first == name() {
		t.Error("the name does not follow the migrations")
	}
	t.Chdir(t.TempDir())
	if a, b := name(), name(); a == b {
		t.Error("far from the source a template must not be shared")
	}
}
