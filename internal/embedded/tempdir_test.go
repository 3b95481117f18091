package embedded

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSweepRemovesOnlyTheDead(t *testing.T) {
	base := t.TempDir()
	old := time.Now().Add(-time.Hour)
	dirs := map[string]bool{ // name: must be swept
		tempPrefix + "dead": true, tempPrefix + "locked": false, tempPrefix + "young": false, "somebody-else": false,
	}
	for name := range dirs {
		dir := filepath.Join(base, name)
		if err := os.Mkdir(dir, 0o711); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "locked") {
			lock, err := lockFile(dir, tempLock)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = lock.Unlock() }()
		}
		if !strings.HasSuffix(name, "young") {
			if err := os.Chtimes(dir, old, old); err != nil {
				t.Fatal(err)
			}
		}
	}
	sweep(base)
	for name, swept := range dirs {
		if _, err := os.Stat(filepath.Join(base, name)); os.IsNotExist(err) != swept {
			t.Errorf("%s: swept must be %v, got %v", name, swept, err)
		}
	}
}

func TestUnreachableFolderIsNamed(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root runs servers as another user")
	}
	id, err := unprivileged("postgres")
	if err != nil {
		t.Fatal(err)
	}
	closed := t.TempDir()
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "inner")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	err = id.reachable(dir)
	if err == nil || !strings.Contains(err.Error(), closed) || !strings.Contains(err.Error(), id.name) {
		t.Errorf("got %v, want the closed folder and the user", err)
	}
}

func TestSocketPathFits(t *testing.T) {
	base := t.TempDir()
	for _, name := range []string{"short", strings.Repeat("long", 30)} {
		dir := filepath.Join(base, name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		run, err := socketDir(dir, ".s.PGSQL.5432", nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(run) })
		if n := len(filepath.Join(run, ".s.PGSQL.5432")); n > maxSocketPath {
			t.Errorf("%s is %d bytes long", run, n)
		}
		if again, err := socketDir(dir, ".s.PGSQL.5432", nil); err != nil || again != run {
			t.Errorf("second time: %s, %v; want %s", again, err, run)
		}
	}
}

func TestPrivateDirFollowsNoLink(t *testing.T) {
	base := t.TempDir()
	link := filepath.Join(base, "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	if err := privateDir(link, nil); err == nil {
		t.Error("a symbolic link was taken for a folder")
	}
}
