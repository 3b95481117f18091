package triage

import (
	"cmp"
	"slices"
)

// score reads every screening whose form is known, in an order that does not
// depend on how the facts list them. Impossible item values are held to the
// form's range here; Decide refuses them beforehand.
func (rs *RuleSet) score(f *Facts) []Score {
	out := make([]Score, 0, len(f.Screenings))
	for i := range f.Screenings {
		s := &f.Screenings[i]
		for j := range rs.forms {
			if rs.forms[j].ID == s.Instrument {
				out = append(out, rs.forms[j].score(s))
			}
		}
	}
	slices.SortFunc(out, compareScores)
	return out
}

func (form *Instrument) score(s *Screening) Score {
	sc := Score{Instrument: form.ID, GivenOn: s.GivenOn, Items: form.Items, Cutoff: form.Cutoff}
	for i := range form.Items {
		if i >= len(s.Items) || s.Items[i] == nil {
			sc.Min += form.Min
			sc.Max += form.Max
			continue
		}
		v := form.value(s.Recorded, i, *s.Items[i])
		sc.Min += v
		sc.Max += v
		sc.Answered++
	}
	sc.Complete = sc.Answered == form.Items
	switch {
	case sc.Min >= form.Cutoff:
		sc.Positive = Yes
	case sc.Max < form.Cutoff:
		sc.Positive = No
	}
	if n := form.SelfHarmItem; n > 0 {
		a := Unknown
		if len(s.Items) >= n && s.Items[n-1] != nil {
			a = answerOf(!form.lowest(s.Recorded, n-1, *s.Items[n-1]) || form.mislabelled(s))
		}
		sc.SelfHarm = &a
	}
	return sc
}

// fromScores joins several screenings of one form. Any positive counts: a later
// negative never takes back an earlier positive. A form never given, or left
// open, is unknown.
func fromScores(id string, scores []Score) (positive, selfHarm Answer) {
	given, open := false, false
	for i := range scores {
		sc := &scores[i]
		if sc.Instrument != id {
			continue
		}
		given = true
		if sc.Positive == Yes {
			positive = Yes
		}
		open = open || sc.Positive == Unknown
		if sc.SelfHarm != nil {
			selfHarm = worst(selfHarm, *sc.SelfHarm)
		}
	}
	if given && !open && positive == Unknown {
		positive = No
	}
	return positive, selfHarm
}

func compareScores(a, b Score) int {
	harm := func(s Score) int {
		if s.SelfHarm == nil {
			return -1
		}
		return int(*s.SelfHarm)
	}
	return cmp.Or(
		cmp.Compare(a.Instrument, b.Instrument), compareDates(a.GivenOn, b.GivenOn),
		cmp.Compare(a.Min, b.Min), cmp.Compare(a.Max, b.Max), cmp.Compare(a.Answered, b.Answered), harm(a)-harm(b),
	)
}

// compareDates puts a missing date last.
func compareDates(a, b *Date) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	default:
		return a.compare(*b)
	}
}
