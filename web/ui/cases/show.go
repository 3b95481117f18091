package cases

import (
	"context"
	"github.com/a-h/templ"
	"strings"

	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// Show is one case: who she is, what is due, how to reach her and what happened.
func (p Pages) Show(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Body{}, err
	}
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	v, err := p.Referrals.Case(r.Context(), r.Actor, id)
	if err != nil {
		return ui.Body{}, err
	}
	part, err := p.Part.of(r, v)
	if err != nil {
		return ui.Body{}, err
	}
	urgent, err := p.Urgent.of(r, v)
	if err != nil {
		return ui.Body{}, err
	}
	return ui.Body{Title: r.T("cases.one", "ref", ui.Ref(id)), Nav: "/cases", Content: show(v, urgent, part)}, nil
}

func (p Part) of(r *ui.Request, v referral.CaseView) (templ.Component, error) {
	if p == nil {
		return templ.NopComponent, nil
	}
	return p(r, v)
}

type nothing struct{}

// Undo takes back the newest move of the case, behind the bar that says what was done.
func (p Pages) Undo(r *ui.Request, _ nothing) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	if _, err := p.Referrals.Undo(r.Context(), r.Actor, id); err != nil {
		return ui.Next{}, err
	}
	return ui.Next{To: "/cases/" + id.String(), Flash: ui.Flash{Key: "cases.taken_back"}}, nil
}

func name(f *referral.FamilyView) string {
	return strings.TrimSpace(f.GivenName + " " + f.FamilyName)
}

// story is what happened, the newest first, with what is next above it.
func story(ctx context.Context, v referral.CaseView) (events []ui.Event) {
	if v.NextBy != nil && v.Status != referral.Closed {
		events = append(events, ui.Event{Text: words.Code(ctx, "step", v.NextStep), Note: words.T(ctx, "cases.by", "time", ui.When(ctx, *v.NextBy))})
	}
	for i := range v.Moves {
		m := v.Moves[len(v.Moves)-1-i]
		events = append(events, ui.Event{At: m.MovedAt, Text: words.Code(ctx, "action", string(m.Action)), Note: words.Code(ctx, "status", string(m.To)), Undone: m.UndoneAt != nil})
	}
	return events
}
