package messages

import (
	"math"
	"strings"
	"unicode"
)

// What families read is at most of this school grade in English (Flesch and Kincaid, 1975), and at least "fairly easy" in Spanish (INFLESZ,
// Barrio Cantalejo, 2008).
const (
	HighestGrade = 6.0
	LowestEase   = 65.0
)

// Prose counts what both are made of.
type Prose struct{ Sentences, Words, Syllables float64 }

// Read counts a text in a language.
func Read(language, text string) (p Prose) {
	syllables := englishSyllables
	if language == Spanish {
		syllables = spanishSyllables
	}
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".!?:;\n", r) }) {
		list := strings.FieldsFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' })
		if len(list) > 0 {
			p.Sentences++
		}
		for _, w := range list {
			p.Words++
			p.Syllables += float64(syllables(strings.ToLower(w)))
		}
	}
	return p
}

// Grade is the school grade of an English text, 0 of none.
func (p Prose) Grade() float64 {
	if p.Words == 0 {
		return 0
	}
	return math.Round((0.39*p.Words/p.Sentences+11.8*p.Syllables/p.Words-15.59)*10) / 10
}

// Ease is how easy a Spanish text is, from 0 to 100 and more, 0 of none.
func (p Prose) Ease() float64 {
	if p.Words == 0 {
		return 0
	}
	return math.Round((206.835-62.3*p.Syllables/p.Words-p.Words/p.Sentences)*10) / 10
}

func englishSyllables(word string) int {
	n, vowel := 0, false
	for _, r := range word {
		is := strings.ContainsRune("aeiouy", r)
		if is && !vowel {
			n++
		}
		vowel = is
	}
	if n > 1 && strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "le") {
		n--
	}
	return max(1, n)
}

// spanishSyllables parts two strong vowels, and an accented weak one from its neighbour.
func spanishSyllables(word string) int {
	n, before := 0, rune(0)
	for _, r := range strings.NewReplacer("que", "ke", "qui", "ki", "gue", "ge", "gui", "gi").Replace(word) {
		strong, weak := strings.ContainsRune("aeoáéóíú", r), strings.ContainsRune("iuü", r)
		if (strong || weak) && (before == 0 || strong && strings.ContainsRune("aeoáéóíú", before)) {
			n++
		}
		before = 0
		if strong || weak {
			before = r
		}
	}
	return max(1, n)
}
