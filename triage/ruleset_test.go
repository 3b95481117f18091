package triage_test

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"doorstep/triage"
)

func TestRuleSetIsSafeForConcurrentUse(t *testing.T) {
	rs := baltimore(t)
	f := firstTimeMother()
	f.Tobacco = triage.Yes
	want := asJSON(t, decide(t, rs, f, openPlaces()))
	var wg sync.WaitGroup
	got := make([]triage.Decision, 8)
	for i := range got {
		wg.Go(func() {
			for range 20 {
				got[i], _ = rs.Decide(f, openPlaces())
			}
		})
	}
	wg.Wait()
	for _, d := range got {
		if asJSON(t, d) != want {
			t.Fatal("decisions made at once differ")
		}
	}
}

// The names of the JSON, of the rules and of SetAnswer are one.
func TestAnswerNamesAreTheJSONNames(t *testing.T) {
	names := triage.AnswerNames()
	if !slices.IsSorted(names) {
		t.Error("not in order")
	}
	fields := 0
	for i := range reflect.TypeFor[triage.Facts]().NumField() {
		field := reflect.TypeFor[triage.Facts]().Field(i)
		if field.Type != reflect.TypeFor[triage.Answer]() {
			continue
		}
		fields++
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		var f triage.Facts
		if err := f.SetAnswer(name, triage.Yes); err != nil {
			t.Error(err)
			continue
		}
		if got := reflect.ValueOf(f).Field(i).Interface(); got != triage.Yes {
			t.Errorf("%s sets another field", name)
		}
		if field.Tag.Get("yaml") != name || !slices.Contains(names, name) {
			t.Errorf("%s has another name elsewhere", name)
		}
	}
	if fields != len(names) {
		t.Errorf("%d fields, %d names", fields, len(names))
	}
	if err := new(triage.Facts).SetAnswer("race", triage.Yes); err == nil {
		t.Error("set an answer that does not exist")
	}
}

func TestVocabularyHoldsNothingForbidden(t *testing.T) {
	for _, f := range triage.Vocabulary() {
		for _, word := range []string{"race", "ethnic", "nation", "immigra", "citizen", "birth_country"} {
			if strings.Contains(f.Name, word) {
				t.Errorf("fact %s", f.Name)
			}
		}
		if f.Label == "" {
			t.Errorf("%s has no label", f.Name)
		}
	}
}

func TestClocksAndFirstContact(t *testing.T) {
	rs := baltimore(t)
	c := rs.Clocks()
	if c.FirstAttempt.Amount != 2 || c.FirstAttempt.Unit != triage.BusinessDays || c.FirstVisit.Amount != 10 ||
		c.VisitDrought.Amount != 21 || c.Attempts.AtLeast != 3 || c.Attempts.Channels != 2 {
		t.Errorf("%+v", c)
	}
	c.AlarmLadder[0].AfterMinutes = 99
	if rs.Clocks().AlarmLadder[0].AfterMinutes != 0 {
		t.Error("a caller can change the rule set")
	}
	if got := rs.FirstContact("hospital", triage.Postpartum); got.By != triage.ContactByAgency || got.Source == "" {
		t.Errorf("%+v", got)
	}
	if got := rs.FirstContact("clinic", triage.Prenatal); got.By != triage.ContactByHub || got.Source == "" {
		t.Errorf("%+v", got)
	}
	byRule := 0
	for _, p := range rs.Programs() {
		if !p.ByPerson {
			byRule++
		}
	}
	if n := len(rs.Programs()); n != 11 || byRule != 6 {
		t.Errorf("%d programs, %d decided by rules", n, byRule)
	}
}

func TestDates(t *testing.T) {
	d := day(t, "2026-01-31")
	if got := d.AddMonths(1); got != day(t, "2026-02-28") {
		t.Errorf("a month on: %s", got)
	}
	if got := d.AddMonths(-2); got != day(t, "2025-11-30") {
		t.Errorf("two months back: %s", got)
	}
	if got := day(t, "2028-03-01").Since(day(t, "2028-02-28")); got != 2 {
		t.Errorf("leap day: %d", got)
	}
	for _, bad := range []string{"2026-02-30", "2026-1-1", "", "2026-01-01T00:00:00Z"} {
		if _, err := triage.ParseDate(bad); err == nil {
			t.Errorf("%q parsed", bad)
		}
	}
	if (triage.Date{}).IsValid() {
		t.Error("the zero date is a day")
	}
}
