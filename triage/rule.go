package triage

import (
	"fmt"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// costLimit bounds one rule, in CEL cost units: at load by estimate and again
// while it runs. A shipped rule costs below 40; without loops nothing can grow,
// so the limit stops only a rule too long for a person to read.
const costLimit = 120

// unknownPolicy is what a rule does with a missing answer.
type unknownPolicy uint8

const (
	unknownAsks unknownPolicy = iota
	unknownIsNo
	unknownIsYes
)

// rule is one compiled condition with its words.
type rule struct {
	id, kind     string
	text, whyNot string
	source       string
	byPerson     bool // when it fails, a person decides
	unknown      unknownPolicy
	tier         int

	// vars are the facts it reads, by vocabulary index, with the pattern that
	// tells CEL one of them is unanswered.
	vars     []int
	patterns []*cel.AttributePatternType
	// whole runs when every fact is answered; partial can leave some open and
	// costs about twice as much. A nil whole always holds (a plain note).
	whole, partial cel.Program
	// anyOf: it asks for any one of its facts and nothing else, as three of four
	// rules do, and is read without CEL. The result is the same.
	anyOf bool
	// allOpen is what it waits for when none of its facts is answered: the same
	// for every family, and the commonest case of a form that nobody gave.
	allOpen []int
}

// outcome of a rule for one family.
type outcome struct {
	met     Answer
	missing []int // vocabulary indexes of the answers that would settle it
	assumed bool  // met comes from the rule's policy, not from an answer
}

// eval applies the rule. The returned met is after the rule's own policy for
// missing answers; missing is filled either way.
func (r *rule) eval(in *answers) (outcome, error) {
	if r.whole == nil {
		return outcome{met: Yes}, nil
	}
	if r.anyOf {
		return r.any(in), nil
	}
	in.open = in.open[:0]
	for i, v := range r.vars {
		if in.vals[v] == nil {
			in.open = append(in.open, r.patterns[i])
		}
	}
	if r.allOpen != nil && len(in.open) == len(r.vars) {
		return r.waiting(r.allOpen), nil
	}
	prg := r.whole
	if len(in.open) > 0 {
		prg = r.partial
	}
	val, _, err := prg.Eval(in)
	if err != nil {
		return outcome{}, fmt.Errorf("rule %s: %w", r.id, err)
	}
	switch v := val.(type) {
	case types.Bool:
		return outcome{met: answerOf(bool(v))}, nil
	case *types.Unknown:
		return r.waiting(r.waitsFor(in, v)), nil
	default:
		return outcome{}, fmt.Errorf("rule %s: result is %s, not a boolean", r.id, val.Type().TypeName())
	}
}

func (r *rule) any(in *answers) outcome {
	var missing []int
	for _, v := range r.vars {
		switch in.vals[v] {
		case types.True:
			return outcome{met: Yes}
		case nil:
			if ask := in.asks[v]; !slices.Contains(missing, ask) {
				missing = append(missing, ask)
			}
		}
	}
	if missing == nil {
		return outcome{met: No}
	}
	slices.Sort(missing)
	return r.waiting(missing)
}

// waiting is the outcome by the rule's policy while these answers are missing.
func (r *rule) waiting(missing []int) outcome {
	switch r.unknown {
	case unknownIsYes:
		return outcome{met: Yes, assumed: true, missing: missing}
	case unknownIsNo:
		return outcome{met: No, assumed: true, missing: missing}
	default:
		return outcome{missing: missing}
	}
}

// waitsFor keeps the facts CEL still needs, by what is asked for to learn them:
// in "a || (b && c)" with b false, a missing c would settle nothing and is not
// asked for.
func (r *rule) waitsFor(in *answers, u *types.Unknown) []int {
	var out []int
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			i, ok := in.index[t.Variable()]
			if ok && !slices.Contains(out, in.asks[i]) {
				out = append(out, in.asks[i])
			}
		}
	}
	slices.Sort(out)
	return out
}
