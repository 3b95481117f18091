package accounts

import (
	"encoding/base32"
	"strings"
	"time"
)

// CodeForTest is what an authenticator app shows, so many steps ahead of now.
func CodeForTest(s Setup, now time.Time, ahead int64) string {
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(s.Secret, " ", ""))
	if err != nil {
		panic(err)
	}
	return totpCode(secret, now.Unix()/30+ahead)
}
