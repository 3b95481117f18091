package triage

import "slices"

// FirstAttemptRule limits how late a first attempt may be for some families; an
// empty field matches any.
type FirstAttemptRule struct {
	SourceKind string `json:"source_kind,omitempty" yaml:"source_kind"` // see ContactRule
	Stage      Stage  `json:"stage,omitempty" yaml:"stage"`
	// Discharged: only families whose day of discharge is known.
	Discharged bool `json:"discharged,omitempty" yaml:"discharged"`
	Clock      `yaml:",inline"`
}

// FirstAttempt is the strictest clock of a first attempt that applies to a
// family: the general one, the one from discharge when that day is known, and
// the pack's rules for her kind of source and stage. Its FromDischarge says
// which day starts it. Of two that allow as much, the one from discharge is
// taken, since she is home by the time a referral is read.
func (rs *RuleSet) FirstAttempt(sourceKind string, stage Stage, discharged bool) Clock {
	best := rs.clocks.FirstAttempt
	if discharged {
		best = stricter(best, rs.clocks.FirstAttemptAfterDischarge)
	}
	for _, r := range rs.clocks.FirstAttemptBy {
		if (r.SourceKind == "" || r.SourceKind == sourceKind) && (r.Stage == "" || r.Stage == stage) && (discharged || !r.Discharged) {
			best = stricter(best, r.Clock)
		}
	}
	return best
}

func stricter(a, b Clock) Clock {
	switch x, y := a.Amount*a.Unit.minutes(), b.Amount*b.Unit.minutes(); {
	case y < x, y == x && b.FromDischarge && !a.FromDischarge:
		return b
	default:
		return a
	}
}

// minutes is what a unit comes to on the calendar, to compare clocks of
// different units and for nothing else: a business day is 7/5 of a day, a
// business hour an eighth of that, a month 30 days. 0 is no unit.
func (u Unit) minutes() int {
	switch u {
	case Minutes:
		return 1
	case Hours:
		return 60
	case BusinessHours:
		return 252
	case Days:
		return 24 * 60
	case BusinessDays:
		return 24 * 60 * 7 / 5
	case Months:
		return 30 * 24 * 60
	default:
		return 0
	}
}

func (c *compiler) checkFirstAttempts(f *parsedFile, rules []FirstAttemptRule) {
	kinds := []string{"", "clinic", "hospital", "self", "agency", "child_welfare", "other"}
	for n, r := range rules {
		p := f.clock("first_attempt_by", n)
		c.checkClock(p, r.Clock)
		if !slices.Contains(kinds, r.SourceKind) {
			c.complain(p.at("source_kind"), "source_kind: %q is no kind of source", r.SourceKind)
		}
		if r.Stage != "" && r.Stage != Prenatal && r.Stage != Postpartum {
			c.complain(p.at("stage"), "stage: %q is not prenatal or postpartum", r.Stage)
		}
		if r.FromDischarge && !r.Discharged {
			c.complain(p.at("from_discharge"), "from_discharge needs discharged: true")
		}
	}
}
