package referral

import (
	"net/mail"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"

	"doorstep/internal/fault"
	"doorstep/referral/contact"
)

// Where a referral of a family itself comes from. Nobody has proved who they are: such a form asks for help and opens no way that an earlier
// source shut.
const (
	sourceHerself = "self"
	sourceFriend  = "friend" // somebody who says that she agreed
)

// HerAnswers is what somebody wrote on the family's own form so far. It stands sealed in their visit until they send it.
type HerAnswers struct {
	Who        string   `json:"who"` // pregnant, baby, loss
	Else       bool     `json:"else"`
	Agreed     bool     `json:"agreed"` // of Else: she said yes to this
	Helper     string   `json:"helper"` // of Else: who writes
	GivenName  string   `json:"given_name"`
	FamilyName string   `json:"family_name"`
	CallMe     string   `json:"call_me"`
	Phone      string   `json:"phone"`
	Email      string   `json:"email"`
	Ways       []string `json:"ways"` // call, text, voicemail, email
	Best       string   `json:"best"` // any, morning, afternoon, evening
	Never      string   `json:"never"`
	Danger     string   `json:"danger"` // yes, no, or not said
	Zip        string   `json:"zip"`
	Area       string   `json:"area"`
	Language   string   `json:"language"` // a tag, or other
	Speaks     string   `json:"speaks"`   // of other: what she wrote
	Year       int      `json:"year"`
	Month      int      `json:"month"`
	Day        int      `json:"day"`
	NotSure    bool     `json:"not_sure"`
	Share      string   `json:"share"` // yes, no
	Texts      bool     `json:"texts"`
	Mail       bool     `json:"mail"`
	Agree      bool     `json:"agree"`

	PageLanguage string `json:"page_language"` // in which she read what she agreed to
}

// HerSteps are the pages of the form, in order.
func HerSteps() []string { return []string{"who", "name", "reach", "area", "language", "date"} }

// wrongIn says what a step still needs, by code: the page has the words in her language.
func (a HerAnswers) wrongIn(step string, today civil.Date) (out []fault.Field) {
	wrong := func(name, code string) { out = append(out, fault.Field{Pointer: "/" + name, Code: code, Detail: code}) }
	long := func(name, text string, limit int) {
		if len([]rune(text)) > limit {
			wrong(name, "too_long")
		}
	}
	switch step {
	case "who":
		if !slices.Contains([]string{"pregnant", "baby", "loss"}, a.Who) {
			wrong("who", "choose")
		}
	case "else":
		if !slices.Contains([]string{"pregnant", "baby", "loss"}, a.Who) {
			wrong("who", "choose")
		}
		if !a.Agreed {
			wrong("agreed", "choose")
		}
		long("helper", a.Helper, 100)
	case "name":
		c := &checker{}
		for name, text := range map[string]string{"given_name": a.GivenName, "family_name": a.FamilyName} {
			if c.name("/x", text); plainName(text) == "" || len(c.problems) > 0 {
				wrong(name, name)
			}
		}
		slices.SortFunc(out, func(a, b fault.Field) int { return strings.Compare(b.Pointer, a.Pointer) })
		long("given_name", a.GivenName, 100)
		long("family_name", a.FamilyName, 100)
		long("call_me", a.CallMe, 100)
	case "reach":
		a.wrongReach(wrong)
		long("never", a.Never, 400)
	case "area":
		if a.Zip != "" && (len(a.Zip) != 5 || strings.Trim(a.Zip, "0123456789") != "") {
			wrong("zip", "zip")
		}
		long("area", a.Area, 100)
	case "language":
		if _, err := language.Parse(a.Language); a.Language != "other" && (a.Language == "" || err != nil) {
			wrong("language", "choose")
		}
		long("speaks", a.Speaks, 60)
	case "date":
		if code := a.wrongDate(today); code != "" {
			wrong("month", code)
		}
	}
	return out
}

func (a HerAnswers) wrongReach(wrong func(name, code string)) {
	if a.Phone == "" && a.Email == "" {
		wrong("phone", "phone_or_email")
		return
	}
	if number, err := phonenumbers.Parse(a.Phone, "US"); a.Phone != "" && (err != nil || !phonenumbers.IsValidNumber(number)) {
		wrong("phone", "phone")
	}
	if address, err := mail.ParseAddress(a.Email); a.Email != "" && (err != nil || address.Address != a.Email) {
		wrong("email", "email")
	}
	by := func(way string) bool { return slices.Contains(a.Ways, way) }
	switch {
	case !by("call") && !by("text") && !by("email"):
		wrong("ways", "one_way")
	case a.Phone == "" && (by("call") || by("text") || by("voicemail")):
		wrong("phone", "phone_for_way")
	case a.Email == "" && by("email"):
		wrong("email", "email_for_way")
	}
}

