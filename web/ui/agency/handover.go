package agency

import (
	"doorstep/auth"
	"doorstep/referral"
	"doorstep/web/ui"
)

// HandOver gives all families of one visitor to another.
func (p Pages) HandOver(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(auth.CaseloadMove); err != nil {
		return ui.Body{}, err
	}
	team, err := p.team(r)
	return ui.Body{Title: r.T("agency.hand_over"), Nav: "/capacity", Content: handOver(team)}, err
}

// HandOverForm is from whom to whom, and why.
type HandOverForm struct {
	From   string `form:"from_user"`
	To     string `form:"to_user"`
	Reason string `form:"reason"`
}

// HandOverNow begins it; its page shows how far it is.
func (p Pages) HandOverNow(r *ui.Request, form HandOverForm) (ui.Next, error) {
	in := referral.CaseloadForm{Reason: form.Reason}
	if id := optionalID(form.From); id != nil {
		in.FromUser = *id
	}
	if id := optionalID(form.To); id != nil {
		in.ToUser = *id
	}
	receipt, err := p.Referrals.HandOverCaseload(r.Context(), r.Actor, in)
	return ui.Next{To: "/batches/" + receipt.BatchID.String(), Flash: ui.Flash{Key: "agency.hand_over_begun"}}, err
}

// Batch shows how far a request over many families is.
func (p Pages) Batch(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("batch")
	if err != nil {
		return ui.Body{}, err
	}
	b, err := p.Referrals.Batch(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("agency.progress"), Nav: "/capacity", Content: batch(b)}, err
}
