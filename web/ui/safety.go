package ui

import (
	"context"
	"slices"
	"strings"

	"doorstep/referral"
	"doorstep/web/words"
)

func languageOf(ctx context.Context, code *string) string {
	if code == nil || *code == "" {
		return words.T(ctx, "safety.language_unknown")
	}
	return words.Code(ctx, "language", *code)
}

// Phone writes an American number as people read it; any other stays as it is.
func Phone(e164 string) string {
	if d, ok := strings.CutPrefix(e164, "+1"); ok && len(d) == 10 {
		return "(" + d[:3] + ") " + d[3:6] + "-" + d[6:]
	}
	return e164
}

// Address is where an address leads, as people write it.
func Address(ctx context.Context, a referral.AddressView) string {
	var parts []string
	for _, p := range []*string{a.Street, a.City, a.Zip} {
		if p != nil && *p != "" {
			parts = append(parts, *p)
		}
	}
	if len(parts) == 0 {
		return words.T(ctx, "safety.no_street")
	}
	return strings.Join(parts, ", ")
}

// whyNot says each reason once, with what to do instead.
func whyNot(k referral.KeptView) []string {
	var out []string
	for _, u := range k.Now {
		if u.Blocked == nil {
			continue
		}
		text := strings.TrimSpace(u.Blocked.Text + " " + u.Blocked.Instead)
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// everyWhy is whyNot of all ways to her, each once; an address that is not shown says why as well.
func everyWhy(ctx context.Context, f *referral.FamilyView) (out []string) {
	add := func(text string) {
		if text = strings.TrimSpace(text); text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	kept := func(k referral.KeptView) {
		if k.Blocked != nil {
			add(k.Blocked.Text + " " + k.Blocked.Instead)
			return
		}
		for _, text := range whyNot(k) {
			add(text)
		}
	}
	for _, c := range f.Contacts {
		kept(c.KeptView)
	}
	for _, a := range f.Addresses {
		if a.Blocked != nil {
			add(words.T(ctx, "safety.address") + ": " + words.T(ctx, "safety.hidden") + ". " + a.Blocked.Text + " " + a.Blocked.Instead)
			continue
		}
		kept(a.KeptView)
	}
	return out
}
