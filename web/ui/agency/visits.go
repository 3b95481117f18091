package agency

import (
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
)

// PlanForm is when and where the first visit will be.
type PlanForm struct {
	Day   string `form:"planned_for"`
	Clock string `form:"planned_for_clock"`
	Place string `form:"place"`
}

// FirstVisit plans the first visit, moves it, or says that it did not take place.
func (p Pages) FirstVisit(r *ui.Request) (ui.Body, error) {
	v, err := p.ours(r, auth.VisitPlan)
	return ui.Body{Title: r.T("agency.first_visit"), Nav: "/today", Content: firstVisit(v)}, err
}

// PlanVisit plans or moves, whichever the case asks for.
func (p Pages) PlanVisit(r *ui.Request, v referral.CaseView, form PlanForm) (ui.Next, error) {
	at, err := moment(r, "planned_for", form.Day, form.Clock)
	if err != nil {
		return ui.Next{}, err
	}
	use := p.Referrals.PlanFirstVisit
	if may(v, referral.ActMoveFirstVisit) {
		use = p.Referrals.MoveFirstVisit
	}
	_, err = use(r.Context(), r.Actor, v.ID, referral.VisitPlan{PlannedFor: at, Place: form.Place})
	return done(v, "agency.planned_done", "time", ui.When(r.Context(), at)), shutIs(err, "place")
}

// MissForm says why a first visit did not take place.
type MissForm struct {
	Reason string `form:"reason"`
}

// Miss notes a first visit that did not take place.
func (p Pages) Miss(r *ui.Request, v referral.CaseView, form MissForm) (ui.Next, error) {
	_, err := p.Referrals.MissFirstVisit(r.Context(), r.Actor, v.ID, referral.Missed{Reason: form.Reason})
	return done(v, "agency.missed_done"), err
}

// EnrollForm is the first visit as held with the program's consent.
type EnrollForm struct {
	Day      string `form:"held_at"`
	Clock    string `form:"held_at_clock"`
	How      string `form:"consent_how"`
	Language string `form:"language"`
	Wording  string `form:"wording_version"`
	Version  int    `form:"version"`
}

// Enroll asks for both things that together are an enrollment.
func (p Pages) Enroll(r *ui.Request) (ui.Body, error) {
	v, err := p.ours(r, auth.CaseEnroll)
	at := r.Now
	if plan := planned(v); plan != nil && plan.PlannedFor != nil && plan.PlannedFor.Before(at) {
		at = *plan.PlannedFor
	}
	return ui.Body{Title: r.T("agency.enroll"), Nav: "/today", Content: enroll(v, at)}, err
}

// EnrollNow enrolls.
func (p Pages) EnrollNow(r *ui.Request, v referral.CaseView, form EnrollForm) (ui.Next, error) {
	at, err := moment(r, "held_at", form.Day, form.Clock)
	if err != nil {
		return ui.Next{}, err
	}
	_, err = p.Referrals.Enroll(r.Context(), r.Actor, v.ID, referral.EnrollForm{Version: form.Version, HeldAt: at, ConsentHow: form.How,
		Language: form.Language, WordingVersion: form.Wording})
	return done(v, "agency.enrolled_done"), err
}

// VisitForm is a visit that was held: today by one press, or on another day.
type VisitForm struct {
	Today string `form:"today"`
	Day   string `form:"held_at"`
	Clock string `form:"held_at_clock"`
	Place string `form:"place"`
}

// Visits lists the visits and takes another.
func (p Pages) Visits(r *ui.Request) (ui.Body, error) {
	v, err := p.ours(r, auth.VisitRecord)
	return ui.Body{Title: r.T("agency.visits"), Nav: "/today", Content: visits(v, r.Now)}, err
}

// KeepVisit writes a visit down.
func (p Pages) KeepVisit(r *ui.Request, v referral.CaseView, form VisitForm) (ui.Next, error) {
	in := referral.VisitForm{HeldAt: r.Now, Place: form.Today}
	if form.Today == "" {
		at, err := moment(r, "held_at", form.Day, form.Clock)
		if err != nil {
			return ui.Next{}, err
		}
		in = referral.VisitForm{HeldAt: at, Place: form.Place}
	}
	_, err := p.Referrals.RecordVisit(r.Context(), r.Actor, v.ID, in)
	next := done(v, "agency.visit_done")
	next.Flash.Undo = [16]byte{} // a visit that was held is no move that the lifecycle takes back
	return next, err
}

// Complete asks once whether she has reached the program's own end.
func (p Pages) Complete(r *ui.Request) (ui.Body, error) {
	v, err := p.ours(r, auth.CaseComplete)
	return ui.Body{Title: r.T("agency.complete"), Nav: "/today", Content: complete(v)}, err
}

// CompleteForm is the case as its writer read it.
type CompleteForm struct {
	Version int `form:"version"`
}

// CompleteNow ends the enrollment at the program's own end.
func (p Pages) CompleteNow(r *ui.Request, v referral.CaseView, form CompleteForm) (ui.Next, error) {
	_, err := p.Referrals.Complete(r.Context(), r.Actor, v.ID, referral.CompleteForm{Version: form.Version})
	return done(v, "agency.completed_done"), err
}

// done leads back to the case with an undo.
func done(v referral.CaseView, key string, args ...string) ui.Next {
	return ui.Next{To: casePath(v.ID), Flash: ui.Flash{Key: key, Args: append([]string{"ref", ui.Ref(v.ID)}, args...), Undo: v.ID}}
}

// shutIs puts the gate's word beside the field that it is about: the page stays, and another place can be chosen.
func shutIs(err error, field string) error {
	if f, is := err.(*fault.Error); is && f.Kind == fault.Conflict { //nolint:errorlint // the gate's own word, not one that was wrapped on the way
		return fault.Problems([]fault.Field{{Pointer: "/" + field, Code: "shut", Detail: f.Message}})
	}
	return err
}

func tomorrow(now time.Time) time.Time { return now.AddDate(0, 0, 1) }

// placeOf is the place that is chosen at first: where the visit is planned already, else at home, unless that is not safe or not known to be.
func placeOf(v referral.CaseView) []string {
	if plan := planned(v); plan != nil {
		return []string{plan.Place}
	}
	if gate(v.Family, "visit").Now {
		return []string{"home"}
	}
	return nil
}

// visitedToday reports whether a visit of today is written down: one press more would make it two.
func visitedToday(v referral.CaseView, now time.Time, zone *time.Location) bool {
	today := civil.DateOf(now.In(zone))
	return slices.ContainsFunc(v.Visits, func(x referral.VisitView) bool { return x.HeldAt != nil && civil.DateOf(x.HeldAt.In(zone)) == today })
}
