package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// dataMajor is the version that wrote a data folder, 0 when there is no data yet.
func dataMajor(data string) (int, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the version of %s: %w", data, err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read the version of %s: %w", data, err)
	}
	return major, nil
}

// initDB makes a new cluster in data. It is built in a folder beside it and renamed at the end: a killed initdb would
// otherwise leave half a cluster that looks whole.
func initDB(ctx context.Context, bin binaries, data string, id *identity, durable bool) error {
	work := data + ".new"
	if err := os.RemoveAll(work); err != nil {
		return fmt.Errorf("clear %s: %w", work, err)
	}
	var last error
	for _, ctype := range ctypes() {
		if err := privateDir(work, id); err != nil {
			return err
		}
		// trust on the socket is as strong as the folder it stands in: 0700 and owned by the server's user, so whoever can
		// reach it could read the data files as well. A password would have to lie beside them. TCP is refused twice:
		// nothing listens, and pg_hba.conf rejects.
		args := []string{
			"-D", work, "-U", superuser, "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8",
			"--locale=C", "--lc-ctype=" + ctype, "--no-instructions",
		}
		if !durable {
			args = append(args, "--no-sync")
		}
		cmd := exec.CommandContext(ctx, bin.path("initdb"), args...)
		cmd.Dir, cmd.Env, cmd.SysProcAttr = "/", serverEnv(bin, nil), processAttributes(id)
		out, err := cmd.CombinedOutput()
		if err == nil {
			if err := os.Rename(work, data); err != nil {
				return fmt.Errorf("put the new cluster in place: %w", err)
			}
			return nil
		}
		last = fmt.Errorf("run initdb: %w: %s", err, strings.TrimSpace(string(out)))
		if !strings.Contains(string(out), "locale") {
			break
		}
	}
	return last
}

// ctypes are tried in turn. Sorting is by bytes everywhere (the same on every system, and fast), but letters must be known
// beyond ASCII, or lower() leaves the É of a name as it is. Not every system has the first; C is the last resort.
func ctypes() []string { return []string{"C.UTF-8", "en_US.UTF-8", "C"} }

// serverEnv is the whole environment of a server. PG* and LC_* of the caller stay out.
func serverEnv(bin binaries, extra []string) []string {
	return append([]string{"PATH=" + bin.dir + ":/usr/bin:/bin", "LC_ALL=", "LANG=C", "TZ=UTC"}, extra...)
}
