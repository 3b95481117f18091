package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func pairsFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pairs.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMatchTriesTheScorerOnWhatItSynthesizes(t *testing.T) {
	made, err := command(t, nil, "match", "synthesize", "--people", "500", "--pairs", "600", "--seed", "9")
	if err != nil {
		t.Fatal(err)
	}
	path := pairsFile(t, made)
	out, err := command(t, nil, "match", "eval", path, "--group", "group", "--notes", "kind")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"600 pairs: 300 of one person, 300 of two", "linked by itself, from 22 bits", "vietnamese", "mother and daughter"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	fitted, err := command(t, nil, "match", "eval", path, "--fit")
	if err != nil {
		t.Fatal(err)
	}
	weights := pairsFile(t, fitted)
	if _, err = command(t, nil, "match", "eval", path, "--weights", weights); err != nil {
		t.Errorf("the fitted weights are not taken: %v", err)
	}
}

func TestMatchReadsAnyColumns(t *testing.T) {
	path := pairsFile(t, "same,first,last,dob,first2,last2,dob2\nyes,Ana,Li,1998-04-02,ANA,Li,1998-04-02\nno,Ana,Li,1998-04-02,Joy,Baker,1980-01-31\n,Ana,Li,,Ana,Li,\n")
	columns := []string{"match", "eval", path, "--truth", "same", "--columns", "given=first,first2", "--columns", "family=last,last2", "--columns", "born=dob,dob2"}
	out, err := command(t, nil, columns...)
	if err != nil || !strings.Contains(out, "2 pairs: 1 of one person, 1 of two") {
		t.Errorf("got %v and\n%s", err, out)
	}
	for name, args := range map[string][]string{
		"no truth":       {"match", "eval", path},
		"no such column": {"match", "eval", path, "--truth", "same", "--columns", "given=first,second"},
		"no such field":  {"match", "eval", path, "--truth", "same", "--columns", "nose=first,first2"},
		"one column":     {"match", "eval", path, "--truth", "same", "--columns", "given=first"},
		"nothing known":  {"match", "eval", path, "--truth", "same"},
	} {
		if _, err := command(t, nil, args...); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
	path = pairsFile(t, "truth,a_given,b_given,a_born,b_born\nyes,Ana,Ana,04/02/1998,1998-04-02\n")
	if _, err := command(t, nil, "match", "eval", path); err == nil || !strings.Contains(err.Error(), "line 2: born") || strings.Contains(err.Error(), "1998") {
		t.Errorf("a wrong day must be named by line and field and not be quoted, got %v", err)
	}
}

// What cannot be read is said, by line and field and without the value: no figure is printed that counts it as something else.
func TestMatchRefusesWhatItWouldMisread(t *testing.T) {
	const head = "truth,a_given,b_given,a_sex,b_sex,a_namesakes,b_namesakes\n"
	for name, c := range map[string]struct {
		text, want string
		args       []string
	}{
		"nothing":                 {"", "the file is empty", nil},
		"no pairs":                {head, "no pairs", nil},
		"no pairs to fit":         {head, "no pairs", []string{"--fit"}},
		"a label of another kind": {head + "maybe,Ana,Ana,,,,\n", "line 2: truth: write 1", nil},
		"not UTF-8":               {head + "yes,Jos\xe9,Ana,,,,\n", "line 2: given: not in UTF-8", nil},
		"a sex of another kind":   {head + "yes,Ana,Ana,7,,,\n", "line 2: sex: write female", nil},
		"fewer than nobody":       {head + "yes,Ana,Ana,,,-5,\n", "line 2: namesakes", nil},
		"one column twice":        {head + "yes,Ana,Ana,,,,\n", "name two columns", []string{"--columns", "given=a_given,a_given"}},
		"one kind to fit":         {head + "yes,Ana,Ana,,,,\n", "only one kind", []string{"--fit"}},
	} {
		_, err := command(t, nil, append([]string{"match", "eval", pairsFile(t, c.text)}, c.args...)...)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	out, err := command(t, nil, "match", "eval", pairsFile(t, "\ufeff"+strings.ReplaceAll(head+" YES ,Ana,Ana,F,female,,\nN,Ana,Joy,f,M,,\n", "\n", "\r\n")))
	if err != nil || !strings.Contains(out, "2 pairs: 1 of one person, 1 of two") || strings.Contains(out, "sex different") {
		t.Errorf("got %v and\n%s", err, out)
	}
	for _, args := range [][]string{{"--people", "0"}, {"--people", "1"}, {"--pairs", "0"}} {
		if _, err := command(t, nil, append([]string{"match", "synthesize"}, args...)...); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
	for _, weights := range []string{`{"link":5,"ask":2,"fields":[]}`, `{"link":5,"ask":2,"fields":[{"field":"nose","levels":[]}]}`} {
		if _, err := command(t, nil, "match", "eval", pairsFile(t, head+"yes,Ana,Ana,,,,\n"), "--weights", pairsFile(t, weights)); err == nil {
			t.Errorf("%s was taken", weights)
		}
	}
}
