package agency

import (
	"github.com/a-h/templ"

	"doorstep/referral"
	"doorstep/web/ui"
)

// Part is what the agency does on a case: the next step as a button, a try to write down, and everything else as links.
func (p Pages) Part(r *ui.Request, v referral.CaseView) (templ.Component, error) {
	if v.Family == nil {
		rooms, err := p.rooms(r)
		return offers(v, rooms), err
	}
	team, err := p.team(r)
	visitor := ""
	for _, c := range team {
		if v.Claim != nil && v.Claim.VisitorID != nil && c.ID == *v.Claim.VisitorID {
			visitor = c.Name
		}
	}
	return part(v, visitor), err
}

// step is one thing that can be done about a family.
type step struct {
	Action referral.Action
	Word   string // its key behind "agency_step"
	Path   string
}

// steps are what the reader may do, the next step of the case first.
func steps(v referral.CaseView) (out []step) {
	for _, s := range []step{
		{referral.ActEnroll, "enroll", "/enroll"}, {referral.ActPlanFirstVisit, "plan", "/first-visit"}, {referral.ActMoveFirstVisit, "move", "/first-visit"},
		{referral.ActVisit, "visits", "/visits"}, {referral.ActAssignVisitor, "visitor", "/visitor"}, {referral.ActConnect, "connect", "/other-help"},
		{referral.ActHold, "pause", "/pause"}, {referral.ActComplete, "complete", "/complete"}, {referral.ActClose, "leave", "/leave"},
	} {
		if may(v, s.Action) {
			out = append(out, s)
		}
	}
	return out
}

// open are the offers of a case that wait for this agency's answer.
func open(v referral.CaseView) (out []referral.OfferView) {
	for _, o := range v.Offers {
		if o.EndedAt == nil {
			out = append(out, o)
		}
	}
	return out
}

// AskReferrer puts the family on the list of those who referred them, who may know another number.
func (p Pages) AskReferrer(r *ui.Request, v referral.CaseView, _ struct{}) (ui.Next, error) {
	_, err := p.Referrals.AskReferrer(r.Context(), r.Actor, v.ID)
	return ui.Next{To: casePath(v.ID), Flash: ui.Flash{Key: "agency.asked_done", Args: []string{"ref", ui.Ref(v.ID)}}}, err
}

// Undo takes back the newest move of a case. After a claim the family is out of sight again.
func (p Pages) Undo(r *ui.Request, _ struct{}) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	if _, err := p.Referrals.Undo(r.Context(), r.Actor, id); err != nil {
		return ui.Next{}, err
	}
	next := ui.Next{To: casePath(id), Flash: ui.Flash{Key: "agency.undone", Args: []string{"ref", ui.Ref(id)}}}
	if v, err := p.Referrals.Case(r.Context(), r.Actor, id); err != nil || v.Family == nil {
		next.To = ui.Start(r.Actor.Role)
		if !r.Actor.SeesAll() {
			next.To = "/pool"
		}
	}
	return next, nil
}
