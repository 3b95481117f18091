package words_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"doorstep/web/words"
)

// public are the areas that families and strangers read: nothing of them may be missing in Spanish.
func public() []string { return []string{"common", "sign_in", "rules", "failure"} }

func load(t *testing.T) *words.Catalog {
	t.Helper()
	c, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// An area with a Spanish file is whole in it; what is filled in is the same in both.
func TestSpanishIsWhole(t *testing.T) {
	c := load(t)
	en, es := c.Keys(words.English), c.Keys(words.Spanish)
	begun := public()
	for key := range es {
		area, _, _ := strings.Cut(key, ".")
		begun = append(begun, area)
		if _, ok := en[key]; !ok {
			t.Errorf("es has %s and en has not", key)
		}
	}
	hole := regexp.MustCompile(`\{\w+\}`)
	holes := func(s string) []string { h := hole.FindAllString(s, -1); slices.Sort(h); return slices.Compact(h) }
	for key, text := range en {
		area, _, _ := strings.Cut(key, ".")
		if !slices.Contains(begun, area) {
			continue
		}
		said, ok := es[key]
		switch {
		case !ok:
			t.Errorf("%s is missing in Spanish", key)
		case !slices.Equal(holes(text), holes(said)):
			t.Errorf("%s fills in %v in English and %v in Spanish", key, holes(text), holes(said))
		case strings.Contains(said, "?") && !strings.Contains(said, "¿"), strings.Contains(said, "!") && !strings.Contains(said, "¡"):
			t.Errorf("%s: a question or a call begins with its sign in Spanish", key)
		}
	}
}

// Every key that a page names has words, and no words are left that no page names.
func TestPagesAndCatalogAgree(t *testing.T) {
	en := load(t).Keys(words.English)
	used := map[string]bool{}
	literal := regexp.MustCompile(`"([a-z][a-z0-9_]*\.[a-z0-9_]+)"`)
	coded := regexp.MustCompile(`(?:words\.Code|\bcodes)\(\s*\w+,\s*"([a-z0-9_]+)"`)
	counted := regexp.MustCompile(`words\.Count\(\s*\w+,\s*"([a-z0-9_]+\.[a-z0-9_]+)"`)
	said := regexp.MustCompile(`(?:words\.T\(\s*\w+(?:\.\w+\(\))?,|\br\.T\()\s*"([^"]+)"`)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go") ||
			!strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range said.FindAllStringSubmatch(string(text), -1) {
			if _, ok := en[m[1]]; !ok {
				t.Errorf("%s says %q, which has no words", path, m[1])
			}
		}
		for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
			used[m[1]] = true
		}
		for _, m := range coded.FindAllStringSubmatch(string(text), -1) {
			used[m[1]+".*"] = true
		}
		for _, m := range counted.FindAllStringSubmatch(string(text), -1) {
			for _, form := range []string{"_one", "_many"} {
				if _, ok := en[m[1]+form]; !ok {
					t.Errorf("%s counts %q, which has no words for %s", path, m[1], form)
				}
				used[m[1]+form] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range en {
		area, _, _ := strings.Cut(key, ".")
		if !used[key] && !used[area+".*"] {
			t.Errorf("no page says %s", key)
		}
	}
}
