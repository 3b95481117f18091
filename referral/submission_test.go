package referral

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/internal/fault"
	"doorstep/referral/match"
	"doorstep/triage"
)

// The day of all these checks is Tuesday, 6 October 2026.
var checkDay = civil.Date{Year: 2026, Month: 10, Day: 6}

func forms() []triage.Instrument {
	return []triage.Instrument{{ID: "epds", Name: "EPDS", Items: 10, Min: 0, Max: 3}, {ID: "phq2", Name: "PHQ-2", Items: 2, Min: 0, Max: 3}}
}

// prenatalForm and postpartumForm are accepted as they are.
func prenatalForm() Submission {
	return Submission{
		Stage:   "prenatal",
		Client:  SubmittedClient{GivenName: "Ana", FamilyName: "Li", DateOfBirth: "1998-04-02"},
		Consent: SubmittedConsent{Answer: "yes_in_person"},
	}
}

func postpartumForm() Submission {
	s := prenatalForm()
	s.Stage, s.Birth = "postpartum", &SubmittedBirth{Infants: []SubmittedInfant{{BornOn: "2026-10-02"}}}
	return s
}

func check(s Submission) (received, error) {
	return s.check(fault.NewShape(), time.Date(2026, 10, 6, 16, 0, 0, 0, time.UTC), checkDay, forms())
}

// named are the problems as "pointer code".
func named(err error) []string {
	var f *fault.Error
	var out []string
	if errors.As(err, &f) {
		for _, p := range f.Fields {
			out = append(out, p.Pointer+" "+p.Code)
		}
	}
	return out
}

func TestFormsThatAreRight(t *testing.T) {
	for name, s := range map[string]Submission{"prenatal": prenatalForm(), "postpartum": postpartumForm()} {
		if _, err := check(s); err != nil {
			t.Errorf("%s: %v", name, named(err))
		}
	}
}

// pregnant dates a prenatal referral.
func pregnant(p SubmittedPregnancy) func(*Submission) {
	return func(s *Submission) { s.Pregnancy = &p }
}

func child(in SubmittedInfant) func(*Submission) {
	return func(s *Submission) { *s = postpartumForm(); s.Birth.Infants[0] = in }
}

