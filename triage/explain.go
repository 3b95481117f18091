package triage

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Explain tells the decision in plain words for staff, one sentence or two an
// item: what to do today, why this soon, each program with why or why not, what
// to ask, what comes next. It names no score and no answer of a form.
func (d Decision) Explain() []string {
	var out []string
	for _, a := range d.Alarms {
		out = append(out, "Act today. "+a.Text)
	}
	out = append(out, d.explainOrder()...)
	out = append(out, d.explainPoints()...)
	for i := range d.Programs {
		out = append(out, d.Programs[i].explain())
	}
	out = append(out, d.explainConnections()...)
	out = append(out, d.explainMissing()...)
	for _, f := range d.Flags {
		if text := flagText(f); text != "" {
			out = append(out, text)
		}
	}
	out = append(out, d.explainDraw()...)
	return append(out, d.explainNext()...)
}

func (d *Decision) explainOrder() []string {
	var out []string
	switch {
	case d.Band == 0:
		out = append(out, "She comes before all others because of the alarm.")
	case d.Band == 1 && d.Tier > 1:
		out = append(out, "Reach her first, because time for a program is running out.")
	default:
		out = append(out, "Her place in the order is "+d.TierName+".")
	}
	for _, f := range d.Fired {
		out = append(out, f.explain())
	}
	if len(d.Fired) == 0 && len(d.Alarms) == 0 {
		out = append(out, "Nothing on the form puts her ahead of others.")
	}
	return out
}

// explainMissing keeps what settles a program apart from what only moves her up:
// the second list can be long, and no worker should read it out to her.
func (d *Decision) explainMissing() []string {
	var first, later []string
	for _, m := range d.Missing {
		if m.For == ForOrder {
			later = append(later, m.Label)
		} else {
			first = append(first, m.Label)
		}
	}
	var out []string
	if len(first) > 0 {
		out = append(out, "Ask first: "+few(first, "Then"))
	}
	if len(later) > 0 {
		out = append(out, "May bring her forward, if it comes up: "+few(later, "Or"))
	}
	return out
}

// few makes sentences of at most five items each: nobody takes in seventeen.
func few(items []string, next string) string {
	var out []string
	for chunk := range slices.Chunk(each(items), 5) {
		out = append(out, list(chunk, "and")+".")
	}
	return strings.Join(out, " "+next+": ")
}

func (p *ProgramVerdict) explain() string {
	var b strings.Builder
	b.WriteString(p.Name)
	switch p.Verdict {
	case Eligible:
		b.WriteString(": she can go here.")
	case NeedsAnswer:
		b.WriteString(": we must ask first.")
	case ByPerson:
		b.WriteString(": a person decides.")
	default:
		b.WriteString(": not now.")
	}
	for _, r := range p.Reasons {
		switch {
		case p.Verdict == NotEligible && r.Met != No: // what is met or open no longer matters
		case p.Verdict == Eligible, r.Met != Yes, r.Assumed:
			b.WriteString(" " + r.Text)
		}
	}
	for _, n := range p.Notes {
		b.WriteString(" " + n)
	}
	if p.Verdict == NotEligible {
		return b.String()
	}
	if p.WindowClosesOn != nil {
		b.WriteString(" The first visit must be done by " + p.WindowClosesOn.String() + ".")
	}
	switch {
	case p.InArea == No:
		b.WriteString(" It does not serve her address.")
	case p.InArea == Unknown:
		b.WriteString(" We do not know if it serves her address.")
	}
	if !p.AgreementValid {
		b.WriteString(" It has no valid agreement, so nothing can be sent.")
	}
	if !p.HasPlace {
		b.WriteString(" It has no open place for her now.")
	}
	b.WriteString(p.explainWait())
	b.WriteString(p.explainAge())
	return b.String()
}

func (d *Decision) explainNext() []string {
	if d.Next == NextReview {
		var why []string
		for _, r := range d.ReviewReasons {
			why = append(why, reasonText(r))
		}
		return []string{"Next: a person looks at this first, because " + list(why, "and") + "."}
	}
	return []string{"Next: offer her " + list(d.names(d.Route[:min(3, len(d.Route))]), "or") + ". She chooses."}
}

// names turns program ids into model names.
func (d *Decision) names(ids []string) []string {
	var out []string
	for _, id := range ids {
		i := slices.IndexFunc(d.Programs, func(p ProgramVerdict) bool { return p.ProgramID == id })
		out = append(out, d.Programs[i].Name)
	}
	return out
}

func reasonText(code string) string {
	switch code {
	case ReviewAlarm:
		return "there is an alarm"
	case ReviewAreaUnknown:
		return "we do not know who serves her address"
	case ReviewNoPlace:
		return "no program that fits can take her now"
	case ReviewNeedsAnswer:
		return "answers are missing"
	case ReviewByPersonOnly:
		return "only a person can say if a program fits"
	default:
		return "no program fits what we know"
	}
}

func flagText(flag string) string {
	switch flag {
	case FlagDueDateUnknown:
		return "Ask when the baby is due: until we know, we act as if time were short."
	case FlagBirthDateUnknown:
		return "Ask when the baby was born: until we know, we act as if time were short."
	case FlagDueDatePassed:
		return "The due date has passed. Ask if the baby has come."
	case FlagSelfHarmNotScreened:
		return "She has not been asked about harming herself. That is not a no."
	case FlagDangerNotAsked:
		return "She has not been asked if she is safe now. That is not a yes."
	case FlagPreferenceNotOffered:
		return "She named a program that cannot take her now. Tell her why."
	default:
		return ""
	}
}

func number(n int) string { return strconv.Itoa(n) }

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return number(n) + " days"
}

// each leaves out what stands there already.
func each(items []string) []string {
	var once []string
	for _, s := range items {
		if !slices.Contains(once, s) {
			once = append(once, s)
		}
	}
	return once
}

// list joins items, each once: "a", "a or b", "a, b or c"; names that hold a comma
// themselves are kept apart by semicolons.
func list(items []string, word string) string {
	once := each(items)
	switch len(once) {
	case 0:
		return ""
	case 1:
		return once[0]
	default:
		last := len(once) - 1
		if last > 1 && strings.Contains(strings.Join(once, ""), ",") {
			return strings.Join(once[:last], "; ") + "; " + word + " " + once[last]
		}
		return strings.Join(once[:last], ", ") + " " + word + " " + once[last]
	}
}

// inside makes a sentence part of another: its first letter is small, unless it
// begins with letters that stand for a name.
func inside(text string) string {
	rs := []rune(text)
	if len(rs) > 1 && unicode.IsUpper(rs[0]) && !unicode.IsUpper(rs[1]) {
		rs[0] = unicode.ToLower(rs[0])
	}
	return string(rs)
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
