package messages

import (
	"regexp"
	"strings"
)

// The languages in which machines write. Whoever reads another is told by a person, with an interpreter.
const (
	English = "en"
	Spanish = "es"
)

// Languages are all of them.
func Languages() []string { return []string{English, Spanish} }

// The ways by which a template leaves.
const (
	Mail = "email"
	Text = "sms"
)

// Words are what a template says in one language. A text message has no subject.
type Words struct {
	Language string `json:"language"`
	Subject  string `json:"subject"`
	Body     string `json:"body"`
}

// Empty reports whether nothing is said.
func (w Words) Empty() bool { return w.Subject == "" && w.Body == "" }

// trimmed is w as it is kept: without blanks around it, and with the line ends of this house.
func (w Words) trimmed() Words {
	body := strings.TrimSpace(strings.ReplaceAll(w.Body, "\r\n", "\n"))
	return Words{w.Language, strings.TrimSpace(w.Subject), body}
}

// Safe is everything that may be put into a template. A field more here is a decision about families' safety: somebody else may read it.
type Safe struct {
	Sender string // the name under which the hub writes, which says nothing of what it does
}

// Variable is one name that a template may hold in braces, and what stands there in a preview.
type Variable struct {
	Name    string `json:"name"`
	Example string `json:"example"`
}

// Variables are all of them.
func Variables() []Variable { return []Variable{{"sender", "Doorstep"}} }

// Example is what previews and counts are made with.
func Example() Safe { return Safe{Sender: Variables()[0].Example} }

var braces = regexp.MustCompile(`\{[^{}]*\}`)

// Fill puts s where w names it. A name that is not in the list stays as it is: there is nothing to put there.
func (w Words) Fill(s Safe) Words {
	fill := strings.NewReplacer("{sender}", s.Sender)
	return Words{w.Language, fill.Replace(w.Subject), fill.Replace(w.Body)}
}

// unknown are the names in braces that are not in the list.
func unknown(text string) (names []string) {
	for _, found := range braces.FindAllString(text, -1) {
		known := false
		for _, v := range Variables() {
			known = known || found == "{"+v.Name+"}"
		}
		if !known {
			names = append(names, found)
		}
	}
	return names
}
