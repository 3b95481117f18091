package hub

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// Matches is the pairs that may be one person, the oldest first.
func (p Pages) Matches(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("after")
	if err != nil {
		return ui.Body{}, err
	}
	page, err := p.Referrals.Matches(r.Context(), r.Actor, q["after"])
	return ui.Body{Title: r.T("hub.matches"), Nav: "/queue", Content: matches(page, q["after"])}, err
}

type answerForm struct {
	Answer string `form:"answer"`
}

// Decide answers one pair.
func (p Pages) Decide(r *ui.Request, f answerForm) (ui.Next, error) {
	id, err := r.ID("match")
	if err != nil {
		return ui.Next{}, err
	}
	if _, err := p.Referrals.DecideMatch(r.Context(), r.Actor, id, referral.MatchAnswer{Answer: f.Answer}); err != nil {
		return ui.Next{}, err
	}
	key := "hub.kept_apart"
	if f.Answer == "same" {
		key = "hub.linked"
	}
	return ui.Next{To: "/matches", Flash: ui.Flash{Key: key}}, nil
}

// WhoIs looks by hand for others who may be the same person.
func (p Pages) WhoIs(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Body{}, err
	}
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	found, err := p.Referrals.WhoIs(r.Context(), r.Actor, id)
	if err != nil {
		return ui.Body{}, err
	}
	v, err := p.Referrals.Case(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("hub.title_of", "what", r.T("hub.who_is"), "ref", ui.Ref(id)), Nav: "/queue", Content: whoIs(desk{CaseView: v}, found)}, err
}

type linkForm struct {
	Case string `form:"case"`
}

// Link links two cases by hand.
func (p Pages) Link(r *ui.Request, f linkForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	other, _ := uuid.Parse(f.Case)
	if _, err := p.Referrals.LinkCases(r.Context(), r.Actor, id, referral.LinkForm{CaseID: other}); err != nil {
		return ui.Next{}, err
	}
	return ui.Next{To: "/cases/" + id.String() + "/links", Flash: ui.Flash{Key: "hub.linked"}}, nil
}

// Links is who a case is linked with, and where a wrong link is taken apart.
func (p Pages) Links(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Body{}, err
	}
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	l, err := p.Referrals.Links(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("hub.title_of", "what", r.T("hub.links"), "ref", ui.Ref(id)), Nav: "/queue", Content: links(id, l)}, err
}

type partForm struct {
	Reason string `form:"reason"`
}

// Part takes a wrong link apart.
func (p Pages) Part(r *ui.Request, f partForm) (ui.Next, error) {
	id, err := r.ID("link")
	if err != nil {
		return ui.Next{}, err
	}
	done, err := p.Referrals.Part(r.Context(), r.Actor, id, referral.PartForm{Reason: f.Reason})
	if err != nil {
		return ui.Next{}, err
	}
	to := "/matches"
	if len(done.Cases) > 0 {
		to = "/cases/" + done.Cases[0].String()
	}
	return ui.Next{To: to, Flash: ui.Flash{Key: "hub.parted"}}, nil
}

// line is one row of two records side by side.
type line struct {
	Label string
	A, B  string
}

// differs reports whether both say something, and not the same.
func (l line) differs() bool { return l.A != "" && l.B != "" && !strings.EqualFold(l.A, l.B) }

// beside is what two records say.
func beside(ctx context.Context, a, b referral.RecordView) []line {
	day := func(r referral.RecordView) string {
		if r.DateOfBirth == nil {
			return ""
		}
		return ui.Day(ctx, *r.DateOfBirth)
	}
	phones := func(r referral.RecordView) string {
		var out []string
		for _, n := range r.Phones {
			out = append(out, ui.Phone(n))
		}
		return strings.Join(out, ", ")
	}
	homes := func(r referral.RecordView) string {
		var out []string
		for _, h := range r.Addresses {
			for _, part := range []*string{h.Street, h.Zip} {
				if part != nil && *part != "" {
					out = append(out, *part)
				}
			}
		}
		return strings.Join(out, ", ")
	}
	children := func(r referral.RecordView) string {
		var out []string
		for _, d := range r.Children {
			out = append(out, ui.Day(ctx, d))
		}
		return strings.Join(out, "; ")
	}
	return []line{
		{words.T(ctx, "hub.given_name"), a.GivenName, b.GivenName},
		{words.T(ctx, "hub.family_name"), a.FamilyName, b.FamilyName},
		{words.T(ctx, "hub.born"), day(a), day(b)},
		{words.T(ctx, "hub.phones"), phones(a), phones(b)},
		{words.T(ctx, "hub.homes"), homes(a), homes(b)},
		{words.T(ctx, "hub.children"), children(a), children(b)},
	}
}
