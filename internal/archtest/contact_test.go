package archtest_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// fn is one function that is no test, with what it calls and makes.
type fn struct {
	name   string // "referral/outreach.go: attempt"
	calls  map[string]bool
	makes  map[string]*ast.CompositeLit // composite literals with fields, by type
	quotes []string
}

func functions(t *testing.T) []fn {
	var all []fn
	for _, s := range sources(t) {
		for _, declaration := range s.syntax.Decls {
			f, is := declaration.(*ast.FuncDecl)
			if !is || f.Body == nil {
				continue
			}
			one := fn{name: s.path + ": " + f.Name.Name, calls: map[string]bool{}, makes: map[string]*ast.CompositeLit{}}
			ast.Inspect(f.Body, one.look)
			all = append(all, one)
		}
	}
	return all
}

func (f *fn) look(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		switch called := n.Fun.(type) {
		case *ast.SelectorExpr:
			f.calls[called.Sel.Name] = true
			if from, is := called.X.(*ast.Ident); is {
				f.calls[from.Name+"."+called.Sel.Name] = true
			}
		case *ast.Ident:
			f.calls[called.Name] = true
		}
	case *ast.CompositeLit:
		if name, is := n.Type.(*ast.Ident); is && len(n.Elts) > 0 {
			f.makes[name.Name] = n
		}
	case *ast.BasicLit:
		if text, err := strconv.Unquote(n.Value); n.Kind == token.STRING && err == nil {
			f.quotes = append(f.quotes, text)
		}
	}
	return true
}

func names(all []fn, which func(fn) bool) []string {
	var out []string
	for _, f := range all {
		if which(f) {
			out = append(out, f.name)
		}
	}
	slices.Sort(out)
	return out
}

// tableOf is a statement that reads or writes where ways lead.
var tableOf = regexp.MustCompile(`(?i)\b(from|join|update|into)\s+(contact_methods|addresses)\b`)

// Where a way to her leads can be read by a gate's answer alone: referral/contact hides it from the compiler. These are all the
// doors that stand beside it, and all the paths that go to her or show her. Whoever adds one says here why it may.
func TestEveryWayToHerGoesThroughTheGate(t *testing.T) {
	all := functions(t)
	outside := func(f fn) bool { return !strings.HasPrefix(f.name, "referral/contact/") }
	for what, rule := range map[string]struct {
		found func(fn) bool
		want  []string
	}{
		"reveals where a way leads, by an answer of the gate": {
			func(f fn) bool { return outside(f) && f.calls["Reveal"] },
			[]string{"referral/contact_send.go: MessageAddress", "referral/contact_show.go: opened"}},
		"reads it without the gate, for comparing": {
			func(f fn) bool { return outside(f) && f.calls["Unshown"] },
			[]string{"referral/person.go: personOf", "referral/person.go: sameHome"}}, // a score comes of it, and a yes or no
		"asks the gate": {
			func(f fn) bool {
				return outside(f) && (f.calls["contact.May"] || f.calls["contact.Ever"] || f.calls["contact.Show"])
			},
			[]string{"referral/contact_gate.go: hasRoute", "referral/contact_gate.go: homeFor", "referral/contact_gate.go: wayOf",
				"referral/contact_send.go: MessageAddress", "referral/contact_show.go: showKept", "referral/contact_show.go: showReach",
				"referral/match_list.go: view", "referral/write_to_her.go: everByMail"}},
		"reads or writes the tables by hand, past the types that hide": {
			func(f fn) bool { return slices.ContainsFunc(f.quotes, tableOf.MatchString) },
			[]string{"referral/case_list_store.go: allCases", "referral/contact_store.go: endAddress", "referral/contact_store.go: endContact", "referral/find_store.go: find", "referral/renew_store.go: atHub", "referral/whois_store.go: alike"}},
		"writes that she was tried": {
			func(f fn) bool { return f.makes["Attempt"] != nil }, []string{"referral/outreach.go: attempt"}},
		"plans a visit, or writes one that was held": {
			func(f fn) bool { return f.makes["Visit"] != nil },
			[]string{"referral/firstvisit.go: plan", "referral/visit.go: RecordVisit", "referral/walkin.go: enrollHere"}},
		"lets a message begin to leave": {
			func(f fn) bool { return f.calls["BeginSend"] }, []string{"jobs/worker/notify.go: decide"}},
		"sends": {
			func(f fn) bool { return f.calls["n.Send"] || f.calls["channel.Send"] || f.calls["mail.Send"] }, []string{"jobs/worker/notify.go: Handle"}},
		"puts the ways to her into an answer": {
			func(f fn) bool {
				return f.makes["ContactView"] != nil || f.makes["AddressView"] != nil || f.makes["HomeView"] != nil
			}, []string{"referral/contact_show.go: showReach", "referral/match_list.go: view"}},
	} {
		if got := names(all, rule.found); !slices.Equal(got, rule.want) {
			t.Errorf("who %s:\n got  %q\n want %q", what, got, rule.want)
		}
	}
	// Each path asks before it acts. RecordVisit and enrollHere write what was held: she opened the door herself.
	for path, gate := range map[string]string{
		"referral/outreach.go: attempt":              "wayOf",
		"referral/firstvisit.go: plan":               "homeFor",
		"referral/contact_show.go: showReach":        "contact.Show",
		"referral/contact_send.go: MessageAddress":   "contact.May",
		"referral/write_to_her.go: writeToHer":       "everByMail",
		"referral/write_to_her.go: ClientAddress":    "MessageAddress",
		"cmd/doorstep/worker.go: toHer":              "ClientAddress",
		"referral/settle.go: settle":                 "hasRoute",
		"referral/contact_find.go: lookForAWay":      "hasRoute",
		"referral/attempt.go: RecordAttempt":         "attempt",
		"referral/outreach.go: RecordOutreach":       "attempt",
		"referral/firstvisit.go: PlanFirstVisit":     "plan",
		"referral/firstvisit.go: MoveFirstVisit":     "plan",
		"referral/case_view.go: Case":                "showReach",
		"cmd/doorstep/worker.go: worker":             "FeedbackAddress",
		"cmd/doorstep/city/work.go: newWork":         "FeedbackAddress",
		"referral/contact_safeway.go: RecordSafeWay": "wayMove",
		"referral/contact_change.go: ChangeWay":      "wayMove",
		"referral/contact_add.go: AddWay":            "wayMove",
		"referral/contact_end.go: EndWay":            "wayMove",
		"referral/contact_check.go: CheckWay":        "wayMove",
		"referral/contact_add.go: wayMove":           "hasFamily",
		"referral/contact_stop.go: wishMove":         "hasFamily",
		"referral/contact_stop.go: stopContact":      "stopSends",
		"referral/client_link_store.go: stopSends":   "StopClient",
		"referral/contact_resume.go: ResumeContact":  "ownPerson",
	} {
		if !slices.ContainsFunc(all, func(f fn) bool { return f.name == path && f.calls[gate] }) {
			t.Errorf("%s does not call %s.", path, gate)
		}
	}
}
