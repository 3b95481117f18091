package agency

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// Ways asks what she says now of a number or an address.
func (p Pages) Ways(r *ui.Request) (ui.Body, error) {
	v, err := p.ours(r, auth.CaseContact)
	return ui.Body{Title: r.T("agency.ways"), Nav: "/today", Content: ways(v)}, err
}

// WayForm is her word about one way; what is left out stays.
type WayForm struct {
	Way   string `form:"way_id"`
	Call  string `form:"call"`
	Text  string `form:"text"`
	Voice string `form:"voicemail"`
	Email string `form:"email"`
	Mail  string `form:"letter"`
	Visit string `form:"visit"`
}

// SayWay writes her word down.
func (p Pages) SayWay(r *ui.Request, v referral.CaseView, form WayForm) (ui.Next, error) {
	id := optionalID(form.Way)
	if id == nil {
		return ui.Next{}, required(r, "way_id")
	}
	if err := fault.Problems(form.misfits(r, usesOf(v.Family, *id))); err != nil {
		return ui.Next{}, err
	}
	_, err := p.Referrals.ChangeWay(r.Context(), r.Actor, v.ID, referral.WayChange{WayID: *id, ToldBy: "her",
		Safe: referral.SafeUses{Call: form.Call, Text: form.Text, Voicemail: form.Voice, Email: form.Email, Mail: form.Mail, Visit: form.Visit}})
	next := done(v, "agency.way_done")
	next.Flash.Undo = uuid.Nil // her next word takes its place
	return next, err
}

// misfits are answers about a use that the way does not have: passing them over would leave unsafe what she called so.
func (f WayForm) misfits(r *ui.Request, uses map[string]bool) (wrong []fault.Field) {
	said := false
	for _, one := range []struct{ use, word string }{{"call", f.Call}, {"text", f.Text}, {"voicemail", f.Voice}, {"email", f.Email}, {"letter", f.Mail}, {"visit", f.Visit}} {
		said = said || one.word != ""
		if one.word != "" && !uses[one.use] {
			wrong = append(wrong, fault.Field{Pointer: "/" + one.use, Code: "misfit", Detail: r.T("agency.way_misfit")})
		}
	}
	if !said {
		wrong = append(wrong, fault.Field{Pointer: "/call", Code: "required", Detail: r.T("agency.way_nothing")})
	}
	return wrong
}

// usesOf is what one way can be used for at all.
func usesOf(f *referral.FamilyView, id uuid.UUID) map[string]bool {
	for _, c := range f.Contacts {
		switch {
		case c.ID == id && c.Channel == "email":
			return map[string]bool{"email": true}
		case c.ID == id:
			return map[string]bool{"call": true, "text": true, "voicemail": true}
		}
	}
	return map[string]bool{"letter": true, "visit": true}
}

// knownWays are all her ways, also those whose number or street is not shown: she may open them again.
func knownWays(ctx context.Context, f *referral.FamilyView) (out []ui.Option) {
	hidden := ": " + words.T(ctx, "safety.hidden")
	for _, c := range f.Contacts {
		label := words.Code(ctx, "channel", c.Channel) + hidden
		if c.Value != nil {
			label = ui.Phone(*c.Value)
		}
		out = append(out, ui.Option{Value: c.ID.String(), Label: label})
	}
	for _, a := range f.Addresses {
		label := words.T(ctx, "safety.address") + hidden
		if a.Street != nil {
			label = *a.Street
		}
		out = append(out, ui.Option{Value: a.ID.String(), Label: label})
	}
	return out
}