// date is what she wrote, nil when she is not sure.
func (a HerAnswers) date() *civil.Date {
	d := civil.Date{Year: a.Year, Month: time.Month(a.Month), Day: a.Day}
	if a.NotSure || a.Year < 1900 || !d.IsValid() {
		return nil
	}
	return &d
}

func (a HerAnswers) wrongDate(today civil.Date) string {
	d := a.date()
	switch {
	case a.NotSure || a.Who == "loss":
		return ""
	case d == nil:
		return "date"
	case a.Who == "pregnant" && d.DaysSince(today) > furthestDue:
		return "too_far"
	case a.Who == "pregnant" && d.DaysSince(today) < -longestOverdue:
		return "long_past"
	case a.Who == "baby" && d.After(today):
		return "in_future"
	case a.Who == "baby" && yearsBetween(*d, today) >= oldestInfant:
		return "too_old"
	}
	return ""
}

// submission is the form as a referral. She is asked for no more than a person needs who calls her: the rest is for that talk.
func (a HerAnswers) submission() Submission {
	s := Submission{Stage: "prenatal", Needs: map[string]string{}, Note: a.note()}
	s.Client = SubmittedClient{GivenName: a.GivenName, FamilyName: a.FamilyName}
	if a.Language != "other" {
		s.Client.SpokenLanguage, s.Client.ReadLanguage = a.Language, a.Language
	}
	switch date := a.date(); {
	case a.Who == "baby":
		child := SubmittedInfant{}
		if date != nil {
			child.BornOn = date.String()
		}
		s.Stage, s.Birth = "postpartum", &SubmittedBirth{Infants: []SubmittedInfant{child}}
	case a.Who == "loss":
		s.Needs["pregnancy_loss_or_infant_death"] = yes
	case date != nil:
		s.Pregnancy = &SubmittedPregnancy{DueOn: date.String(), Method: "told_by_her"}
	}
	if !a.Else {
		s.Needs[selfReferral] = yes
	}
	if a.Danger == yes || a.Danger == no {
		s.Needs["danger_now"] = a.Danger
	}
	s.ContactMethods, s.Addresses = a.ways(), a.home()
	s.Consent = SubmittedConsent{Answer: "send_link", WordingVersion: Wordings()[0].Version, Language: a.PageLanguage} // a friend's word is not hers
	if !a.Else {
		s.Consent.Answer, s.Consent.ShareWithAgencies, s.Consent.Interpreter = "signed", a.Share, "not_needed"
		s.Consent.Texts, s.Consent.Email = yesNo(a.Texts), yesNo(a.Mail)
	}
	return s
}

func yesNo(b bool) string {
	if b {
		return yes
	}
	return no
}

func (a HerAnswers) ways() (out []SubmittedContact) {
	may := func(way string) string { return yesNo(slices.Contains(a.Ways, way)) }
	if a.Phone != "" {
		out = append(out, SubmittedContact{Channel: "phone", Value: a.Phone, SafeCall: may("call"), SafeText: may("text"), SafeVoicemail: may("voicemail"),
			Remarks: a.Never, AskFor: a.CallMe, Hours: bestHours(a.Best), Preferred: true})
	}
	if a.Email != "" {
		out = append(out, SubmittedContact{Channel: "email", Value: a.Email, SafeEmail: may("email"), Remarks: a.Never, Preferred: a.Phone == ""})
	}
	return out
}

// home is where she lives, for service areas. Nobody may visit or write there: she was not asked.
func (a HerAnswers) home() []SubmittedAddress {
	if a.Zip == "" && a.Area == "" {
		return nil
	}
	return []SubmittedAddress{{Zip: a.Zip, City: a.Area}}
}

// bestHours shuts the other hours: what she calls best may be the only time when she is alone.
func bestHours(best string) contact.Hours {
	days := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	switch best {
	case "morning":
		return contact.Hours{{Days: days, From: "08:00", To: "12:00"}}
	case "afternoon":
		return contact.Hours{{Days: days, From: "12:00", To: "17:00"}}
	case "evening":
		return contact.Hours{{Days: days, From: "17:00", To: "21:00"}}
	}
	return nil
}

// note tells the hub what has no field.
func (a HerAnswers) note() string {
	var lines []string
	if a.Else {
		lines = append(lines, "Somebody else filled in the public form and says that she agreed. Ask her first: her own yes is not here. Who wrote: "+a.Helper)
	}
	if a.Language == "other" && a.Speaks != "" {
		lines = append(lines, "Language: "+a.Speaks)
	}
	return strings.Join(lines, "\n")
}
