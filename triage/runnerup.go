package triage

import (
	"errors"
	"fmt"
)

// WhySecond says in a sentence why the runner-up of a decision stands behind the
// first, by ranking the two again; empty when there is none. Facts and places are
// those that the decision was made from, as for a replay.
func (rs *RuleSet) WhySecond(f Facts, places []Place, d Decision) (string, error) {
	if d.RunnerUp == "" {
		return "", nil
	}
	if err := rs.validate(&f); err != nil {
		return "", fmt.Errorf("triage facts: %w", err)
	}
	in := rs.answersOf(&f, rs.score(&f))
	stops, err := rs.holding(in)
	if err != nil {
		return "", err
	}
	verdicts, err := rs.judge(&f, in, stops, places, nil)
	if err != nil {
		return "", err
	}
	var pair [2]*candidate
	for i := range places {
		switch places[i].ProgramID {
		case d.Route[0]:
			pair[0] = rs.at(&places[i], &f, verdicts)
		case d.RunnerUp:
			pair[1] = rs.at(&places[i], &f, verdicts)
		}
	}
	if pair[0] == nil || pair[1] == nil {
		return "", errors.New("the places given do not hold the route of the decision")
	}
	first, second := pair[0].verdict.Name, pair[1].verdict.Name
	if first == second {
		first, second = "one place of "+first, "another of "+second
	}
	for _, key := range rankKeys() {
		if key.compare(pair[0], pair[1]) != 0 {
			return capital(second) + " comes next. " + capital(first) + " comes first, because " + key.because + ".", nil
		}
	}
	return capital(second) + " comes next. It was equal to " + first + " in everything, and a draw settled it.", nil
}
