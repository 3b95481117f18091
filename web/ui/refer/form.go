package refer

import (
	"net/url"
	"strconv"

	"doorstep/web/ui"
)

// Form is the fields as the page sends them, each named by its place in the referral, so that whatever is wrong is said beside it.
// Everything is text as it was typed: a draft keeps what is not right yet, too.
type Form struct {
	Draft string `form:"draft"`
	Later bool   `form:"later"`

	// at the hub alone
	How    string `form:"how"`
	Source string `form:"source_id"`
	CameOn string `form:"received_at"`
	CameAt string `form:"received_time"`
	Opened string `form:"opened"`
	Who    string `form:"referrer.name"`

	Stage  string `form:"stage"`
	Given  string `form:"client.given_name"`
	Family string `form:"client.family_name"`
	Born   string `form:"client.date_of_birth"`
	Role   string `form:"client.caregiver_role"`
	Due    string `form:"pregnancy.due_on"`
	Births string `form:"pregnancy.earlier_live_births"`

	Babies   string `form:"birth.babies"`
	BornOn   string `form:"birth.infants.0.born_on"`
	Weeks    string `form:"birth.infants.0.gestation_weeks"`
	Nicu     string `form:"birth.infants.0.nicu"`
	Staying  string `form:"birth.infants.0.custody"`
	BornOn2  string `form:"birth.infants.1.born_on"`
	Nicu2    string `form:"birth.infants.1.nicu"`
	Staying2 string `form:"birth.infants.1.custody"`
	BornOn3  string `form:"birth.infants.2.born_on"`
	Nicu3    string `form:"birth.infants.2.nicu"`
	Staying3 string `form:"birth.infants.2.custody"`
	Home     string `form:"birth.mother_discharged_on"`

	Phone     string `form:"contact_methods.0.value"`
	NoPhone   bool   `form:"no_phone"`
	Call      string `form:"contact_methods.0.safe_call"`
	Text      string `form:"contact_methods.0.safe_text"`
	Voicemail string `form:"contact_methods.0.safe_voicemail"`
	MustNot   string `form:"contact_methods.0.remarks"`
	BestTime  string `form:"contact_methods.0.hours"`
	AskFor    string `form:"contact_methods.0.ask_for"`
	CodeWord  string `form:"contact_methods.0.code_word"`
	MayAnswer string `form:"contact_methods.0.who_may_answer"`
	Whose     string `form:"contact_methods.0.whose"`
	Email     string `form:"contact_methods.1.value"`
	SafeEmail string `form:"contact_methods.1.safe_email"`

	Language    string `form:"client.spoken_language"`
	Interpreter bool   `form:"client.interpreter"`
	Street      string `form:"addresses.0.street"`
	Zip         string `form:"addresses.0.zip"`
	NoHome      bool   `form:"no_address"`
	Letter      string `form:"addresses.0.safe_mail"`
	Visit       string `form:"addresses.0.safe_to_visit"`

	Consent        string `form:"consent.answer"`
	Share          string `form:"consent.share_with_agencies"`
	Feedback       string `form:"consent.feedback"`
	FeedbackReason string `form:"consent.feedback_reason"`
	Texts          string `form:"consent.texts"`
	Heard          string `form:"consent.language"`
	HeardBy        string `form:"consent.interpreter"`

	Danger     string   `form:"needs.danger_now"`
	Needs      []string `form:"needs"`
	Insurance  string   `form:"client.insurance"`
	Instrument string   `form:"screenings.0.instrument"`
	Items      string   `form:"screenings.0.items"`
	GivenOn    string   `form:"screenings.0.given_on"`
	DoneToday  string   `form:"screenings.0.done_today"`
	Callback   string   `form:"referrer.phone"`
	Note       string   `form:"note"`
}

// Read is the form of what a draft keeps.
func Read(values url.Values) Form { return ui.Read[Form](values) }

// Named reports whether enough is typed that leaving would lose something.
func (f Form) Named() bool { return f.Family != "" }

// Known is what a list says of a draft.
func Known(r *ui.Request, typed url.Values) (initials, born string) {
	f := Read(typed)
	return f.Initials(), f.BornYear(r)
}

// Initials and the year of birth are what a list of drafts shows.
func (f Form) Initials() string {
	out := ""
	for _, name := range []string{f.Given, f.Family} {
		for _, letter := range name {
			out += string(letter) + "."
			break
		}
	}
	return out
}

// BornYear is the other half of it; empty while the date cannot be read.
func (f Form) BornYear(r *ui.Request) string {
	d, ok := ui.ReadDate(f.Born, today(r))
	if !ok || d == nil {
		return ""
	}
	return strconv.Itoa(d.Year)
}
