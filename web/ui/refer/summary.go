package refer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"cloud.google.com/go/civil"

	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

type answered struct{ name, label, text string }

type answeredCard struct {
	id, title string
	rows      []answered
}

// summary is what was answered, as it was understood.
func summary(ctx context.Context, c checkView) []answeredCard {
	f, in := c.form, c.in
	who := []answered{
		{"stage", words.T(ctx, "refer.stage"), words.Code(ctx, "refer_stage", f.Stage)},
		{"client.given_name", words.T(ctx, "refer.name"), strings.TrimSpace(f.Given + " " + f.Family)},
		{"client.date_of_birth", words.T(ctx, "refer.born"), day(ctx, in.Client.DateOfBirth, f.Born)},
	}
	switch f.Stage {
	case "prenatal":
		due := f.Due
		if in.Pregnancy != nil && in.Pregnancy.DueOn != "" {
			due = day(ctx, in.Pregnancy.DueOn, f.Due)
		} else if in.Pregnancy != nil && in.Pregnancy.Weeks != nil {
			due = words.T(ctx, "refer.weeks_today", "n", fmt.Sprint(*in.Pregnancy.Weeks))
		}
		who = append(who, answered{"pregnancy.due_on", words.T(ctx, "refer.due"), due}, answered{"pregnancy.earlier_live_births", words.T(ctx, "refer.births"), f.Births})
	case "postpartum":
		for i, child := range in.Birth.Infants {
			text := day(ctx, child.BornOn, "")
			if child.Nicu != "" {
				text += " · " + words.T(ctx, "refer.nicu") + " " + words.Code(ctx, "refer_said", child.Nicu)
			}
			if child.Custody != "" {
				text += " · " + words.Code(ctx, "custody", child.Custody)
			}
			name := "birth.infants.0.born_on"
			if i > 0 && i < 3 {
				name = fmt.Sprintf("birth.infants.%d.born_on", i)
			}
			who = append(who, answered{name, words.T(ctx, "refer.baby_n", "n", fmt.Sprint(i+1)), text})
		}
		who = append(who, answered{"birth.mother_discharged_on", words.T(ctx, "refer.home"), day(ctx, in.Birth.MotherDischargedOn+in.Birth.MotherDischargeExpectedOn, f.Home)})
	}
	phone := f.Phone
	if f.NoPhone {
		phone = words.T(ctx, "refer.no_phone")
	}
	language := ""
	if f.Language != "" {
		language = words.Code(ctx, "language", f.Language)
	}
	if f.Interpreter {
		language += " · " + words.T(ctx, "refer.interpreter")
	}
	home := strings.Trim(f.Street+", "+f.Zip, ", ")
	if f.NoHome {
		home = words.T(ctx, "refer.no_address")
	}
	reach := []answered{
		{"contact_methods.0.value", words.T(ctx, "refer.phone"), phone},
		{"contact_methods.0.safe_call", words.T(ctx, "refer.safe_ways"), safeWays(ctx, f, "yes")},
		{"contact_methods.0.safe_call", words.T(ctx, "refer.unsafe_ways"), safeWays(ctx, f, "no")},
		{"contact_methods.0.remarks", words.T(ctx, "refer.must_not"), f.MustNot},
		{"client.spoken_language", words.T(ctx, "refer.language"), language},
		{"addresses.0.zip", words.T(ctx, "refer.lives"), home},
	}
	reach = append(reach, given(
		answered{"contact_methods.0.hours", words.T(ctx, "refer.best_time"), labelOf(times(ctx), f.BestTime)},
		answered{"contact_methods.0.ask_for", words.T(ctx, "refer.ask_for"), f.AskFor},
		answered{"contact_methods.0.code_word", words.T(ctx, "refer.code_word"), f.CodeWord},
		answered{"contact_methods.0.who_may_answer", words.T(ctx, "refer.may_answer"), f.MayAnswer},
		answered{"contact_methods.0.whose", words.T(ctx, "refer.whose"), labelOf(owners(ctx), f.Whose)})...)
	if f.Email != "" {
		reach = append(reach, answered{"contact_methods.1.value", words.T(ctx, "refer.email"), f.Email})
	}
	answer := ""
	if f.Consent != "" {
		answer = words.Code(ctx, "refer_answer", f.Consent)
	}
	permission := []answered{
		{"consent.answer", words.T(ctx, "refer.answer"), answer},
		{"consent.share_with_agencies", words.T(ctx, "refer.share"), said(ctx, f.Share)},
		{"consent.feedback", words.T(ctx, "refer.feedback"), said(ctx, f.Feedback)},
		{"consent.feedback_reason", words.T(ctx, "refer.feedback_reason"), said(ctx, f.FeedbackReason)},
		{"consent.texts", words.T(ctx, "refer.texts"), said(ctx, f.Texts)},
	}
	permission = append(permission, given(
		answered{"consent.language", words.T(ctx, "refer.heard"), labelOf(heard(ctx), f.Heard)},
		answered{"consent.interpreter", words.T(ctx, "refer.heard_by"), labelOf(interpreters(ctx), f.HeardBy)})...)
	more := []answered{{"needs.danger_now", words.T(ctx, "refer.danger"), said(ctx, f.Danger)}, {"needs", words.T(ctx, "refer.needs"), listNeeds(ctx, f)}}
	more = append(more, given(
		answered{"client.insurance", words.T(ctx, "refer.insurance"), labelOf(insurance(ctx), f.Insurance)},
		answered{"client.caregiver_role", words.T(ctx, "refer.role"), labelOf(caregivers(ctx), f.Role)})...)
	if f.Stage == "postpartum" {
		more = append(more, given(answered{"birth.infants.0.gestation_weeks", words.T(ctx, "refer.weeks"), f.Weeks})...)
	}
	if f.Instrument != "" {
		more = append(more, answered{"screenings.0.instrument", words.T(ctx, "refer.screening"), words.Code(ctx, "instrument", f.Instrument) + ": " + f.Items})
	}
	more = append(more, given(
		answered{"screenings.0.given_on", words.T(ctx, "refer.given_on"), f.GivenOn},
		answered{"screenings.0.done_today", words.T(ctx, "refer.done_today"), labelOf(done(ctx), f.DoneToday)},
		answered{"referrer.phone", words.T(ctx, "refer.callback"), f.Callback})...)
	more = append(more, answered{"note", words.T(ctx, "refer.note"), f.Note})
	cards := []answeredCard{{"who", words.T(ctx, "refer.who"), who}, {"reach", words.T(ctx, "refer.reach"), reach},
		{"permission", words.T(ctx, "refer.permission"), permission}, {"more", words.T(ctx, "refer.more"), more}}
	if c.hub {
		cards = append([]answeredCard{{"came", words.T(ctx, "refer.came"), cameRows(ctx, c)}}, cards...)
	}
	return cards
}

