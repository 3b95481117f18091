package embedded

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// settings is what every private server runs with. Values are plain; writeConfig quotes them.
func settings(socketDir string, o PostgresOptions) map[string]string {
	s := map[string]string{
		"listen_addresses":        "", // no TCP at all: the socket folder decides who may connect
		"unix_socket_directories": socketDir,
		"port":                    "5432", // only part of the socket's name

		"max_connections": "200", // several test processes share one server
		"shared_buffers":  "128MB",
		"wal_compression": "on",
		"jit":             "off", // compiles for longer than our queries run

		// Values of a statement must not reach the log: they are names and phone numbers. terse drops DETAIL, which quotes the
		// row; the statement itself may hold literals when a client uses the simple protocol.
		"log_parameter_max_length":          "0",
		"log_parameter_max_length_on_error": "0",
		"log_error_verbosity":               "terse",
		"log_min_error_statement":           "panic",
		"log_line_prefix":                   "%m [%p] ",

		// A forgotten transaction holds locks and keeps vacuum off. 15 s is far above any use case of ours.
		"idle_in_transaction_session_timeout": "15s",

		"timezone":     "UTC",
		"log_timezone": "UTC",
		"lc_messages":  "C",

		"default_text_search_config": "pg_catalog.english",
		"wal_level":                  "minimal",
		"max_wal_senders":            "0", // minimal demands it
	}
	if !o.Durable {
		// A throw-away cluster: a crash of the machine may lose it, so nothing waits for the disk.
		maps.Copy(s, map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"})
	}
	maps.Copy(s, o.Settings)
	return s
}

// writeConfig replaces postgresql.conf, which is ours, at each start. Not the command line: there a setting would win over
// ALTER SYSTEM, which fault tests use.
func writeConfig(data string, s map[string]string, id *identity) error {
	var b strings.Builder
	b.WriteString("# Written by Doorstep at each start; changes here are lost. ALTER SYSTEM works.\n")
	for _, name := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(&b, "%s = '%s'\n", name, strings.ReplaceAll(strings.ReplaceAll(s[name], `\`, `\\`), "'", "''"))
	}
	path := filepath.Join(data, "postgresql.conf")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		return fmt.Errorf("write the server's settings: %w", err)
	}
	if id != nil {
		if err := os.Chown(path, id.uid, id.gid); err != nil {
			return fmt.Errorf("give the settings to %s: %w", id.name, err)
		}
	}
	return nil
}
