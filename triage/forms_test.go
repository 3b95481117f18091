package triage_test

import (
	"slices"
	"strings"
	"testing"

	"doorstep/triage"
)

// One answer below each cut-off and at it, with what each lets happen.
func TestThresholdsOfTheForms(t *testing.T) {
	rs := baltimore(t)
	for _, tc := range []struct {
		form      string
		below, at []*int
		rule      string
	}{
		{"ahc_safety", items(3, 3, 3, 1), items(3, 3, 3, 2), "screen_safety"},
		{"hits", items(3, 2, 2, 2), items(3, 3, 2, 2), "screen_safety"},
		{"ehits", items(2, 1, 1, 1, 1), items(3, 1, 1, 1, 1), "screen_safety"},
		{"pvs", items(0, 0, 0), items(0, 0, 1), "screen_safety"},
		{"five_ps", items(0, 0, 0, 0, 0, 0), items(0, 0, 1, 0, 0, 0), "screen_five_ps"},
		{"gad7", items(1, 1, 1, 1, 1, 1, 1), items(2, 1, 1, 1, 1, 1, 1), "screen_gad7"},
	} {
		fired := func(given []*int) string {
			d := decide(t, rs, triage.Facts{Today: today, Screenings: []triage.Screening{{Instrument: tc.form, Items: given}}}, nil)
			var out []string
			for _, f := range d.Fired {
				out = append(out, f.RuleID)
			}
			return strings.Join(out, " ")
		}
		if got := fired(tc.below); got != "" {
			t.Errorf("%s below its cut-off: %s", tc.form, got)
		}
		if got := fired(tc.at); got != tc.rule {
			t.Errorf("%s at its cut-off: %q", tc.form, got)
		}
	}
}

// Somebody else's use is no need of hers: it opens neither a program nor a
// suggestion, and no text says that she uses anything.
func TestFivePsOpensATalkAndNothingElse(t *testing.T) {
	rs := baltimore(t)
	f := triage.Facts{Today: today, Stage: triage.Prenatal}
	without := decide(t, rs, f, openPlaces())
	for i := range 6 {
		answers := items(0, 0, 0, 0, 0, 0)
		answers[i] = ptr(1)
		f.Screenings = []triage.Screening{{Instrument: "five_ps", Items: answers}}
		d := decide(t, rs, f, openPlaces())
		if len(d.Fired) != 1 || d.Tier != 2 || strings.Contains(d.Fired[0].Text, "use") {
			t.Errorf("item %d: %+v", i+1, d.Fired)
		}
		if asJSON(t, d.Programs) != asJSON(t, without.Programs) || len(d.Connections) != 0 {
			t.Errorf("item %d changes what she is offered", i+1)
		}
	}
}

func TestLines(t *testing.T) {
	rs := baltimore(t)
	same := func(name, form string, values, lines []*int) {
		of := func(recorded string, given []*int) triage.Score {
			f := triage.Facts{Today: today, Screenings: []triage.Screening{{Instrument: form, Recorded: recorded, Items: given}}}
			return decide(t, rs, f, nil).Scores[0]
		}
		if a, b := of("values", values), of("lines", lines); asJSON(t, a) != asJSON(t, b) {
			t.Errorf("%s: values say %+v, lines %+v", name, a, b)
		}
	}
	same("first lines", "epds", items(0, 0, 3, 0, 3, 3, 3, 3, 3, 3), items(1, 1, 1, 1, 1, 1, 1, 1, 1, 1))
	same("last lines", "epds", items(3, 3, 0, 3, 0, 0, 0, 0, 0, 0), items(4, 4, 4, 4, 4, 4, 4, 4, 4, 4))
	same("partly answered", "epds", items(-1, 1, 2, -1, 1, 0, 0, 0, 0, -1), items(-1, 2, 2, -1, 3, 4, 4, 4, 4, -1))
	same("from one to five", "hits", items(1, 2, 4, 5), items(1, 2, 4, 5))
	same("none reversed", "phq9", items(0, 1, 2, 3, 0, 0, 0, 0, 0), items(1, 2, 3, 4, 1, 1, 1, 1, 1))
}

// Only the one answer that says "never", written as that form is written, is no
// alarm; whatever else stands there is looked at by a person.
func TestNoSlipHidesAnAlarm(t *testing.T) {
	rs := baltimore(t)
	for _, tc := range []struct {
		form, recorded string
		item, never    int
	}{
		{"epds", "", 10, 0}, {"epds", "values", 10, 0}, {"epds", "lines", 10, 4}, {"phq9", "values", 9, 0}, {"phq9", "lines", 9, 1},
		{"epds", "upside down", 10, 99},
	} {
		for written := -2; written <= 6; written++ {
			answers := make([]*int, tc.item)
			answers[tc.item-1] = ptr(written)
			f := triage.Facts{Today: today, Screenings: []triage.Screening{{Instrument: tc.form, Recorded: tc.recorded, Items: answers}}}
			alarms, err := rs.Alarms(f)
			if err != nil || len(alarms) == 1 != (written != tc.never) {
				t.Errorf("%s %q, %d written: %d alarms, %v", tc.form, tc.recorded, written, len(alarms), err)
			}
		}
	}
}

