package words_test

import (
	"slices"
	"strings"
	"testing"

	"doorstep/messages"
	"doorstep/referral"
	"doorstep/triage"
	"doorstep/web/words"
)

// families are the areas that they read.
func families() []string {
	return []string{"start", "family", "letter", "start_wrong", "family_state", "family_who", "letter_why", "consent_2026_02"}
}

func TestFamiliesCanReadIt(t *testing.T) {
	c := load(t)
	for _, area := range families() {
		for _, lang := range []words.Lang{words.English, words.Spanish} {
			var text strings.Builder
			for _, key := range slices.Sorted(keysOf(c, lang, area)) {
				text.WriteString(c.Keys(lang)[key] + ". ")
			}
			p := messages.Read(string(lang), text.String())
			if p.Words == 0 {
				t.Errorf("%s has no words in %s", area, lang)
				continue
			}
			grade, ease := p.Grade(), p.Ease()
			t.Logf("%s %s: %.0f words, grade %.1f, ease %.1f", area, lang, p.Words, grade, ease)
			if lang == words.English && grade > messages.HighestGrade {
				t.Errorf("%s reads at grade %.1f, over %.0f", area, grade, messages.HighestGrade)
			}
			if lang == words.Spanish && ease < messages.LowestEase {
				t.Errorf("%s has an ease of %.1f in Spanish, under %.0f", area, ease, messages.LowestEase)
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
