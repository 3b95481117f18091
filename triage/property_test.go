package triage_test

import (
	"encoding/json"
	"math/rand"
	"slices"
	"testing"

	"doorstep/triage"
	"pgregory.net/rapid"
)

func drawAnswer(t *rapid.T, name string) triage.Answer {
	return rapid.SampledFrom([]triage.Answer{triage.Unknown, triage.Yes, triage.No}).Draw(t, name)
}

func maybe(t *rapid.T, name string, lo, hi int) *int {
	if rapid.Bool().Draw(t, name+" known") {
		return ptr(rapid.IntRange(lo, hi).Draw(t, name))
	}
	return nil
}

func drawFacts(t *rapid.T) triage.Facts {
	f := triage.Facts{
		Today:     today,
		Stage:     rapid.SampledFrom([]triage.Stage{"", triage.Prenatal, triage.Postpartum}).Draw(t, "stage"),
		AgeYears:  maybe(t, "age", 12, 48),
		Insurance: rapid.SampledFrom([]string{"", "medicaid", "private"}).Draw(t, "insurance"),

		GestationalDays: maybe(t, "gestation", 20, 300), BabyAgeDays: maybe(t, "baby age", 0, 1200),
		EarlierLiveBirths: maybe(t, "births", 0, 4), LowestBirthWeightGrams: maybe(t, "weight", 500, 4500),
		ZIP:      rapid.SampledFrom([]string{"", "21201", "43216"}).Draw(t, "zip"),
		NICUDays: maybe(t, "nicu days", 0, 40), SpokenLanguage: rapid.SampledFrom([]string{"", "en", "es-MX"}).Draw(t, "language"),
	}
	for _, name := range triage.AnswerNames() {
		if err := f.SetAnswer(name, drawAnswer(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "screenings") {
		f.Screenings = append(f.Screenings, drawScreening(t))
	}
	return f
}

// shapes are the forms with the range of one item.
func shapes() []triage.Instrument {
	return []triage.Instrument{
		{ID: "epds", Items: 10, Max: 3}, {ID: "phq2", Items: 2, Max: 3}, {ID: "phq9", Items: 9, Max: 3}, {ID: "gad7", Items: 7, Max: 3},
		{ID: "ahc_safety", Items: 4, Min: 1, Max: 5}, {ID: "hits", Items: 4, Min: 1, Max: 5}, {ID: "ehits", Items: 5, Min: 1, Max: 5},
		{ID: "pvs", Items: 3, Max: 1}, {ID: "five_ps", Items: 6, Max: 1},
	}
}

func drawItem(t *rapid.T, s triage.Screening) int {
	form := shapes()[slices.IndexFunc(shapes(), func(f triage.Instrument) bool { return f.ID == s.Instrument })]
	if s.Recorded == triage.RecordedLines {
		return rapid.IntRange(1, form.Max-form.Min+1).Draw(t, "line")
	}
	return rapid.IntRange(form.Min, form.Max).Draw(t, "value")
}

func drawScreening(t *rapid.T) triage.Screening {
	form := rapid.SampledFrom(shapes()).Draw(t, "form")
	s := triage.Screening{Instrument: form.ID, Items: make([]*int, form.Items)}
	if form.Max > 1 && rapid.Bool().Draw(t, "lines") {
		s.Recorded = triage.RecordedLines
	}
	for i := range s.Items {
		if rapid.Bool().Draw(t, "answered") {
			s.Items[i] = ptr(drawItem(t, s))
		}
	}
	if n := maybe(t, "given", 0, 60); n != nil {
		s.GivenOn = ptr(today.AddDays(-*n))
	}
	return s
}

func drawPlaces(t *rapid.T) []triage.Place {
	var out []triage.Place
	codes := []string{"early_head_start", "healthy_start", "hfa_enhanced", "hfa_traditional", "hope", "nfp", "safecare", "elsewhere", "help_me_grow_hfa", "help_me_grow_nfp"}
	for i := range rapid.IntRange(0, 7).Draw(t, "places") {
		out = append(out, triage.Place{
			ProgramID: string(rune('a' + i)), Code: rapid.SampledFrom(codes).Draw(t, "code"),
			AreaKnown: rapid.Bool().Draw(t, "area known"), InArea: rapid.Bool().Draw(t, "in area"),
			Intake: rapid.SampledFrom([]string{"open", "open", "closed", "waitlist"}).Draw(t, "intake"),
			Free:   rapid.IntRange(-1, 3).Draw(t, "free"), Funded: rapid.IntRange(0, 4).Draw(t, "funded"),
			AgreementValid: rapid.Bool().Draw(t, "agreement"),
		})
	}
	return out
}

func bytesOf(t rapid.TB, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestOrderOfInputNeverMatters(t *testing.T) {
	rs := baltimore(t)
	rapid.Check(t, func(t *rapid.T) {
		f, places := drawFacts(t), drawPlaces(t)
		a, err := rs.Decide(f, places)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
		g, other := f, slices.Clone(places)
		g.Screenings = slices.Clone(f.Screenings)
		r.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		r.Shuffle(len(g.Screenings), func(i, j int) { g.Screenings[i], g.Screenings[j] = g.Screenings[j], g.Screenings[i] })
		b, err := rs.Decide(g, other)
		if err != nil {
			t.Fatal(err)
		}
		if bytesOf(t, a) != bytesOf(t, b) {
			t.Fatalf("order changes the decision:\n%s\n%s", bytesOf(t, a), bytesOf(t, b))
		}
	})
}

func TestAddingANeedNeverLowersPriority(t *testing.T) {
	for _, name := range triage.Shipped() {
		t.Run(name, func(t *testing.T) { addingANeed(t, shipped(t, name)) })
	}
}

func addingANeed(t *testing.T, rs *triage.RuleSet) {
	rapid.Check(t, func(t *rapid.T) {
		f, places := drawFacts(t), drawPlaces(t)
		before, err := rs.Decide(f, places)
		if err != nil {
			t.Fatal(err)
		}
		name := rapid.SampledFrom(append(triage.AnswerNames(), "a form")).Draw(t, "need")
		if name == "a form" { // whatever is on it: a negative one lowers nothing
			f.Screenings = append(slices.Clone(f.Screenings), drawScreening(t))
		} else if err := f.SetAnswer(name, triage.Yes); err != nil {
			t.Fatal(err)
		}
		after, err := rs.Decide(f, places)
		if err != nil {
			t.Fatal(err)
		}
		if after.Tier > before.Tier || after.Band > before.Band || len(after.Alarms) < len(before.Alarms) {
			t.Fatalf("%s: tier %d to %d, band %d to %d", name, before.Tier, after.Tier, before.Band, after.Band)
		}
		for _, sums := range [][2]*triage.Points{{before.Points, after.Points}, {before.Impact, after.Impact}} {
			if a, b := sums[0], sums[1]; a != nil && b.Min < a.Min {
				t.Fatalf("%s: points from %+v to %+v", name, a, b)
			}
		}
		// A loss is no need: it ends the windows, and she comes first all the same.
		if name != "pregnancy_loss_or_infant_death" && later(after.EarliestWindow, before.EarliestWindow) {
			t.Fatalf("%s moves the window from %v to %v", name, before.EarliestWindow, after.EarliestWindow)
		}
	})
}

func later(a, b *triage.Date) bool { return b != nil && (a == nil || a.After(*b)) }

func TestAnAnswerNeverWidensAScore(t *testing.T) {
	rs := baltimore(t)
	rapid.Check(t, func(t *rapid.T) {
		s := drawScreening(t)
		i := rapid.IntRange(0, len(s.Items)-1).Draw(t, "which")
		s.Items[i] = nil
		f := triage.Facts{Today: today, Screenings: []triage.Screening{s}}
		before, err := rs.Decide(f, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.Items[i] = ptr(drawItem(t, s))
		after, err := rs.Decide(f, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, b := before.Scores[0], after.Scores[0]
		if b.Min < a.Min || b.Max > a.Max || b.Max-b.Min >= a.Max-a.Min || (a.Positive != triage.Unknown && a.Positive != b.Positive) {
			t.Fatalf("from %+v to %+v", a, b)
		}
	})
}

func TestFactsRoundTripReplaysToTheSameBytes(t *testing.T) {
	rs := baltimore(t)
	rapid.Check(t, func(t *rapid.T) {
		f, places := drawFacts(t), drawPlaces(t)
		var g triage.Facts
		if err := json.Unmarshal([]byte(bytesOf(t, f)), &g); err != nil {
			t.Fatal(err)
		}
		if bytesOf(t, f) != bytesOf(t, g) {
			t.Fatal("facts do not round-trip")
		}
		a, err := rs.Decide(f, places)
		if err != nil {
			t.Fatal(err)
		}
		b, err := rs.Decide(g, places)
		if err != nil {
			t.Fatal(err)
		}
		if bytesOf(t, a) != bytesOf(t, b) {
			t.Fatal("the replay decides otherwise")
		}
	})
}

// What is on the route can take her, and a review always says why.
func TestRouteHoldsOnlyPlacesThatCanTakeHer(t *testing.T) {
	rs := baltimore(t)
	rapid.Check(t, func(t *rapid.T) {
		places := drawPlaces(t)
		d, err := rs.Decide(drawFacts(t), places)
		if err != nil {
			t.Fatal(err)
		}
		for i, id := range d.Route {
			p := d.Programs[i]
			if p.ProgramID != id || p.Verdict != triage.Eligible || !p.HasPlace || !p.AgreementValid || p.InArea != triage.Yes {
				t.Fatalf("%s is on the route: %+v", id, p)
			}
		}
		if (d.Next == triage.NextReview) != (len(d.ReviewReasons) > 0) || (d.Next == triage.NextRoute && len(d.Route) == 0) {
			t.Fatalf("next %s, reasons %v, route %v", d.Next, d.ReviewReasons, d.Route)
		}
		if len(d.Explain()) == 0 {
			t.Fatal("nothing explained")
		}
	})
}
