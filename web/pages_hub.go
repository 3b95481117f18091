package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"doorstep/auth"
	"doorstep/web/ui"
	"doorstep/web/ui/hub"
	"doorstep/web/ui/refer"
)

// hubPages are for the triage coordinator and supervisor. What they do on a case stands on the case's own page, too.
func (o Options) hubPages() []Route {
	p := hub.Pages{Referrals: o.Referrals}
	f := refer.Pages{Referrals: o.Referrals, Providers: o.Providers, AtHub: true}
	page := func(method, path string, kind Kind, perm auth.Permission, h echo.HandlerFunc) Route {
		return Route{Method: method, Path: path, Permission: perm, Kind: kind, Handler: h, Page: true}
	}
	return []Route{
		see("/take", List, auth.ReferralTake, f.New),
		send("/take", Create, auth.ReferralTake, f.New, f.Continue),
		page(http.MethodPost, "/take/live", Create, auth.ReferralTake, ui.Part(f.Live)),
		see("/take/:id", Item, auth.ReferralTake, f.Draft),
		see("/take/:id/check", Item, auth.ReferralTake, f.Check),
		send("/take/:id/send", Item, auth.ReferralTake, f.Check, f.Send),
		send("/take/:id/drop", Item, auth.ReferralTake, f.Draft, f.Drop),
		see("/cases/:id/arrivals", Item, auth.ReferralTake, p.Arrivals),
		see("/referrals/:id/scans", Item, auth.ReferralTake, p.Scans),
		stream(page(http.MethodPost, "/referrals/:id/scans", Item, auth.ReferralTake, ui.SaveFile(p.Scans, p.KeepScan))),
		page(http.MethodGet, "/scans/:id", Item, auth.ReferralTake, p.OpenScan),
		send("/scans/:id/erase", Item, auth.ReferralTake, p.Gone("scan"), p.EraseScan),

		{Method: http.MethodPost, Path: "/cases/give", Permission: auth.CaseGive, Kind: List, Handler: ui.ShowOnce(p.All, p.Give), Page: true},
		send("/views", List, auth.CaseTriage, p.All, p.SaveView),
		send("/views/:id/delete", Item, auth.CaseTriage, p.Gone("view"), p.DropView),
		see("/queue", List, auth.CaseTriage, p.Queue),
		send("/queue/snooze", List, auth.CaseSnooze, p.SnoozeAgain, p.Snooze),
		see("/queue/tasks", List, auth.TaskRead, p.Tasks),
		see("/queue/requests", List, auth.FamilyRequestRead, p.Requests),
		send("/queue/tasks/:id/close", Item, auth.TaskClose, p.Gone("task"), p.EndTask),

		see("/alarms/:id", Item, auth.AlarmRead, p.Alarm),
		send("/alarms/:id/acknowledge", Item, auth.AlarmAnswer, p.Alarm, p.Acknowledge),
		send("/alarms/:id/outcome", Item, auth.AlarmAnswer, p.Alarm, p.Outcome),

		see("/cases/:id/offer", Item, auth.CaseOffer, p.Offer),
		send("/cases/:id/offer", Item, auth.CaseOffer, p.Offer, p.TakeOffer),
		see("/cases/:id/review", Item, auth.CaseReview, p.Review),
		send("/cases/:id/review", Item, auth.CaseReview, p.Review, p.TakeReview),
		see("/cases/:id/outreach", Item, auth.CaseReach, p.Reach),
		send("/cases/:id/outreach", Item, auth.CaseReach, p.Reach, p.Try),
		send("/cases/:id/choice", Item, auth.CaseChoose, p.Reach, p.Choose),
		see("/cases/:id/ways", Item, auth.CaseContact, p.Ways),
		send("/cases/:id/ways", Item, auth.CaseContact, p.Ways, p.SayWay),
		send("/cases/:id/ways/end", Item, auth.CaseContact, p.Ways, p.EndWay),
		send("/cases/:id/ways/stop", Item, auth.CaseContact, p.Ways, p.StopContact),
		send("/cases/:id/ways/resume", Item, auth.CaseContact, p.Ways, p.ResumeContact),
		see("/cases/:id/wait", Item, auth.CaseWait, p.Wait),
		send("/cases/:id/wait", Item, auth.CaseWait, p.Wait, p.TakeWait),
		send("/cases/:id/wait/on", Item, auth.CaseWait, p.Wait, p.WaitOn),
		send("/cases/:id/wait/leave", Item, auth.CaseWait, p.Wait, p.WaitLeave),
		see("/cases/:id/end", Item, auth.CaseTriage, p.End),
		send("/cases/:id/end", Item, auth.CaseClose, p.End, p.TakeEnd),
		see("/cases/:id/holds", Item, auth.CaseTriage, p.Holds),
		send("/cases/:id/holds", Item, auth.CaseHold, p.HoldsAgain, p.TakeHold),
		send("/holds/:id/lift", Item, auth.CaseHold, p.Gone("hold"), p.Lift),
		see("/cases/:id/correct", Item, auth.CaseCorrect, p.Correct),
		send("/cases/:id/correct", Item, auth.CaseCorrect, p.Correct, p.TakeCorrect),

		see("/matches", List, auth.MatchReview, p.Matches),
		send("/matches/:id/decide", Item, auth.MatchReview, p.Matches, p.Decide),
		see("/cases/:id/who-is", Item, auth.MatchReview, p.WhoIs),
		send("/cases/:id/link", Item, auth.MatchReview, p.WhoIs, p.Link),
		see("/cases/:id/links", Item, auth.MatchReview, p.Links),
		send("/links/:id/part", Item, auth.MatchPart, p.Gone("link"), p.Part),

		see("/search", List, auth.CaseFind, p.Search),
		send("/search", List, auth.CaseFind, p.Search, p.Find),
		see("/search/:id", Item, auth.CaseFind, p.Found),
		see("/board", List, auth.CaseTriage, p.Board),
	}
}
