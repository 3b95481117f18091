package family

import (
	"context"
	"slices"
	"strings"

	"cloud.google.com/go/civil"
	"time"

	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

func has(all []string, one string) bool { return slices.Contains(all, one) }

// joined leaves out what is empty.
func joined(by string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" }), by)
}

func dangerWords(ctx context.Context, hers bool) string {
	if hers {
		return words.T(ctx, "start.danger_hers")
	}
	return words.T(ctx, "start.danger")
}

func waysWords(ctx context.Context, ways []string) string {
	var out []string
	for _, way := range ways {
		out = append(out, words.Code(ctx, "start_way", way))
	}
	return strings.Join(out, ", ")
}

func waysIn(ctx context.Context, f referral.HerForm) string {
	best := ""
	if f.Best != "" && f.Best != "any" {
		best = words.Code(ctx, "start_best", f.Best)
	}
	return joined(", ", waysWords(ctx, f.Ways), best)
}

// languages are named in themselves: who reads no English finds her own.
func languages(ctx context.Context) (out []ui.Option) {
	for _, l := range [][2]string{{"en", "English"}, {"es", "Español"}, {"ht", "Kreyòl ayisyen"}, {"fr", "Français"}, {"pt", "Português"}, {"ar", "العربية"},
		{"am", "አማርኛ"}, {"zh", "中文"}, {"vi", "Tiếng Việt"}, {"ru", "Русский"}} {
		out = append(out, ui.Option{Value: l[0], Label: l[1]})
	}
	return append(out, ui.Option{Value: "other", Label: words.T(ctx, "start.another_language")})
}

func languageValue(ctx context.Context, f referral.HerForm) string {
	if f.HerAnswers.Language == "" {
		return string(words.LangOf(ctx))
	}
	return f.HerAnswers.Language
}

func languageIn(ctx context.Context, f referral.HerForm) string {
	for _, l := range languages(ctx) {
		if l.Value == f.HerAnswers.Language && l.Value != "other" {
			return l.Label
		}
	}
	return joined(": ", words.T(ctx, "start.another_language"), f.Speaks)
}

func dateLabel(ctx context.Context, f referral.HerForm) string {
	if f.Who == "baby" {
		return words.T(ctx, "start.check_born")
	}
	return words.T(ctx, "start.check_due")
}

func dateIn(ctx context.Context, f referral.HerForm) string {
	if f.NotSure || f.Year == 0 {
		return words.T(ctx, "start.not_sure")
	}
	return ui.Day(ctx, civil.Date{Year: f.Year, Month: time.Month(f.Month), Day: f.Day})
}