func TestRecordedIsChecked(t *testing.T) {
	rs := baltimore(t)
	for name, s := range map[string]triage.Screening{
		"no such way":         {Instrument: "epds", Recorded: "sums", Items: items(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
		"no line 0":           {Instrument: "epds", Recorded: "lines", Items: items(0, 1, 1, 1, 1, 1, 1, 1, 1, 4)},
		"no line 5":           {Instrument: "epds", Recorded: "lines", Items: items(5, 1, 1, 1, 1, 1, 1, 1, 1, 4)},
		"no value 4":          {Instrument: "epds", Items: items(4, 1, 1, 1, 1, 1, 1, 1, 1, 0)},
		"yes or no by line":   {Instrument: "pvs", Recorded: "lines", Items: items(1, 1, 2)},
		"from one to five: 0": {Instrument: "hits", Items: items(0, 1, 1, 1)},
	} {
		if _, err := rs.Decide(triage.Facts{Today: today, Screenings: []triage.Screening{s}}, nil); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestPositiveByTopic(t *testing.T) {
	rs := baltimore(t)
	given := []triage.Screening{{Instrument: "hits", Items: items(5, 4, -1, -1)}, {Instrument: "five_ps", Items: items(0, 0, 0, 0, 0, 0)}, {Instrument: "?"}}
	for topic, want := range map[string]bool{triage.TopicSafety: true, "mood": false, "substance_use": false} {
		if rs.Positive(topic, given) != want {
			t.Errorf("%s: not %v", topic, want)
		}
	}
}

func TestFormRefusals(t *testing.T) {
	for _, tc := range []struct{ name, file, old, new, want string }{
		{"topic", "instruments.yaml", "topic: worry", "topic: gloom", `topic: "gloom"`},
		{"item that is not there", "instruments.yaml", "reversed: [3,", "reversed: [11,", "no item 11"},
		{"item twice", "instruments.yaml", "reversed: [3, 5,", "reversed: [3, 3,", "no item 3"},
		{"5Ps as a need", "programs.yaml", "          substance_use || mental_health", "          five_ps_positive || mental_health", "only opens a talk"},
		{"5Ps as a suggestion", "connections.yaml", "suggest_when: substance_use", "suggest_when: five_ps_positive", "only opens a talk"},
		{"5Ps as an alarm", "alarms.yaml", "when: danger_now", "when: five_ps_positive", "only opens a talk"},
	} {
		src, err := triage.Embedded("baltimore")
		if err != nil {
			t.Fatal(err)
		}
		src.Files[tc.file] = strings.Replace(src.Files[tc.file], tc.old, tc.new, 1)
		if _, err := triage.Compile(src); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// A last day of a program that nobody runs here hurries nobody, and nobody is
// asked for its sake.
func TestOnlyProgramsOfTheNetworkPress(t *testing.T) {
	rs := baltimore(t)
	born := today.AddMonths(-3)
	f := triage.Facts{Today: today, Stage: triage.Postpartum, BabyBornOn: &born, Homeless: triage.Yes}
	hfa := triage.Place{ProgramID: "a", Code: "hfa_traditional", InArea: true, AreaKnown: true, Intake: triage.IntakeOpen, Free: 1, AgreementValid: true}
	ehs := hfa
	ehs.Code = "early_head_start"
	medicaid := hfa
	medicaid.ProgramID, medicaid.Code, medicaid.Intake = "b", "hfa_medicaid", triage.IntakeClosed
	if d := decide(t, rs, f, []triage.Place{ehs}); d.Band != 2 || missing(d, "insurance") || *d.EarliestWindow != born.AddMonths(36).AddDays(-1) {
		t.Errorf("band %d, window %v, missing %v", d.Band, d.EarliestWindow, d.Missing)
	}
	if d := decide(t, rs, f, []triage.Place{ehs, medicaid}); d.Band != 1 || !missing(d, "insurance") || *d.EarliestWindow != today {
		t.Errorf("with a place, though it is closed: band %d, window %v, missing %v", d.Band, d.EarliestWindow, d.Missing)
	}
	if d := decide(t, rs, f, nil); d.Band != 1 || *d.EarliestWindow != today {
		t.Errorf("without places the whole pack speaks: band %d, window %v", d.Band, d.EarliestWindow)
	}
}

func TestOrigins(t *testing.T) {
	rs := baltimore(t)
	f := triage.Facts{Today: today, Tobacco: triage.Yes, UnstableHousing: triage.Yes, Homeless: triage.No, AgeYears: ptr(17)}
	bare := decide(t, rs, f, nil)
	f.Origins = map[string]string{"tobacco": "referrer", "unstable_housing": "family", "homeless": "referrer", "age_years": "computed"}
	d := decide(t, rs, f, nil)
	words := strings.Join(d.Explain(), "\n")
	for _, want := range []string{"She uses tobacco. (From the referrer.)\n", "may lose the one she has.\n", "She is a teenager.\n"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not in\n%s", want, words)
		}
	}
	for i := range d.Fired {
		for j := range d.Fired[i].Inputs {
			in := &d.Fired[i].Inputs[j]
			if in.Origin != f.Origins[in.Name] {
				t.Errorf("%+v", in)
			}
			in.Origin = ""
		}
	}
	if asJSON(t, d) != asJSON(t, bare) {
		t.Error("where an answer came from changes the decision")
	}
	for name, bad := range map[string]map[string]string{"no such fact": {"shoe_size": "family"}, "no such origin": {"tobacco": "a neighbour"}} {
		f.Origins = bad
		if _, err := rs.Decide(f, nil); err == nil || strings.Contains(err.Error(), "neighbour") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if slices.ContainsFunc(triage.Vocabulary(), func(f triage.Fact) bool { return strings.Contains(f.Name, "origin") }) {
		t.Error("a rule can read where an answer came from")
	}
}