func TestEachProblemIsNamed(t *testing.T) {
	items := func(n int) []*int { return make([]*int, n) }
	for name, c := range map[string]struct {
		change func(*Submission)
		want   string // "" = accepted
	}{
		"no stage":              {func(s *Submission) { s.Stage = "" }, "/stage required"},
		"no given name":         {func(s *Submission) { s.Client.GivenName = "" }, "/client/given_name required"},
		"NUL in a name":         {func(s *Submission) { s.Client.GivenName = "A\x00na" }, "/client/given_name characters"},
		"a turned name":         {func(s *Submission) { s.Client.FamilyName = "\u202eiL" }, "/client/family_name characters"},
		"an emoji for a name":   {func(s *Submission) { s.Client.GivenName = "🤱" }, "/client/given_name characters"},
		"blanks for a name":     {func(s *Submission) { s.Client.FamilyName = "   " }, "/client/family_name characters"},
		"a name beside emoji":   {func(s *Submission) { s.Client.GivenName = "Ana 🤱" }, ""},
		"a right-to-left name":  {func(s *Submission) { s.Client.GivenName = "محمد" }, ""},
		"accents and hyphens":   {func(s *Submission) { s.Client.FamilyName = "Nuñez-O'Brien" }, ""},
		"a name of 101 letters": {func(s *Submission) { s.Client.GivenName = strings.Repeat("a", 101) }, "/client/given_name max"},
		"birth in the future":   {func(s *Submission) { s.Client.DateOfBirth = "2026-10-07" }, "/client/date_of_birth in_future"},
		"400 years old":         {func(s *Submission) { s.Client.DateOfBirth = "1626-01-01" }, "/client/date_of_birth year"},
		"year 1":                {func(s *Submission) { s.Client.DateOfBirth = "0001-01-01" }, "/client/date_of_birth year"},
		"111 years old":         {func(s *Submission) { s.Client.DateOfBirth = "1915-10-06" }, "/client/date_of_birth age"},
		"8 years old":           {func(s *Submission) { s.Client.DateOfBirth = "2017-10-07" }, "/client/date_of_birth age"},
		"9 years old today":     {func(s *Submission) { s.Client.DateOfBirth = "2017-10-06" }, ""},
		"pregnant at 61":        {func(s *Submission) { s.Client.DateOfBirth = "1965-10-06" }, "/client/date_of_birth age"},
		"a grandmother of 61":   {func(s *Submission) { *s = postpartumForm(); s.Client.DateOfBirth = "1965-10-06" }, ""},
		"no such day":           {func(s *Submission) { s.Client.DateOfBirth = "1998-02-30" }, "/client/date_of_birth datetime"},
		"not a language":        {func(s *Submission) { s.Client.SpokenLanguage = "klingon!" }, "/client/spoken_language language"},
		"records of treatment":  {func(s *Submission) { s.Sensitivity = "part2" }, "/sensitivity part2"},

		"due in 43 weeks":                 {pregnant(SubmittedPregnancy{DueOn: "2027-08-03"}), ""},
		"due a day later":                 {pregnant(SubmittedPregnancy{DueOn: "2027-08-04"}), "/pregnancy/due_on too_far"},
		"due in the year 9999":            {pregnant(SubmittedPregnancy{DueOn: "9999-01-01"}), "/pregnancy/due_on year"},
		"60 days overdue":                 {pregnant(SubmittedPregnancy{DueOn: "2026-08-07"}), ""},
		"61 days overdue":                 {pregnant(SubmittedPregnancy{DueOn: "2026-08-06"}), "/pregnancy/due_on long_past"},
		"last period in the future":       {pregnant(SubmittedPregnancy{LastPeriodOn: "2026-10-07"}), "/pregnancy/last_period_on in_future"},
		"last period 44 weeks ago":        {pregnant(SubmittedPregnancy{LastPeriodOn: "2025-12-02"}), ""},
		"last period a day before":        {pregnant(SubmittedPregnancy{LastPeriodOn: "2025-12-01"}), "/pregnancy/last_period_on too_long_ago"},
		"datings 14 days apart":           {pregnant(SubmittedPregnancy{DueOn: "2027-03-01", LastPeriodOn: "2026-06-08"}), ""},
		"datings 15 days apart":           {pregnant(SubmittedPregnancy{DueOn: "2027-03-01", LastPeriodOn: "2026-06-09"}), "/pregnancy datings_disagree"},
		"14 days apart to the other side": {pregnant(SubmittedPregnancy{DueOn: "2027-03-01", LastPeriodOn: "2026-05-11"}), ""},
		"15 days apart to the other side": {pregnant(SubmittedPregnancy{DueOn: "2027-03-01", LastPeriodOn: "2026-05-10"}), "/pregnancy datings_disagree"},
		"weeks below 1":                   {pregnant(SubmittedPregnancy{Weeks: new(-3)}), "/pregnancy/weeks min"},
		"weeks above 43":                  {pregnant(SubmittedPregnancy{Weeks: new(44)}), "/pregnancy/weeks max"},
		"weeks of tomorrow":               {pregnant(SubmittedPregnancy{Weeks: new(20), WeeksOn: "2026-10-07"}), "/pregnancy/weeks_on in_future"},
		"a birth before the birth":        {func(s *Submission) { s.Birth = postpartumForm().Birth }, "/birth stage"},
		"a birth without the birth":       {func(s *Submission) { *s = postpartumForm(); s.Birth = nil }, "/birth required"},

		"no infant":                   {func(s *Submission) { *s = postpartumForm(); s.Birth.Infants = []SubmittedInfant{} }, "/birth/infants min"},
		"born tomorrow":               {child(SubmittedInfant{BornOn: "2026-10-07"}), "/birth/infants/0/born_on in_future"},
		"six years old":               {child(SubmittedInfant{BornOn: "2020-10-06"}), "/birth/infants/0/born_on too_old"},
		"a day before six":            {child(SubmittedInfant{BornOn: "2020-10-07"}), ""},
		"discharged before the birth": {child(SubmittedInfant{BornOn: "2026-10-02", DischargedOn: "2026-10-01"}), "/birth/infants/0/discharged_on before_birth"},
		"discharged on the day":       {child(SubmittedInfant{BornOn: "2026-10-02", DischargedOn: "2026-10-02"}), ""},
		"50 grams":                    {child(SubmittedInfant{BirthWeightGrams: new(50)}), "/birth/infants/0/birth_weight_grams min"},
		"mother home tomorrow":        {func(s *Submission) { *s = postpartumForm(); s.Birth.MotherDischargedOn = "2026-10-07" }, "/birth/mother_discharged_on in_future"},
		"twins of one order": {func(s *Submission) {
			*s = postpartumForm()
			s.Birth.Infants = append(s.Birth.Infants, SubmittedInfant{BirthOrder: new(1)})
		}, "/birth/infants/1/birth_order twice"},

		"an unknown question":     {func(s *Submission) { s.Needs = map[string]string{"immigration": "yes"} }, "/needs/immigration unknown_question"},
		"a question with a slash": {func(s *Submission) { s.History = map[string]string{"a/b~c": "yes"} }, "/history/a~1b~0c unknown_question"},
		"answered twice": {func(s *Submission) {
			s.Needs, s.History = map[string]string{"homeless": "yes"}, map[string]string{"homeless": "no"}
		}, "/history/homeless twice"},
		"neither yes nor no":           {func(s *Submission) { s.Needs = map[string]string{"homeless": "maybe"} }, "/needs/homeless oneof"},
		"an unknown form":              {func(s *Submission) { s.Screenings = []SubmittedScreening{{Instrument: "tarot", Items: items(3)}} }, "/screenings/0/instrument unknown_instrument"},
		"a form cut short":             {func(s *Submission) { s.Screenings = []SubmittedScreening{{Instrument: "epds", Items: items(9)}} }, "/screenings/0/items length"},
		"a form with nothing answered": {func(s *Submission) { s.Screenings = []SubmittedScreening{{Instrument: "epds", Items: items(10)}} }, ""},
		"an item out of range": {func(s *Submission) {
			s.Screenings = []SubmittedScreening{{Instrument: "phq2", Items: []*int{new(0), new(4)}}}
		}, "/screenings/0/items/1 range"},
		"a form given tomorrow": {func(s *Submission) {
			s.Screenings = []SubmittedScreening{{Instrument: "phq2", Items: items(2), GivenOn: "2026-10-07"}}
		}, "/screenings/0/given_on in_future"},

		"a phone":              {func(s *Submission) { s.ContactMethods = []SubmittedContact{{Channel: "phone", Value: "410 555 0142"}} }, ""},
		"a phone that is none": {func(s *Submission) { s.ContactMethods = []SubmittedContact{{Channel: "phone", Value: "555-0142"}} }, "/contact_methods/0/value phone"},
		"an e-mail": {func(s *Submission) {
			s.ContactMethods = []SubmittedContact{{Channel: "email", Value: "ana@example.org"}}
		}, ""},
		"an e-mail that is none": {func(s *Submission) {
			s.ContactMethods = []SubmittedContact{{Channel: "email", Value: "ana.example.org"}}
		}, "/contact_methods/0/value email"},
		"an e-mail with a name": {func(s *Submission) {
			s.ContactMethods = []SubmittedContact{{Channel: "email", Value: "Ana <ana@example.org>"}}
		}, "/contact_methods/0/value email"},
		"an e-mail with a second": {func(s *Submission) {
			s.ContactMethods = []SubmittedContact{{Channel: "email", Value: "ana@example.org\r\nBcc: x@example.org"}}
		}, "/contact_methods/0/value email"},
		"an empty address":        {func(s *Submission) { s.Addresses = []SubmittedAddress{{SafeMail: "yes"}} }, "/addresses/0 empty"},
		"a street with NUL":       {func(s *Submission) { s.Addresses = []SubmittedAddress{{Street: "1 Main\x00"}} }, "/addresses/0/street characters"},
		"a short ZIP code":        {func(s *Submission) { s.Addresses = []SubmittedAddress{{Zip: "2120"}} }, "/addresses/0/zip len"},
		"written in the future":   {func(s *Submission) { s.ReferredAt = "2026-10-06T16:06:00Z" }, "/referred_at in_future"},
		"written a moment ago":    {func(s *Submission) { s.ReferredAt = "2026-10-06T16:04:00Z" }, ""},
		"written two years ago":   {func(s *Submission) { s.ReferredAt = "2024-10-06T16:00:00Z" }, "/referred_at too_long_ago"},
		"no consent":              {func(s *Submission) { s.Consent.Answer = "" }, "/consent/answer required"},
		"no, and yes to agencies": {func(s *Submission) { s.Consent = SubmittedConsent{Answer: "she_said_no", ShareWithAgencies: "yes"} }, "/consent/share_with_agencies contradiction"},
		"a link, and yes":         {func(s *Submission) { s.Consent = SubmittedConsent{Answer: "send_link", ShareWithAgencies: "yes"} }, "/consent/share_with_agencies not_asked"},
		"a guess of her race": {func(s *Submission) {
			s.Demographics = &SubmittedDemographics{RaceEthnicity: []string{"white"}, Source: "observed"}
		}, "/demographics/source oneof"},
		"a referrer of 201 letters": {func(s *Submission) { s.Referrer.Name = strings.Repeat("a", 201) }, "/referrer/name max"},
		"a note of 4001 letters":    {func(s *Submission) { s.Note = strings.Repeat("a", 4001) }, "/note max"},
	} {
		s := prenatalForm()
		c.change(&s)
		_, err := check(s)
		got := named(err)
		if c.want == "" && err != nil || c.want != "" && !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: got %v, want %q", name, got, c.want)
		}
	}
}

