package triage_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"doorstep/triage"
)

// A hostile pack is refused in words, and soon. Each of these held a processor for tens of seconds.
func TestAPackTooLargeToCheckIsRefusedSoon(t *testing.T) {
	many := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	trigger := func(id, when string) string {
		return "- {id: " + id + ", when: '" + when + "', text: x, source: local policy, read: 2026-11}\n"
	}
	for name, tc := range map[string]struct{ text, want string }{
		"long text":  {strings.Repeat("# nothing\n", 60_000), "more than 512 KB"},
		"many rules": {"triggers:\n" + many(3000, func(i int) string { return trigger(fmt.Sprint("r", i), "tobacco") }), "more than 600 entries"},
		"aliases":    {"triggers:\n- &a {id: r, when: tobacco}\n" + strings.Repeat("- *a\n", 3000), "more than 600 entries"},
		"wrong keys": {many(20_000, func(i int) string { return fmt.Sprintf("alarm%d: []\n", i) }), "unknown key"},
		"rules too wide": {"triggers:\n" + many(500, func(i int) string {
			return trigger(fmt.Sprint("r", i), fmt.Sprintf("age_years > %d && infants > %d", i+9, i%9))
		}), "too many, or read too many facts"},
	} {
		src := small(t, smallRules)
		src.Files["zz.yaml"] = tc.text
		began := time.Now()
		_, err := triage.Compile(src)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %.300s", name, fmt.Sprint(err))
		}
		if took := time.Since(began); took > 8*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

// Sums and spans that turn around would move back whom they should bring forward.
func TestNumbersThatOverflowAreRefused(t *testing.T) {
	src := small(t, strings.Replace(smallRules, "points: 1\n", "points: 9223372036854775807\n", 1))
	if _, err := triage.Compile(src); err == nil || !strings.Contains(err.Error(), "at most 1000") {
		t.Error(err)
	}
	for name, text := range small(t, smallRules).Files {
		if i := strings.Index(text, "amount: "); i >= 0 {
			src := small(t, smallRules)
			src.Files[name] = text[:i] + "amount: 9000000000000000" + text[i+len("amount: "):]
			if _, err := triage.Compile(src); err == nil || !strings.Contains(err.Error(), "not above") {
				t.Errorf("%s: %v", name, err)
			}
			return
		}
	}
	t.Error("the small pack has no clock")
}

// What no rule may read must not come back under the name of another fact, or of a place.
func TestNobodyIsAskedForWhatMayNotWeigh(t *testing.T) {
	src := small(t, strings.Replace(smallRules, "name: The hills", "name: Immigrant streets", 1))
	if _, err := triage.Compile(src); err == nil || !strings.Contains(err.Error(), `name refers to "immigrant"`) {
		t.Error(err)
	}
	src = source(t, "baltimore")
	i := strings.Index(src.Files["facts.yaml"], "ask: ")
	src.Files["facts.yaml"] = src.Files["facts.yaml"][:i] + "ask: Are you an immigrant? #" + src.Files["facts.yaml"][i+len("ask: "):]
	if _, err := triage.Compile(src); err == nil || !strings.Contains(err.Error(), "under another name") {
		t.Error(err)
	}
}

// Values that were sent as lines: a 0 elsewhere gives it away, so that 1 is "several days" and no "not at all".
func TestAFormWrittenDownWronglyHidesNoAlarm(t *testing.T) {
	f := triage.Facts{Today: day(t, "2026-11-02"), Screenings: []triage.Screening{
		{Instrument: "phq9", Recorded: triage.RecordedLines, Items: items(0, 0, 1, 0, 0, 0, 0, 0, 1)}}}
	found, err := baltimore(t).Alarms(f)
	if err != nil || len(found) == 0 {
		t.Errorf("%v, %v", found, err)
	}
}

// No other answer opens a program that does not come to her address or has no agreement, and no last day is promised of it.
func TestNothingIsPromisedWhereNobodyComes(t *testing.T) {
	rs := baltimore(t)
	f := triage.Facts{Today: day(t, "2026-11-02"), Stage: triage.Prenatal, DueOn: ptr(day(t, "2027-04-20")), EarlierLiveBirths: ptr(1), LowIncome: triage.Yes}
	for name, spoil := range map[string]func(*triage.Place){
		"elsewhere":    func(p *triage.Place) { p.InArea = false },
		"no agreement": func(p *triage.Place) { p.AgreementValid = false },
	} {
		places := everyPlace(rs)
		for i := range places {
			spoil(&places[i])
		}
		for _, births := range []int{0, 1} {
			f.EarlierLiveBirths = &births
			d := decide(t, rs, f, places)
			said, err := rs.Counterfactuals(f, d)
			if err != nil || len(said) > 0 || len(d.Deadlines(f.Today)) > 0 {
				t.Errorf("%s: %+v, %+v, %v", name, said, d.Deadlines(f.Today), err)
			}
		}
	}
}

// Nobody reads that worse would have helped her: what is known of harm is never supposed otherwise.
func TestNoHarmIsSupposed(t *testing.T) {
	for _, condition := range []string{"homeless", "foster_care", "fetal_complication", "infants == 1", "congenital_anomaly"} {
		rs, err := triage.Compile(small(t, strings.Replace(smallRules, "when: earlier_live_births == 0", "when: "+condition, 1)))
		if err != nil {
			t.Fatal(err)
		}
		f := triage.Facts{Today: day(t, "2026-11-02"), Stage: triage.Prenatal, Homeless: triage.No, FosterCare: triage.No,
			FetalComplication: triage.No, CongenitalAnomaly: triage.No, Infants: ptr(2)}
		said, err := rs.Counterfactuals(f, decide(t, rs, f, everyPlace(rs)))
		if err != nil || len(said) > 0 {
			t.Errorf("%s: %+v, %v", condition, said, err)
		}
	}
}
