package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a setting that may not be shown: a URL with a password, a key. It prints as whether it is set, in logs, in JSON
// and with every verb of fmt; string(s) is the secret itself.
type Secret string

// String is "[set]" or "".
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "[set]"
}

// Format covers every verb of fmt: %#v, and a wrong one such as %d, print the content otherwise.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText covers encoding/json and slog's JSON handler, which look inside structs and slices.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue covers slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
