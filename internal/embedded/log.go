package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// keepLog is how large a log may be at a start before it is set aside: 8 MB, months of a demo at the levels we set.
const keepLog = 8 << 20

func logPath(home string) string { return filepath.Join(home, "server.log") }

// openLog opens a server's log to append. We open it and hand the server the descriptor, so its user needs no right to it.
func openLog(path string) (*os.File, error) {
	if fi, err := os.Stat(path); err == nil && fi.Size() > keepLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, fmt.Errorf("set the old log aside: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the server log: %w", err)
	}
	return f, nil
}

// logTail is the end of a log, for an error about a server that did not start.
func logTail(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "(no log: " + err.Error() + ")"
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-6):], "\n")
}
