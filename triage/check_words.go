package triage

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
)

// longest is how many characters one condition may have.
const longest = 2000

// read parses and types one expression, or says in an author's words what is
// wrong with it and what to do.
func (c *compiler) read(when string) (*cel.Ast, []string) {
	if n := len([]rune(when)); n > longest {
		return nil, []string{fmt.Sprintf("condition has %d characters, more than %d: split the rule", n, longest)}
	}
	parsed, issues := c.env.Parse(when)
	if issues.Err() != nil {
		return nil, c.plain(issues)
	}
	if loop := loopIn(parsed); loop != "" {
		return nil, []string{fmt.Sprintf("condition uses %s, which goes over a list: rules may not repeat; write each case out with || or &&", loop)}
	}
	checked, issues := c.env.Check(parsed)
	if issues.Err() != nil {
		return nil, c.plain(issues)
	}
	return checked, nil
}

// loopIn names the first call that goes over a list. The macros behind them are
// not there, so that none could run; this only says so in words.
func loopIn(parsed *cel.Ast) string {
	loops := []string{"all", "exists", "exists_one", "existsOne", "filter", "map", "transformList", "transformMap"}
	found := ""
	ast.PostOrderVisit(parsed.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.CallKind && found == "" && slices.Contains(loops, e.AsCall().FunctionName()) {
			found = e.AsCall().FunctionName()
		}
	}))
	return found
}

// plain says the faults that CEL found.
func (c *compiler) plain(issues *cel.Issues) []string {
	var out []string
	for _, e := range issues.Errors() {
		message, _, _ := strings.Cut(e.Message, "\n")
		if _, rest, ok := strings.Cut(message, "undeclared reference to '"); ok {
			wrong, _, _ := strings.Cut(rest, "'")
			message = c.unknownFact(wrong)
		} else if _, kinds, ok := strings.Cut(message, "applied to '("); ok {
			message = clash(kinds)
		} else if strings.Contains(message, "recursion limit") {
			message = "brackets stand too deep in each other: split the rule"
		}
		out = append(out, "condition: "+message)
	}
	return out
}

// clash says which kinds of value met, from CEL's "int, string)'".
func clash(kinds string) string {
	kinds, _, _ = strings.Cut(kinds, ")'")
	words := strings.NewReplacer(", ", " and ", "int", "a whole number", "double", "a number with a point", "string", "a text", "bool", "a yes or no")
	return words.Replace(kinds) + " do not go together: both sides must be of one kind"
}

// unknownFact says why a name is no fact. Some were left out on purpose, and an
// author should hear the reason and not look for a spelling.
func (c *compiler) unknownFact(wrong string) string {
	for _, word := range strings.Split(strings.ToLower(splitCamel(wrong)), "_") {
		word = strings.TrimSpace(word)
		for _, stem := range []string{"marri", "marital", "spouse", "husband", "wife", "unmarried", "single"} {
			if strings.HasPrefix(word, stem) {
				return fmt.Sprintf("%q is no fact: marital status stands in for who somebody is, so nobody is asked for it; name the need itself", wrong)
			}
		}
		for _, stem := range []string{"educat", "school", "diploma", "ged", "graduat", "litera", "college"} {
			if strings.HasPrefix(word, stem) {
				return fmt.Sprintf("%q is no fact: education stands in for who somebody is, so nobody is asked for it; name the need itself", wrong)
			}
		}
	}
	var names []string
	for _, f := range c.words.facts {
		names = append(names, f.Name)
	}
	if near := nearest(wrong, names); near != "" {
		return fmt.Sprintf("there is no fact %q; did you mean %s?", wrong, near)
	}
	return fmt.Sprintf("there is no fact %q: facts.yaml lists those in use, and a zone_<id> stands for each zone", wrong)
}
