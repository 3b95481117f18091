package agency

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/referral"
	"doorstep/web/ui"
)

// LogForm is a try: Do is one press ("call no_answer"), else the fields of the long form.
type LogForm struct {
	Do      string `form:"do"`
	CallWay string `form:"call_way"`
	TextWay string `form:"text_way"`
	From    string `form:"from"`
	Channel string `form:"channel"`
	Outcome string `form:"outcome"`
	Way     string `form:"contact_method_id"`
	Warned  bool   `form:"announced"`
	Next    string `form:"next_at"`
	NextAt  string `form:"next_at_clock"`
	Made    string `form:"made_at"`
	Remarks string `form:"remarks"`
}

// Log is the long form of a try.
func (p Pages) Log(r *ui.Request) (ui.Body, error) {
	v, err := p.ours(r, auth.CaseAttempt)
	return ui.Body{Title: r.T("agency.log"), Nav: "/today", Content: logPage(v)}, err
}

// WriteLog writes a try down and leads back, or on to what she said.
func (p Pages) WriteLog(r *ui.Request, v referral.CaseView, form LogForm) (ui.Next, error) {
	in, said, err := form.attempt(r)
	if err != nil {
		return ui.Next{}, err
	}
	receipt, err := p.Referrals.RecordAttempt(r.Context(), r.Actor, v.ID, in)
	if err != nil {
		return ui.Next{}, err
	}
	next := ui.Next{To: backTo(form.From, v.ID), Flash: ui.Flash{Key: "agency.logged", Args: []string{"ref", ui.Ref(v.ID)}, Undo: v.ID}}
	switch {
	case said == "visit" && may(v, referral.ActPlanFirstVisit, referral.ActMoveFirstVisit):
		next.To = casePath(v.ID) + "/first-visit"
	case said == "no":
		next.To = casePath(v.ID) + "/leave?why=said_no_for_now"
	}
	switch {
	case in.Outcome == "reached":
		next.Flash.Key = "agency.logged_reached"
	case receipt.NextBy != nil:
		next.Flash.Key, next.Flash.Args = "agency.logged_next", append(next.Flash.Args, "time", ui.When(r.Context(), *receipt.NextBy))
	}
	return next, nil
}

func (f LogForm) attempt(r *ui.Request) (in referral.AttemptForm, said string, err error) {
	channel, outcome, short := strings.Cut(f.Do, " ")
	if !short {
		in = referral.AttemptForm{Channel: f.Channel, Outcome: f.Outcome, ContactMethodID: optionalID(f.Way), Announced: f.Warned, Remarks: f.Remarks}
		if at, err := time.Parse(time.RFC3339, f.Made); err == nil {
			in.MadeAt = &at
		}
		if f.Next != "" {
			at, err := moment(r, "next_at", f.Next, f.NextAt)
			in.NextAt = &at
			return in, "", err
		}
		return in, "", nil
	}
	in = referral.AttemptForm{Channel: channel, Outcome: outcome}
	switch channel {
	case "call":
		in.ContactMethodID = optionalID(f.CallWay)
	case "text":
		in.ContactMethodID = optionalID(f.TextWay)
	case "visit":
		in.Announced = true
	}
	switch outcome {
	case "visit", "thinks", "no", "spoke":
		in.Outcome, said = "reached", outcome
	case "wrong":
		in.Outcome = "wrong_number"
	}
	return in, said, nil
}

// backTo leads back to a list of ours, or to the case.
func backTo(from string, id uuid.UUID) string {
	if strings.HasPrefix(from, "/today") {
		return from
	}
	return casePath(id)
}
