package referral

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/triage"
)

func TestRankKeyOrdersWork(t *testing.T) {
	day := func(d int) *civil.Date { return &civil.Date{Year: 2026, Month: 10, Day: d} }
	due := func(d int) *time.Time { return new(time.Date(2026, 10, d, 12, 0, 0, 0, time.UTC)) }
	low, high := uuid.MustParse("01000000-0000-7000-8000-000000000000"), uuid.MustParse("02000000-0000-7000-8000-000000000000")
	inOrder := []Case{
		{ID: low, Band: 0, ReceivedAt: noon},
		{ID: low, Band: 1, WindowClosesOn: day(20), NextDueAt: due(8), ReceivedAt: noon.Add(time.Hour)}, // due before the window closes
		{ID: low, Band: 1, WindowClosesOn: day(9), NextDueAt: due(15), ReceivedAt: noon},
		{ID: low, Band: 1, WindowClosesOn: day(10), ReceivedAt: noon},
		{ID: low, Band: 1, NextDueAt: due(10), ReceivedAt: noon.Add(time.Microsecond)},
		{ID: high, Band: 1, NextDueAt: due(10), ReceivedAt: noon.Add(time.Microsecond)},
		{ID: low, Band: 1, ReceivedAt: noon.Add(-time.Hour)}, // neither window nor promise
		{ID: low, Band: 2, WindowClosesOn: day(1), ReceivedAt: noon.Add(-time.Hour)},
		{ID: low, Band: lastBand, ReceivedAt: noon},
	}
	var keys []string
	for _, c := range inOrder {
		keys = append(keys, c.rankKey())
	}
	if !slices.IsSorted(keys) {
		t.Errorf("out of order:\n%s", strings.Join(keys, "\n"))
	}
}

func TestReferrerStatusByClass(t *testing.T) {
	reached := &noon
	for name, c := range map[string]struct {
		c    Case
		want string
	}{
		"in review":                {Case{Status: Review}, milestoneReceived},
		"reached by the hub":       {Case{Status: Outreach, ReachedAt: reached}, milestoneReached},
		"claimed, not reached yet": {Case{Status: Claimed}, milestoneReceived},
		"a visit is planned":       {Case{Status: Accepted, ReachedAt: reached}, milestoneReached},
		"enrolled":                 {Case{Status: Enrolled, ReachedAt: reached}, milestoneBeingServed},
		"closed":                   {Case{Status: Closed, Disposition: new(SaidNoForNow), ReachedAt: reached}, milestoneClosed},
		"a child died":             {Case{Status: Closed, Disposition: new(ChildDied)}, milestoneClosed},
		"not reached":              {Case{Status: Closed, Disposition: new(NotReached)}, milestoneNotReached},
	} {
		if got := ReferrerStatus(c.c, "clinical"); got != c.want {
			t.Errorf("%s: a clinic hears %s, want %s", name, got, c.want)
		}
		for _, class := range []string{"child_welfare", "court", "employer", "school", "community", ""} {
			if got := ReferrerStatus(c.c, class); got != milestoneReceived {
				t.Errorf("%s: %q hears %s", name, class, got)
			}
		}
	}
}

func TestReferencesHaveNoLookAlikesAndNoFavourites(t *testing.T) {
	const n = 20_000
	count := map[rune]int{}
	for range n {
		r := newReference()
		if len(r) != 9 || r[4] != '-' {
			t.Fatalf("got %q", r)
		}
		for _, letter := range strings.ReplaceAll(r, "-", "") {
			count[letter]++
		}
	}
	for letter := range count {
		if strings.ContainsRune("0O1IL2Z5S8BUV", letter) || !strings.ContainsRune(referenceLetters, letter) {
			t.Errorf("%q may be misread", letter)
		}
	}
	mean := float64(8*n) / float64(len(referenceLetters)) // about 7,000; six standard deviations are about 500
	for _, letter := range referenceLetters {
		if d := float64(count[letter]) - mean; d > 500 || d < -500 {
			t.Errorf("%q came %d times, want about %.0f", letter, count[letter], mean)
		}
	}
}

func TestMatchKeyIsExactIdentity(t *testing.T) {
	born, other := &civil.Date{Year: 1998, Month: 4, Day: 2}, &civil.Date{Year: 1998, Month: 4, Day: 3}
	key := matchKey("José María", "O'Neil-Díaz", born)
	for _, same := range [][2]string{{"JOSÉ MARÍA", "O’Neil Díaz"}, {"jose-maria", "oneildiaz"}, {"José María", "O'Neil-Díaz"}, {" Jose  Maria ", "O'NEIL-DIAZ"}} {
		if !bytes.Equal(matchKey(same[0], same[1], born), key) {
			t.Errorf("%q is not the same person", same)
		}
	}
	for name, different := range map[string][]byte{
		"another birth date": matchKey("José María", "O'Neil-Díaz", other),
		"another name":       matchKey("José Mario", "O'Neil-Díaz", born),
		"names swapped":      matchKey("O'Neil-Díaz", "José María", born),
		"another border":     matchKey("José", "María O'Neil-Díaz", born),
		"no birth date":      matchKey("José María", "O'Neil-Díaz", nil),
	} {
		if bytes.Equal(different, key) {
			t.Errorf("%s is the same person", name)
		}
	}
	if matchKey("Ana", "Li", nil) != nil {
		t.Error("a person without a birth date has a key")
	}
	if bytes.Equal(matchKey("محمد", "علي", born), matchKey("أحمد", "علي", born)) {
		t.Error("names in another script are all one")
	}
}

func TestReviewByBand(t *testing.T) {
	cal := office(t)
	clocks := &triage.Clocks{TriageUrgent: triage.Clock{Amount: 4, Unit: triage.BusinessHours}, Triage: triage.Clock{Amount: 1, Unit: triage.BusinessDays}}
	for _, c := range []struct {
		clocks *triage.Clocks
		band   int
		want   string
	}{{clocks, 0, "2026-10-06 14:00"}, {clocks, 1, "2026-10-06 14:00"}, {clocks, 2, "2026-10-07 17:00"}, {nil, 9, "2026-10-06 14:00"}} {
		if got := reviewBy(c.clocks, cal, c.band, at(t, cal, "2026-10-06 10:00")); !got.Equal(at(t, cal, c.want)) {
			t.Errorf("band %d: got %s, want %s", c.band, got.In(cal.Zone), c.want)
		}
	}
}
