package referral

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"cloud.google.com/go/civil"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"doorstep/internal/fault"
	"doorstep/triage"
)

// Limits of what a referral can mean. They refuse slips of the pen, not families: each is far outside the possible.
const (
	furthestDue     = 43 * 7 // days: a due date further ahead means a wrong year
	longestOverdue  = 60     // days past the due date: the baby is here, so it is a postpartum referral
	longestPregnant = 44 * 7
	dueAfterPeriod  = 280 // days from the last period to the due date (Naegele)
	datingTolerance = 14  // days between two datings before a person must say which one is right
	oldestInfant    = 6   // years: no program of the field begins later than kindergarten
	oldestReferral  = 400 // days since the referrer wrote it
	longestLife     = 120 // years
	longestService  = 10  // years that a family is served at most: the longest programs end with kindergarten
)

// checker reads a submission for its meaning and keeps every problem it meets.
type checker struct {
	now      time.Time
	today    civil.Date // in the hub's zone
	problems []fault.Field
	warnings []fault.Field
}

func (c *checker) refuse(pointer, code, format string, args ...any) {
	c.problems = append(c.problems, fault.Field{Pointer: pointer, Code: code, Detail: fmt.Sprintf(format, args...)})
}

func (c *checker) warn(pointer, code, format string, args ...any) {
	c.warnings = append(c.warnings, fault.Field{Pointer: pointer, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// date reads an optional date of this life; a malformed one was named by the shape check already.
func (c *checker) date(pointer, text string) *civil.Date {
	d, err := civil.ParseDate(text)
	if err != nil {
		return nil
	}
	if d.Year < c.today.Year-longestLife || d.Year > c.today.Year+2 {
		c.refuse(pointer, "year", "Check the year.")
		return nil
	}
	return &d
}

// past is date, refused when it lies in the future.
func (c *checker) past(pointer, text string) *civil.Date {
	d := c.date(pointer, text)
	if d != nil && d.After(c.today) {
		c.refuse(pointer, "in_future", "This date is in the future.")
		return nil
	}
	return d
}

// line cleans a line of text: composed form, no control and no direction-changing characters.
func (c *checker) line(pointer, text string) string {
	for _, r := range text {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			c.refuse(pointer, "characters", "This holds a character that cannot be shown. Type it again.")
			return ""
		}
	}
	return norm.NFC.String(text)
}

// name is a line with at least one letter.
func (c *checker) name(pointer, text string) string {
	clean := c.line(pointer, text)
	if clean != "" && plainName(clean) == "" {
		c.refuse(pointer, "characters", "A name needs at least one letter.")
	}
	return clean
}

// tag canonicalises a language tag.
func (c *checker) tag(pointer, text string) *string {
	if text == "" {
		return nil
	}
	t, err := language.Parse(text)
	if err != nil {
		c.refuse(pointer, "language", "Not a language tag. Write for example en, es, ht or ar.")
		return nil
	}
	s := t.String()
	return &s
}

func (c *checker) client(s *Submission, client *Client) {
	client.GivenName = c.name("/client/given_name", s.Client.GivenName)
	client.FamilyName = c.name("/client/family_name", s.Client.FamilyName)
	client.DateOfBirth = c.past("/client/date_of_birth", s.Client.DateOfBirth)
	if b := client.DateOfBirth; b != nil {
		age := yearsBetween(*b, c.today)
		switch {
		case age > 110 || age < 9:
			c.refuse("/client/date_of_birth", "age", "This makes her %d years old. Check the year.", age)
		case s.Stage == "prenatal" && age > 60:
			c.refuse("/client/date_of_birth", "age", "This makes her %d years old in a pregnancy. Check the year.", age)
		}
	}
	client.SpokenLanguage = c.tag("/client/spoken_language", s.Client.SpokenLanguage)
	client.ReadLanguage = c.tag("/client/read_language", s.Client.ReadLanguage)
	client.Interpreter = orUnknown(s.Client.Interpreter)
	client.Insurance = orUnknown(s.Client.Insurance)
}

// pregnancy settles one due date out of what was given, or none.
func (c *checker) pregnancy(s *Submission) Pregnancy {
	out := Pregnancy{Dating: "unknown", DatedOn: c.today}
	p := s.Pregnancy
	if p == nil {
		return out
	}
	out.EarlierLiveBirths = p.EarlierLiveBirths
	period := c.past("/pregnancy/last_period_on", p.LastPeriodOn)
	if period != nil && c.today.DaysSince(*period) > longestPregnant {
		c.refuse("/pregnancy/last_period_on", "too_long_ago", "This is more than 44 weeks ago. Check the date, or send the birth.")
	}
	type dating struct {
		how string
		due civil.Date
	}
	var given []dating // most trusted first
	if due := c.date("/pregnancy/due_on", p.DueOn); due != nil {
		given = append(given, dating{"due_date", *due})
	}
	if period != nil {
		given = append(given, dating{"last_period", period.AddDays(dueAfterPeriod)})
	}
	if p.Weeks != nil {
		on := c.today
		if d := c.past("/pregnancy/weeks_on", p.WeeksOn); d != nil {
			on = *d
		}
		given = append(given, dating{"weeks", on.AddDays(dueAfterPeriod - 7**p.Weeks)})
	}
	if len(given) == 0 {
		return out
	}
	out.Dating, out.DueOn = given[0].how, &given[0].due
	for _, other := range given[1:] {
		apart := other.due.DaysSince(given[0].due)
		if apart < 0 {
			apart = -apart
		}
		switch {
		case apart > datingTolerance:
			c.refuse("/pregnancy", "datings_disagree", "The %s and the %s are %d days apart. Send the one that is right.",
				words(given[0].how), words(other.how), apart)
		case apart > 0:
			c.warn("/pregnancy", "datings_differ", "The %s and the %s are %d days apart; the %s counts.",
				words(given[0].how), words(other.how), apart, words(given[0].how))
		}
	}
	if s.Stage == "prenatal" {
		switch ahead := out.DueOn.DaysSince(c.today); {
		case ahead > furthestDue:
			c.refuse("/pregnancy/due_on", "too_far", "This due date is more than 43 weeks ahead. Check the year.")
		case ahead < -longestOverdue:
			c.refuse("/pregnancy/due_on", "long_past", "This due date is more than 60 days past. If the baby is born, send stage postpartum with the birth.")
		case ahead < 0:
			c.warn("/pregnancy/due_on", "past", "This due date has passed. If the baby is born, send the birth too.")
		}
	}
	return out
}

// infants reads every child of the birth; at is where the list stands.
func (c *checker) infants(list string, infants []SubmittedInfant) []Infant {
	var out []Infant
	for i, in := range infants {
		at := fmt.Sprintf("%s/%d", list, i)
		child := Infant{BirthOrder: i + 1, BirthWeightGrams: in.BirthWeightGrams, Nicu: orUnknown(in.Nicu),
			Custody: orUnknown(in.Custody)}
		if in.BirthOrder != nil {
			child.BirthOrder = *in.BirthOrder
		}
		if slices.ContainsFunc(out, func(o Infant) bool { return o.BirthOrder == child.BirthOrder }) {
			c.refuse(at+"/birth_order", "twice", "Two infants have the same birth order.")
		}
		if name := c.name(at+"/given_name", in.GivenName); name != "" {
			child.GivenName = &name
		}
		child.BornOn = c.past(at+"/born_on", in.BornOn)
		if child.BornOn != nil && yearsBetween(*child.BornOn, c.today) >= oldestInfant {
			c.refuse(at+"/born_on", "too_old", "This child is %d years or older. Check the year.", oldestInfant)
		}
		if in.GestationWeeks != nil {
			days := 7 * *in.GestationWeeks
			child.GestationDays = &days
		}
		child.DischargedOn = c.past(at+"/discharged_on", in.DischargedOn)
		child.DischargeExpectedOn = c.date(at+"/discharge_expected_on", in.DischargeExpectedOn)
		if child.BornOn != nil && child.DischargedOn != nil && child.DischargedOn.Before(*child.BornOn) {
			c.refuse(at+"/discharged_on", "before_birth", "Discharged before the birth. One of the two dates is wrong.")
		}
		out = append(out, child)
	}
	return out
}

// answers merges needs and history; only names that the rules know are taken.
func (c *checker) answers(s *Submission) map[string]string {
	known := triage.AnswerNames()
	escape := strings.NewReplacer("~", "~0", "/", "~1") // RFC 6901
	out := map[string]string{}
	for _, block := range []struct {
		at     string
		values map[string]string
	}{{"/needs/", s.Needs}, {"/history/", s.History}} {
		for _, name := range slices.Sorted(maps.Keys(block.values)) {
			value := block.values[name]
			switch _, twice := out[name]; {
			case !slices.Contains(known, name):
				c.refuse(block.at+escape.Replace(name), "unknown_question", "There is no question of this name.")
			case twice:
				c.refuse(block.at+name, "twice", "This is answered under needs and under history. Send it once.")
			case value != unknown:
				out[name] = value
			}
		}
	}
	return out
}

func yearsBetween(born, today civil.Date) int {
	years := today.Year - born.Year
	if today.Month < born.Month || today.Month == born.Month && today.Day < born.Day {
		years--
	}
	return years
}

func orUnknown(s string) string {
	if s == "" {
		return unknown
	}
	return s
}

func words(dating string) string {
	switch dating {
	case "due_date":
		return "due date"
	case "last_period":
		return "last period"
	}
	return "weeks"
}
