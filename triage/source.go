package triage

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

//go:embed packs
var shipped embed.FS

// sharedFile holds the screening forms, which are the same in every community.
// A pack may bring its own file of this name.
const (
	sharedDir  = "packs/shared"
	sharedFile = "instruments.yaml"
)

// Source is a rule pack as written: file name to text. It is what the rule book
// stores, hashes, compares and compiles.
type Source struct {
	Files map[string]string `json:"files"`
}

func (s Source) names() []string { return slices.Sorted(maps.Keys(s.Files)) }

// Load reads every *.yaml file at the root of fsys, and adds the shared screening
// forms where the pack brings none of its own.
func Load(fsys fs.FS) (Source, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return Source{}, fmt.Errorf("list rule files: %w", err)
	}
	if len(names) == 0 {
		return Source{}, fmt.Errorf("load rules: no .yaml file found")
	}
	src := Source{Files: make(map[string]string, len(names)+1)}
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return Source{}, fmt.Errorf("read rule file %s: %w", name, err)
		}
		src.Files[name] = string(b)
	}
	return src.WithForms(), nil
}

// Shipped lists the packs that the binary carries, by name.
func Shipped() []string {
	var names []string
	dirs, err := fs.ReadDir(shipped, "packs")
	if err != nil {
		return nil // the folder is part of the binary
	}
	for _, d := range dirs {
		if d.IsDir() && d.Name() != path.Base(sharedDir) {
			names = append(names, d.Name())
		}
	}
	return names
}

// Embedded returns a shipped pack with the shared screening forms.
func Embedded(name string) (Source, error) {
	if !slices.Contains(Shipped(), name) {
		return Source{}, fmt.Errorf("there is no shipped pack %q: write one of %s, or the path of a folder with a slash in it", name, strings.Join(Shipped(), ", "))
	}
	dir, err := fs.Sub(shipped, path.Join("packs", name))
	if err != nil {
		return Source{}, fmt.Errorf("open pack %q: %w", name, err)
	}
	src, err := Load(dir)
	if err != nil {
		return Source{}, fmt.Errorf("pack %q: %w", name, err)
	}
	return src, nil
}

// Hash names the rules exactly: SHA-256 in hex over the files in name order.
// Line ends and trailing blank space do not count, so a checkout on another
// system keeps its hash; every other byte does, comments too.
func (s Source) Hash() string {
	h := sha256.New()
	for _, name := range s.names() {
		text := canonicalText(s.Files[name])
		// Lengths keep two different packs from running together into one.
		fmt.Fprintf(h, "%d:%s%d:%s", len(name), name, len(text), text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func canonicalText(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}
