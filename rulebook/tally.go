package rulebook

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"doorstep/internal/stats"
	"doorstep/triage"
)

// tally counts families one by one. It is plain numbers, so that a simulation can be put down after a slice and taken up again.
type tally struct {
	Families, NotKept, Errors int
	Enter, Leave, Elsewhere   int
	Sooner, Later             int
	AlarmsNew, AlarmsGone     int
	Route, Urgent, Ahead      stats.Pairs
	Flows                     map[string]map[string]int // by code of the first program
	Needs                     map[string][2]int         // by program
	Rules                     map[string][2]int
	Groups                    map[string]map[string]*group // by property, then by group
	Codes                     map[string]string            // of the programs in Needs
}

// group is one group's families.
type group struct{ Route, Urgent, Ahead stats.Pairs }

func newTally() *tally {
	return &tally{Flows: map[string]map[string]int{}, Needs: map[string][2]int{}, Rules: map[string][2]int{},
		Groups: map[string]map[string]*group{}, Codes: map[string]string{}}
}

// versions are the two rule sets that are compared. A nil one cannot be used: under it a person decides for everyone, which is
// what happens to a referral then.
type versions struct {
	live, draft *triage.RuleSet
	areas       []triage.Area
}

// add decides one family under both.
func (t *tally) add(v versions, c PastCase) {
	if !c.Kept {
		t.NotKept++
		return
	}
	t.Families++
	before, okBefore := decideBy(v.live, c)
	after, okAfter := decideBy(v.draft, c)
	if !okBefore && v.live != nil || !okAfter {
		t.Errors++
	}
	was, is := first(before), first(after)
	routed := [2]bool{before.Next == triage.NextRoute, after.Next == triage.NextRoute}
	urgent := [2]bool{before.Band <= 1, after.Band <= 1}
	ahead := [2]bool{v.live.Ahead(before), v.draft.Ahead(after)}
	switch {
	case !routed[0] && routed[1]:
		t.Enter++
	case routed[0] && !routed[1]:
		t.Leave++
	}
	if was != is {
		t.Elsewhere++
	}
	switch cmp.Or(cmp.Compare(after.Band, before.Band), cmp.Compare(after.Tier, before.Tier)) {
	case -1:
		t.Sooner++
	case 1:
		t.Later++
	}
	t.alarms(before, after)
	t.need(0, was)
	t.need(1, is)
	if t.Flows[was.code] == nil {
		t.Flows[was.code] = map[string]int{}
	}
	t.Flows[was.code][is.code]++
	t.rules(0, before)
	t.rules(1, after)
	t.Route.Add(routed[0], routed[1])
	t.Urgent.Add(urgent[0], urgent[1])
	t.Ahead.Add(ahead[0], ahead[1])
	for by, name := range strata(c, v.areas) {
		g := t.group(by, name)
		g.Route.Add(routed[0], routed[1])
		g.Urgent.Add(urgent[0], urgent[1])
		g.Ahead.Add(ahead[0], ahead[1])
	}
}

// decideBy is a decision, or a person's when the rules cannot make one: last in the order, as nothing is known of it.
func decideBy(set *triage.RuleSet, c PastCase) (triage.Decision, bool) {
	if set != nil {
		if d, err := set.Decide(c.Facts, c.Places); err == nil {
			return d, true
		}
	}
	return triage.Decision{Next: triage.NextReview, ReviewReasons: []string{triage.ReviewByPersonOnly}, Band: math.MaxInt32, Tier: math.MaxInt32}, false
}

// goal is where a family goes first.
type goal struct{ program, code string }

func first(d triage.Decision) goal {
	if d.Next == triage.NextRoute && len(d.Route) > 0 {
		i := slices.IndexFunc(d.Programs, func(p triage.ProgramVerdict) bool { return p.ProgramID == d.Route[0] })
		return goal{d.Route[0], d.Programs[i].Code}
	}
	for _, why := range d.ReviewReasons {
		if why != triage.ReviewNoPlace && why != triage.ReviewNoProgramFits {
			return goal{code: ToPerson}
		}
	}
	return goal{code: ToNobody}
}

