package hub

import (
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/referral"
	"doorstep/web/ui"
)

// Reach is outreach on one screen: how to reach her safely, the log of a try, the programs to read to her, and what she said.
func (p Pages) Reach(r *ui.Request) (ui.Body, error) {
	return p.page(auth.CaseReach, "hub.reach_out", func(d desk) ui.Body { return ui.Body{Content: reachPage(d)} })(r)
}

type tryForm struct {
	from
	Way     string `form:"way"`
	Channel string `form:"channel"`
	Outcome string `form:"outcome"`
	Remarks string `form:"remarks"`
}

// Try logs one try. When she was reached the page stays, so that what she says is written next.
func (p Pages) Try(r *ui.Request, f tryForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	form := referral.AttemptForm{Channel: f.Channel, Outcome: f.Outcome, Remarks: f.Remarks}
	if way, err := uuid.Parse(f.Way); err == nil {
		form.ContactMethodID = &way
	}
	if _, err := p.Referrals.RecordOutreach(r.Context(), r.Actor, id, form); err != nil {
		return ui.Next{}, err
	}
	n := did(id, f.from, "hub.tried", false)
	if f.Outcome == "reached" {
		n.To, n.Flash.Key = f.from.with("/cases/"+id.String()+"/outreach"), "hub.reached"
	}
	return n, nil
}

type choiceForm struct {
	from
	Version  int      `form:"version"`
	Answer   string   `form:"answer"`
	Programs []string `form:"programs"`
	Any      bool     `form:"any_program"`
	NotAgain bool     `form:"not_again"`
	AskAgain string   `form:"ask_again_at"`
	How      string   `form:"how"`
	Language string   `form:"language"`
}

// Choose writes what she said.
func (p Pages) Choose(r *ui.Request, f choiceForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	programs, err := ids(f.Programs)
	if err != nil {
		return ui.Next{}, err
	}
	day, err := dateIn(r, "/ask_again_at", f.AskAgain)
	if err != nil {
		return ui.Next{}, err
	}
	form := referral.ChoiceForm{Version: f.Version, Answer: f.Answer, How: f.How, Language: f.Language}
	switch f.Answer { // what belongs to another answer was left standing
	case "yes":
		form.Programs, form.AnyProgram = programs, f.Any
	case "no":
		form.NotAgain = f.NotAgain
	case "later":
		form.AskAgainAt = morning(r, day)
	}
	if _, err := p.Referrals.RecordChoice(r.Context(), r.Actor, id, form); err != nil {
		return ui.Next{}, err
	}
	return did(id, f.from, "hub.chose", true), nil
}

// Wait is where her yes to wait is written.
func (p Pages) Wait(r *ui.Request) (ui.Body, error) {
	return p.page(auth.CaseWait, "hub.wait", func(d desk) ui.Body { return ui.Body{Content: waitPage(d)} })(r)
}

type waitForm struct {
	from
	Version  int      `form:"version"`
	Programs []string `form:"programs"`
	How      string   `form:"how"`
	Reason   string   `form:"reason"`
}

// TakeWait puts her on the lists.
func (p Pages) TakeWait(r *ui.Request, f waitForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	programs, err := ids(f.Programs)
	if err != nil {
		return ui.Next{}, err
	}
	if _, err := p.Referrals.Wait(r.Context(), r.Actor, id, referral.WaitForm{Version: f.Version, Programs: programs, How: f.How, Reason: f.Reason}); err != nil {
		return ui.Next{}, err
	}
	return did(id, f.from, "hub.waits_now", true), nil
}

type placeForm struct{ from }

// WaitOn notes that she still waits.
func (p Pages) WaitOn(r *ui.Request, f placeForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	if _, err := p.Referrals.WaitOn(r.Context(), r.Actor, id); err != nil {
		return ui.Next{}, err
	}
	return did(id, f.from, "hub.waits_on", true), nil
}

// WaitLeave takes her off all lists.
func (p Pages) WaitLeave(r *ui.Request, f placeForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	if _, err := p.Referrals.LeaveWaitlist(r.Context(), r.Actor, id, referral.LeaveForm{}); err != nil {
		return ui.Next{}, err
	}
	return did(id, f.from, "hub.waits_no_more", true), nil
}
