package triage_test

import (
	"slices"
	"strings"
	"testing"

	"doorstep/triage"
	"pgregory.net/rapid"
)

// Points are a range: what holds, and what a missing answer could add.
func TestPointsAreARange(t *testing.T) {
	rs := shipped(t, "ohio_county")
	all := func(a triage.Answer) triage.Facts {
		f := triage.Facts{Today: today, Stage: triage.Prenatal, AgeYears: ptr(30), ZIP: "43001"}
		for _, name := range triage.AnswerNames() {
			if name != "pregnancy_loss_or_infant_death" {
				if err := f.SetAnswer(name, a); err != nil {
					t.Fatal(err)
				}
			}
		}
		f.Screenings = []triage.Screening{{Instrument: "epds", Items: items(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
			{Instrument: "phq2", Items: items(0, 0)}, {Instrument: "phq9", Items: items(0, 0, 0, 0, 0, 0, 0, 0, 0)}}
		return f
	}
	for _, tc := range []struct {
		name                            string
		change                          func(*triage.Facts)
		from                            triage.Answer
		min, max, answered, of, percent int
		tier                            string
		orders                          []string // answers that could bring her forward
	}{
		{"every answer no", func(*triage.Facts) {}, triage.No, 0, 0, 9, 9, 100, "in turn", nil},
		{"every answer yes", func(*triage.Facts) {}, triage.Yes, 9, 9, 9, 9, 100, "first", nil},
		{"one open, too few to matter", func(f *triage.Facts) { f.Tobacco = triage.Unknown }, triage.No, 0, 1, 8, 9, 88, "in turn", nil},
		{"two open that could reach the second", func(f *triage.Facts) { f.Tobacco, f.PreviousPretermBirth = triage.Unknown, triage.Unknown },
			triage.No, 0, 2, 7, 9, 77, "in turn", []string{"previous_preterm_birth", "tobacco"}},
		{"a clinician counts twice", func(f *triage.Facts) { f.ClinicianConcern = triage.Yes }, triage.No, 2, 2, 9, 9, 100, "soon", nil},
		{"one short of the first", func(f *triage.Facts) {
			f.ClinicianConcern, f.SelfReferralRequest, f.Tobacco = triage.Yes, triage.Yes, triage.Unknown
		}, triage.No, 3, 4, 8, 9, 88, "soon", []string{"tobacco"}},
		{"what visits can change", func(f *triage.Facts) { f.SubstanceUse, f.Tobacco, f.Homeless = triage.Yes, triage.Yes, triage.Yes },
			triage.No, 3, 3, 9, 9, 100, "first", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := all(tc.from)
			f.DangerNow = triage.No
			tc.change(&f)
			d := decide(t, rs, f, nil)
			p := d.Points
			if p.Min != tc.min || p.Max != tc.max || p.Answered != tc.answered || p.Of != tc.of || p.Completeness != tc.percent || d.TierName != tc.tier {
				t.Errorf("%+v, tier %s", *p, d.TierName)
			}
			sum := 0
			for _, part := range p.Parts {
				sum += part.Points
				if part.RuleID == "" || part.Text == "" || !strings.Contains(part.Source, "local policy, not validated") {
					t.Errorf("%+v", part)
				}
			}
			if sum != p.Min {
				t.Errorf("the parts come to %d", sum)
			}
			var orders []string
			for _, m := range d.Missing {
				if m.For == triage.ForOrder {
					orders = append(orders, m.Name)
				}
			}
			if !slices.Equal(orders, tc.orders) {
				t.Errorf("asks for %v, want %v", orders, tc.orders)
			}
		})
	}
}

// Baltimore's points are told and change nothing.
func TestPointsOrderNothingUnlessATierSaysSo(t *testing.T) {
	src := source(t, "baltimore")
	with := baltimore(t)
	delete(src.Files, "local.yaml")
	without, err := triage.Compile(src)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f, places := drawFacts(t), drawPlaces(t)
		a, err := with.Decide(f, places)
		if err != nil {
			t.Fatal(err)
		}
		b, err := without.Decide(f, places)
		if err != nil {
			t.Fatal(err)
		}
		if a.Points == nil || a.Points.Orders || a.Impact != nil || b.Points != nil {
			t.Fatalf("%+v %+v", a.Points, b.Points)
		}
		a.Points, a.RuleSetHash, b.RuleSetHash = nil, "", ""
		if bytesOf(t, a) != bytesOf(t, b) {
			t.Fatal("points change a decision")
		}
	})
}

