package synthetic_test

import (
	"testing"

	"doorstep/referral/match"
	"doorstep/referral/match/synthetic"
)

func TestX(t *testing.T) {
	w, err := match.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	var in []match.Labelled
	pairs := synthetic.New(20000, 7).Pairs(40000)
	for _, p := range pairs {
		in = append(in, match.Labelled{A: p.A.Person, B: p.B.Person, Same: p.Same, Group: p.Group, Note: p.Kind})
	}
	r := match.NewScorer(w).Evaluate(in)
	p, c := r.All.Link()
	p2, c2 := r.All.Ask()
	t.Logf("link %.5f %.4f ask %.4f %.4f %+v", p, c, p2, c2, r.All)
	for _, k := range match.Keys(r.ByGroup) {
		p, c := r.ByGroup[k].Link()
		p2, c2 := r.ByGroup[k].Ask()
		t.Logf("%s link %.5f %.4f ask %.4f %.4f", k, p, c, p2, c2)
	}
	for _, k := range []string{"twins", "sisters", "mother and daughter", "namesakes", "birthday and group shared", "one shelter", "twin infants", "strangers"} {
		t.Logf("%s %+v", k, r.ByNote[k])
	}
	n := map[bool]int{}
	for _, x := range r.Wrong {
		q := in[x.Index]
		if n[q.Same]++; n[q.Same] < 25 {
			t.Logf("%v %s: %+v | %+v\n   %v", q.Same, q.Note, q.A, q.B, x.Score)
		}
	}
}
