package accounts

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238 with SHA-1 is what every authenticator app speaks; its weakness is in collisions, not here
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Time-based codes (RFC 6238): six digits, a new one every 30 seconds, one step early or late taken for clocks that differ.
const (
	totpStep   = 30 * time.Second
	totpDigits = 1_000_000
)

// newTOTP is a secret of 160 bits, as RFC 4226 asks.
func newTOTP() []byte {
	secret := make([]byte, 20)
	_, _ = rand.Read(secret) // never fails
	return secret
}

func totpCode(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	_ = binary.Write(mac, binary.BigEndian, step)
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%totpDigits)
}

// totpFits finds the step whose code this is, later than the last that opened; false for none.
func totpFits(secret []byte, code string, now time.Time, last int64) (int64, bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	at := now.Unix() / int64(totpStep.Seconds())
	for _, step := range []int64{at, at - 1, at + 1} {
		if step > last && subtle.ConstantTimeCompare([]byte(totpCode(secret, step)), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}

// Setup is what an authenticator app needs, shown once.
type Setup struct {
	Secret string // base32 in groups of four, to type
	Link   string // otpauth://, to open on the phone itself
}

func setupOf(secret []byte, email string) Setup {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	var groups []string
	for rest := text; rest != ""; rest = rest[min(4, len(rest)):] {
		groups = append(groups, rest[:min(4, len(rest))])
	}
	return Setup{strings.Join(groups, " "),
		"otpauth://totp/" + url.PathEscape("Doorstep:"+email) + "?secret=" + text + "&issuer=Doorstep"}
}
