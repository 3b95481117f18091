package referral

import (
	"crypto/rand"
	"crypto/subtle"
	"strings"
	"unicode"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"doorstep/internal/fault"
)

// maxGuesses wrong words shut her page: a person who forgot asks the hub, and one who guesses gets no sixth.
const maxGuesses = 5

// plainWord is a word as it counts: spoken aloud it has neither case nor accents nor spaces.
func plainWord(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// wordProblem: digits alone are a birthday or the end of a telephone number, which whoever lives with her knows.
func wordProblem(text string) []fault.Field {
	plain := plainWord(text)
	switch {
	case len([]rune(plain)) < 4:
		return []fault.Field{{Pointer: "/word", Code: "short", Detail: "Her word needs at least 4 letters."}}
	case strings.ContainsFunc(plain, unicode.IsDigit):
		return []fault.Field{{Pointer: "/word", Code: "digits", Detail: "No digits: others know her numbers and dates. Ask her for a word."}}
	}
	return nil
}

func saltedWord() []byte {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	return salt
}

// wordHash is slow, as for passwords: a word is short.
func wordHash(word string, salt []byte) []byte {
	return argon2.IDKey([]byte(plainWord(word)), salt, 2, 19*1024, 1, 32)
}

func sameWord(word string, salt, hash []byte) bool {
	return subtle.ConstantTimeCompare(wordHash(word, salt), hash) == 1
}
