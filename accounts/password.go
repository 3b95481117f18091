package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"doorstep/internal/fault"
)

// cost is what one guess costs: argon2id with 19 MiB, two passes and one lane, which the OWASP Password Storage Cheat Sheet names
// as its minimum. It stands in each hash, so that a later one may be dearer; a sign-in then renews the hash.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

func today() cost { return cost{19 * 1024, 2, 1} }

// The bounds of a password, in characters. NIST SP 800-63B-4 asks for 15 where a password may stand alone and for no rules of
// composition; the upper bound only keeps a request small.
const (
	minPassword = 15
	maxPassword = 200
)

// hasher keeps the machine's memory: so many hashes at once, and the others wait.
type hasher struct{ slots chan struct{} }

func newHasher() hasher { return hasher{make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))} }

func (h hasher) key(ctx context.Context, password string, salt []byte, c cost) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, fault.Wrap(fault.Unavailable, ctx.Err(), "Many people are signing in just now. Try again in a few seconds.")
	}
	// One spelling of a character that can be typed in two ways.
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.passes, c.memory, c.threads, 32), nil
}

// hash writes a password in the form that argon2's own tools read.
func (h hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	c := today()
	key, err := h.key(ctx, password, salt, c)
	if err != nil {
		return "", err
	}
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.threads, text(salt), text(key)), nil
}

// check compares a password with what hash wrote; stale: the hash is cheaper than today's. For "", an account that is not there, it
// takes as long and says no.
func (h hasher) check(ctx context.Context, password, stored string) (ok, stale bool, err error) {
	c, salt, want := today(), make([]byte, 16), make([]byte, 32)
	if stored != "" {
		if c, salt, want, err = parseHash(stored); err != nil {
			return false, false, err
		}
	}
	key, err := h.key(ctx, password, salt, c)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(key, want) == 1 && stored != "", c != today(), nil
}

func parseHash(stored string) (c cost, salt, key []byte, err error) {
	part := strings.Split(stored, "$")
	if len(part) != 6 || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, fmt.Errorf("a password hash is not one that this program wrote")
	}
	if _, err = fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.threads); err == nil {
		if salt, err = base64.RawStdEncoding.DecodeString(part[4]); err == nil {
			key, err = base64.RawStdEncoding.DecodeString(part[5])
		}
	}
	if err != nil {
		return c, nil, nil, fmt.Errorf("read a password hash: %w", err)
	}
	return c, salt, key, nil
}

// fit says what is wrong with a new password, nil when nothing.
func fit(password, email string) error {
	n := utf8.RuneCountInString(password)
	plain := strings.ToLower(password)
	name, _, _ := strings.Cut(strings.ToLower(email), "@")
	code, detail := "", ""
	switch {
	case n < minPassword:
		code, detail = "min", fmt.Sprintf("At least %d characters. Four or five words that do not belong together are good.", minPassword)
	case n > maxPassword:
		code, detail = "max", fmt.Sprintf("At most %d characters.", maxPassword)
	case len(name) >= 4 && strings.Contains(plain, name), strings.Contains(plain, "doorstep"):
		code, detail = "guessable", "Leave out your e-mail address and the name of this service."
	case distinct(plain) < 6:
		code, detail = "guessable", "Use more different characters."
	default:
		return nil
	}
	return fault.Problems([]fault.Field{{Pointer: "/password", Code: code, Detail: detail}})
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}