func TestAllProblemsComeAtOnce(t *testing.T) {
	var s Submission
	err := json.Unmarshal([]byte(`{"stage": "later", "sensitivity": "part2",
		"client": {"given_name": "", "family_name": "🤱", "date_of_birth": "1626-01-01"},
		"contact_methods": [{"channel": "phone", "value": "1"}, {"channel": "pigeon", "value": "x"}],
		"pregnancy": {"due_on": "soon", "weeks": -4},
		"needs": {"x": "yes"}, "screenings": [{"instrument": "epds", "items": [1]}],
		"consent": {"answer": "she_said_no", "share_with_agencies": "yes"}}`), &s)
	if err != nil {
		t.Fatal(err)
	}
	_, err = check(s)
	want := []string{"/stage oneof", "/client/given_name required", "/contact_methods/1/channel oneof", "/pregnancy/due_on datetime",
		"/pregnancy/weeks min", "/sensitivity part2", "/client/family_name characters", "/client/date_of_birth year",
		"/contact_methods/0/value phone", "/needs/x unknown_question", "/screenings/0/items length", "/consent/share_with_agencies contradiction"}
	if got := named(err); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestWhatAFormBecomes(t *testing.T) {
	s := prenatalForm()
	s.Client.SpokenLanguage, s.Client.GivenName = "ES-mx", "Jose\u0301"
	s.Pregnancy = &SubmittedPregnancy{DueOn: "2027-03-01", LastPeriodOn: "2026-05-24"}
	s.Needs = map[string]string{"homeless": "yes", "mental_health": "unknown"}
	s.ContactMethods = []SubmittedContact{{Channel: "phone", Value: "(410) 555-0142", SafeText: "yes"}}
	s.Addresses = []SubmittedAddress{{Zip: "21201"}, {Zip: "21202", SafeToVisit: "yes", AnnouncedOnly: new(false)}}
	r, err := check(s)
	if err != nil {
		t.Fatal(named(err))
	}
	got := []any{r.client.GivenName, *r.client.SpokenLanguage, r.client.Interpreter, r.sensitivity, r.role, r.pregnancy.Dating, r.pregnancy.DueOn.String(),
		len(r.answers), r.answers["homeless"], r.contacts[0].Value, r.contacts[0].SafeCall, r.contacts[0].SafeText,
		r.addresses[0].SafeToVisit, r.addresses[0].AnnouncedOnly, r.addresses[1].SafeToVisit, r.addresses[1].AnnouncedOnly, r.zip(), r.warnings[0].Code}
	want := []any{"Jos\u00e9", "es-MX", unknown, "none", "birth_parent", "due_date", "2027-03-01",
		1, yes, "+14105550142", unknown, yes, no, true, yes, false, "21201", "datings_differ"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestDatingByEachWay(t *testing.T) {
	for how, c := range map[string]struct {
		in   SubmittedPregnancy
		want string
	}{
		"due_date":    {SubmittedPregnancy{DueOn: "2027-03-01"}, "2027-03-01"},
		"last_period": {SubmittedPregnancy{LastPeriodOn: "2026-05-25"}, "2027-03-01"},
		"weeks":       {SubmittedPregnancy{Weeks: new(20)}, "2027-02-23"},
		"unknown":     {SubmittedPregnancy{}, ""},
	} {
		s := prenatalForm()
		s.Pregnancy = &c.in
		r, err := check(s)
		if err != nil {
			t.Fatal(named(err))
		}
		due := ""
		if r.pregnancy.DueOn != nil {
			due = r.pregnancy.DueOn.String()
		}
		if r.pregnancy.Dating != how || due != c.want {
			t.Errorf("%s: got %s %s, want %s", how, r.pregnancy.Dating, due, c.want)
		}
	}
	s := prenatalForm()
	s.Pregnancy = &SubmittedPregnancy{Weeks: new(20), WeeksOn: "2026-09-29"}
	if r, err := check(s); err != nil || r.pregnancy.DueOn.String() != "2027-02-16" {
		t.Errorf("20 weeks a week ago: got %v %v", r.pregnancy.DueOn, err)
	}
}

func TestASubmissionAsksForItsPerson(t *testing.T) {
	in := postpartumForm()
	in.ContactMethods = []SubmittedContact{{Channel: "phone", Value: "(410) 555-0142"}, {Channel: "email", Value: "ana@example.org"}}
	in.Addresses = []SubmittedAddress{{Zip: "21201"}}
	r, err := check(in)
	if err != nil {
		t.Fatal(err)
	}
	want := asked{role: "birth_parent", person: match.Person{Given: "Ana", Family: "Li", Born: match.Date{Year: 1998, Month: 4, Day: 2},
		Phones: []match.Phone{{Number: "+14105550142"}}, Addresses: []match.Address{{Zip: "21201"}}, Children: []match.Date{{Year: 2026, Month: 10, Day: 2}}}}
	if got := r.asks(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
