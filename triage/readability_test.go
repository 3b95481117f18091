package triage

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// staffGrade is the highest school grade at which a list of sentences for staff
// may read on average.
const staffGrade = 8.0

// prose counts what the Flesch-Kincaid grade is made of.
type prose struct{ sentences, words, syllables int }

func (p *prose) add(text string) {
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".!?:;", r) }) {
		words := strings.FieldsFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' })
		if len(words) > 0 {
			p.sentences++
		}
		p.words += len(words)
		for _, w := range words {
			p.syllables += syllables(strings.ToLower(w))
		}
	}
}

// syllables counts groups of vowels, without a silent e at the end.
func syllables(word string) int {
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

// grade is that of Kincaid and others, 1975.
func (p prose) grade() float64 {
	if p.words == 0 {
		return 0
	}
	return 0.39*float64(p.words)/float64(p.sentences) + 11.8*float64(p.syllables)/float64(p.words) - 15.59
}

func gradeOf(texts []string) float64 {
	var p prose
	for _, text := range texts {
		p.add(text)
	}
	return p.grade()
}

// reads demands the grade of a list and shows the worst of it.
func reads(t *testing.T, name string, texts []string, worst *[]graded) {
	t.Helper()
	for _, text := range texts {
		*worst = append(*worst, graded{gradeOf([]string{text}), name, text})
	}
	if g := gradeOf(texts); g > staffGrade {
		t.Errorf("%s reads at grade %.1f, over %.0f", name, g, staffGrade)
	}
}

type graded struct {
	grade      float64
	name, text string
}

func show(t *testing.T, worst []graded) {
	slices.SortFunc(worst, func(a, b graded) int { return int(1000 * (b.grade - a.grade)) })
	shown := 0
	for i, g := range worst {
		if shown < 12 && (i == 0 || g.text != worst[i-1].text) {
			t.Logf("grade %4.1f  %s: %s", g.grade, g.name, g.text)
			shown++
		}
	}
}

func TestTextsOfThePacksAreEasyToRead(t *testing.T) {
	var worst []graded
	for _, pack := range Shipped() {
		src, err := Embedded(pack)
		if err != nil {
			t.Fatal(err)
		}
		files, _ := parse(src)
		for i := range files {
			if texts := files[i].content.texts(); len(texts) > 0 {
				reads(t, pack+"/"+files[i].name, texts, &worst)
			}
		}
	}
	show(t, worst)
}

// texts are all that staff may read of a file.
func (p *packFile) texts() []string {
	var out []string
	rules := func(list []ruleText) {
		for _, r := range list {
			out = append(out, r.Text, r.WhyNot)
		}
	}
	rules(p.Alarms)
	rules(p.Triggers)
	for _, s := range p.Stops {
		rules([]ruleText{s.ruleText})
	}
	for _, tier := range p.Tiers {
		out = append(out, tier.Text)
	}
	for _, prog := range p.Programs {
		rules(prog.Eligibility)
		rules(prog.Fit)
		rules(prog.Notes)
		for _, w := range prog.Windows {
			out = append(out, w.Text, w.WhyNot)
		}
		for _, a := range prog.SetAsides {
			out = append(out, a.Text)
		}
		out = append(out, prog.ModelEnd.Text)
	}
	for _, con := range p.Connections {
		out = append(out, con.Text)
	}
	if p.Reasons != nil {
		for _, list := range p.Reasons.named() {
			for _, r := range *list.codes {
				out = append(out, r.Text)
			}
		}
	}
	if p.Clocks != nil {
		out = append(out, p.Clocks.UrgentHours.Text)
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// Everything that an explanation says on the golden cases, and what opening it
// adds.
func TestExplanationsAreEasyToRead(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.golden.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d golden cases (%v)", len(files), err)
	}
	var worst []graded
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var g struct {
			Decision Decision `json:"decision"`
			Explain  []string `json:"explain"`
		}
		if err := json.Unmarshal(b, &g); err != nil {
			t.Fatal(err)
		}
		for _, line := range g.Decision.Deadlines(g.Decision.Today) {
			g.Explain = append(g.Explain, line.Text)
		}
		reads(t, filepath.Base(file), g.Explain, &worst)
	}
	show(t, worst)
}
