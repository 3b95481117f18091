package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// DefaultDir is where the demo keeps its data when nobody says otherwise. It is not created. As root it is a folder that
// the unprivileged user of the servers can reach, which root's home is not.
func DefaultDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/doorstep", nil
	}
	switch runtime.GOOS {
	case "darwin":
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find the home folder: %w", err)
		}
		return filepath.Join(home, "Library", "Application Support", "Doorstep"), nil
	case "windows":
		dir, err := os.UserCacheDir() // %LocalAppData%
		if err != nil {
			return "", fmt.Errorf("find the local data folder: %w", err)
		}
		return filepath.Join(dir, "Doorstep"), nil
	}
	// The XDG rules say to ignore a relative path.
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "doorstep"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the home folder: %w", err)
	}
	return filepath.Join(home, ".local", "share", "doorstep"), nil
}

// maxSocketPath is one less than the 104 bytes of macOS, the smallest sun_path (Linux has 108).
const maxSocketPath = 103

// socketDir is the folder for a server's socket: run below dir, or, when that path is too long for a socket, one below
// /tmp whose name follows from dir alone, so that a restart has the same URL.
func socketDir(dir, socket string, id *identity) (string, error) {
	run := filepath.Join(dir, "run")
	if len(filepath.Join(run, socket)) > maxSocketPath {
		sum := sha256.Sum256([]byte(dir))
		run = filepath.Join("/tmp", "doorstep-"+strconv.Itoa(id.uidOf())+"-"+hex.EncodeToString(sum[:6]))
	}
	if err := privateDir(run, id); err != nil {
		return "", fmt.Errorf("prepare the socket folder: %w", err)
	}
	return run, nil
}
