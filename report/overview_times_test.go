package report

import "testing"

// The times of a group may stand beside a hidden number only when nobody can count from them who is missing.
func TestTimesBesideAHiddenNumber(t *testing.T) {
	for _, c := range []struct {
		cases int
		of    *int
		stand bool
	}{
		{12, new(40), true}, {11, new(22), true},
		{11, new(21), false}, // ten could be missing, not eleven
		{10, new(40), false}, // too few themselves
		{0, new(40), false}, {30, nil, false},
	} {
		s := withoutCount(Span{To: "reached", Cases: new(c.cases), MedianHours: new(5.0)}, c.of)
		if s.Cases != nil || s.To != "reached" || (s.MedianHours != nil) != c.stand {
			t.Errorf("%d of %v: %+v", c.cases, c.of, s)
		}
	}
}
