package city

import (
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/civil"
)

// family is one person with her pregnancy or birth, as drawn. What she will say and do is drawn on its occasion.
type family struct {
	number     int        // of her first referral
	seen       civil.Date // its day
	stage      string
	weeks      int // of pregnancy on the day of the first referral
	born       civil.Date
	infants    int
	twoForms   bool // twins of whom each gets a form of its own
	nicu       bool
	grams      int
	birthDate  civil.Date // her own
	earlier    int        // live births before; -1 unknown
	language   string
	zip        string
	insurance  string
	needs      map[string]string
	history    map[string]string
	epds       []int
	safe       safety
	reachable  float64 // the chance that one try reaches her
	willing    float64 // the chance that she says yes when asked
	patience   int     // months that she waits for a place
	keepsVisit float64 // the chance that she is there for a first visit
}

// safety is how she may be reached, in the words of the form.
type safety struct{ call, text, voicemail, email, mail, visit string }

// spot is one site that refers: where, how often, and whom.
type spot struct {
	organization, site string
	share              float64
	prenatal           float64 // the part of its referrals in pregnancy
	nicu               bool
	answer             string // of its own beside the needs: how it knows her
	welfare            bool
}

func (s spot) is(o spot) bool { return s.organization == o.organization && s.site == o.site }

func spots() []weighed[spot] {
	all := []spot{
		{organization: "Example Harbor Hospital", site: "Mother and Baby Unit", share: 20, prenatal: 0.06},
		{organization: "Example Harbor Hospital", site: "Newborn Intensive Care", share: 5, nicu: true},
		{organization: "Example Hill Hospital", site: "Birth Center", share: 17, prenatal: 0.12},
		{organization: "Example Market Street Clinic", site: "Prenatal Clinic", share: 20, prenatal: 0.97},
		{organization: "Example Riverside Clinic", site: "Women's Health", share: 14, prenatal: 0.93},
		{organization: "Example Northside Clinic", site: "Family Medicine", share: 10, prenatal: 0.7},
		{organization: "Example Family Services", site: "Intake Office", share: 6, prenatal: 0.3, answer: "child_welfare_referral", welfare: true},
		{organization: "Example Parent Line", site: "Phone line", share: 8, prenatal: 0.55, answer: "self_referral_request"},
	}
	out := make([]weighed[spot], len(all))
	for i, s := range all {
		out[i] = weighed[spot]{s, s.share}
	}
	return out
}

// newFamily draws the family of referral number, whom this spot meets on this day.
func newFamily(number int, s spot, day civil.Date) *family {
	r := roll(number, "family", 0)
	f := &family{number: number, seen: day, stage: "postpartum", infants: 1, earlier: -1, needs: map[string]string{}, history: map[string]string{}}
	if r.Float64() < s.prenatal {
		f.stage, f.infants = "prenatal", 0
		f.weeks = 7 + (r.IntN(30)+r.IntN(24))/2
	}
	f.birthDate = day.AddDays(-365*between(number, "age", 0, 19, 38) - r.IntN(365))
	if r.Float64() < 0.11 { // a teenager
		f.birthDate = day.AddDays(-365*(15+r.IntN(4)) - r.IntN(365))
	}
	if r.Float64() > 0.05 {
		f.earlier = pick(r, []weighed[int]{{0, 43}, {1, 28}, {2, 17}, {3, 8}, {4, 4}})
	}
	f.language = pick(r, []weighed[string]{{"en", 80}, {"es", 13}, {"fr", 2}, {"ar", 2}, {"ht", 1}, {"zh", 1}, {"", 1}})
	f.zip = pick(r, []weighed[string]{{everywhere()[r.IntN(15)], 94}, {outside()[r.IntN(3)], 3}, {"", 3}})
	f.insurance = pick(r, []weighed[string]{{"medicaid", 66}, {"private", 17}, {"applying", 6}, {"none", 6}, {"", 5}})
	f.drawBirth(s, day)
	f.drawNeeds(s)
	f.drawTemper()
	return f
}

