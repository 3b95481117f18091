package triage

import (
	"slices"
	"strings"
)

// candidate is one place with her verdict on it.
type candidate struct {
	verdict ProgramVerdict
	place   *Place
	closes  *Date
	open    []waiting // rules of set-asides that keep a place from her until she answers
	wish    int       // index in her preferences; their number when she named others or none
}

// route judges the places, ranks them and says what happens next.
func (rs *RuleSet) route(d *Decision, f *Facts, verdicts []verdict, places []Place, missing *missingAnswers) {
	all := make([]*candidate, len(places))
	for i := range places {
		all[i] = rs.at(&places[i], f, verdicts)
	}
	keys := rankKeys()
	slices.SortFunc(all, func(a, b *candidate) int { return compare(keys, a, b) })
	d.settleTies(all, keys, f.DrawSeed)
	d.Programs = make([]ProgramVerdict, len(all))
	d.Route = []string{}
	for i := range all {
		all[i].verdict.Rank = i + 1
		d.Programs[i] = all[i].verdict
		for _, w := range all[i].open {
			missing.add(ForProgram, w.rule, w.vars)
		}
		if all[i].routable() {
			d.Route = append(d.Route, all[i].verdict.ProgramID)
		}
	}
	if len(d.Route) > 1 {
		d.RunnerUp = d.Route[1]
	}
	d.ReviewReasons = reviewReasons(d, verdicts, len(places) == 0)
	d.Next = NextRoute
	if len(d.ReviewReasons) > 0 {
		d.Next = NextReview
	}
}

func (rs *RuleSet) at(p *Place, f *Facts, verdicts []verdict) *candidate {
	pv := ProgramVerdict{
		ProgramID: p.ProgramID, OrgID: p.OrgID, Code: p.Code, Name: p.Code,
		HasPlace: p.hasPlace(), AgreementValid: p.AgreementValid, LanguageMatch: speaks(p.Languages, f.SpokenLanguage),
	}
	if p.AreaKnown {
		pv.InArea = answerOf(p.InArea)
	}
	pv.age(rs.capacity, p, f.Today)
	c := &candidate{place: p, wish: len(f.PreferredPrograms)}
	for i, wish := range f.PreferredPrograms {
		if wish == p.ProgramID || wish == p.Code {
			c.wish = i
			break
		}
	}
	i := slices.IndexFunc(verdicts, func(v verdict) bool { return v.program.info.Code == p.Code })
	if i < 0 {
		// A program the pack has no rules for is not refused by their absence.
		pv.Verdict, pv.Reasons = ByPerson, []Reason{}
		pv.Notes = []string{"The rules say nothing about this program, so a person asks it."}
		c.verdict = pv
		return c
	}
	v := &verdicts[i]
	pv.Name, pv.Verdict, pv.Reasons, pv.Notes = v.program.info.Name, v.verdict, v.reasons, v.notes
	pv.WindowClosesOn, pv.LastSafeDay, pv.QuotaDate = v.bar, v.lastSafe, v.quota
	pv.InsideLastSafeDay, pv.Fit, pv.FitParts = v.inside, v.fit, v.parts
	pv.InArea = v.program.serves(pv.InArea, f.ZIP)
	c.verdict, c.closes = pv, v.closes
	c.keepPlaces(rs, v)
	if len(v.asides) == 0 { // a line that is passed over for others moves at no known pace
		c.verdict.stand(p)
	}
	return c
}

// speaks compares primary languages: "es-MX" and "es" are one.
func speaks(languages []string, hers string) Answer {
	if hers == "" || len(languages) == 0 {
		return Unknown
	}
	primary := func(tag string) string {
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		return base
	}
	return answerOf(slices.ContainsFunc(languages, func(l string) bool { return primary(l) == primary(hers) }))
}

func (c *candidate) routable() bool {
	v := &c.verdict
	return v.Verdict == Eligible && v.HasPlace && v.AgreementValid && v.InArea == Yes
}

// reviewReasons says why a person looks first; none when the route is clear.
// Without any place the verdicts on the codes speak instead.
func reviewReasons(d *Decision, verdicts []verdict, noPlaces bool) []string {
	reasons := []string{}
	add := func(when bool, reason string) {
		if when {
			reasons = append(reasons, reason)
		}
	}
	add(len(d.Alarms) > 0, ReviewAlarm)
	if len(d.Route) > 0 {
		return reasons
	}
	var unplaced, full, asks, person bool
	for i := range d.Programs {
		p := &d.Programs[i]
		eligible := p.Verdict == Eligible && p.InArea != No
		unplaced = unplaced || eligible && p.InArea == Unknown
		full = full || eligible && p.InArea == Yes
		asks = asks || p.Verdict == NeedsAnswer && p.InArea != No
		person = person || p.Verdict == ByPerson && p.InArea != No
	}
	for i := range verdicts {
		full = full || noPlaces && verdicts[i].verdict == Eligible
		asks = asks || noPlaces && verdicts[i].verdict == NeedsAnswer
		person = person || noPlaces && verdicts[i].verdict == ByPerson
	}
	add(unplaced, ReviewAreaUnknown)
	add(full, ReviewNoPlace)
	add(asks, ReviewNeedsAnswer)
	add(person && !unplaced && !full && !asks, ReviewByPersonOnly)
	add(!unplaced && !full && !asks && !person, ReviewNoProgramFits)
	return reasons
}

// offersPreferred reports whether everything she named is on the route.
func (d *Decision) offersPreferred(wishes []string) bool {
	for _, wish := range wishes {
		met := slices.ContainsFunc(d.Programs, func(p ProgramVerdict) bool {
			return (p.ProgramID == wish || p.Code == wish) && slices.Contains(d.Route, p.ProgramID)
		})
		if !met {
			return false
		}
	}
	return true
}
