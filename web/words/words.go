package words

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
)

//go:embed en/*.json es/*.json
var files embed.FS

// Lang is a language of pages, as the attribute lang has it.
type Lang string

// The languages.
const (
	English Lang = "en"
	Spanish Lang = "es"
)

// Read is the language of that name; false for one that we do not speak.
func Read(name string) (Lang, bool) {
	l := Lang(name)
	return l, l == English || l == Spanish
}

// Catalog is all words in all languages.
type Catalog struct{ by map[Lang]map[string]string }

// Load reads the catalog.
func Load() (*Catalog, error) {
	c := &Catalog{by: map[Lang]map[string]string{}}
	for _, lang := range []Lang{English, Spanish} {
		c.by[lang] = map[string]string{}
		list, err := files.ReadDir(string(lang))
		if err != nil {
			return nil, fmt.Errorf("list the words of %s: %w", lang, err)
		}
		for _, entry := range list {
			text, err := files.ReadFile(path.Join(string(lang), entry.Name()))
			if err != nil {
				return nil, fmt.Errorf("read the words of %s: %w", lang, err)
			}
			var area map[string]string
			if err := json.Unmarshal(text, &area); err != nil {
				return nil, fmt.Errorf("read the words in %s/%s: %w", lang, entry.Name(), err)
			}
			prefix := strings.TrimSuffix(entry.Name(), ".json") + "."
			if strings.HasPrefix(prefix, "codes") { // these name their areas themselves
				prefix = ""
			}
			for key, words := range area {
				c.by[lang][prefix+key] = words
			}
		}
	}
	return c, nil
}

// Say is the words of a key. args are names and values in turn: Say(Spanish, "case.due", "n", "3") fills in "{n}". A key without
// words in this language is said in English; one without any is shown as itself, which a test forbids.
func (c *Catalog) Say(lang Lang, key string, args ...string) string {
	words, ok := c.by[lang][key]
	if !ok {
		if words, ok = c.by[English][key]; !ok {
			return key
		}
	}
	if len(args) == 0 {
		return words
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(words)
}

// Keys lists the keys of a language.
func (c *Catalog) Keys(lang Lang) map[string]string { return c.by[lang] }

type speaking struct{}

type speaker struct {
	catalog *Catalog
	lang    Lang
}

// In returns a context in which T speaks lang.
func In(ctx context.Context, c *Catalog, lang Lang) context.Context {
	return context.WithValue(ctx, speaking{}, speaker{c, lang})
}

// Speak is the context with another language, for a part of a page.
func Speak(ctx context.Context, lang Lang) context.Context {
	s, ok := ctx.Value(speaking{}).(speaker)
	if !ok {
		return ctx
	}
	return In(ctx, s.catalog, lang)
}

// LangOf is the language of the context.
func LangOf(ctx context.Context) Lang {
	s, _ := ctx.Value(speaking{}).(speaker)
	return s.lang
}

// T says a key in the language of the context. Write the key as a literal: a test looks for it.
func T(ctx context.Context, key string, args ...string) string {
	s, ok := ctx.Value(speaking{}).(speaker)
	if !ok {
		return key
	}
	return s.catalog.Say(s.lang, key, args...)
}

// Code says what a code of the domain means to people: Code(ctx, "status", "review") is the key "status.review". A code without words
// is shown with its underlines as spaces: a new one must not break a page.
func Code(ctx context.Context, area, code string) string {
	key := area + "." + strings.NewReplacer(" ", "_", "-", "_").Replace(code)
	if words := T(ctx, key); words != key {
		return words
	}
	return strings.ReplaceAll(code, "_", " ")
}

// Count says "1 case" or "3 cases": the keys key_one and key_many, with "{n}".
func Count(ctx context.Context, key string, n int) string {
	if n == 1 {
		return T(ctx, key+"_one", "n", "1")
	}
	return T(ctx, key+"_many", "n", fmt.Sprint(n))
}