func (f *family) drawBirth(s spot, day civil.Date) {
	if f.stage == "prenatal" {
		return
	}
	r := roll(f.number, "birth", 0)
	f.born, f.grams = day.AddDays(-1-r.IntN(3)), 2600+r.IntN(1500)
	f.nicu = s.nicu || r.Float64() < 0.04
	switch {
	case f.nicu:
		f.born, f.grams = day.AddDays(-8-r.IntN(50)), 800+r.IntN(1900)
	case s.answer != "": // nobody called from the ward
		f.born = day.AddDays(-14 - r.IntN(300))
	case s.prenatal > 0.5:
		f.born = day.AddDays(-10 - r.IntN(60))
	}
	if r.Float64() < 0.035 {
		f.infants, f.twoForms, f.grams = 2, r.Float64() < 0.5, f.grams*4/5
	}
}

// drawNeeds answers the questions of the form; a question that is not in the map was not asked.
func (f *family) drawNeeds(s spot) {
	r := roll(f.number, "needs", 0)
	for _, q := range []weighed[string]{{"low_income", 0.7}, {"income_below_poverty", 0.45}, {"public_assistance", 0.4}, {"mental_health", 0.26},
		{"substance_use", 0.09}, {"partner_violence", 0.06}, {"unstable_housing", 0.16}, {"homeless", 0.04}, {"tobacco", 0.12},
		{"chronic_condition", 0.15}, {"no_prenatal_care", 0.06}, {"clinician_concern", 0.07}, {"danger_now", 0.006}} {
		if asked, yes := r.Float64() < 0.86, r.Float64() < q.share; asked {
			f.needs[q.value] = word(yes)
		}
	}
	for _, q := range []weighed[string]{{"previous_infant_death", 0.02}, {"previous_preterm_birth", 0.1}, {"previous_low_birth_weight", 0.08},
		{"previous_stillbirth_or_loss", 0.1}} {
		if asked, yes := r.Float64() < 0.8, r.Float64() < q.share; asked {
			f.history[q.value] = word(yes && f.earlier != 0)
		}
	}
	if s.answer != "" {
		f.needs[s.answer] = "yes"
	}
	if r.Float64() < 0.3 {
		f.epds = make([]int, 10)
		for i := range 9 {
			f.epds[i] = pick(r, []weighed[int]{{0, 60}, {1, 25}, {2, 12}, {3, 3}})
		}
		if r.Float64() < 0.03 { // the item on harming herself
			f.epds[9] = 1
		}
	}
}

func word(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// drawTemper is what will decide how her way goes.
func (f *family) drawTemper() {
	r := roll(f.number, "temper", 0)
	answer := func(yes, no float64) string {
		return pick(r, []weighed[string]{{"yes", yes}, {"no", no}, {"unknown", 1 - yes - no}})
	}
	f.safe = safety{call: answer(0.78, 0.06), text: answer(0.6, 0.1), voicemail: answer(0.35, 0.25), email: answer(0.2, 0.3),
		mail: answer(0.7, 0.1), visit: answer(0.66, 0.12)}
	f.reachable = pick(r, []weighed[float64]{{0.62, 55}, {0.34, 25}, {0.12, 12}, {0, 8}})
	f.willing = pick(r, []weighed[float64]{{0.95, 55}, {0.75, 25}, {0.35, 20}})
	f.patience = pick(r, []weighed[int]{{1, 25}, {2, 25}, {4, 30}, {12, 20}})
	f.keepsVisit = pick(r, []weighed[float64]{{0.92, 55}, {0.7, 30}, {0.4, 15}})
}

// given is one of 26 words, so that the identity review has few to ask about: of one name are only those who lie 26 numbers apart.
func (f *family) given() string {
	words := strings.Fields("Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey Xray Yankee Zulu")
	return words[f.number%len(words)]
}

// name is plainly made up, and her own.
func (f *family) name() string { return fmt.Sprintf("Person %04d", f.number) }

// endangered: a wrong call may hurt her.
func (f *family) endangered() bool {
	return f.needs["partner_violence"] == "yes" || f.needs["danger_now"] == "yes"
}

// ways are the channels by which she may be tried, the best first; a phone that may be called without her word is one.
func (s safety) ways(endangered bool) []string {
	var out []string
	add := func(channel string, may bool) {
		if may {
			out = append(out, channel)
		}
	}
	add("call", s.call == "yes" || s.call == "unknown" && !endangered)
	add("text", s.text == "yes")
	add("email", s.email == "yes")
	add("voicemail", s.voicemail == "yes")
	add("letter", s.mail == "yes")
	add("visit", s.visit == "yes")
	return slices.Clip(out)
}
