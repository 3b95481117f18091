package archtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "doorstep"

// source is one Go file that is no test.
type source struct {
	path    string // inside the module: "providers/store.go"
	folder  string // "providers"
	imports []string
	syntax  *ast.File
	lines   int
}

// sources parses every package of the module as go list knows it, files of other platforms included.
func sources(t *testing.T) []source {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var all []source
	for _, p := range list(t, root) {
		folder, err := filepath.Rel(root, p.Dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range slices.Concat(p.GoFiles, p.IgnoredGoFiles) {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			fset := token.NewFileSet()
			syntax, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			s := source{path: filepath.ToSlash(filepath.Join(folder, name)), folder: filepath.ToSlash(folder), syntax: syntax,
				lines: fset.File(syntax.Package).LineCount()}
			for _, spec := range syntax.Imports {
				path, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					t.Fatal(err)
				}
				s.imports = append(s.imports, path)
			}
			all = append(all, s)
		}
	}
	if len(all) < 20 {
		t.Fatalf("go list found only %d files: the rules would pass for nothing", len(all))
	}
	return all
}

type listed struct {
	Dir                     string
	ImportPath              string
	GoFiles, IgnoredGoFiles []string
	Deps                    []string
}

func list(t *testing.T, root string) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps=false", "-json=Dir,ImportPath,GoFiles,IgnoredGoFiles,Deps", "./...")
	cmd.Dir = root
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, problems.String())
	}
	var packages []listed
	for in := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := in.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// within reports whether path is folder or lies below it.
func within(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }
