package rulebook_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"doorstep/rulebook"
)

func TestReplayFindsWhatWasTamperedWith(t *testing.T) {
	d := newDesk(t)
	d.family(25, "black", nil)
	set, err := d.live(t.Context())
	d.must(err)
	marshal := func(v any) []byte {
		t.Helper()
		text, err := json.Marshal(v)
		d.must(err)
		return text
	}
	decision, err := set.Decide(d.cases[0].Facts, d.cases[0].Places)
	d.must(err)
	good := rulebook.Kept{ID: uuid.New(), RuleSetID: d.first, RuleSetHash: set.Hash(), Facts: marshal(d.cases[0].Facts), Places: marshal(d.cases[0].Places), Outcome: marshal(decision)}
	tampered, old, shorter, unknown := good, good, good, good
	tampered.ID, tampered.Outcome = uuid.New(), []byte(strings.Replace(string(good.Outcome), `"tier":3`, `"tier":1`, 1))
	old.Places = nil
	shorter.Outcome = []byte(strings.Replace(string(good.Outcome), `"band":3,`, ``, 1))
	unknown.ID, unknown.RuleSetHash = uuid.New(), "0000"
	kept := []rulebook.Kept{good, tampered, old, shorter, unknown, good}
	var differs []rulebook.Differs
	got, err := d.Replay(t.Context(), func(yield func(rulebook.Kept, error) bool) {
		for _, k := range kept {
			if !yield(k, nil) {
				return
			}
		}
	}, func(x rulebook.Differs) { differs = append(differs, x) })
	d.must(err)
	if got != (rulebook.Replayed{Decisions: 6, Identical: 2, Extended: 1, NotKept: 1, Differ: 2}) {
		t.Errorf("%+v", got)
	}
	if len(differs) != 2 || differs[0].ID != tampered.ID || differs[0].Path != "/tier" || differs[1].ID != unknown.ID ||
		!slices.ContainsFunc(differs, func(x rulebook.Differs) bool { return strings.Contains(x.Why, "hash") }) {
		t.Errorf("%+v", differs)
	}
}
