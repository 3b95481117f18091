package embedded

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeFinder looks below root only. install is asked for the npm package when hasNPM.
func fakeFinder(root string, env map[string]string, onPath ...string) finder {
	return finder{
		getenv: func(name string) string { return env[name] },
		root:   root,
		lookPath: func(name string) (string, error) {
			for _, p := range onPath {
				if p == name {
					return "/bin/" + name, nil
				}
			}
			return "", os.ErrNotExist
		},
		output: func(_ context.Context, name string, args ...string) (string, error) {
			if filepath.Base(name) == "pg_config" {
				return filepath.Join(root, "custom", "bin") + "\n", nil
			}
			text, err := os.ReadFile(name) // a fake program is its own answer
			return string(text), err
		},
		install: func(context.Context) (string, error) { return filepath.Join(root, "npm", "bin"), nil },
	}
}

func fakeInstall(t *testing.T, root, dir, version string) string {
	t.Helper()
	dir = filepath.Join(root, dir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"initdb", "postgres"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("postgres (PostgreSQL) "+version), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFindOrder(t *testing.T) {
	root := t.TempDir()
	said := fakeInstall(t, root, "said/bin", "16.1")
	sixteen := fakeInstall(t, root, "usr/lib/postgresql/16/bin", "16.4 (Debian 16.4-1)")
	fifteen := fakeInstall(t, root, "usr/lib/postgresql/15/bin", "15.18")
	fakeInstall(t, root, "usr/lib/postgresql/9.6/bin", "9.6")
	config := fakeInstall(t, t.TempDir(), "custom/bin", "17.0")
	npm := fakeInstall(t, t.TempDir(), "npm/bin", "15.18")

	tests := []struct {
		name string
		f    finder
		want int
		dir  string
	}{
		{"PG_BIN wins", fakeFinder(root, map[string]string{"PG_BIN": said}), 0, said},
		{"highest version", fakeFinder(root, nil), 0, sixteen},
		{"version of the data", fakeFinder(root, nil), 15, fifteen},
		{"pg_config", fakeFinder(filepath.Dir(filepath.Dir(config)), nil, "pg_config", "npm"), 0, config},
		{"npm comes last", fakeFinder(filepath.Dir(filepath.Dir(npm)), nil, "npm"), 0, npm},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := tt.f.find(t.Context(), tt.want)
			if err != nil || b.dir != tt.dir {
				t.Errorf("got %q, %v; want %q", b.dir, err, tt.dir)
			}
		})
	}
}

func TestWrongPGBinIsNotIgnored(t *testing.T) {
	root := t.TempDir()
	fakeInstall(t, root, "usr/lib/postgresql/16/bin", "16.4")
	_, err := fakeFinder(root, map[string]string{"PG_BIN": "/nowhere"}).find(t.Context(), 0)
	if err == nil || !strings.Contains(err.Error(), "PG_BIN") || !strings.Contains(err.Error(), "/nowhere") {
		t.Errorf("got %v", err)
	}
}

func TestMissingNamesEveryWay(t *testing.T) {
	root := t.TempDir()
	old := fakeInstall(t, root, "usr/lib/postgresql/14/bin", "14.9")
	if err := os.MkdirAll(filepath.Join(root, "etc"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "etc/debian_version"), []byte("12.1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := fakeFinder(root, nil).find(t.Context(), 0)
	if !errors.Is(err, errNoPostgres) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{
		"15 or newer", "apt-get install postgresql", "this is a Debian system", "dnf install", "brew install", "postgresapp.com",
		"npm", "PG_BIN", "DATABASE_URL", old + " is version 14",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

func TestNPMPlatform(t *testing.T) {
	for in, want := range map[[2]string]string{
		{"linux", "amd64"}: "linux-x64", {"darwin", "arm64"}: "darwin-arm64", {"linux", "riscv64"}: "", {"windows", "amd64"}: "",
	} {
		got, err := npmPlatform(in[0], in[1])
		if got != want || (want == "") != (err != nil) {
			t.Errorf("%v: %q, %v", in, got, err)
		}
	}
}

func TestLockFilePinsTheRelease(t *testing.T) {
	for _, name := range []string{"npm/package.json", "npm/package-lock.json"} {
		text, err := npmFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(text), npmRelease) < 4 {
			t.Errorf("%s does not pin %s for four platforms", name, npmRelease)
		}
	}
}

func TestLinkLibraries(t *testing.T) {
	pkg := t.TempDir()
	if err := os.MkdirAll(filepath.Join(pkg, "native", "lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(pkg, "native", "pg-symlinks.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(list, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(`[{"source":"native/lib/a.so.1.2","target":"native/lib/a.so.1"}]`)
	if err := linkLibraries(pkg); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(filepath.Join(pkg, "native/lib/a.so.1")); err != nil || to != "a.so.1.2" {
		t.Errorf("link leads to %q, %v", to, err)
	}
	write(`[{"source":"/etc/passwd","target":"native/lib/b"}]`)
	if err := linkLibraries(pkg); err == nil {
		t.Error("a link out of the package was made")
	}
}
