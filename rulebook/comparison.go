package rulebook

import "doorstep/internal/stats"

// Comparison is what a draft would have done with past families beside what the live version does with them: counts of
// families, and nothing about any one of them.
type Comparison struct {
	Families  int  `json:"families"`   // decided again under both versions
	NotKept   int  `json:"not_kept"`   // of a time when too little was kept; they are in no other number
	LiveFails bool `json:"live_fails"` // the live version cannot be used by this program: under it a person decides for everyone
	Errors    int  `json:"errors"`     // families for whom one of the two failed; counted as sent to a person

	Enter      int `json:"enter"` // no program before, one now
	Leave      int `json:"leave"`
	Elsewhere  int `json:"elsewhere"` // another program than before, or the other way round
	Sooner     int `json:"sooner"`    // reached earlier: a lower band, or in one band a lower tier
	Later      int `json:"later"`
	AlarmsNew  int `json:"alarms_new"`
	AlarmsGone int `json:"alarms_gone"`

	Flows    []Flow       `json:"flows"`    // first program before and after, by code; only what has families
	Programs []Need       `json:"programs"` // each program of the network, or that one of the versions would use
	Rules    []RuleCount  `json:"rules"`    // triggers and alarms that hold for another number of families
	Groups   []Stratum    `json:"groups"`
	Method   string       `json:"method"` // how the intervals are made
	Shares   []ShareTotal `json:"shares"` // a route, the urgent bands, and any step before the last, of all families
}

// Where a family goes that has no first program.
const (
	ToNobody = "nobody"   // no program fits or has room
	ToPerson = "a person" // answers are missing, an alarm is open, or only a person can say
)

// Flow is how many families went from one first program to another.
type Flow struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Families int    `json:"families"`
}

// Need is how many families each version sends to one program first, beside the places that are free there now.
type Need struct {
	ProgramID string `json:"program_id"`
	Name      string `json:"name"`
	Code      string `json:"code"`
	Live      int    `json:"live"`
	Draft     int    `json:"draft"`
	Free      *int   `json:"free"` // nil: closed, or gone from the network
}

// RuleCount is how many families one rule holds for under each version.
type RuleCount struct {
	ID    string `json:"id"`
	Live  int    `json:"live"`
	Draft int    `json:"draft"`
}

// Stratum is the comparison by one property of families. Its numbers went through stats.Suppress: what is nil may not be shown.
type Stratum struct {
	By string `json:"by"` // race_ethnicity, language, area, age, insurance
	// UnknownShare is the part of families of whom it is not known; nil when that would show 1 to 10 of them.
	UnknownShare *float64 `json:"unknown_share"`
	// TooManyUnknown: of more than 30 % it is not known, so that nothing can be said by it. Rows is empty then.
	TooManyUnknown bool  `json:"too_many_unknown"`
	Rows           []Row `json:"rows"`
}

// Row is one group of a stratum.
type Row struct {
	Group    string `json:"group"`
	Families *int   `json:"families"`
	Route    Shift  `json:"route"`  // go to a program without waiting for a person
	Urgent   Shift  `json:"urgent"` // alarm, or reach first
	Ahead    Shift  `json:"ahead"`  // before the step that takes everyone else
}

// Shift is a share of a group before and after, with the difference and its 95 % interval; all nil when it may not be shown.
type Shift struct {
	Live       *float64 `json:"live"`
	Draft      *float64 `json:"draft"`
	Difference *float64 `json:"difference"`
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
}

// ShareTotal is a share of all families before and after.
type ShareTotal struct {
	Measure string  `json:"measure"` // route, urgent, ahead
	Live    float64 `json:"live"`
	Draft   float64 `json:"draft"`
}

// tooManyUnknown is the share above which a comparison by a property says more about who was asked than about the rules.
const tooManyUnknown = 0.3

// method names the arithmetic beside the numbers.
const method = "Shares of the same families under both versions; 95 % intervals by Newcombe's method 10 for paired proportions (Statistics in Medicine 1998). Groups of 1 to 10 are not shown, nor what would give them away."

// rows shows the groups of one stratum as far as they may be shown, in the order of names.
func rows(by string, names []string, of map[string]*group) Stratum {
	parts, total, unknown := make([]stats.Part, len(names)), 0, 0
	for i, name := range names {
		g := of[name]
		parts[i] = stats.Part{N: g.Route.Families(), Yes: []int{g.Route.YesBefore(), g.Route.YesAfter(), g.Urgent.YesBefore(), g.Urgent.YesAfter(),
			g.Ahead.YesBefore(), g.Ahead.YesAfter()}}
		total += parts[i].N
		if name == unknownGroup {
			unknown = parts[i].N
		}
	}
	out := Stratum{By: by, Rows: []Row{}, TooManyUnknown: float64(unknown) > tooManyUnknown*float64(total)}
	hidden := stats.Suppress(parts)
	known := true
	for i, name := range names {
		row := Row{Group: name}
		if !hidden[i].N {
			row.Families = &parts[i].N
			row.Route = shift(of[name].Route, hidden[i].Yes[0] || hidden[i].Yes[1])
			row.Urgent = shift(of[name].Urgent, hidden[i].Yes[2] || hidden[i].Yes[3])
			row.Ahead = shift(of[name].Ahead, hidden[i].Yes[4] || hidden[i].Yes[5])
		} else if name == unknownGroup {
			known = false
		}
		out.Rows = append(out.Rows, row)
	}
	if known && total > 0 {
		out.UnknownShare = rounded(float64(unknown) / float64(total))
	}
	if out.TooManyUnknown {
		out.Rows = []Row{}
	}
	return out
}

func shift(p stats.Pairs, hidden bool) Shift {
	d, low, high, ok := p.Difference()
	if hidden || !ok {
		return Shift{}
	}
	n := float64(p.Families())
	return Shift{rounded(float64(p.YesBefore()) / n), rounded(float64(p.YesAfter()) / n), rounded(d), rounded(low), rounded(high)}
}
