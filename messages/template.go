package messages

import (
	"time"

	"github.com/google/uuid"
)

// The states of a version.
const (
	Draft    = "draft"
	Approved = "approved"
	Replaced = "replaced" // by a newer draft, or by the next that was approved
	Stopped  = "stopped"
)

// Version is one text in one language. It is never changed.
type Version struct {
	ID       uuid.UUID `json:"id"`
	Language string    `json:"language"`
	Version  int       `json:"version"`
	Subject  string    `json:"subject"`
	Body     string    `json:"body"`
	Status   string    `json:"status"`

	WrittenAt  *time.Time `json:"written_at"` // nil: it came with the service; likewise WrittenBy
	WrittenID  *uuid.UUID `json:"-"`
	WrittenBy  string     `json:"written_by"`
	ApprovedAt *time.Time `json:"approved_at"`
	ApprovedBy string     `json:"approved_by"`
	EndedAt    *time.Time `json:"ended_at"`
	MayApprove bool       `json:"may_approve"` // a draft that whoever reads this did not write, and whose checks are clean
	TemplateID uuid.UUID  `json:"-"`
}

// Words are what the version says.
func (v Version) Words() Words { return Words{v.Language, v.Subject, v.Body} }

// Tongue is one language of a template.
type Tongue struct {
	Language string    `json:"language"`
	Approved *Version  `json:"approved"` // nil: a machine sends nothing in this language
	Draft    *Version  `json:"draft"`
	Past     []Version `json:"past"` // newest first
}

// Newest is the draft, else what is in use, else nothing.
func (t Tongue) Newest() Words {
	switch {
	case t.Draft != nil:
		return t.Draft.Words()
	case t.Approved != nil:
		return t.Approved.Words()
	}
	return Words{Language: t.Language}
}

// Template is one thing that machines say to families, by one way.
type Template struct {
	ID        uuid.UUID `json:"id"`
	Code      string    `json:"code"`
	Channel   string    `json:"channel"`
	Languages []Tongue  `json:"languages"`
}

// List is every template.
type List struct {
	Items []Template `json:"items"`
}

// WordsForm is a text in each language. What is empty is left as it is.
type WordsForm struct {
	English WordsIn `json:"en"`
	Spanish WordsIn `json:"es"`
}

// WordsIn is a subject and a body.
type WordsIn struct {
	Subject string `json:"subject" validate:"max=400"`
	Body    string `json:"body" validate:"max=8000"`
}

func (f WordsForm) words() []Words {
	return []Words{Words{English, f.English.Subject, f.English.Body}.trimmed(), Words{Spanish, f.Spanish.Subject, f.Spanish.Body}.trimmed()}
}

// Checked is the check of each language that says anything.
type Checked struct {
	Reports []Report `json:"reports"`
}

// Receipt answers a change of a template.
type Receipt struct {
	ID      uuid.UUID `json:"id"`
	Changed []string  `json:"changed"` // languages
}
