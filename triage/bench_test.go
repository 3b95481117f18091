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

func benchRules(b *testing.B) *RuleSet {
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

// plainPrograms are the same conditions as bare CEL: no unknowns, no limit, no
// words. The map has a value for every fact, as plain CEL demands.
func plainPrograms(b *testing.B, rs *RuleSet) ([]cel.Program, map[string]any) {
	b.Helper()
	c := &compiler{words: rs.words}
	env, err := newEnv(rs.words)
	if err != nil {
		b.Fatal(err)
	}
	c.files, _ = parse(mustSource(b))
	var whens []string
	for i := range c.files {
		p := &c.files[i].content
		for _, section := range [][]ruleText{p.Alarms, p.Triggers} {
			for _, r := range section {
				whens = append(whens, r.When)
			}
		}
		for _, s := range p.Stops {
			whens = append(whens, s.When)
		}
		for _, con := range p.Connections {
			if con.SuggestWhen != "" {
				whens = append(whens, con.SuggestWhen)
			}
		}
		for _, prog := range p.Programs {
			for _, section := range [][]ruleText{prog.Eligibility, prog.Fit, prog.Notes} {
				for _, r := range section {
					if r.When != "" {
						whens = append(whens, r.When)
					}
				}
			}
		}
	}
	var out []cel.Program
	for _, when := range whens {
		checked, issues := env.Compile(when)
		if issues.Err() != nil {
			b.Fatal(issues.Err())
		}
		prg, err := env.Program(checked)
		if err != nil {
			b.Fatal(err)
		}
		out = append(out, prg)
	}
	f := benchFacts()
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
	return out, facts
}

func mustSource(b *testing.B) Source {
	b.Helper()
	src, err := Embedded("baltimore")
	if err != nil {
		b.Fatal(err)
	}
	return src
}

func runPlain(b *testing.B, programs []cel.Program, facts map[string]any) {
	for _, prg := range programs {
		if _, _, err := prg.Eval(facts); err != nil {
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
	programs, facts := plainPrograms(b, benchRules(b))
	b.ReportAllocs()
	for b.Loop() {
		runPlain(b, programs, facts)
	}
	b.ReportMetric(float64(len(programs)), "rules")
}

// BenchmarkDecideOverPlainCEL runs both side by side, so that a busy machine
// slows both, and reports how many times the plain pass a decision costs.
func BenchmarkDecideOverPlainCEL(b *testing.B) {
	rs, f, places := benchRules(b), benchFacts(), benchPlaces()
	programs, facts := plainPrograms(b, rs)
	var full, plain time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := rs.Decide(f, places); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		runPlain(b, programs, facts)
		full, plain = full+middle.Sub(start), plain+time.Since(middle)
	}
	b.ReportMetric(float64(full)/float64(plain), "x-plain")
	b.ReportMetric(float64(full.Microseconds())/float64(b.N), "us/decision")
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
