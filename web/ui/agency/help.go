package agency

import (
	"strings"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
)

// Pause stops what goes to her.
func (p Pages) Pause(r *ui.Request) (ui.Body, error) {
	v, err := p.ours(r, auth.CaseAttempt)
	return ui.Body{Title: r.T("agency.pause"), Nav: "/today", Content: pause(v)}, err
}

// PauseForm is a hold.
type PauseForm struct {
	Kind   string `form:"kind"`
	Reason string `form:"reason_code"`
	Review string `form:"review_on"`
}

// PauseNow places the hold.
func (p Pages) PauseNow(r *ui.Request, v referral.CaseView, form PauseForm) (ui.Next, error) {
	in := referral.HoldForm{Kind: form.Kind, ReasonCode: form.Reason}
	if form.Review != "" {
		at, err := moment(r, "review_on", form.Review, "09:00")
		if err != nil {
			return ui.Next{}, err
		}
		in.ReviewOn = at.Format("2006-01-02")
	}
	_, err := p.Referrals.PlaceHold(r.Context(), r.Actor, v.ID, in)
	next := done(v, "agency.paused_done")
	next.Flash.Undo = uuid.Nil // a hold is lifted, not undone
	return next, err
}

// SettleForm says how help elsewhere went.
type SettleForm struct {
	Case    string `form:"case"`
	Outcome string `form:"outcome"`
}

// HowItWent says what became of help elsewhere.
func (p Pages) HowItWent(r *ui.Request, form SettleForm) (ui.Next, error) {
	if err := r.Actor.Require(auth.CaseAttempt); err != nil {
		return ui.Next{}, err
	}
	id, err := r.ID("connection")
	if err != nil {
		return ui.Next{}, err
	}
	outcome, reason, _ := strings.Cut(form.Outcome, " ")
	_, err = p.Referrals.RecordConnection(r.Context(), r.Actor, id, referral.ConnectionForm{Outcome: outcome, Reason: reason})
	return ui.Next{To: settledAt(form), Flash: ui.Flash{Key: "agency.connection_done"}}, sentBare("connection", err)
}

// sentBare: a form without its button's word came from no page of ours, and learns nothing of the thing.
func sentBare(what string, err error) error {
	if fault.KindOf(err) == fault.Invalid {
		return fault.New(fault.NotFound, "There is no such %s.", what)
	}
	return err
}

func settledAt(form SettleForm) string {
	if id := optionalID(form.Case); id != nil {
		return casePath(*id)
	}
	return "/today"
}

// Nowhere is the page of a form that has none: its buttons always say what they mean.
func (p Pages) Nowhere(*ui.Request) (ui.Body, error) {
	return ui.Body{}, fault.New(fault.NotFound, "There is no such page.")
}

// OtherHelp sends her to another service.
func (p Pages) OtherHelp(r *ui.Request) (ui.Body, error) {
	v, err := p.ours(r, auth.CaseAttempt)
	return ui.Body{Title: r.T("agency.other_help"), Nav: "/today", Content: otherHelp(v)}, err
}

// HelpForm is a connection.
type HelpForm struct {
	Kind        string `form:"kind"`
	Destination string `form:"destination"`
	How         string `form:"consent_how"`
	Language    string `form:"language"`
	SheAsked    bool   `form:"she_asked"`
}

// HelpNow sends her there, with her yes to this one.
func (p Pages) HelpNow(r *ui.Request, v referral.CaseView, form HelpForm) (ui.Next, error) {
	_, err := p.Referrals.Connect(r.Context(), r.Actor, v.ID, referral.ConnectForm{Kind: form.Kind, Destination: form.Destination, ConsentHow: form.How,
		Language: form.Language, SheAsked: form.SheAsked})
	return done(v, "agency.connected_done"), err
}

// Visitor chooses who visits her.
func (p Pages) Visitor(r *ui.Request) (ui.Body, error) {
	v, err := p.ours(r, auth.VisitorAssign)
	if err != nil {
		return ui.Body{}, err
	}
	team, err := p.team(r)
	return ui.Body{Title: r.T("agency.visitor"), Nav: "/today", Content: visitor(v, team)}, err
}

// VisitorForm names the home visitor.
type VisitorForm struct {
	Visitor string `form:"visitor_id"`
}

// Assign gives her the visitor.
func (p Pages) Assign(r *ui.Request, v referral.CaseView, form VisitorForm) (ui.Next, error) {
	id := optionalID(form.Visitor)
	if id == nil {
		return ui.Next{}, required(r, "visitor_id")
	}
	_, err := p.Referrals.AssignVisitor(r.Context(), r.Actor, v.ID, referral.VisitorForm{VisitorID: *id})
	next := done(v, "agency.assigned_done")
	next.Flash.Undo = uuid.Nil // another is chosen instead
	return next, err
}
