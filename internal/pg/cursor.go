package pg

import (
	"encoding/base64"
	"strings"

	"doorstep/internal/fault"
)

// Cursor names the last row of a page by its sort key and id. It holds no client data and is opaque to callers.
type Cursor struct{ Key, ID string }

// String is the cursor as it stands in a URL; empty for the first page.
func (c Cursor) String() string {
	if c.ID == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(c.Key + "\x1f" + c.ID))
}

// ParseCursor reads what String wrote. Anything else is Invalid.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	key, id, found := strings.Cut(string(raw), "\x1f")
	if err != nil || !found || id == "" {
		return Cursor{}, fault.New(fault.Invalid, "This page address is not one that the service gave. Start from the first page.")
	}
	return Cursor{key, id}, nil
}
