package referral

import (
	"regexp"
	"slices"

	"golang.org/x/text/language"

	"doorstep/internal/fault"
)

// Wording is one version of the words by which she is asked. A version is never changed: new words are a new version, and a consent
// names the one that she heard.
type Wording struct {
	Version string        `json:"version"`
	Texts   []WordingText `json:"texts"`
}

// WordingText is what is read to her about one scope. The words are English; in another language a member of staff who speaks it or a
// qualified interpreter says them, and the consent names the language.
type WordingText struct {
	Scope string `json:"scope"`
	Text  string `json:"text"`
}

// Wordings is the catalogue, newest first.
func Wordings() []Wording {
	return []Wording{{Version: "2026-01", Texts: []WordingText{
		{"receive", "We would like to send your name and how to reach you to the home visiting hub. The hub helps you find a program. You can say no, and your care here stays the same."},
		{"contact", "May a person from the hub call you or visit you? You choose the number and the times that are safe."},
		{"share", "May the hub tell a home visiting program who you are? You can name the programs, or say yes to any of them. You can take this back at any time."},
		{"feedback", "May the hub tell the place that sent you how it goes: that you were reached, that visits began, that it ended? Not what you talk about."},
		{"feedback_reason", "If it ends, may the hub also tell that place why it ended?"},
		{"texts", "May we send you texts at this number? They name no program. You can stop them at any time by answering STOP."},
		{"email", "May we send you e-mail at this address? You can stop it at any time."},
		{"program", "The program reads you its own consent form before visits begin. Only when you agree to it are you enrolled."},
		{"connection", "May we send your name and how to reach you to this other service, so that it can help you?"},
	}}}
}

func knownWording(version string) bool {
	return slices.ContainsFunc(Wordings(), func(w Wording) bool { return w.Version == version })
}

// formNumber is how a program writes the version of its own paper: a code, not a text.
var formNumber = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$`)

// newShape knows the tags of this package's forms beside the usual ones.
func newShape() *fault.Shape {
	s := fault.NewShape()
	s.Rule("wording", "A version of the wording that GET /api/v1/consent-wordings lists.", knownWording)
	s.Rule("form_number", "The number of the program's own form: at most 40 letters, digits and . _ / -.", formNumber.MatchString)
	s.Rule("language", "Not a language tag. Write for example en, es, ht or ar.", func(tag string) bool {
		_, err := language.Parse(tag)
		return err == nil
	})
	return s
}

// canonical is the one spelling of a language tag that was checked; what is empty stays so.
func canonical(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	return t.String()
}
