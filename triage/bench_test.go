package triage

import (
	"testing"
	"time"

	"cel.dev/cel-go/cel"
)

// benchFacts is an ordinary referral: most answers given, some not.
func benchFacts() Facts {
	n := func(v int) *int { return &v }
	f := Facts{
		Today: Date{2026, 11, 2}, Stage: Prenatal, AgeYears: n(19), GestationalDays: n(170), EarlierLiveBirths: n(0),
		Insurance: InsuranceMedicaid, SpokenLanguage: "en", Infants: n(0), NICUDays: n(0), LowestBirthWeightGrams: n(3000),
		BabyAgeDays: n(0),
	}
	for i, row := range f.namedAnswers() {
		*row.field = No
		if i%8 == 7 {
			*row.field = Yes
		}
	}
	f.PregnancyLossOrInfantDeath = No
	f.DangerNow, f.Tobacco, f.PreviousPretermBirth = No, Unknown, Unknown
	items := make([]*int, 10)
	for i := range items {
		items[i] = n(i % 2)
	}
	items[9] = n(0)
	f.Screenings = []Screening{{Instrument: "epds", Items: items}}
	return f
}

func benchPlaces() []Place {
	var out []Place
	for _, code := range []string{"early_head_start", "healthy_start", "hfa_enhanced", "hfa_traditional", "hope", "nfp"} {
		out = append(out, Place{
			ProgramID: code, Code: code, InArea: true, AreaKnown: true, Intake: IntakeOpen, Free: 2, Funded: 20,
			CapacityConfirmedOn: &Date{2026, 10, 20}, Waiting: 2, FreedIn90Days: 5,
			AgreementValid: true, Languages: []string{"en"},
		})
	}
	return out
}

func benchRules(b testing.TB) *RuleSet {
	b.Helper()
	src, err := Embedded("baltimore")
	if err != nil {
		b.Fatal(err)
	}
	rs, err := Compile(src)
	if err != nil {
		b.Fatal(err)
	}
	return rs
}

// plainRule is one condition as bare CEL: no unknowns, no limit, no words.
type plainRule struct {
	id      string
	program cel.Program
}

func plainRules(t testing.TB, rs *RuleSet) []plainRule {
	t.Helper()
	env, err := newEnv(rs.words)
	if err != nil {
		t.Fatal(err)
	}
	var out []plainRule
	add := func(id, when string) {
		if when == "" {
			return
		}
		checked, issues := env.Compile(when)
		if issues.Err() != nil {
			t.Fatal(issues.Err())
		}
		prg, err := env.Program(checked)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, plainRule{id, prg})
	}
	files, _ := parse(mustSource(t))
	for i := range files {
		p := &files[i].content
		for _, section := range [][]ruleText{p.Alarms, p.Triggers} {
			for _, r := range section {
				add(r.ID, r.When)
			}
		}
		for _, s := range p.Stops {
			add(s.ID, s.When)
		}
		for _, con := range p.Connections {
			add(con.ID, con.SuggestWhen)
		}
		for _, prog := range p.Programs {
			for _, section := range [][]ruleText{prog.Eligibility, prog.Fit, prog.Notes} {
				for _, r := range section {
					add(r.ID, r.When)
				}
			}
		}
	}
	return out
}

// plainInput has a value for every fact, as plain CEL demands: what nobody
// answered is no, 0 or empty.
func plainInput(rs *RuleSet, f Facts) map[string]any {
	in := rs.answersOf(&f, rs.score(&f))
	facts := make(map[string]any, len(in.vals))
	for i, fact := range rs.words.facts {
		switch {
		case in.vals[i] != nil:
			facts[fact.Name] = in.vals[i].Value()
		case fact.Type == YesNo:
			facts[fact.Name] = false
		case fact.Type == Number:
			facts[fact.Name] = int64(0)
		default:
			facts[fact.Name] = ""
		}
	}
	return facts
}

