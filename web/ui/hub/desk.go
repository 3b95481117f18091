package hub

import (
	"slices"

	"doorstep/triage"
	"doorstep/web/ui"
)

func lookOf(v triage.Verdict) ui.Look {
	switch v {
	case triage.Eligible:
		return ui.Good
	case triage.NeedsAnswer, triage.ByPerson:
		return ui.Soon
	}
	return ui.Plain
}

// facts are what the triggers read, each once, with who said so.
func (d desk) facts() []triage.Input {
	var out []triage.Input
	if d.why == nil {
		return nil
	}
	for _, f := range d.why.Decision.Fired {
		for _, in := range f.Inputs {
			if !slices.ContainsFunc(out, func(o triage.Input) bool { return o.Name == in.Name }) {
				out = append(out, in)
			}
		}
	}
	return out
}

func originOf(in triage.Input) string {
	if in.Origin == "" {
		return "unknown"
	}
	return in.Origin
}

// missing are the answers that nobody gave: those that could settle a program or raise an alarm, or those that only move the case in the order.
func (d desk) missing(settling bool) (out []triage.MissingAnswer) {
	for _, m := range d.why.Decision.Missing {
		if (m.For != triage.ForOrder) == settling {
			out = append(out, m)
		}
	}
	return out
}
