package accounts

import (
	"encoding/base64"
	"testing"
	"time"
)

// The last six digits of the vectors of RFC 6238, appendix B.
func TestCodesAreThoseOfTheRFC(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := totpCode(secret, at/30); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
	now := time.Unix(59, 0)
	for ahead, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		step := now.Unix()/30 + ahead
		if _, ok := totpFits(secret, totpCode(secret, step), now, -5); ok != want {
			t.Errorf("a code %d steps ahead opens: %v", ahead, ok)
		}
		if _, ok := totpFits(secret, totpCode(secret, step), now, step); ok {
			t.Errorf("a code %d steps ahead opens twice", ahead)
		}
	}
	if _, ok := totpFits(secret, " 287 082 ", now, 0); !ok {
		t.Error("a code with spaces, as apps show it, does not open")
	}
}

func TestAHashIsWhatArgonsToolsRead(t *testing.T) {
	h := newHasher()
	one, err := h.hash(t.Context(), "correct horse battery staple")
	two, err2 := h.hash(t.Context(), "correct horse battery staple")
	if err != nil || err2 != nil || one == two {
		t.Fatalf("%v %v, equal: %v", err, err2, one == two)
	}
	// Made by this library at a smaller cost: it opens, and is to be renewed.
	const cheap = "$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
	c, salt, _, err := parseHash(cheap + "AAAA")
	if err != nil {
		t.Fatal(err)
	}
	key, err := h.key(t.Context(), "old password of somebody", salt, c)
	if err != nil {
		t.Fatal(err)
	}
	for stored, want := range map[string][2]bool{one: {true, false}, cheap + base64Raw(key): {false, true}, "": {false, false}} {
		ok, stale, err := h.check(t.Context(), "correct horse battery staple", stored)
		if err != nil || ok != want[0] || stale != want[1] {
			t.Errorf("%.40s: %v %v %v", stored, ok, stale, err)
		}
	}
	if ok, stale, err := h.check(t.Context(), "old password of somebody", cheap+base64Raw(key)); !ok || !stale || err != nil {
		t.Errorf("a cheap hash: %v %v %v", ok, stale, err)
	}
	if _, _, err := h.check(t.Context(), "x", "$2b$12$notours"); err == nil {
		t.Error("another tool's hash is read")
	}
}

func base64Raw(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }
