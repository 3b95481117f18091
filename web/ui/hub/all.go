package hub

import (
	"context"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// All is every open case at the hub, or those of a filter that stands in the address.
func (p Pages) All(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("status", "owner", "program", "area", "language", "due", "after")
	if err != nil {
		return ui.Body{}, err
	}
	l := allCases{after: q["after"], filter: referral.CaseFilter{Status: referral.Status(q["status"]), Owner: q["owner"], Program: q["program"], Area: q["area"],
		Language: q["language"], Due: q["due"]}}
	if view := ui.Valued(r.Context(), "view", ""); view != "" { // a form of this page needs a correction
		if f, err := referral.ReadCaseFilter(view); err == nil {
			l.filter = f
		}
	}
	return p.all(r, l)
}

func (p Pages) all(r *ui.Request, l allCases) (ui.Body, error) {
	var err error
	if l.Page, err = p.Referrals.AllCases(r.Context(), r.Actor, l.filter, l.after); err != nil {
		return ui.Body{}, err
	}
	if l.choices, err = p.Referrals.FilterChoices(r.Context(), r.Actor); err != nil {
		return ui.Body{}, err
	}
	views, err := p.Referrals.SavedViews(r.Context(), r.Actor)
	l.views = views.Items
	return ui.Body{Title: r.T("cases.title"), Nav: "/cases", Content: allPage(l)}, err
}

type allCases struct {
	referral.Page[referral.OwnedCase]
	filter  referral.CaseFilter
	after   string
	choices referral.FilterChoices
	views   []referral.SavedView
}

func (l allCases) path() string { return viewPath(l.filter.Query()) }

func viewPath(query string) string {
	if query == "" {
		return "/cases"
	}
	return "/cases?" + query
}

// viewTabs are every open case, and the views that the reader kept.
func viewTabs(ctx context.Context, l allCases) []ui.Tab {
	tabs := []ui.Tab{{Label: words.T(ctx, "cases.all_open"), Path: "/cases", Current: l.filter.Query() == ""}}
	for _, v := range l.views {
		tabs = append(tabs, ui.Tab{Label: v.Name, Path: viewPath(v.Filter), Current: l.filter.Query() == v.Filter})
	}
	return tabs
}

// kept is the view whose filter this is.
func (l allCases) kept() *referral.SavedView {
	for i, v := range l.views {
		if v.Filter == l.filter.Query() && v.Filter != "" {
			return &l.views[i]
		}
	}
	return nil
}

func named(first []ui.Option, all []referral.Named) []ui.Option {
	for _, n := range all {
		first = append(first, ui.Option{Value: n.ID.String(), Label: n.Name})
	}
	return first
}

func anyOf(ctx context.Context) []ui.Option { return []ui.Option{{Label: words.T(ctx, "hub.any")}} }

func statusOptions(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: words.T(ctx, "cases.all_open")}}
	for _, s := range []referral.Status{referral.Review, referral.Outreach, referral.Offered, referral.Waitlisted, referral.Claimed, referral.Accepted, referral.Enrolled, referral.Closed} {
		out = append(out, ui.Option{Value: string(s), Label: words.Code(ctx, "status", string(s))})
	}
	return out
}

func ownerOptions(ctx context.Context, l allCases) []ui.Option {
	return named(append(anyOf(ctx), ui.Option{Value: referral.OwnerMe, Label: words.T(ctx, "hub.owner_me")}, ui.Option{Value: referral.OwnerNone, Label: words.T(ctx, "hub.owner_none")}), l.choices.People)
}

func dueOptions(ctx context.Context) []ui.Option {
	out := anyOf(ctx)
	for _, due := range []string{referral.DueOver, referral.DueByToday, referral.DueByWeek} {
		out = append(out, ui.Option{Value: due, Label: words.Code(ctx, "due_by", due)})
	}
	return out
}

func plainOptions(ctx context.Context, values []string, label func(string) string) []ui.Option {
	out := anyOf(ctx)
	for _, v := range values {
		out = append(out, ui.Option{Value: v, Label: label(v)})
	}
	return out
}

// languageName is a language in words where the catalog has them.
func languageName(ctx context.Context, code string) string {
	if key := "language." + code; ui.Of(ctx).T(key) != key {
		return words.Code(ctx, "language", code)
	}
	return code
}

type giveForm struct {
	Cases []string `form:"cases"`
	To    string   `form:"to"`
	View  string   `form:"view"`
}

// Give makes a colleague answer for the ticked cases, and shows what became of each.
func (p Pages) Give(r *ui.Request, f giveForm) (ui.Body, error) {
	cases, err := ids(f.Cases)
	if err == nil && len(cases) == 0 {
		err = r.Actor.Require(auth.CaseGive)
		if err == nil {
			err = fault.Problems([]fault.Field{{Pointer: "/cases", Code: "required", Detail: r.T("hub.tick_first")}})
		}
	}
	if err != nil {
		return ui.Body{}, err
	}
	in := referral.GiveForm{Cases: cases}
	if to, err := ids([]string{f.To}); err == nil && len(to) == 1 {
		in.To = to[0]
	}
	got, err := p.Referrals.GiveCases(r.Context(), r.Actor, in)
	return ui.Body{Title: r.T("hub.gave"), Nav: "/cases", Content: gave(got, back(f.View))}, err
}

// back is the list that somebody came from.
func back(view string) string {
	if f, err := referral.ReadCaseFilter(view); err == nil {
		return viewPath(f.Query())
	}
	return "/cases"
}

type viewForm struct {
	Name string `form:"name"`
	View string `form:"view"`
}

// SaveView keeps the filter before the reader's eyes under a name.
func (p Pages) SaveView(r *ui.Request, f viewForm) (ui.Next, error) {
	v, err := p.Referrals.SaveView(r.Context(), r.Actor, referral.ViewForm{Name: f.Name, Filter: f.View})
	return ui.Next{To: viewPath(v.Filter), Flash: ui.Flash{Key: "hub.view_kept"}}, err
}

// DropView forgets one.
func (p Pages) DropView(r *ui.Request, _ struct{}) (ui.Next, error) {
	id, err := r.ID("view")
	if err != nil {
		return ui.Next{}, err
	}
	_, err = p.Referrals.DropView(r.Context(), r.Actor, id)
	return ui.Next{To: "/cases", Flash: ui.Flash{Key: "hub.view_dropped"}}, err
}

func givenWell(g referral.GiveReceipt) (n int) {
	for _, c := range g.Items {
		if c.Result == referral.Given || c.Result == referral.GivenAlready {
			n++
		}
	}
	return n
}
