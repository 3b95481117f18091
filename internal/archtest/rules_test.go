package archtest_test

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// crossers are the files that may leave their actor's organization. Each does it after the actor's own role proved scope;
// whoever adds one says so in the review.
func crossers() []string {
	return []string{
		"providers/capacity.go",
		"providers/rooms.go",
		"referral/batch.go",
		"referral/caseload.go",
		"referral/consent_view.go",
		"referral/contact_show.go",
		"referral/import_check.go",
		"referral/import_row.go",
		"referral/import_send.go",
		"referral/import_upload.go",
		"referral/intake.go",
		"referral/move.go",
		"referral/preview.go",
		"referral/program_before.go", "referral/program_close.go",
		"referral/referral_view.go",
		"referral/referrer_note.go",
		"referral/task.go",
		"referral/team.go",
		"referral/undo.go",
		"referral/walkin.go",
		"referral/what_next.go",
	}
}

func TestOnlyTheListedFilesCrossOrganizations(t *testing.T) {
	var found []string
	for _, s := range sources(t) {
		if calls(s.syntax, "AsHub") {
			found = append(found, s.path)
		}
	}
	for _, file := range found {
		if !slices.Contains(crossers(), file) {
			t.Errorf("%s calls AsHub and is not on the list of those who may: prove scope first, then add it.", file)
		}
	}
	for _, file := range crossers() {
		if !slices.Contains(found, file) {
			t.Errorf("%s is on the list of those who call AsHub and does not: take it off.", file)
		}
	}
}

// The compartment of 42 CFR Part 2 opens in one file; whoever needs it goes through that one.
func TestOneFileOpensTheCompartment(t *testing.T) {
	for _, s := range sources(t) {
		if calls(s.syntax, "InPart2") && s.path != "referral/part2_store.go" {
			t.Errorf("%s opens the compartment: go through referral/part2_store.go.", s.path)
		}
	}
}

// The demo's door has no lock. A test opens it for its own database; of the service, the demo command alone.
func TestOnlyTheDemoOpensItsDoor(t *testing.T) {
	for _, s := range sources(t) {
		if calls(s.syntax, "OpenDemo") && s.path != "cmd/doorstep/demo.go" {
			t.Errorf("%s opens the demo's door: who is served by it signs in as anybody.", s.path)
		}
	}
}

func calls(file *ast.File, method string) (found bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		call, is := n.(*ast.CallExpr)
		if !is {
			return true
		}
		if selector, is := call.Fun.(*ast.SelectorExpr); is && selector.Sel.Name == method {
			found = true
		}
		return true
	})
	return found
}

// excused are the variables that stay, each with its reason.
func excused(file string) bool {
	return file == "internal/dbtest/dbtest.go" // one database server a test process
}

// Package-level state makes two services in one process, and two tests, share what they should not.
func TestPackagesKeepNoState(t *testing.T) {
	for _, s := range sources(t) {
		for _, declaration := range s.syntax.Decls {
			if f, is := declaration.(*ast.FuncDecl); is && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function: do the work where main can see it.", s.path)
			}
			general, is := declaration.(*ast.GenDecl)
			if !is || general.Tok != token.VAR {
				continue
			}
			for _, spec := range general.Specs {
				value := spec.(*ast.ValueSpec)
				if !constant(value) && !embedded(general.Doc) && !embedded(value.Doc) && !excused(s.path) {
					t.Errorf("%s: var %s is package state. Make it a constant, a function or a field.", s.path, value.Names[0].Name)
				}
			}
		}
	}
}

// constant: sentinel errors, compiled regular expressions and interface assertions never change, though Go cannot say so.
func constant(v *ast.ValueSpec) bool {
	if v.Names[0].Name == "_" {
		return true
	}
	for _, expression := range v.Values {
		call, is := expression.(*ast.CallExpr)
		if !is {
			return false
		}
		selector, is := call.Fun.(*ast.SelectorExpr)
		if !is {
			return false
		}
		from, is := selector.X.(*ast.Ident)
		if !is || !slices.Contains([]string{"errors.New", "fault.New", "regexp.MustCompile"}, from.Name+"."+selector.Sel.Name) {
			return false
		}
	}
	return len(v.Values) > 0
}

func embedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// A package says it in doc.go; a program may say it above main.
func TestEachPackageSaysWhatItIs(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		home := path.Base(s.path) == "doc.go" || s.syntax.Name.Name == "main"
		documented[s.folder] = documented[s.folder] || home && s.syntax.Doc != nil
	}
	for folder, has := range documented {
		if !has {
			t.Errorf("%s has no doc.go with a package comment: say in it what the package is for.", folder)
		}
	}
}

// A file that no longer fits in the head is two files.
func TestFilesStayShort(t *testing.T) {
	for _, s := range sources(t) {
		if s.lines > 500 && !strings.HasSuffix(s.path, "_templ.go") {
			t.Errorf("%s has %d lines, at most 500: split it by noun or use case.", s.path, s.lines)
		}
	}
}
