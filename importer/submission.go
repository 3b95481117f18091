package importer

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"doorstep/referral"
)

// cells is one row by column, with what is wrong with its words.
type cells struct {
	values   map[string]string
	problems []referral.ImportProblem
}

// submission is the referral that a row is, and what cannot be read in it. What it means is for the intake to say.
func submission(columns, record []string) (*referral.Submission, []referral.ImportProblem) {
	c := &cells{values: map[string]string{}}
	for i, name := range columns {
		c.values[name] = strings.TrimSpace(bare(record[i]))
		if strings.ContainsAny(c.values[name], "\x00\uFFFD") {
			c.wrong(name, "characters")
		}
	}
	for _, column := range referral.ImportColumns() {
		if column.Required && c.values[column.Name] == "" {
			c.wrong(column.Name, "required")
		}
	}
	s := &referral.Submission{
		Stage:    c.word("stage"),
		Referrer: referral.SubmittedReferrer{Name: c.values["referrer_name"], Phone: c.values["referrer_phone"]},
		Client: referral.SubmittedClient{GivenName: c.values["given_name"], FamilyName: c.values["family_name"], DateOfBirth: c.day("date_of_birth"),
			SpokenLanguage: c.values["language"], Interpreter: c.word("interpreter"), Insurance: c.word("insurance")},
		Consent: referral.SubmittedConsent{Answer: c.word("consent"), ShareWithAgencies: c.word("share_with_agencies"), Feedback: c.word("feedback")},
		Note:    c.values["note"],
	}
	c.ways(s)
	c.baby(s)
	return s, c.problems
}

func (c *cells) ways(s *referral.Submission) {
	if phone := c.values["phone"]; phone != "" {
		s.ContactMethods = append(s.ContactMethods, referral.SubmittedContact{Channel: "phone", Value: phone, SafeCall: c.word("safe_call"),
			SafeText: c.word("safe_text"), SafeVoicemail: c.word("safe_voicemail")})
	}
	if email := c.values["email"]; email != "" {
		s.ContactMethods = append(s.ContactMethods, referral.SubmittedContact{Channel: "email", Value: email, SafeEmail: c.word("safe_email")})
	}
	if c.values["street"]+c.values["city"]+c.values["zip"] != "" {
		s.Addresses = []referral.SubmittedAddress{{Street: c.values["street"], City: c.values["city"], Zip: c.values["zip"], SafeToVisit: c.word("safe_to_visit")}}
	}
}

// baby is the pregnancy and the birth. Twins stand in one row: how many they are is a column.
func (c *cells) baby(s *referral.Submission) {
	due, weeks, before := c.day("due_on"), c.number("weeks"), c.number("earlier_live_births")
	if due != "" || weeks != nil || before != nil {
		s.Pregnancy = &referral.SubmittedPregnancy{DueOn: due, Weeks: weeks, EarlierLiveBirths: before}
	}
	born, children, home := c.day("child_born_on"), c.number("children"), c.day("mother_discharged_on")
	if s.Stage != "postpartum" && c.values["child_born_on"]+c.values["children"]+home == "" {
		return
	}
	if s.Stage == "postpartum" && c.values["child_born_on"] == "" {
		c.wrong("child_born_on", "required")
	}
	many := 1
	if children != nil {
		if many = *children; many < 1 || many > 9 {
			c.wrong("children", "range")
			many = 1
		}
	}
	s.Birth = &referral.SubmittedBirth{MotherDischargedOn: home}
	for range many {
		s.Birth.Infants = append(s.Birth.Infants, referral.SubmittedInfant{BornOn: born, Nicu: c.word("nicu")})
	}
}

func (c *cells) wrong(column, code string) {
	p := referral.ImportProblem{Column: column, Code: code}
	if !slices.Contains(c.problems, p) {
		c.problems = append(c.problems, p)
	}
}

// bare takes away the apostrophe that we put before what looks like a formula, and no other: a name may begin with one.
func bare(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && harmless(rest) == cell {
		return rest
	}
	return cell
}

// word is one of few, however it was written: "Yes, in person" is yes_in_person.
func (c *cells) word(column string) string {
	apart := func(r rune) bool { return strings.ContainsRune(" ,-_", r) }
	text := strings.Join(strings.FieldsFunc(strings.ToLower(c.values[column]), apart), "_")
	for _, known := range referral.ImportColumns() {
		if known.Name == column && text != "" && !slices.Contains(known.Words, text) {
			c.wrong(column, "oneof")
			return ""
		}
	}
	return text
}

// day is a date as YYYY-MM-DD. Spreadsheets write dates anew as their country does, so month/day/year is read too.
func (c *cells) day(column string) string {
	text := c.values[column]
	if text == "" {
		return ""
	}
	for _, form := range []string{time.DateOnly, "1/2/2006"} {
		if d, err := time.Parse(form, text); err == nil {
			return d.Format(time.DateOnly)
		}
	}
	c.wrong(column, "datetime")
	return ""
}

func (c *cells) number(column string) *int {
	text := c.values[column]
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		c.wrong(column, "number")
		return nil
	}
	return &n
}