func (t *tally) need(version int, g goal) {
	if g.program != "" {
		n := t.Needs[g.program]
		n[version]++
		t.Needs[g.program], t.Codes[g.program] = n, g.code
	}
}

func (t *tally) rules(version int, d triage.Decision) {
	count := func(id string) {
		n := t.Rules[id]
		n[version]++
		t.Rules[id] = n
	}
	for _, f := range d.Fired {
		count(f.RuleID)
	}
	for _, a := range d.Alarms {
		count(a.RuleID)
	}
}

func (t *tally) alarms(before, after triage.Decision) {
	switch {
	case len(before.Alarms) == 0 && len(after.Alarms) > 0:
		t.AlarmsNew++
	case len(before.Alarms) > 0 && len(after.Alarms) == 0:
		t.AlarmsGone++
	}
}

func (t *tally) group(by, name string) *group {
	if t.Groups[by] == nil {
		t.Groups[by] = map[string]*group{}
	}
	if t.Groups[by][name] == nil {
		t.Groups[by][name] = &group{}
	}
	return t.Groups[by][name]
}

// result is the comparison as it may be shown.
func (t *tally) result(liveFails bool, rooms []Room) Comparison {
	c := Comparison{Families: t.Families, NotKept: t.NotKept, LiveFails: liveFails, Errors: t.Errors, Enter: t.Enter, Leave: t.Leave,
		Elsewhere: t.Elsewhere, Sooner: t.Sooner, Later: t.Later, AlarmsNew: t.AlarmsNew, AlarmsGone: t.AlarmsGone, Method: method,
		Flows: []Flow{}, Programs: t.needs(rooms), Rules: []RuleCount{}, Groups: []Stratum{}}
	c.Shares = []ShareTotal{total("route", t.Route), total("urgent", t.Urgent), total("ahead", t.Ahead)}
	for _, from := range slices.Sorted(maps.Keys(t.Flows)) {
		for _, to := range slices.Sorted(maps.Keys(t.Flows[from])) {
			c.Flows = append(c.Flows, Flow{from, to, t.Flows[from][to]})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(t.Rules)) {
		if n := t.Rules[id]; n[0] != n[1] {
			c.Rules = append(c.Rules, RuleCount{id, n[0], n[1]})
		}
	}
	for _, by := range properties() {
		if groups := t.Groups[by]; len(groups) > 0 {
			c.Groups = append(c.Groups, rows(by, slices.Sorted(maps.Keys(groups)), groups))
		}
	}
	return c
}

func total(measure string, p stats.Pairs) ShareTotal {
	n := max(1, float64(p.Families()))
	return ShareTotal{measure, *rounded(float64(p.YesBefore()) / n), *rounded(float64(p.YesAfter()) / n)}
}

// needs are the programs of the network by name, and then what is gone from it.
func (t *tally) needs(rooms []Room) []Need {
	out := []Need{}
	seen := map[string]bool{}
	for _, r := range rooms {
		seen[r.ProgramID] = true
		n := Need{ProgramID: r.ProgramID, Name: r.Name, Code: r.Code, Live: t.Needs[r.ProgramID][0], Draft: t.Needs[r.ProgramID][1]}
		if r.Open {
			n.Free = &r.Free
		}
		out = append(out, n)
	}
	for _, id := range slices.Sorted(maps.Keys(t.Needs)) {
		if !seen[id] {
			out = append(out, Need{ProgramID: id, Code: t.Codes[id], Live: t.Needs[id][0], Draft: t.Needs[id][1]})
		}
	}
	slices.SortStableFunc(out, func(a, b Need) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// rounded is a share to a tenth of a percent.
func rounded(share float64) *float64 {
	r := math.Round(share*1000) / 1000
	return &r
}
