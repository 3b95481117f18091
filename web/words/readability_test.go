package words_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"doorstep/referral"
	"doorstep/triage"
	"doorstep/web/words"
)

// What families read is at most of this school grade in English (Flesch and Kincaid, 1975), and at least "fairly easy" in Spanish (INFLESZ, Barrio
// Cantalejo, 2008).
const (
	familyGrade = 6.0
	familyEase  = 65.0
)

// prose counts what both are made of.
type prose struct{ sentences, words, syllables float64 }

func read(text string, syllables func(string) int) (p prose) {
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".!?:;", r) }) {
		list := strings.FieldsFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' })
		if len(list) > 0 {
			p.sentences++
		}
		for _, w := range list {
			p.words++
			p.syllables += float64(syllables(strings.ToLower(w)))
		}
	}
	return p
}

func english(word string) int {
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

// spanish parts two strong vowels, and an accented weak one from its neighbour.
func spanish(word string) int {
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

// families are the areas that they read.
func families() []string {
	return []string{"start", "family", "letter", "start_wrong", "family_state", "family_who", "letter_why", "consent_2026_02"}
}

func TestFamiliesCanReadIt(t *testing.T) {
	c := load(t)
	for _, area := range families() {
		for lang, count := range map[words.Lang]func(string) int{words.English: english, words.Spanish: spanish} {
			var text strings.Builder
			for _, key := range slices.Sorted(keysOf(c, lang, area)) {
				text.WriteString(c.Keys(lang)[key] + ". ")
			}
			p := read(text.String(), count)
			if p.words == 0 {
				t.Errorf("%s has no words in %s", area, lang)
				continue
			}
			grade := 0.39*p.words/p.sentences + 11.8*p.syllables/p.words - 15.59
			ease := 206.835 - 62.3*p.syllables/p.words - p.words/p.sentences
			t.Logf("%s %s: %.0f words, grade %.1f, ease %.1f", area, lang, p.words, grade, ease)
			if lang == words.English && grade > familyGrade {
				t.Errorf("%s reads at grade %.1f, over %.0f", area, grade, familyGrade)
			}
			if lang == words.Spanish && ease < familyEase {
				t.Errorf("%s has an ease of %.1f in Spanish, under %.0f", area, ease, familyEase)
			}
		}
	}
}

func keysOf(c *words.Catalog, lang words.Lang, area string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range c.Keys(lang) {
			if name, _, _ := strings.Cut(key, "."); name == area && !yield(key) {
				return
			}
		}
	}
}

// The consents on a page are those of the wording whose version is written down with her answer.
func TestConsentsAreTheWordings(t *testing.T) {
	newest := referral.Wordings()[0]
	area := "consent_" + strings.ReplaceAll(newest.Version, "-", "_")
	found := 0
	for _, text := range newest.Texts {
		if said, ok := load(t).Keys(words.English)[area+"."+text.Scope]; ok {
			found++
			if said != text.Text {
				t.Errorf("the page says of %s %q, the wording %q", text.Scope, said, text.Text)
			}
			if said := load(t).Keys(words.Spanish)[area+"."+text.Scope]; said != text.Spanish {
				t.Errorf("the page says of %s %q, the wording %q", text.Scope, said, text.Spanish)
			}
		}
	}
	if found != 4 {
		t.Errorf("the page has %d of the wording's texts", found)
	}
}

// The letter's words are about rules that exist.
func TestLetterSpeaksOfRules(t *testing.T) {
	var all strings.Builder
	for _, pack := range triage.Shipped() {
		source, err := triage.Embedded(pack)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range source.Files {
			all.WriteString(file)
		}
	}
	for key := range load(t).Keys(words.English) {
		if rule, is := strings.CutPrefix(key, "letter_why."); is && !strings.Contains(all.String(), "id: "+rule+"\n") {
			t.Errorf("the letter knows a rule %s, and no pack has it", rule)
		}
	}
}

// After a loss no page speaks of a baby: the words of its path hold none.
func TestNoBabyAfterALoss(t *testing.T) {
	c := load(t)
	for key, text := range c.Keys(words.English) {
		area, name, _ := strings.Cut(key, ".")
		asked := slices.Contains([]string{"who_pregnant", "who_baby", "who_loss", "else_pregnant", "else_baby", "else_loss", "due", "born"}, name) || name == "long_past" ||
			area == "start_who"
		if slices.Contains([]string{"start", "family", "family_state", "family_who", "start_wrong", "letter"}, area) && !asked &&
			(strings.Contains(strings.ToLower(text), "baby") || strings.Contains(strings.ToLower(text), "pregnan")) {
			t.Errorf("%s speaks of it: %s", key, text)
		}
	}
}
