package agency

import (
	"strings"

	"doorstep/auth"
	"doorstep/referral"
	"doorstep/web/ui"
)

// group is some reasons that are about the same. What follows from each is its kind: "release", "decline", "close" or "end".
type group struct {
	Word    string
	Kind    string
	Reasons []string
}

// groups are the reasons that the reader may give here and now.
func groups(v referral.CaseView) (out []group) {
	if v.Family == nil {
		if may(v, referral.ActDecline) {
			out = append(out, group{"us", "decline", []string{"no_capacity", "outside_area", "language", "service_not_provided", "conflict_of_interest"}},
				group{"rules", "decline", []string{"does_not_meet_eligibility", "already_enrolled"}}, group{"other", "decline", []string{"other"}})
		}
		return out
	}
	if v.Status == referral.Enrolled {
		if may(v, referral.ActClose) {
			out = append(out, group{"family", "end", []string{"her_choice", "moved", "lost_contact", "child_not_with_her"}}, group{"rules", "end", []string{"no_longer_eligible"}})
		}
		return out
	}
	if may(v, referral.ActClose) {
		out = append(out, group{"family", "close", []string{"said_no_for_now", "asked_not_to_be_contacted", "already_served"}}, group{"not_reached", "close", []string{"not_reached", "no_safe_way"}})
	}
	if may(v, referral.ActRelease) {
		out = append(out, group{"us", "release", []string{"cannot_serve", "staff_left", "outside_area", "language", "safety_of_staff"}},
			group{"other", "release", []string{"her_wish", "other"}})
	}
	return out
}

// Leave is the one page on which an agency says why a family does not go on with it, and sees before what follows.
func (p Pages) Leave(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("program", "why")
	if err != nil {
		return ui.Body{}, err
	}
	v, err := p.shown(r, auth.CaseAttempt)
	title := r.T("agency.leave")
	if v.Family == nil {
		title = r.T("agency.decline")
	}
	return ui.Body{Title: title, Nav: "/today", Content: leave(v, title, q["program"], q["why"])}, err
}

// LeaveForm is the reason as "release staff_left", and of an ended enrollment whether we could have changed it.
type LeaveForm struct {
	Reason     string `form:"reason"`
	Program    string `form:"program_id"`
	Changeable string `form:"changeable"`
	Version    int    `form:"version"`
}

// LeaveNow does what the reason means.
func (p Pages) LeaveNow(r *ui.Request, form LeaveForm) (ui.Next, error) {
	v, err := p.shown(r, auth.CaseAttempt)
	if err != nil {
		return ui.Next{}, err
	}
	kind, reason, _ := strings.Cut(form.Reason, " ")
	next := ui.Next{To: "/today", Flash: ui.Flash{Args: []string{"ref", ui.Ref(v.ID)}, Undo: v.ID}}
	switch kind {
	case "decline":
		next.To, next.Flash.Key = "/pool", "agency.declined_done"
		_, err = p.Referrals.Decline(r.Context(), r.Actor, v.ID, referral.DeclineForm{ProgramID: optionalID(form.Program), Reason: reason})
	case "release":
		next.Flash.Key = "agency.released_done"
		_, err = p.Referrals.Release(r.Context(), r.Actor, v.ID, referral.ReleaseForm{Version: form.Version, Reason: reason})
	case "close":
		next.Flash.Key = "agency.closed_done"
		_, err = p.Referrals.Close(r.Context(), r.Actor, v.ID, referral.CloseForm{Version: form.Version, Disposition: reason})
		err = shutIs(err, "reason")
	case "end":
		next.Flash.Key = "agency.ended_done"
		in := referral.CloseForm{Version: form.Version, EnrollmentEnd: reason}
		if form.Changeable != "" {
			in.Changeable = new(form.Changeable == "yes")
		}
		_, err = p.Referrals.Close(r.Context(), r.Actor, v.ID, in)
	default:
		err = required(r, "reason")
	}
	return next, err
}
