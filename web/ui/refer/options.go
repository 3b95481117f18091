package refer

import (
	"context"
	"slices"
	"strconv"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// options are codes with their words.
func options(say func(code string) string, codes ...string) []ui.Option {
	var out []ui.Option
	for _, code := range codes {
		out = append(out, ui.Option{Value: code, Label: say(code)})
	}
	return out
}

// blank puts "not known" before.
func blank(ctx context.Context, known []ui.Option) []ui.Option {
	return append([]ui.Option{{Label: words.T(ctx, "refer.not_said")}}, known...)
}

func stages(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "prenatal", Label: words.Code(ctx, "refer_stage", "prenatal")}, {Value: "postpartum", Label: words.Code(ctx, "refer_stage", "postpartum")},
		{Value: "loss", Label: words.Code(ctx, "refer_stage", "loss")}}
}

func answers(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, code := range []string{"yes_in_person", "signed", "send_link", "required_form", "she_said_no"} {
		out = append(out, ui.Option{Value: code, Label: words.Code(ctx, "refer_answer", code)})
	}
	return out
}

func languages(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: words.T(ctx, "refer.pick")}}
	for _, code := range []string{"en", "es", "am", "ar", "fr", "ht", "ne", "pt", "ru", "ur", "vi", "zh"} {
		out = append(out, ui.Option{Value: code, Label: words.Code(ctx, "language", code)})
	}
	return append(out, ui.Option{Value: "other", Label: words.T(ctx, "refer.other_language")})
}

func heard(ctx context.Context) []ui.Option {
	return blank(ctx, slices.DeleteFunc(languages(ctx), func(o ui.Option) bool { return o.Value == "" || o.Value == "other" }))
}

func staying(ctx context.Context) []ui.Option {
	out := blank(ctx, options(func(c string) string { return words.Code(ctx, "custody", c) }, "with_parent", "kin", "foster", "adoption_planned", "guardian"))
	return append(out, ui.Option{Value: "not_said", Label: words.T(ctx, "refer.not_say")})
}

func times(ctx context.Context) []ui.Option {
	return append([]ui.Option{{Label: words.T(ctx, "refer.any_time")}}, options(func(c string) string { return words.Code(ctx, "refer_time", c) }, "mornings", "afternoons", "evenings")...)
}

func owners(ctx context.Context) []ui.Option {
	return append([]ui.Option{{Label: words.T(ctx, "refer.hers")}}, options(func(c string) string { return words.Code(ctx, "whose", c) }, "guardian", "trusted")...)
}

func interpreters(ctx context.Context) []ui.Option {
	return blank(ctx, options(func(c string) string { return words.Code(ctx, "refer_heard_by", c) }, "not_needed", "bilingual_staff", "qualified"))
}

func insurance(ctx context.Context) []ui.Option {
	return blank(ctx, options(func(c string) string { return words.Code(ctx, "insurance", c) }, "medicaid", "applying", "private", "none"))
}

func caregivers(ctx context.Context) []ui.Option {
	return append([]ui.Option{{Label: words.Code(ctx, "caregiver", "birth_parent")}}, options(func(c string) string { return words.Code(ctx, "caregiver", c) }, "other_parent", "kin", "foster", "adoptive", "guardian")...)
}

func needs(ctx context.Context) []ui.Option {
	return options(func(c string) string { return words.Code(ctx, "refer_need", c) }, "homeless", "unstable_housing", "low_income", "public_assistance", "mental_health", "substance_use", "tobacco", "partner_violence",
		"chronic_condition", "no_prenatal_care", "clinician_concern")
}

func instruments(ctx context.Context) []ui.Option {
	return blank(ctx, options(func(c string) string { return words.Code(ctx, "instrument", c) }, "epds", "phq2", "phq9", "gad7", "hits", "ahc_safety"))
}

func done(ctx context.Context) []ui.Option {
	return options(func(c string) string { return words.Code(ctx, "refer_done", c) }, "assessed", "safety_plan", "sent_home", "not_yet")
}

// scriptLines are the words of the newest version, in the order in which she is asked.
func scriptLines(lang string) (out []string) {
	for _, scope := range []string{"receive", "contact", "share", "feedback", "feedback_reason", "texts"} {
		for _, t := range referral.Wordings()[0].Texts {
			if t.Scope == scope && lang == "es" {
				out = append(out, t.Spanish)
			} else if t.Scope == scope {
				out = append(out, t.Text)
			}
		}
	}
	return out
}

func today(r *ui.Request) civil.Date { return civil.DateOf(r.Now.In(r.Zone)) }

// read says as what a date was read, where there is one, else the hint.
func read(ctx context.Context, name, hint string) string {
	r := ui.Of(ctx)
	d, ok := ui.ReadDate(ui.Valued(ctx, name, ""), today(r))
	if !ok || d == nil {
		return hint
	}
	switch name {
	case "client.date_of_birth":
		return words.T(ctx, "refer.read_age", "day", ui.Day(ctx, *d), "n", strconv.Itoa(years(*d, today(r))))
	case "pregnancy.due_on":
		if weeks := 40 - d.DaysSince(today(r))/7; weeks > 0 && weeks < 45 {
			return words.T(ctx, "refer.read_weeks", "day", ui.Day(ctx, *d), "n", strconv.Itoa((280-d.DaysSince(today(r)))/7))
		}
	}
	return ui.Day(ctx, *d)
}

func years(born, on civil.Date) int {
	n := on.Year - born.Year
	if on.Month < born.Month || on.Month == born.Month && on.Day < born.Day {
		n--
	}
	return n
}

// moreOpen keeps the last card open when something in it was typed or is wrong.
func moreOpen(ctx context.Context) bool {
	for _, name := range []string{"screenings.0.instrument", "screenings.0.items", "note", "referrer.phone", "needs.danger_now", "needs", "client.insurance"} {
		if ui.Valued(ctx, name, "") != "" || ui.WrongOf(ctx, name) != "" {
			return true
		}
	}
	return false
}

// opened is the moment at which the page was opened: a call began then.
func opened(ctx context.Context) string { return ui.Of(ctx).Now.UTC().Format(time.RFC3339) }
