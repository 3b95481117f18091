package refer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cloud.google.com/go/civil"

	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
)

// Say is the words of a key, for what needs a correction.
type Say func(key string, args ...string) string

// loss is the fact that is told and never asked for. It sends a referral to a person.
const loss = "pregnancy_loss_or_infant_death"

// reading turns a form into a referral and keeps what it could not read.
type reading struct {
	Form
	today    civil.Date
	say      Say
	problems []fault.Field
}

// Submission is the referral that the form means today, and what is missing or cannot be read.
func (f Form) Submission(today civil.Date, say Say) (referral.Submission, []fault.Field) {
	r := &reading{Form: f, today: today, say: say}
	s := referral.Submission{Note: f.Note, Needs: r.needs()}
	r.who(&s)
	r.reach(&s)
	r.permission(&s)
	s.Referrer.Phone, s.Client.Insurance = f.Callback, f.Insurance
	r.screening(&s)
	return s, r.problems
}

func (r *reading) wrong(name, key string) {
	r.problems = append(r.problems, fault.Field{Pointer: "/" + strings.ReplaceAll(name, ".", "/"), Code: "required", Detail: r.say(key)})
}

func (r *reading) date(name, text string) string {
	d, ok := ui.ReadDate(text, r.today)
	if !ok {
		r.wrong(name, "refer.date_wrong")
	}
	if d == nil {
		return ""
	}
	return d.String()
}

func (r *reading) number(name, text string) *int {
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		r.wrong(name, "refer.number_wrong")
		return nil
	}
	return &n
}

func (r *reading) who(s *referral.Submission) {
	s.Client.GivenName, s.Client.FamilyName, s.Client.CaregiverRole = r.Given, r.Family, r.Role
	if r.Stage == "" {
		r.wrong("stage", "refer.need_stage")
	}
	if r.Given == "" {
		r.wrong("client.given_name", "refer.need_given")
	}
	if r.Family == "" {
		r.wrong("client.family_name", "refer.need_family")
	}
	if r.Born == "" {
		r.wrong("client.date_of_birth", "refer.need_born")
	}
	s.Client.DateOfBirth = r.date("client.date_of_birth", r.Born)
	switch r.Stage {
	case "prenatal":
		s.Stage, s.Pregnancy = "prenatal", r.pregnancy()
	case "postpartum":
		s.Stage, s.Birth = "postpartum", r.birth()
	case "loss": // no date is asked for, and nothing about a baby goes out
		s.Stage, s.History = "prenatal", map[string]string{loss: "yes"}
	}
}

var weeksOnly = regexp.MustCompile(`^(\d{1,2})\s*(w|wk|wks|week|weeks|s|sem|semanas?)?(\s*\+?\s*\d\s*d?)?$`)

// pregnancy reads the one box: a date, weeks ("24 weeks"), or that nobody knows.
func (r *reading) pregnancy() *referral.SubmittedPregnancy {
	p := &referral.SubmittedPregnancy{EarlierLiveBirths: r.number("pregnancy.earlier_live_births", r.Births)}
	text := strings.ToLower(r.Due)
	switch m := weeksOnly.FindStringSubmatch(text); {
	case text == "":
		r.wrong("pregnancy.due_on", "refer.need_due")
	case m != nil:
		p.Weeks = r.number("pregnancy.due_on", m[1])
	case slices.Contains([]string{"?", "unsure", "unknown", "not sure", "no se", "no sé"}, text):
	default:
		p.DueOn = r.date("pregnancy.due_on", r.Due)
	}
	return p
}

// mostBabies have a place on the page; more than three share what is said of the first.
const mostBabies = 9

func (r *reading) birth() *referral.SubmittedBirth {
	b := &referral.SubmittedBirth{MotherDischargedOn: r.date("birth.mother_discharged_on", r.Home)}
	if len(b.MotherDischargedOn) > 0 && b.MotherDischargedOn > r.today.String() {
		b.MotherDischargedOn, b.MotherDischargeExpectedOn = "", b.MotherDischargedOn
	}
	if r.BornOn == "" {
		r.wrong("birth.infants.0.born_on", "refer.need_born_on")
	}
	born := r.date("birth.infants.0.born_on", r.BornOn)
	count := 1
	if n := r.number("birth.babies", r.Babies); n != nil {
		if count = *n; count < 1 || count > mostBabies {
			r.wrong("birth.babies", "refer.babies_wrong")
			count = 1
		}
	}
	weeks := r.number("birth.infants.0.gestation_weeks", r.Weeks)
	own := []struct{ on, nicu, staying string }{{r.BornOn, r.Nicu, r.Staying}, {r.BornOn2, r.Nicu2, r.Staying2}, {r.BornOn3, r.Nicu3, r.Staying3}}
	for i := range count {
		child := referral.SubmittedInfant{BornOn: born, GestationWeeks: weeks, Custody: notSaid(r.Staying)}
		if i < len(own) {
			child.Nicu = own[i].nicu
			if i > 0 && own[i].on != "" {
				child.BornOn = r.date("birth.infants."+strconv.Itoa(i)+".born_on", own[i].on)
			}
			if own[i].staying != "" {
				child.Custody = notSaid(own[i].staying)
			}
		}
		if count > 1 {
			order := i + 1
			child.BirthOrder = &order
		}
		b.Infants = append(b.Infants, child)
	}
	return b
}