func mustSource(t testing.TB) Source {
	t.Helper()
	src, err := Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func runPlain(b *testing.B, rules []plainRule, facts map[string]any) {
	for i := range rules {
		if _, _, err := rules[i].program.Eval(facts); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecide is a full decision with the Baltimore pack: validation,
// scores, alarms, triggers, programs, route, connections.
func BenchmarkDecide(b *testing.B) {
	rs, f, places := benchRules(b), benchFacts(), benchPlaces()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rs.Decide(f, places); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlainCEL is one pass of bare CEL over the same conditions.
func BenchmarkPlainCEL(b *testing.B) {
	rs := benchRules(b)
	rules, facts := plainRules(b, rs), plainInput(rs, benchFacts())
	b.ReportAllocs()
	for b.Loop() {
		runPlain(b, rules, facts)
	}
	b.ReportMetric(float64(len(rules)), "rules")
}

// BenchmarkCounterfactuals is what opening an explanation adds, for a family whom
// most programs refuse or ask.
func BenchmarkCounterfactuals(b *testing.B) {
	rs, f := benchRules(b), refusedFacts()
	d, err := rs.Decide(f, benchPlaces())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	found := 0
	for b.Loop() {
		out, err := rs.Counterfactuals(f, d)
		if err != nil {
			b.Fatal(err)
		}
		found = len(out)
	}
	b.ReportMetric(float64(found), "found")
}

// refusedFacts answers nothing that opens a door.
func refusedFacts() Facts {
	n := 2
	f := Facts{Today: Date{2026, 11, 2}, Stage: Prenatal, EarlierLiveBirths: &n, Insurance: InsurancePrivate}
	for i, row := range f.namedAnswers() {
		if i%2 == 0 {
			*row.field = No
		}
	}
	f.PregnancyLossOrInfantDeath = Unknown
	return f
}

// BenchmarkDecideOverPlainCEL runs side by side, so that a busy machine slows all
// alike: a full decision with its words, one pass of bare CEL over the same
// conditions, and the same conditions written by hand in Go.
func BenchmarkDecideOverPlainCEL(b *testing.B) {
	rs, f, places := benchRules(b), benchFacts(), benchPlaces()
	rules, facts := plainRules(b, rs), plainInput(rs, f)
	hers := knownOf(facts)
	var got []held
	const hands = 100 // so short that reading the clock would be most of it
	full := func() {
		d, err := rs.Decide(f, places)
		if err != nil || len(d.Explain()) == 0 {
			b.Fatal(err)
		}
	}
	plain := func() { runPlain(b, rules, facts) }
	byHand := func() {
		for range hands {
			got = hers.byHand(got)
		}
	}
	var took [3]time.Duration
	parts := [3]func(){full, plain, byHand}
	for b.Loop() {
		for i, part := range parts {
			start := time.Now()
			part()
			took[i] += time.Since(start)
		}
	}
	per := func(i, runs int) float64 { return float64(took[i].Nanoseconds()) / float64(b.N*runs) }
	decision, cel, hand := per(0, 1), per(1, 1), per(2, hands)
	b.ReportMetric(0, "ns/op") // of all three together it says nothing
	b.ReportMetric(decision/1000, "us/decision")
	b.ReportMetric(cel, "ns/plain")
	b.ReportMetric(hand, "ns/by-hand")
	b.ReportMetric(decision/cel, "x-plain")
	b.ReportMetric(decision/hand, "x-by-hand")
	b.ReportMetric(testing.AllocsPerRun(10, full), "allocs/decision")
	b.ReportMetric(testing.AllocsPerRun(10, plain), "allocs/plain")
	b.ReportMetric(testing.AllocsPerRun(10, byHand), "allocs/by-hand")
}

// BenchmarkCompile is what a new rule set costs once.
func BenchmarkCompile(b *testing.B) {
	src := mustSource(b)
	for b.Loop() {
		if _, err := Compile(src); err != nil {
			b.Fatal(err)
		}
	}
}
