package words_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"doorstep/web/words"
)

// A key is said in one place: the second of two would silently win, on pages of somebody else.
func TestEveryKeyStandsOnce(t *testing.T) {
	for _, lang := range []words.Lang{words.English, words.Spanish} {
		where := map[string]string{}
		list, err := filepath.Glob(filepath.Join(string(lang), "*.json"))
		if err != nil || len(list) == 0 {
			t.Fatalf("the words of %s: %d files, %v", lang, len(list), err)
		}
		for _, path := range list {
			area := strings.TrimSuffix(filepath.Base(path), ".json") + "."
			if strings.HasPrefix(area, "codes") {
				area = ""
			}
			for _, key := range keysIn(t, path) {
				if first, ok := where[area+key]; ok {
					t.Errorf("%s stands in %s and in %s", area+key, first, path)
				}
				where[area+key] = path
			}
		}
	}
}

// keysIn lists the keys of an object as they are written, each as often as it is.
func keysIn(t *testing.T, path string) (keys []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	read := json.NewDecoder(bytes.NewReader(text))
	for n := 0; read.More() || n == 0; n++ {
		token, err := read.Token()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if n%2 == 1 { // after the brace: a key, its words, a key, its words
			keys = append(keys, token.(string))
		}
	}
	return keys
}

// Families read one Spanish word for one thing, as people say it in the Americas, and are never called "tú".
func TestSpanishKeepsToItsWords(t *testing.T) {
	instead := map[string]string{
		`lenguas?`: "idioma", `pulse`: "presione", `un texto|textos`: "mensaje de texto", `sin llenar`: "en blanco", `mire`: "revise", `pruebe`: "intente",
		`ordenador|móvil`: "computadora, teléfono", `en la actualidad|actualmente`: "ahora", `tú|tu|tus|te|ti|contigo|vosotr[ao]s|vuestr[ao]s?`: "usted",
	}
	c := load(t)
	for key, text := range c.Keys(words.Spanish) {
		for bad, good := range instead {
			// Go's \b knows only plain letters.
			if found := regexp.MustCompile(`(?i)(^|[^\p{L}])(` + bad + `)($|[^\p{L}])`).FindString(text); found != "" {
				t.Errorf("%s says %q: say %s", key, strings.TrimSpace(found), good)
			}
		}
	}
}

// What families read is whole in Spanish, and so is every area that begins to be.
func TestFamiliesHaveEveryWordInSpanish(t *testing.T) {
	c := load(t)
	es := c.Keys(words.Spanish)
	for key := range c.Keys(words.English) {
		area, _, _ := strings.Cut(key, ".")
		if _, ok := es[key]; !ok && (slices.Contains(families(), area) || strings.HasPrefix(area, "start")) {
			t.Errorf("%s is missing in Spanish", key)
		}
	}
}