// notSaid: "prefer not to say" is an answer on paper and none in the record.
func notSaid(custody string) string {
	if custody == "not_said" {
		return "unknown"
	}
	return custody
}

func (r *reading) reach(s *referral.Submission) {
	s.Client.SpokenLanguage = r.Language
	if r.Language == "" {
		r.wrong("client.spoken_language", "refer.need_language")
	}
	if r.Language == "other" {
		s.Client.SpokenLanguage = ""
		if r.Note == "" {
			r.wrong("note", "refer.need_other_language")
		}
	}
	if r.Interpreter {
		s.Client.Interpreter = "yes"
	}
	remarks := r.MustNot
	safe := r.Call == "yes" || r.Text == "yes" || r.Voicemail == "yes" || r.Letter == "yes" || r.Visit == "yes" || r.Email != "" && r.SafeEmail == "yes"
	switch {
	case r.Phone == "" && !r.NoPhone:
		r.wrong("contact_methods.0.value", "refer.need_phone")
	case r.Phone != "" && r.NoPhone:
		r.wrong("contact_methods.0.value", "refer.phone_or_none")
	case r.Phone != "" && !safe:
		r.wrong("contact_methods.0.safe_call", "refer.need_safe")
	}
	if r.Phone != "" {
		m := referral.SubmittedContact{Channel: "phone", Value: r.Phone, SafeCall: r.Call, SafeText: r.Text,
			SafeVoicemail: r.Voicemail, Preferred: true, Remarks: remarks, Whose: r.Whose, AskFor: r.AskFor, CodeWord: r.CodeWord, WhoMayAnswer: r.MayAnswer}
		bestTime(&m, r.BestTime)
		s.ContactMethods = append(s.ContactMethods, m)
		remarks = ""
	}
	if r.Email != "" {
		s.ContactMethods = append(s.ContactMethods, referral.SubmittedContact{Channel: "email", Value: r.Email, SafeEmail: r.SafeEmail, Remarks: remarks})
		remarks = ""
	}
	if r.Zip == "" && !r.NoHome {
		r.wrong("addresses.0.zip", "refer.need_zip")
	}
	if r.NoHome {
		remarks = strings.TrimSpace("No fixed address. " + remarks)
	}
	if r.Street+r.Zip != "" {
		s.Addresses = []referral.SubmittedAddress{{Street: r.Street, Zip: r.Zip, SafeMail: r.Letter, SafeToVisit: r.Visit, Remarks: remarks}}
	} else if remarks != "" { // nothing of hers carries it: the hub reads it
		s.Note = strings.TrimSpace(s.Note + "\n" + remarks)
	}
}

// bestTime sets the hours behind one word.
func bestTime(m *referral.SubmittedContact, word string) {
	switch word {
	case "mornings":
		m.Hours = referral.EveryDay("08:00", "12:00")
	case "afternoons":
		m.Hours = referral.EveryDay("12:00", "17:00")
	case "evenings":
		m.Hours = referral.EveryDay("17:00", "20:00")
	}
}

func (r *reading) permission(s *referral.Submission) {
	c := referral.SubmittedConsent{Answer: r.Consent, ShareWithAgencies: r.Share, Feedback: r.Feedback, FeedbackReason: r.FeedbackReason, Texts: r.Texts}
	if r.Consent == "" {
		r.wrong("consent.answer", "refer.need_consent")
	}
	if asked := r.Consent == "yes_in_person" || r.Consent == "signed" || r.Consent == "she_said_no"; asked {
		c.WordingVersion, c.Interpreter, c.Language = referral.Wordings()[0].Version, r.HeardBy, r.Heard
		if c.Language == "" && (r.Language == "en" || r.Language == "es") {
			c.Language = r.Language
		}
	}
	s.Consent = c
}

func (r *reading) needs() map[string]string {
	out := map[string]string{}
	for _, name := range r.Needs {
		out[name] = "yes"
	}
	if r.Danger != "" {
		out["danger_now"] = r.Danger
	}
	return out
}

// screening reads one form's answers in printed order: "0 1 2 0", with or without commas; a dash is one that she did not answer.
func (r *reading) screening(s *referral.Submission) {
	if r.Instrument == "" {
		if r.Items != "" {
			r.wrong("screenings.0.instrument", "refer.need_instrument")
		}
		return
	}
	form := referral.SubmittedScreening{Instrument: r.Instrument, GivenOn: r.date("screenings.0.given_on", r.GivenOn), DoneToday: r.DoneToday}
	text := strings.NewReplacer(",", " ", ";", " ").Replace(r.Items)
	words := strings.Fields(text)
	if len(words) == 1 && len(words[0]) > 1 { // typed without blanks
		words = strings.Split(words[0], "")
	}
	for _, word := range words {
		if word == "-" || word == "x" {
			form.Items = append(form.Items, nil)
			continue
		}
		n, err := strconv.Atoi(word)
		if err != nil {
			r.wrong("screenings.0.items", "refer.items_wrong")
			return
		}
		form.Items = append(form.Items, &n)
	}
	if len(form.Items) == 0 {
		r.wrong("screenings.0.items", "refer.items_wrong")
		return
	}
	s.Screenings = []referral.SubmittedScreening{form}
}
