package triage

// FreedDays is the time over which Place.FreedIn90Days counts.
const FreedDays = 90

// leastFreed places must have come free before a rate is read from them: of
// fewer, chance alone could double or halve it (the spread of a count of 3 is
// about 60 percent of it).
const leastFreed = 3

// stand says how long she would wait, where waiting is what she can do: it fits,
// takes families from its line, and has no place for her.
func (pv *ProgramVerdict) stand(p *Place) {
	inLine := p.Intake == IntakeWaitlist || p.Intake == IntakeOpen && p.Free <= 0
	if pv.Verdict != Eligible || pv.InArea == No || !pv.AgreementValid || !inLine {
		return
	}
	n := max(0, p.Waiting)
	pv.Waiting = &n
	if p.FreedIn90Days >= leastFreed {
		// She stands behind all of them: who comes earlier by band waits less.
		wait := ((n+1)*FreedDays + p.FreedIn90Days - 1) / p.FreedIn90Days
		pv.ExpectedWaitDays = &wait
	}
}

// explainWait tells the truth about the line, which may be that nobody knows.
func (pv *ProgramVerdict) explainWait() string {
	if pv.Waiting == nil {
		return ""
	}
	var text string
	switch n := *pv.Waiting; n {
	case 0:
		text = " Nobody else waits for it."
	case 1:
		text = " 1 other family waits for it."
	default:
		text = " " + number(n) + " other families wait for it."
	}
	if pv.ExpectedWaitDays == nil {
		return text + " There is no history to say how long."
	}
	return text + " At the pace of the last 90 days she may wait about " + span(*pv.ExpectedWaitDays) + "."
}

// span rounds up to what a person would say aloud.
func span(n int) string {
	if n <= 14 {
		return days(n)
	}
	if n <= 90 {
		return number((n+6)/7) + " weeks"
	}
	return number((n+29)/30) + " months"
}
