package cases

import (
	"github.com/a-h/templ"

	"doorstep/referral"
	"doorstep/web/ui"
)

// Pages are the pages of this package.
type Pages struct {
	Referrals *referral.Service
	Part      Part // what the reader's role does on a case
	Urgent    Part // what stands above all else for the reader's role
}

// Part is a part of a case's page for some of its readers; nil for the others.
type Part func(*ui.Request, referral.CaseView) (templ.Component, error)

// statuses are the views of the list, "" being every open case.
func statuses() []referral.Status {
	return []referral.Status{"", referral.Review, referral.Outreach, referral.Offered, referral.Waitlisted, referral.Claimed, referral.Accepted,
		referral.Enrolled, referral.Closed}
}

// agencyStatuses leaves out what an agency never holds.
func agencyStatuses() []referral.Status {
	return []referral.Status{"", referral.Claimed, referral.Accepted, referral.Enrolled, referral.Closed}
}

// List is the cases in the order in which they are due.
func (p Pages) List(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("status", "after")
	if err != nil {
		return ui.Body{}, err
	}
	page, err := p.Referrals.Cases(r.Context(), r.Actor, referral.Status(q["status"]), q["after"])
	if err != nil {
		return ui.Body{}, err
	}
	l := listing{page, referral.Status(q["status"]), q["after"], statuses()}
	if !r.Actor.SeesAll() {
		l.views = agencyStatuses()
	}
	return ui.Body{Title: r.T("cases.title"), Nav: "/cases", Content: list(l)}, nil
}

type listing struct {
	referral.Page[referral.CaseRow]
	status referral.Status
	after  string
	views  []referral.Status
}

func (l listing) path() string {
	if l.status == "" {
		return "/cases"
	}
	return "/cases?status=" + string(l.status)
}

// filtered reports whether the list is empty for a reason that the reader chose.
func (l listing) filtered() bool { return l.status != "" || l.after != "" }
