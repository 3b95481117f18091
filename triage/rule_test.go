package triage

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// What is read without CEL gives what CEL gives, the missing answers among it.
func TestRulesReadWithoutCELAgreeWithIt(t *testing.T) {
	rs := benchRules(t)
	var short []rule
	for i := range rs.programs {
		short = append(short, rs.programs[i].eligibility...)
		short = append(short, rs.programs[i].fit...)
	}
	for _, r := range append(short, rs.triggers...) {
		if !r.anyOf {
			continue
		}
		rapid.Check(t, func(t *rapid.T) {
			var f Facts
			for _, row := range f.namedAnswers() {
				*row.field = rapid.SampledFrom([]Answer{Unknown, Yes, No}).Draw(t, row.name)
			}
			in := rs.answersOf(&f, nil)
			got, err := r.eval(in)
			if err != nil {
				t.Fatal(err)
			}
			slow := r
			slow.anyOf = false
			want, err := slow.eval(in)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %+v, CEL says %+v (%v)", r.id, got, want, err)
			}
		})
	}
}
