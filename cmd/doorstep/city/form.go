package city

import (
	"fmt"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/referral"
)

// entry is one referral of the year: whom, from where, and when it comes in.
type entry struct {
	number int
	at     time.Time
	day    civil.Date
	spot   spot
	family *family
	again  bool // somebody referred her before
	second bool // the form of the second twin
}

// entries draws the year's referrals. Some speak of a family that was referred before: by another source, by the same one once
// more, or a form for the second twin. Those come early in the morning, before anybody works on the family that day.
func (y year) entries(n int) []entry {
	out := make([]entry, n)
	taken := map[int]bool{}
	for i, day := range y.days(n) {
		r := roll(i, "entry", 0)
		e := entry{number: i, day: day, spot: pick(r, spots())}
		minute := between(i, "minute", 0, 9*60, 18*60)
		if known := earlier(out[:i], day, taken, r.Float64()); known != nil {
			e.family, e.again, minute = known.family, true, between(i, "minute", 0, 7*60+30, 8*60+45)
			taken[known.number] = true
			if e.second = known.family.twoForms; e.second || r.Float64() < 0.3 {
				e.spot = known.spot
			}
		} else {
			e.family = newFamily(i, e.spot, day)
		}
		// No two come at one instant, since the instant of receipt decides who waited longer.
		e.at = y.at(day, minute).Add(time.Duration(i) * time.Microsecond)
		out[i] = e
	}
	return out
}

// earlier is a family of the last weeks that is referred again today, if any: the second twin surely, others seldom.
func earlier(before []entry, day civil.Date, taken map[int]bool, chance float64) *entry {
	for i := len(before) - 1; i >= 0 && day.DaysSince(before[i].day) <= 3; i-- {
		if e := &before[i]; e.family.twoForms && !e.again && !taken[e.number] && e.day.Before(day) {
			return e
		}
	}
	const often, back = 0.055, 60
	at := len(before) - 1 - int(chance/often*back)
	if chance >= often || at < 0 || taken[before[at].number] || before[at].again || !before[at].day.Before(day) || before[at].family.twoForms {
		return nil
	}
	return &before[at]
}

// form is what the source writes.
func (e entry) form() referral.Submission {
	f := e.family
	in := referral.Submission{
		Stage: f.stage, ReferredAt: e.at.Add(-time.Duration(between(e.number, "written", 0, 10, 2000)) * time.Minute).UTC().Format(time.RFC3339),
		Client: referral.SubmittedClient{GivenName: f.given(), FamilyName: f.name(), DateOfBirth: f.birthDate.String(),
			SpokenLanguage: f.language, Insurance: f.insurance},
		Needs: f.needs, History: f.history, Consent: e.consent(),
	}
	if f.language != "" && f.language != "en" {
		in.Client.Interpreter = "yes"
	}
	phone := fmt.Sprintf("410-555-01%02d", f.number%100)
	in.ContactMethods = []referral.SubmittedContact{{Channel: "phone", Value: phone, SafeCall: f.safe.call, SafeText: f.safe.text, SafeVoicemail: f.safe.voicemail}}
	if f.safe.email == "yes" {
		in.ContactMethods = append(in.ContactMethods, referral.SubmittedContact{Channel: "email", SafeEmail: "yes",
			Value: fmt.Sprintf("person-%04d@family.example", f.number)})
	}
	in.Addresses = []referral.SubmittedAddress{{Street: fmt.Sprintf("%d Example Street", 1+f.number), City: "Exampletown", Zip: f.zip,
		SafeMail: f.safe.mail, SafeToVisit: f.safe.visit}}
	in.Pregnancy = &referral.SubmittedPregnancy{}
	if f.earlier >= 0 {
		in.Pregnancy.EarlierLiveBirths = &f.earlier
	}
	if f.stage == "prenatal" {
		in.Pregnancy.Weeks, in.Pregnancy.WeeksOn = &f.weeks, f.seen.String()
	} else {
		in.Birth = e.birth()
	}
	if f.epds != nil && !e.again {
		in.Screenings = []referral.SubmittedScreening{{Instrument: "epds", Version: "1987", Language: "en", Items: items(f.epds), DoneToday: "assessed"}}
	}
	return in
}

func items(values []int) []*int {
	out := make([]*int, len(values))
	for i := range values {
		out[i] = &values[i]
	}
	return out
}

func (e entry) birth() *referral.SubmittedBirth {
	f := e.family
	home := f.seen.String()
	out := &referral.SubmittedBirth{MotherDischargedOn: home}
	if f.nicu { // she went home before her child
		out.MotherDischargedOn = f.born.AddDays(min(3, f.seen.DaysSince(f.born))).String()
	}
	for n := range f.infants {
		if f.twoForms && (n == 1) != e.second {
			continue
		}
		order, grams := n+1, f.grams-60*n
		infant := referral.SubmittedInfant{BirthOrder: &order, GivenName: "Baby", BornOn: f.born.String(), BirthWeightGrams: &grams, Nicu: word(f.nicu),
			DischargedOn: home}
		out.Infants = append(out.Infants, infant)
	}
	return out
}

// consent is what she was asked where she was met.
func (e entry) consent() referral.SubmittedConsent {
	r := roll(e.number, "consent", 0)
	answers := []weighed[string]{{"yes_in_person", 78}, {"signed", 8}, {"send_link", 5}, {"required_form", 6}, {"she_said_no", 3}}
	if strings.Contains(e.spot.organization, "Hospital") {
		answers = []weighed[string]{{"signed", 62}, {"yes_in_person", 12}, {"required_form", 20}, {"she_said_no", 4}, {"send_link", 2}}
	}
	out := referral.SubmittedConsent{Answer: pick(r, answers), WordingVersion: "2026-01", Language: "en"}
	if out.Answer == "signed" || out.Answer == "yes_in_person" {
		out.ShareWithAgencies = pick(r, []weighed[string]{{"yes", 58}, {"not_asked", 37}, {"no", 5}})
	}
	return out
}
