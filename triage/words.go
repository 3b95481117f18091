package triage

import (
	"regexp"
	"strings"
	"unicode"
)

// forbidden finds a word about race, ethnicity, nationality or immigration in
// an id, a fact name or an expression; it returns "" when there is none. These
// may be measured elsewhere to find unfairness; they may never weigh here.
func forbidden(text string) string {
	words := strings.FieldsFunc(strings.ToLower(splitCamel(text)), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, w := range words {
		switch w {
		case "race", "races", "racial", "black", "white", "asian", "african", "hispanic", "latina", "latino",
			"latinx", "indigenous", "tribe", "tribal", "birthplace", "undocumented", "visa", "alien", "refugee", "asylum":
			return w
		}
		for _, stem := range []string{"ethnic", "nationalit", "immigra", "migrant", "citizen", "foreign"} {
			if strings.HasPrefix(w, stem) {
				return w
			}
		}
	}
	joined := strings.Join(words, "")
	for _, phrase := range []string{"countryofbirth", "birthcountry", "countryoforigin", "nationalorigin", "skincolor"} {
		if strings.Contains(joined, phrase) {
			return phrase
		}
	}
	return ""
}

func splitCamel(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// labelling finds the word that staff texts must not hold: a text says what was
// seen, it does not grade a woman.
func labelling(text string) bool { return gradingWord.MatchString(text) }

var gradingWord = regexp.MustCompile(`(?i)\brisk`)
