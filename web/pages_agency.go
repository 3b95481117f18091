package web

import (
	"github.com/a-h/templ"

	"doorstep/auth"
	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/ui/agency"
	"doorstep/web/ui/hub"
)

// agencyPages are for those who visit families.
func (o Options) agencyPages() []Route {
	p := agency.Pages{Referrals: o.Referrals, Providers: o.Providers}
	return []Route{
		see("/pool", List, auth.PoolRead, p.Pool),
		send("/cases/:id/claim", Item, auth.CaseClaim, p.WhyFirst, p.Claim),
		see("/today", List, auth.CaseloadRead, p.Today),
		see("/cases/:id/log", Item, auth.CaseAttempt, p.Log),
		send("/cases/:id/log", Item, auth.CaseAttempt, p.Log, agency.OnOurs(p, auth.CaseAttempt, p.WriteLog)),
		see("/cases/:id/first-visit", Item, auth.VisitPlan, p.FirstVisit),
		send("/cases/:id/first-visit", Item, auth.VisitPlan, p.FirstVisit, agency.OnOurs(p, auth.VisitPlan, p.PlanVisit)),
		send("/cases/:id/first-visit/miss", Item, auth.VisitRecord, p.FirstVisit, agency.OnOurs(p, auth.VisitRecord, p.Miss)),
		see("/cases/:id/enroll", Item, auth.CaseEnroll, p.Enroll),
		send("/cases/:id/enroll", Item, auth.CaseEnroll, p.Enroll, agency.OnOurs(p, auth.CaseEnroll, p.EnrollNow)),
		see("/cases/:id/visits", Item, auth.VisitRecord, p.Visits),
		send("/cases/:id/visits", Item, auth.VisitRecord, p.Visits, agency.OnOurs(p, auth.VisitRecord, p.KeepVisit)),
		see("/cases/:id/complete", Item, auth.CaseComplete, p.Complete),
		send("/cases/:id/complete", Item, auth.CaseComplete, p.Complete, agency.OnOurs(p, auth.CaseComplete, p.CompleteNow)),
		see("/cases/:id/leave", Item, auth.CaseAttempt, p.Leave),
		send("/cases/:id/leave", Item, auth.CaseAttempt, p.Leave, p.LeaveNow),
		see("/cases/:id/visitor", Item, auth.VisitorAssign, p.Visitor),
		send("/cases/:id/visitor", Item, auth.VisitorAssign, p.Visitor, agency.OnOurs(p, auth.VisitorAssign, p.Assign)),
		see("/cases/:id/pause", Item, auth.CaseAttempt, p.Pause),
		send("/cases/:id/pause", Item, auth.CaseAttempt, p.Pause, agency.OnOurs(p, auth.CaseAttempt, p.PauseNow)),
		see("/cases/:id/other-help", Item, auth.CaseAttempt, p.OtherHelp),
		send("/cases/:id/other-help", Item, auth.CaseAttempt, p.OtherHelp, agency.OnOurs(p, auth.CaseAttempt, p.HelpNow)),
		send("/connections/:id/how-it-went", Item, auth.CaseAttempt, p.Nowhere, p.HowItWent),
		see("/cases/:id/ways", Item, auth.CaseContact, p.Ways),
		send("/cases/:id/ways", Item, auth.CaseContact, p.Ways, agency.OnOurs(p, auth.CaseContact, p.SayWay)),
		send("/cases/:id/ask-referrer", Item, auth.CaseContact, p.Nowhere, agency.OnOurs(p, auth.CaseContact, p.AskReferrer)),
		send("/cases/:id/undo", Item, auth.CaseUndo, p.Nowhere, p.Undo),
		see("/capacity", List, auth.ProgramRead, p.Capacity),
		send("/programs/:id/room", Item, auth.CapacityState, p.Capacity, p.State),
		see("/walk-ins", Create, auth.WalkInEnroll, p.WalkIn),
		send("/walk-ins", Create, auth.WalkInEnroll, p.WalkIn, p.WalkInNow),
		see("/caseload/hand-over", Create, auth.CaseloadMove, p.HandOver),
		send("/caseload/hand-over", Create, auth.CaseloadMove, p.HandOver, p.HandOverNow),
		see("/batches/:id", Item, auth.ProgramClose, p.Batch),
	}
}

// caseList is the list of cases as the role of the reader works with it.
func (o Options) caseList(own ui.View) ui.View {
	return func(r *ui.Request) (ui.Body, error) {
		if r.Actor.SeesAll() && auth.May(r.Actor.Role, auth.CaseTriage) {
			return hub.Pages{Referrals: o.Referrals}.All(r)
		}
		return own(r)
	}
}

// casePart is what the role of the reader does on a case.
func (o Options) casePart(r *ui.Request, v referral.CaseView) (templ.Component, error) {
	switch r.Actor.Role {
	case auth.AgencyCoordinator, auth.AgencyManager, auth.HomeVisitor:
		return agency.Pages{Referrals: o.Referrals, Providers: o.Providers}.Part(r, v)
	case auth.TriageCoordinator, auth.TriageSupervisor:
		return hub.Pages{Referrals: o.Referrals}.Desk(r, v)
	}
	return templ.NopComponent, nil
}
