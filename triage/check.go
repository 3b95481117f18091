package triage

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// newEnv is CEL over the vocabulary, with macros cleared: without them the
// language has no loop.
func newEnv(words vocabulary) (*cel.Env, error) {
	opts := []cel.EnvOption{cel.StdLib(), cel.ClearMacros(), cel.ParserExpressionSizeLimit(longest)}
	for _, f := range words.facts {
		t := cel.BoolType
		switch f.Type {
		case Number:
			t = cel.IntType
		case Text:
			t = cel.StringType
		}
		opts = append(opts, cel.Variable(f.Name, t))
	}
	return cel.NewCustomEnv(opts...)
}

// condition is a checked expression: what compiling it taught us.
type condition struct {
	when    string
	vars    []int
	numbers []int // literals it compares with
	program cel.Program
	partial cel.Program
}

// condition compiles one expression, or says everything wrong with it.
func (c *compiler) condition(when string) (*condition, []string) {
	if w := forbidden(when); w != "" {
		return nil, []string{fmt.Sprintf("refers to %q: race, ethnicity, nationality and immigration may not weigh", w)}
	}
	checked, faults := c.read(when)
	if len(faults) > 0 {
		return nil, faults
	}
	if t := checked.OutputType(); !t.IsExactType(cel.BoolType) {
		return nil, []string{fmt.Sprintf("condition gives %s, not true or false: compare it with something", t)}
	}
	cond, faults := c.walk(when, checked)
	est, err := c.env.EstimateCost(checked, plainCost{})
	if err != nil {
		faults = append(faults, "cost: "+err.Error())
	} else if est.Max > costLimit {
		faults = append(faults, fmt.Sprintf("costs up to %d, over the limit of %d: split the rule", est.Max, costLimit))
	}
	if len(faults) > 0 {
		return nil, faults
	}
	limit := cel.CostLimit(costLimit)
	if cond.program, err = c.env.Program(checked, cel.EvalOptions(cel.OptOptimize), limit); err == nil {
		cond.partial, err = c.env.Program(checked, cel.EvalOptions(cel.OptOptimize, cel.OptPartialEval), limit)
	}
	if err != nil {
		return nil, []string{"condition: " + err.Error()}
	}
	return cond, nil
}

// walk collects the facts and numbers of an expression and refuses what a rule
// has no use for: division and text functions can fail while they run.
func (c *compiler) walk(when string, checked *cel.Ast) (*condition, []string) {
	allowed := []string{
		operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, operators.Conditional,
		operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater,
		operators.GreaterEquals, operators.In, operators.Add, operators.Subtract, operators.Negate,
	}
	cond := &condition{when: when}
	var faults []string
	closed := false
	var texts []string
	ast.PostOrderVisit(checked.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.CallKind:
			if name := e.AsCall().FunctionName(); !slices.Contains(allowed, name) {
				faults = append(faults, fmt.Sprintf("uses %s, which rules may not use", strings.Trim(name, "_")))
			}
		case ast.IdentKind:
			i, ok := c.words.index[e.AsIdent()]
			if ok && !slices.Contains(cond.vars, i) {
				cond.vars = append(cond.vars, i)
				closed = closed || len(closedTexts(e.AsIdent())) > 0
			}
		case ast.LiteralKind:
			switch v := e.AsLiteral().(type) {
			case types.Int:
				cond.numbers = append(cond.numbers, int(v))
			case types.String:
				texts = append(texts, string(v))
			}
		}
	}))
	slices.Sort(cond.vars)
	for _, text := range texts {
		if closed && !c.isClosedText(cond.vars, text) {
			faults = append(faults, fmt.Sprintf("compares with %q, which none of its facts can be", text))
		}
	}
	return cond, faults
}

// closedTexts lists the values of a text fact that has only a few.
func closedTexts(name string) []string {
	switch name {
	case "stage":
		return []string{string(Prenatal), string(Postpartum)}
	case "insurance":
		return []string{InsuranceMedicaid, InsuranceApplying, InsurancePrivate, InsuranceNone}
	default:
		return nil
	}
}

// isClosedText reports whether text can be a value of one of the facts; a fact
// with open values takes any text.
func (c *compiler) isClosedText(vars []int, text string) bool {
	for _, v := range vars {
		f := c.words.facts[v]
		if f.Type != Text {
			continue
		}
		if values := closedTexts(f.Name); values == nil || slices.Contains(values, text) {
			return true
		}
	}
	return false
}

// distance is the number of single-letter edits between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			step := diagonal
			if a[i] != b[j] {
				step++
			}
			diagonal = row[j+1]
			row[j+1] = min(step, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// plainCost adds nothing to CEL's own cost figures but a bound on texts: no
// text fact is longer than a language tag.
type plainCost struct{}

func (plainCost) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

func (plainCost) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	if n.Type().IsExactType(cel.StringType) {
		return &cost.SizeEstimate{Min: 0, Max: 40}
	}
	return nil
}
