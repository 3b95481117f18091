package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/web/api"
	"doorstep/web/ui/open"
)

// Kind says what a route is to somebody who may not: the route tests walk every route by it.
type Kind string

// The kinds of route.
const (
	Public Kind = "public" // no key
	Door   Kind = "door"   // pages on the way in: no session, or one that is not open yet
	Signed Kind = "signed" // pages about whoever is signed in
	Create Kind = "create" // makes a thing of the caller's own organization
	List   Kind = "list"   // another organization's caller gets an empty list
	Item   Kind = "item"   // another organization's caller gets the same 404 as for a thing that does not exist
)

// Route is one address with the permission that its caller needs. The use case behind it asks for the same one.
type Route struct {
	Method, Path string
	Permission   auth.Permission // empty when public
	Kind         Kind
	Handler      echo.HandlerFunc
	Page         bool // for people with a session; else for programs with a key
	Confirm      bool // the person types the password again first
	Stream       bool // its body is a file, read as it comes: the same bytes once more are the same request by themselves
}

// Routes is every route: of programs, and of people.
func (o Options) Routes() []Route { return slices.Concat(o.programRoutes(), o.pages()) }

// programRoutes are described in openapi.yaml.
func (o Options) programRoutes() []Route {
	const v1 = "/api/v1"
	r, rules := o.Referrals, o.Rules
	get := func(path string, kind Kind, p auth.Permission, h echo.HandlerFunc) Route {
		return Route{Method: http.MethodGet, Path: v1 + path, Permission: p, Kind: kind, Handler: h}
	}
	post := func(path string, kind Kind, p auth.Permission, h echo.HandlerFunc) Route {
		return Route{Method: http.MethodPost, Path: v1 + path, Permission: p, Kind: kind, Handler: h}
	}
	plain := func(path string, h echo.HandlerFunc) Route {
		return Route{Method: http.MethodGet, Path: path, Kind: Public, Handler: h}
	}
	return []Route{
		plain("/livez", echo.WrapHandler(http.HandlerFunc(o.Probes.live))),
		plain("/readyz", echo.WrapHandler(http.HandlerFunc(o.Probes.ready))),
		get("/openapi.yaml", Public, "", api.Description),
		plain("/rules.json", open.RulesJSON(rules)),
		get("/consent-wordings", Public, "", api.Wordings),

		post("/referrals", Create, auth.ReferralCreate, api.Receive(r)),
		get("/referrals", List, auth.ReferralRead, api.List(r.Referrals)),
		get("/referrals/:id", Item, auth.ReferralRead, api.At("referral", r.Referral)),
		get("/referrals/:id/timeline", Item, auth.ReferralRead, api.Timeline(r)),
		post("/referrals/:id/withdraw", Item, auth.ReferralWithdraw, api.On("referral", r.Withdraw)),
		post("/referrals/:id/contact/stop", Item, auth.ReferralStop, api.On("referral", r.StopContactHeard)),
		post("/referrals/:id/contact/add", Item, auth.ReferralAdd, api.On("referral", r.AddWayHeard)),
		post("/referrals/:id/note", Item, auth.ReferralAdd, api.On("referral", r.TellTriage)),

		post("/taken-referrals", Create, auth.ReferralTake, api.Take(r)),
		get("/directory", List, auth.ReferralTake, api.Everything(o.Providers.Directory)),
		get("/cases/:id/arrivals", Item, auth.ReferralTake, api.At("case", r.Arrivals)),
		stream(post("/referrals/:id/scans", Item, auth.ReferralTake, api.KeepScan(r))),
		get("/scans/:id", Item, auth.ReferralTake, api.OpenScan(r)),
		post("/scans/:id/erase", Item, auth.ReferralTake, api.At("scan", r.EraseScan)),

		stream(post("/imports", Create, auth.ReferralCreate, api.Upload(r))),
		get("/imports", List, auth.ReferralRead, api.Imports(r)),
		get("/imports/:id", Item, auth.ReferralRead, api.At("upload", r.Import)),
		get("/imports/:id/rows", Item, auth.ReferralRead, api.ImportRows(r)),
		post("/imports/:id/send", Item, auth.ReferralCreate, api.At("upload", r.SendImport)),
		post("/imports/:id/delete", Item, auth.ReferralCreate, api.DeleteImport(r)),

		get("/cases", List, auth.CaseRead, api.Cases(r)),
		get("/cases/:id", Item, auth.CaseRead, api.At("case", r.Case)),
		get("/all-cases", List, auth.CaseTriage, api.AllCases(r)),
		get("/case-filters", List, auth.CaseTriage, api.Everything(r.FilterChoices)),
		post("/case-owners", Create, auth.CaseGive, api.Make(r.GiveCases)),
		get("/saved-views", List, auth.CaseTriage, api.Everything(r.SavedViews)),
		post("/saved-views", Create, auth.CaseTriage, api.Make(r.SaveView)),
		post("/saved-views/:id/delete", Item, auth.CaseTriage, api.At("view", r.DropView)),
		post("/cases/:id/look", Item, auth.CaseTriage, api.At("case", r.LookAt)),
		get("/queue", List, auth.CaseTriage, api.Queue(r)),
		get("/board", List, auth.CaseTriage, api.Board(r)),
		post("/snoozes", Create, auth.CaseSnooze, api.Make(r.Snooze)),
		post("/searches", Create, auth.CaseFind, api.Make(r.Find)),
		get("/searches/:id", Item, auth.CaseFind, api.At("search", r.Found)),
		get("/cases/:id/decision", Item, auth.CaseTriage, api.At("decision", r.Decision)),
		post("/cases/:id/triage", Item, auth.CaseTriage, api.At("case", r.Triage)),
		post("/cases/:id/review", Item, auth.CaseReview, api.On("case", r.Review)),
		post("/cases/:id/outreach", Item, auth.CaseReach, api.On("case", r.RecordOutreach)),
		post("/cases/:id/choice", Item, auth.CaseChoose, api.On("case", r.RecordChoice)),
		post("/cases/:id/offer", Item, auth.CaseOffer, api.On("case", r.Offer)),
		post("/cases/:id/claim", Item, auth.CaseClaim, api.On("case", r.Claim)),
		post("/cases/:id/decline", Item, auth.CaseDecline, api.On("case", r.Decline)),
		post("/cases/:id/release", Item, auth.CaseRelease, api.On("case", r.Release)),
		post("/cases/:id/waitlist/join", Item, auth.CaseWait, api.On("case", r.Wait)),
		post("/cases/:id/waitlist/confirm", Item, auth.CaseWait, api.At("case", r.WaitOn)),
		post("/cases/:id/waitlist/leave", Item, auth.CaseWait, api.On("case", r.LeaveWaitlist)),
		post("/cases/:id/visitor", Item, auth.VisitorAssign, api.On("case", r.AssignVisitor)),
		post("/cases/:id/attempts", Item, auth.CaseAttempt, api.On("case", r.RecordAttempt)),
		post("/cases/:id/first-visit/plan", Item, auth.VisitPlan, api.On("case", r.PlanFirstVisit)),
		post("/cases/:id/first-visit/move", Item, auth.VisitPlan, api.On("case", r.MoveFirstVisit)),
		post("/cases/:id/first-visit/miss", Item, auth.VisitRecord, api.On("case", r.MissFirstVisit)),
		post("/cases/:id/enroll", Item, auth.CaseEnroll, api.On("case", r.Enroll)),
		post("/cases/:id/visits", Item, auth.VisitRecord, api.On("case", r.RecordVisit)),
		post("/cases/:id/complete", Item, auth.CaseComplete, api.On("case", r.Complete)),
		post("/cases/:id/close", Item, auth.CaseClose, api.On("case", r.Close)),
		post("/cases/:id/connect", Item, auth.CaseConnect, api.On("case", r.Connect)),
		post("/connections/:id/record", Item, auth.CaseConnect, api.On("connection", r.RecordConnection)),
		post("/cases/:id/hold", Item, auth.CaseHold, api.On("case", r.PlaceHold)),
		post("/holds/:id/lift", Item, auth.CaseHold, api.On("hold", r.LiftHold)),
		post("/cases/:id/contact/add", Item, auth.CaseContact, api.On("case", r.AddWay)),
		post("/cases/:id/contact/change", Item, auth.CaseContact, api.On("case", r.ChangeWay)),
		post("/cases/:id/contact/end", Item, auth.CaseContact, api.On("case", r.EndWay)),
		post("/cases/:id/contact/check", Item, auth.CaseContact, api.On("case", r.CheckWay)),
		post("/cases/:id/contact/safe-way", Item, auth.CaseFindWay, api.On("case", r.RecordSafeWay)),
		post("/cases/:id/contact/ask-referrer", Item, auth.CaseContact, api.At("case", r.AskReferrer)),
		post("/cases/:id/contact/search", Item, auth.CaseFindWay, api.On("case", r.LookForWay)),
		post("/cases/:id/contact/stop", Item, auth.CaseContact, api.On("case", r.StopContact)),
		post("/cases/:id/contact/resume", Item, auth.CaseContact, api.On("case", r.ResumeContact)),
		post("/cases/:id/correct", Item, auth.CaseCorrect, api.On("case", r.Correct)),
		post("/cases/:id/due-date", Item, auth.CaseFamily, api.On("case", r.RecordDueDate)),
		post("/cases/:id/corrections", Item, auth.CaseAmend, api.On("case", r.Amend)),
		get("/cases/:id/answers", Item, auth.CaseTriage, api.At("case", r.Asked)),
		get("/cases/:id/corrections", Item, auth.CaseRead, api.At("case", r.Corrections)),
		post("/cases/:id/birth", Item, auth.CaseFamily, api.On("case", r.RecordBirth)),
		post("/cases/:id/loss", Item, auth.CaseFamily, api.On("case", r.RecordLoss)),
		post("/cases/:id/death", Item, auth.CaseFamily, api.On("case", r.RecordDeath)),
		post("/cases/:id/caregiver", Item, auth.CaseCaregiver, api.On("case", r.ChangeCaregiver)),
		post("/cases/:id/return", Item, auth.CaseCaregiver, api.On("case", r.ReturnChild)),
		post("/cases/:id/transfer", Item, auth.CaseTransfer, api.On("case", r.Transfer)),
		post("/cases/:id/hand-over", Item, auth.CaseHandOver, api.On("case", r.HandOver)),
		post("/cases/:id/hand-over/answer", Item, auth.CaseHandOver, api.On("case", r.AnswerHandOver)),
		get("/cases/:id/consents", Item, auth.CaseConsent, api.At("case", r.Consents)),
		post("/cases/:id/consents", Item, auth.CaseConsent, api.On("case", r.RecordConsent)),
		post("/cases/:id/consents/revoke", Item, auth.CaseConsent, api.On("case", r.Revoke)),
		get("/cases/:id/disclosures", Item, auth.DisclosureRead, api.Disclosures(r)),
		get("/cases/:id/family-page", Item, auth.FamilyPageOpen, api.At("case", r.FamilyPageOf)),
		post("/cases/:id/family-page", Item, auth.FamilyPageOpen, api.On("case", r.OpenFamilyPage)),
		post("/cases/:id/family-page/shut", Item, auth.FamilyPageOpen, api.At("case", r.ShutFamilyPage)),
		get("/cases/:id/letter", Item, auth.FamilyLetter, api.At("case", r.NoFitLetter)),
		get("/family-requests", List, auth.FamilyRequestRead, api.Everything(r.FamilyRequests)),
		get("/family-requests/:id", Item, auth.FamilyRequestRead, api.At("request", r.FamilyRequest)),
		post("/family-requests/:id/take", Item, auth.FamilyRequestRead, api.At("request", r.TakeFamilyRequest)),
		post("/family-requests/:id/settle", Item, auth.FamilyRequestRead, api.On("request", r.SettleFamilyRequest)),
		get("/complaints/:id", Item, auth.ComplaintRead, api.At("request", r.Complaint)),
		get("/cases/:id/part2", Item, auth.Part2Read, api.ShowPart2(r)),
		post("/cases/:id/part2", Item, auth.Part2Write, api.Part2(r.KeepPart2)),
		post("/cases/:id/part2/disclose", Item, auth.Part2Write, api.Part2(r.DisclosePart2)),
		post("/cases/:id/part2/revoke", Item, auth.Part2Write, api.Part2(r.RevokePart2)),
		get("/cases/:id/notes", Item, auth.CaseTriage, api.At("case", r.ReferrerNotes)),
		post("/cases/:id/undo", Item, auth.CaseUndo, api.At("case", r.Undo)),

		post("/cases/:id/link", Item, auth.MatchReview, api.On("case", r.LinkCases)),
		get("/cases/:id/links", Item, auth.MatchReview, api.At("case", r.Links)),
		get("/cases/:id/who-is", Item, auth.MatchReview, api.At("case", r.WhoIs)),
		get("/matches", List, auth.MatchReview, api.List(r.Matches)),
		post("/matches/:id/decide", Item, auth.MatchReview, api.On("match", r.DecideMatch)),
		post("/links/:id/part", Item, auth.MatchPart, api.On("link", r.Part)),

		get("/caseload", List, auth.CaseloadRead, api.Caseload(r)),
		get("/team", Create, // everybody has a team of their own
			auth.CaseloadRead, api.List(r.Team)),
		get("/pool", List, auth.PoolRead, api.List(r.Pool)),
		get("/alarms", List, auth.AlarmRead, api.Alarms(r)),
		post("/alarms/:id/acknowledge", Item, auth.AlarmAnswer, api.At("alarm", r.AcknowledgeAlarm)),
		post("/alarms/:id/outcome", Item, auth.AlarmAnswer, api.On("alarm", r.RecordAlarmOutcome)),
		get("/tasks", List, auth.TaskRead, api.List(r.Tasks)),
		post("/tasks/:id/close", Item, auth.TaskClose, api.On("task", r.CloseTask)),

		post("/walk-ins", Create, auth.WalkInEnroll, api.Make(r.EnrollWalkIn)),
		post("/caseload/hand-over", Create, auth.CaseloadMove, api.Make(r.HandOverCaseload)),
		post("/programs/:id/close", Item, auth.ProgramClose, api.On("program", r.CloseProgram)),
		get("/batches/:id", Item, auth.ProgramClose, api.At("batch", r.Batch)),

		get("/programs", List, auth.ProgramRead, api.Rooms(o.Providers)),
		get("/programs/:id", Item, auth.ProgramRead, api.Program(o.Providers)),
		post("/programs/:id/capacity", Item, auth.CapacityState, api.StateCapacity(o.Providers)),
		get("/reports/throughput", List, auth.ReportRead, api.Throughput(o.Reports)),
		get("/reports/unmet-need", List, auth.ReportRead, api.UnmetNeed(o.Reports)),

		get("/reports/overview", List, auth.ReportRead, api.Overview(o.Reports)),
		get("/reports/capacity", List, auth.ReportRead, api.Everything(o.Providers.RoomOfAll)),

		get("/organizations", List, auth.NetworkKeep, api.Everything(o.Providers.Network)),
		post("/organizations", Create, auth.NetworkKeep, api.NewOrganization(o.Providers)),
		get("/organizations/:id", Item, auth.NetworkKeep, api.At("organization", o.Providers.Party)),
		post("/organizations/:id/change", Item, auth.NetworkKeep, api.On("organization", o.Providers.ChangeParty)),
		post("/organizations/:id/sites", Item, auth.NetworkKeep, api.On("organization", o.Providers.OpenSite)),
		post("/organizations/:id/programs", Item, auth.NetworkKeep, api.NewProgram(o.Providers)),
		post("/organizations/:id/users", Item, auth.UserInvite, api.Invite(o.Accounts)),
		post("/programs/:id/area", Item, auth.NetworkKeep, api.On("program", o.Providers.SetArea)),
		get("/programs/:id/closing", Item, auth.ProgramClose, api.At("program", r.BeforeClosing)),
		get("/calendars", List, auth.NetworkKeep, api.Everything(o.Providers.Calendars)),
		get("/calendars/:id", Item, auth.NetworkKeep, api.At("calendar", o.Providers.Calendar)),
		post("/calendars/:id/times", Item, auth.NetworkKeep, api.On("calendar", o.Providers.SetTimes)),
		get("/users", List, auth.UserInvite, api.People(o.Accounts)),
		get("/users/:id", Item, auth.UserInvite, api.At("person", o.Accounts.Person)),
		post("/users/:id/invite-again", Item, auth.UserInvite, api.OnUser(o.Accounts.InviteAgain)),
		post("/users/:id/disable", Item, auth.UserInvite, api.At("person", o.Accounts.Disable)),
		post("/users/:id/enable", Item, auth.UserInvite, api.At("person", o.Accounts.Enable)),
		post("/users/:id/end-role", Item, auth.UserInvite, api.On("person", o.Accounts.EndRole)),
		post("/users/:id/remove-second-step", Item, auth.UserInvite, api.OnUser(o.Accounts.RemoveSecondFactor)),
		get("/history", List, auth.AuditRead, api.History(o.History)),
		post("/history/find", Create, auth.AuditRead, api.Make(o.History.Find)),
		get("/history/chain", List, auth.AuditRead, api.Everything(o.History.Chain)),
		post("/history/verify", Create, auth.AuditVerify, api.Make(func(ctx context.Context, actor auth.Actor, _ struct{}) (audit.Verified, error) {
			return o.History.Verify(ctx, actor)
		})),

		get("/message-templates", List, auth.TemplateRead, api.Everything(o.Messages.List)),
		get("/message-templates/:id", Item, auth.TemplateRead, api.At("template", o.Messages.Show)),
		post("/message-templates/:id/check", Item, auth.TemplateWrite, api.On("template", o.Messages.Check)),
		post("/message-templates/:id/write", Item, auth.TemplateWrite, api.On("template", o.Messages.Write)),
		post("/message-templates/:id/stop", Item, auth.TemplateApprove, api.On("template", o.Messages.Stop)),
		post("/message-versions/:id/approve", Item, auth.TemplateApprove, api.At("template", o.Messages.Approve)),

		get("/rulesets", List, auth.RulesRead, api.Rulesets(rules)),
		post("/rulesets", Create, auth.RulesDraft, api.Make(rules.Draft)),
		post("/rulesets/check", Create, auth.RulesDraft, api.CheckRules(rules)),
		get("/rulesets/:id", Item, auth.RulesRead, api.At("rule set", rules.Show)),
		get("/rulesets/:id/diff", Item, auth.RulesRead, api.RulesetDiff(rules)),
		post("/rulesets/:id/simulations", Item, auth.RulesDraft, api.On("rule set", rules.Simulate)),
		get("/simulations/:id", Item, auth.RulesRead, api.At("simulation", rules.OpenSimulation)),
		post("/rulesets/:id/note", Item, auth.RulesDraft, api.On("rule set", rules.WriteNote)),
		post("/rulesets/:id/approve", Item, auth.RulesRelease, api.On("rule set", rules.Approve)),
		post("/rulesets/:id/release", Item, auth.RulesRelease, api.At("rule set", rules.Release)),
		post("/rulesets/:id/rollback", Item, auth.RulesRelease, api.On("rule set", rules.RollBack)),
	}
}
