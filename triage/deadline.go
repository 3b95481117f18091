package triage

import "strconv"

// Deadline is the last day of one program for her, as it stands on the day on
// which somebody looks.
type Deadline struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Until    Date   `json:"until"`     // inclusive: a first visit on this day is in time
	DaysLeft int    `json:"days_left"` // 0 on the last day; below 0 when it is over
	Text     string `json:"text"`
}

// Deadlines lists the windows that are running for her, and those that closed
// and were all that kept her out. They are counted from today and not from the
// day of the decision, so that nobody reads nine days where five are left.
func (d Decision) Deadlines(today Date) []Deadline {
	out := []Deadline{}
	seen := map[string]bool{}
	for i := range d.Programs {
		p := &d.Programs[i]
		if p.WindowClosesOn == nil || seen[p.Code] || !p.mayTakeHer() || p.Verdict == NotEligible && !p.onlyLate(d.Today) {
			continue
		}
		seen[p.Code] = true
		line := Deadline{Code: p.Code, Name: p.Name, Until: *p.WindowClosesOn, DaysLeft: p.WindowClosesOn.Since(today)}
		line.Text = line.say(p.Verdict, today)
		out = append(out, line)
	}
	return out
}

// onlyLate: the window that closed is the one thing that is not met.
func (p *ProgramVerdict) onlyLate(decided Date) bool {
	refused := 0
	for _, r := range p.Reasons {
		if r.Met == No {
			refused++
		}
	}
	return refused == 1 && decided.After(*p.WindowClosesOn)
}

// countedDays is how far ahead days are counted aloud.
const countedDays = 120

func (l *Deadline) say(v Verdict, today Date) string {
	day := l.Until.spoken(today)
	if l.DaysLeft < 0 {
		return l.Name + " was possible until " + day + "."
	}
	left := ", " + days(l.DaysLeft) + " left"
	switch {
	case l.DaysLeft == 0:
		left = ", the last day is today"
	case l.DaysLeft > countedDays:
		left = ""
	}
	switch v {
	case NeedsAnswer:
		return "If the answers fit, she can go to " + l.Name + " until " + day + left + "."
	case ByPerson:
		return "If a person says yes, she can go to " + l.Name + " until " + day + left + "."
	default:
		return "She can go to " + l.Name + " until " + day + left + "."
	}
}

// spoken is a day as people say it, with the year when it is not the one of today.
func (d Date) spoken(today Date) string {
	text := strconv.Itoa(d.Day) + " " + d.Month.String()
	if d.Year != today.Year {
		text += " " + strconv.Itoa(d.Year)
	}
	return text
}
