package triage_test

import "testing"

func TestTheWaitIsSaidWhereThereIsHistory(t *testing.T) {
	for _, tc := range []struct {
		name           string
		intake         string
		free           int
		waiting, freed int
		agreement      bool
		line           *int
		wait           *int
	}{
		{"one place every thirty days, she is the third", "open", 0, 2, 3, true, ptr(2), ptr(90)},
		{"part of a day is a day", "open", 0, 0, 7, true, ptr(0), ptr(13)},
		{"too little history", "open", 0, 2, 2, true, ptr(2), nil},
		{"none", "waitlist", 0, 0, 0, true, ptr(0), nil},
		{"a free place that goes to the line first", "waitlist", 2, 1, 9, true, ptr(1), ptr(20)},
		{"more taken than funded", "open", -2, 1, 9, true, ptr(1), ptr(20)},
		{"a free place", "open", 1, 4, 9, true, nil, nil},
		{"takes nobody", "closed", 0, 4, 9, true, nil, nil},
		{"may not be told of her", "open", 0, 4, 9, false, nil, nil},
	} {
		places := equals(1)
		p := &places[0]
		p.Intake, p.Free, p.Waiting, p.FreedIn90Days, p.AgreementValid = tc.intake, tc.free, tc.waiting, tc.freed, tc.agreement
		got := decide(t, baltimore(t), firstTimeMother(), places).Programs[0]
		if !same(got.Waiting, tc.line) || !same(got.ExpectedWaitDays, tc.wait) {
			t.Errorf("%s: line %v, wait %v", tc.name, text(got.Waiting), text(got.ExpectedWaitDays))
		}
	}
	f := firstTimeMother()
	f.EarlierLiveBirths = ptr(1)
	places := equals(1)
	places[0].Free, places[0].Waiting, places[0].FreedIn90Days = 0, 2, 9
	if got := decide(t, baltimore(t), f, places).Programs[0]; got.Waiting != nil {
		t.Error("a wait for what does not fit")
	}
}

func TestTheShorterLineComesFirst(t *testing.T) {
	places := equals(3)
	for i, line := range [][2]int{{4, 2}, {5, 10}, {1, 0}} { // families, places freed: 2, 0.5 and 1 a place
		places[i].Free, places[i].Waiting, places[i].FreedIn90Days = 0, line[0], line[1]
	}
	d := decide(t, baltimore(t), firstTimeMother(), places)
	for i, want := range []string{"site-1", "site-2", "site-0"} {
		if d.Programs[i].ProgramID != want {
			t.Errorf("rank %d: %s, want %s", i+1, d.Programs[i].ProgramID, want)
		}
	}
}

func same(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }

func text(n *int) any {
	if n == nil {
		return "none"
	}
	return *n
}