// An answer that is possible on her side of birth narrows the range or leaves it.
func TestAnAnswerNeverWidensThePoints(t *testing.T) {
	for _, name := range triage.Shipped() {
		t.Run(name, func(t *testing.T) {
			rs := shipped(t, name)
			rapid.Check(t, func(t *rapid.T) {
				f := drawFacts(t)
				for _, fact := range triage.Vocabulary() {
					if fact.Type == triage.YesNo && fact.Only != "" && fact.Only != f.Stage {
						_ = f.SetAnswer(fact.Name, triage.Unknown) // the name is from the vocabulary
					}
				}
				if f.Stage == triage.Prenatal {
					f.NICUDays, f.LowestBirthWeightGrams, f.BabyAgeDays = nil, nil, nil
				}
				g := f
				g.Screenings = slices.Clone(f.Screenings)
				answerOne(t, &f, &g)
				before, err := rs.Decide(f, nil)
				if err != nil {
					t.Fatal(err)
				}
				after, err := rs.Decide(g, nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, sums := range [][2]*triage.Points{{before.Points, after.Points}, {before.Impact, after.Impact}} {
					a, b := sums[0], sums[1]
					if a != nil && (b.Min < a.Min || b.Max > a.Max || b.Answered < a.Answered || b.Of != a.Of || a.Max < a.Min) {
						t.Fatalf("from %+v to %+v", a, b)
					}
				}
			})
		})
	}
}

// answerOne leaves one question of f open, and answers it in g.
func answerOne(t *rapid.T, f, g *triage.Facts) {
	var askable []string
	for _, fact := range triage.Vocabulary() {
		if fact.Type == triage.YesNo && !fact.Told && (fact.Only == "" || fact.Only == f.Stage) {
			askable = append(askable, fact.Name)
		}
	}
	name := rapid.SampledFrom(append(askable, "age", "zip", "stage", "form")).Draw(t, "question")
	switch name {
	case "age":
		f.AgeYears, g.AgeYears = nil, ptr(rapid.IntRange(12, 48).Draw(t, "age given"))
	case "zip":
		f.ZIP, g.ZIP = "", rapid.SampledFrom([]string{"21201", "43216"}).Draw(t, "zip given")
	case "stage":
		f.Stage, g.Stage = "", rapid.SampledFrom([]triage.Stage{triage.Prenatal, triage.Postpartum}).Draw(t, "stage given")
	case "form":
		f.Screenings = nil
		g.Screenings = []triage.Screening{drawScreening(t)}
	default:
		_ = f.SetAnswer(name, triage.Unknown)
		_ = g.SetAnswer(name, rapid.SampledFrom([]triage.Answer{triage.Yes, triage.No}).Draw(t, "answer"))
	}
}

// A zone is a yes or no that comes from her ZIP code, and its question is hers.
func TestZones(t *testing.T) {
	rs := shipped(t, "ohio_county")
	for zip, want := range map[string]bool{"43216": true, "43218-0001": true, "43001": false} {
		d := decide(t, rs, triage.Facts{Today: today, ZIP: zip}, nil)
		held := slices.ContainsFunc(d.Fired, func(f triage.Fired) bool { return f.RuleID == "in_priority_community" })
		if held != want || missing(d, "zip") {
			t.Errorf("%s: fired %v, missing %v", zip, d.Fired, d.Missing)
		}
	}
	d := decide(t, rs, triage.Facts{Today: today}, nil)
	i := slices.IndexFunc(d.Missing, func(m triage.MissingAnswer) bool { return m.Name == "zip" })
	if i < 0 || d.Missing[i].Ask == "" || slices.ContainsFunc(d.Missing, func(m triage.MissingAnswer) bool { return strings.HasPrefix(m.Name, "zone_") }) {
		t.Errorf("%+v", d.Missing)
	}
	zones := rs.Zones()
	if len(zones) != 1 || zones[0].Source == "" {
		t.Fatalf("%+v", zones)
	}
	zones[0].Zips[0] = "00000"
	if rs.Zones()[0].Zips[0] == "00000" {
		t.Error("a caller can change the rule set")
	}
}

// Whatever a rule waits for comes with the words in which staff ask it.
func TestMissingAnswersComeWithTheirQuestions(t *testing.T) {
	for _, name := range triage.Shipped() {
		rs := shipped(t, name)
		rapid.Check(t, func(t *rapid.T) {
			d, err := rs.Decide(drawFacts(t), drawPlaces(t))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range d.Missing {
				form := m.Name == "self_harm" || strings.HasSuffix(m.Name, "_positive") || strings.HasSuffix(m.Name, "_self_harm")
				if (m.Ask == "") != form {
					t.Fatalf("%s: %q", m.Name, m.Ask)
				}
			}
		})
		for _, q := range rs.Questions() {
			if !strings.HasSuffix(q.Ask, "?") && !strings.Contains(q.Ask, "? ") {
				t.Errorf("%s: %q is no question", q.Fact, q.Ask)
			}
		}
	}
}
