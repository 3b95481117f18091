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
