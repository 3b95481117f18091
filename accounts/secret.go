package accounts

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// secret is the two halves of an API key, "ds_<lookup>_<secret>". The prefix lets scanners of code and logs know one when
// they see it. lookup finds the row and may be shown; secret is 256 random bits, so one round of SHA-256 hides it as well
// as a slow hash would.
type secret struct {
	lookup string // 16 hexadecimal digits
	hash   [sha256.Size]byte
}

const keyPrefix = "ds"

// newSecret makes a key. plain is shown once, to whoever asked for it, and kept nowhere.
func newSecret() (plain string, s secret) {
	raw := make([]byte, 8+32)
	_, _ = rand.Read(raw) // never fails
	lookup, text := hex.EncodeToString(raw[:8]), base64.RawURLEncoding.EncodeToString(raw[8:])
	return strings.Join([]string{keyPrefix, lookup, text}, "_"), secret{lookup, sha256.Sum256([]byte(text))}
}

// parseSecret reads what a caller presented; false for what was never one of our keys.
func parseSecret(presented string) (secret, bool) {
	parts := strings.SplitN(presented, "_", 3) // the secret itself may hold underscores
	if len(parts) != 3 || parts[0] != keyPrefix || len(parts[1]) != 16 || len(parts[2]) != 43 {
		return secret{}, false
	}
	return secret{parts[1], sha256.Sum256([]byte(parts[2]))}, true
}

// opens compares in constant time. A key that was not found is compared with zeros, which costs the same and never fits.
func (s secret) opens(stored []byte) bool {
	if len(stored) != sha256.Size {
		stored = make([]byte, sha256.Size)
	}
	return subtle.ConstantTimeCompare(s.hash[:], stored) == 1
}
