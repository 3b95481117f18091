package triage

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Digest is a short hash of what a decision means for her: how soon, who can
// take her, what is asked and until when. Two decisions of one digest need not
// both be kept. It leaves out the day, the order among programs that can take
// her, and every word.
func (d *Decision) Digest() string {
	h := sha256.New()
	_, _ = fmt.Fprintln(h, d.RuleSetHash, d.Tier, d.Band, d.Next, d.ReviewReasons, d.Flags, d.EarliestWindow)
	for _, a := range d.Alarms {
		_, _ = fmt.Fprintln(h, a.RuleID)
	}
	for _, f := range d.Fired {
		_, _ = fmt.Fprintln(h, f.RuleID)
	}
	for _, m := range d.Missing {
		_, _ = fmt.Fprintln(h, m.For, m.Name)
	}
	for _, c := range d.Connections {
		_, _ = fmt.Fprintln(h, c.RuleID)
	}
	for _, p := range byID(d.Programs) {
		_, _ = fmt.Fprintln(h, p.ProgramID, p.Verdict, p.WindowClosesOn, p.InsideLastSafeDay, p.HasPlace, p.AgreementValid, p.InArea)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// byID undoes the ranking.
func byID(ranked []ProgramVerdict) []*ProgramVerdict {
	out := make([]*ProgramVerdict, len(ranked))
	for i := range ranked {
		out[i] = &ranked[i]
	}
	slices.SortFunc(out, func(a, b *ProgramVerdict) int { return strings.Compare(a.ProgramID, b.ProgramID) })
	return out
}
