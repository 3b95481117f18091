package triage

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
)

// Draw puts ids in the order of a fair draw: by SHA-256 of the seed, a zero byte
// and the id. The order of ids does not matter, and whoever has the seed of a
// decision can draw again. Without a seed the order is that of the ids.
func Draw(seed string, ids []string) []string {
	type lot struct {
		id  string
		sum [sha256.Size]byte
	}
	lots := make([]lot, len(ids))
	for i, id := range ids {
		lots[i].id = id
		if seed != "" {
			lots[i].sum = sha256.Sum256([]byte(seed + "\x00" + id))
		}
	}
	slices.SortFunc(lots, func(a, b lot) int {
		return cmp.Or(bytes.Compare(a.sum[:], b.sum[:]), cmp.Compare(a.id, b.id))
	})
	out := make([]string, len(lots))
	for i := range lots {
		out[i] = lots[i].id
	}
	return out
}

// settleTies draws among places that every key of the order leaves equal, which
// must stand together in all. Only a draw among places that can take her is
// recorded: only there does it give one of them something.
func (d *Decision) settleTies(all []*candidate, keys []rankKey, seed string) {
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && compare(keys, all[from], all[to]) == 0 {
			to++
		}
		if tied := all[from:to]; len(tied) > 1 {
			d.draw(tied, seed)
		}
		from = to
	}
}

func (d *Decision) draw(tied []*candidate, seed string) {
	ids := make([]string, len(tied))
	for i := range tied {
		ids[i] = tied[i].verdict.ProgramID
	}
	if tied[0].verdict.Verdict != Eligible {
		seed = "" // nothing is given here, and staff find what they look for
	}
	order := Draw(seed, ids)
	slices.SortFunc(tied, func(a, b *candidate) int {
		return cmp.Compare(slices.Index(order, a.verdict.ProgramID), slices.Index(order, b.verdict.ProgramID))
	})
	if seed != "" && tied[0].routable() {
		d.DrawSeed, d.Drawn = seed, append(d.Drawn, order)
	}
}

// explainDraw says where chance decided, so that nobody looks for a reason.
func (d *Decision) explainDraw() []string {
	var out []string
	for _, ids := range d.Drawn {
		names := d.names(ids)
		if same := slices.Compact(slices.Clone(names)); len(same) == 1 {
			out = append(out, number(len(ids))+" places of "+names[0]+" were equal in everything, so a fair draw put them in order.")
			continue
		}
		out = append(out, list(names, "and")+" were equal in everything; a fair draw put "+names[0]+" first.")
	}
	return out
}