// given leaves out what nobody answered: these stand where a newcomer need not look, so they are listed only when they say something.
func given(all ...answered) (out []answered) {
	for _, a := range all {
		if a.text != "" {
			out = append(out, a)
		}
	}
	return out
}

func labelOf(all []ui.Option, value string) string {
	for _, o := range all {
		if o.Value == value && value != "" {
			return o.Label
		}
	}
	return ""
}

func day(ctx context.Context, iso, typed string) string {
	d, err := civil.ParseDate(iso)
	if err != nil {
		return typed
	}
	return ui.Day(ctx, d)
}

func said(ctx context.Context, answer string) string {
	if answer == "" {
		return ""
	}
	return words.Code(ctx, "refer_said", answer)
}

func safeWays(ctx context.Context, f Form, answer string) string {
	var out []string
	for _, way := range []struct{ said, use string }{{f.Call, "call"}, {f.Text, "text"}, {f.Voicemail, "voicemail"}, {f.SafeEmail, "email"}, {f.Letter, "letter"}, {f.Visit, "visit"}} {
		switch {
		case way.said != answer:
		case answer == "yes":
			out = append(out, words.Code(ctx, "use_yes", way.use))
		default:
			out = append(out, words.Code(ctx, "use_no", way.use))
		}
	}
	return strings.Join(out, ", ")
}

func listNeeds(ctx context.Context, f Form) string {
	var out []string
	for _, o := range needs(ctx) {
		if slices.Contains(f.Needs, o.Value) {
			out = append(out, o.Label)
		}
	}
	return strings.Join(out, "; ")
}

// change leads to the field of that name, or behind that pointer, on the draft's form.
func change(c checkView, name string) templ.SafeURL {
	name = strings.ReplaceAll(strings.TrimPrefix(name, "/"), "/", ".")
	if strings.HasPrefix(name, "screenings.0.items.") {
		name = "screenings.0.items"
	}
	return templ.SafeURL(c.draft + c.id.String() + "#" + ui.FieldID(name))
}

func first(all []string, n int) []string { return all[:min(n, len(all))] }

func likelyCount(v referral.PreviewView) (n int) {
	for _, p := range v.Programs {
		if p.Says == referral.ProgramLikely {
			n++
		}
	}
	return n
}

func clock(ctx context.Context) string {
	r := ui.Of(ctx)
	return r.Now.In(r.Zone).Format("3:04 pm")
}
