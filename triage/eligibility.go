package triage

import "slices"

// verdict is one program code judged for her, before any place is looked at.
type verdict struct {
	program *program
	verdict Verdict
	reasons []Reason
	notes   []string
	fit     int
	parts   []FitPart

	bar, quota, lastSafe *Date
	// closes is what orders work: the sooner of bar and quota, today when the
	// date it counts from is missing.
	closes *Date
	inside bool
	asides []outcome // of each set-aside of the program, in its order
}

// judge looks at the programs that the network has, and without any place at all
// of the pack: what nobody runs here neither presses the order of work nor asks
// her anything.
func (rs *RuleSet) judge(f *Facts, in *answers, stops []*stop, places []Place, missing *missingAnswers) ([]verdict, error) {
	out := make([]verdict, 0, len(rs.programs))
	for i := range rs.programs {
		code := rs.programs[i].info.Code
		if len(places) > 0 && !slices.ContainsFunc(places, func(p Place) bool { return p.Code == code }) {
			continue
		}
		v := verdict{program: &rs.programs[i]}
		if !v.stopped(stops) {
			if err := rs.judgeOne(&v, f, in, missing); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
	}
	return out, nil
}

func (rs *RuleSet) judgeOne(v *verdict, f *Facts, in *answers, missing *missingAnswers) error {
	p := v.program
	v.reasons = make([]Reason, 0, len(p.eligibility)+len(p.windows))
	refused, open, person := false, false, p.info.ByPerson
	waiting := make([]outcome, len(p.eligibility))
	for i := range p.eligibility {
		r := &p.eligibility[i]
		out, err := r.eval(in)
		if err != nil {
			return err
		}
		waiting[i] = out
		refused = refused || out.met == No && !r.byPerson
		person = person || out.met == No && r.byPerson
		open = open || out.met == Unknown
		v.reasons = append(v.reasons, rs.reason(r, out))
	}
	late := rs.judgeWindows(v, f)
	switch {
	case refused || late:
		v.verdict = NotEligible
		return nil // what is missing no longer matters here, nor do fit and notes
	case open:
		v.verdict = NeedsAnswer
	case person:
		v.verdict = ByPerson
	default:
		v.verdict = Eligible
	}
	for i := range waiting {
		missing.add(ForProgram, p.eligibility[i].id, waiting[i].missing)
	}
	for i := range p.windows {
		if _, known := p.windows[i].closesOn(f); !known {
			missing.add(ForProgram, p.windows[i].id, []int{p.windows[i].needs})
		}
	}
	if err := rs.soften(v, in); err != nil {
		return err
	}
	for i := range p.asides {
		out, err := p.asides[i].rule.eval(in)
		if err != nil {
			return err
		}
		v.asides = append(v.asides, out)
	}
	return nil
}

func (rs *RuleSet) reason(r *rule, out outcome) Reason {
	reason := Reason{RuleID: r.id, Met: out.met, Text: r.text, Source: r.source, Assumed: out.assumed}
	if out.met == No {
		reason.Text = r.whyNot
	}
	if ask := rs.words.askable(out.missing); len(ask) > 0 {
		reason.Missing = rs.words.names(ask)
		if out.met == Unknown {
			reason.Text = "Not known yet: ask about " + rs.labels(ask) + "."
		}
	}
	return reason
}

// labels joins what to ask about, each once.
func (rs *RuleSet) labels(vars []int) string {
	var items []string
	for _, v := range vars {
		items = append(items, rs.words.facts[v].Label)
	}
	return list(items, "or")
}

// judgeWindows places the windows that are running for her and reports whether
// one that bars has closed.
func (rs *RuleSet) judgeWindows(v *verdict, f *Facts) (late bool) {
	for i := range v.program.windows {
		w := &v.program.windows[i]
		last, known := w.closesOn(f)
		switch {
		case !known:
			// A date nobody has is treated as one about to pass: losing the
			// place for want of a question is the worse mistake.
			today := f.Today
			v.closes, v.inside = &today, true
			if !w.quota {
				v.reasons = append(v.reasons, Reason{
					RuleID: w.id, Met: Yes, Assumed: true, Source: w.source, Missing: rs.words.names([]int{w.needs}),
					Text: "Ask about " + rs.words.facts[w.needs].Label + " first: until it is known, act as if the window were closing.",
				})
			}
		case last == nil:
		case w.quota:
			if f.Today.After(*last) {
				v.notes = append(v.notes, w.whyNot)
				continue
			}
			v.quota = sooner(v.quota, last)
			v.closes = sooner(v.closes, last)
			v.notes = append(v.notes, w.text)
		default:
			r := Reason{RuleID: w.id, Met: answerOf(!f.Today.After(*last)), Text: w.text, Source: w.source}
			if r.Met == No {
				r.Text, late = w.whyNot, true
			}
			v.reasons = append(v.reasons, r)
			v.bar = sooner(v.bar, last)
			v.closes = sooner(v.closes, last)
		}
	}
	if v.closes != nil && !v.inside {
		safe := v.closes.AddDays(-v.program.info.LeadDays)
		v.lastSafe = &safe
		v.inside = !late && !f.Today.Before(safe)
	}
	return late
}

func sooner(a, b *Date) *Date {
	if compareDates(b, a) < 0 {
		return b
	}
	return a
}

// soften adds fit points and notes; neither can change the verdict.
func (rs *RuleSet) soften(v *verdict, in *answers) error {
	for i := range v.program.fit {
		r := &v.program.fit[i]
		out, err := r.eval(in)
		if err != nil {
			return err
		}
		if out.met == Yes {
			v.fit++
			v.parts = append(v.parts, FitPart{RuleID: r.id, Points: 1, Text: r.text, Source: r.source})
		}
	}
	for i := range v.program.notes {
		out, err := v.program.notes[i].eval(in)
		if err != nil {
			return err
		}
		if out.met == Yes {
			v.notes = append(v.notes, v.program.notes[i].text)
		}
	}
	return nil
}
