package web

import (
	"net/http"

	"doorstep/auth"
	"doorstep/web/ui"
	"doorstep/web/ui/caseload"
	"doorstep/web/ui/history"
	"doorstep/web/ui/manager"
	"doorstep/web/ui/network"
	"doorstep/web/ui/ruleset"
	"doorstep/web/ui/said"
)

// save is a table of a page as a file.
func save(path string, p auth.Permission, sheet func(*ui.Request) (ui.Sheet, error)) Route {
	return Route{Method: http.MethodGet, Path: path, Permission: p, Kind: List, Handler: ui.File(sheet), Page: true}
}

// managerPages are for those who answer for the whole, and who keep it running.
func (o Options) managerPages() []Route {
	m := manager.Pages{Reports: o.Reports, Providers: o.Providers}
	h := history.Pages{History: o.History, Referrals: o.Referrals}
	n := network.Pages{Providers: o.Providers, Accounts: o.Accounts, Referrals: o.Referrals, Rules: o.Rules}
	c := caseload.Pages{Referrals: o.Referrals}
	v := ruleset.Pages{Rules: o.Rules}
	s := said.Pages{Messages: o.Messages}
	return []Route{
		see("/overview", List, auth.ReportRead, m.Overview),
		save("/overview/file", auth.ReportRead, m.File),

		see("/organizations", List, auth.NetworkKeep, n.Organizations),
		see("/organizations/new", Create, auth.NetworkKeep, n.New),
		send("/organizations/new", Create, auth.NetworkKeep, n.New, n.Add),
		see("/organizations/:id", Item, auth.NetworkKeep, n.Organization),
		see("/organizations/:id/change", Item, auth.NetworkKeep, n.Change),
		send("/organizations/:id/change", Item, auth.NetworkKeep, n.Change, n.Keep),
		see("/organizations/:id/sites", Item, auth.NetworkKeep, n.Site),
		send("/organizations/:id/sites", Item, auth.NetworkKeep, n.Site, n.AddSite),
		see("/organizations/:id/programs", Item, auth.NetworkKeep, n.NewProgram),
		send("/organizations/:id/programs", Item, auth.NetworkKeep, n.NewProgram, n.AddProgram),
		see("/organizations/:id/users", Item, auth.UserInvite, n.Invite),
		send("/organizations/:id/users", Item, auth.UserInvite, n.Invite, n.SendInvitation),
		see("/programs/:id/area", Item, auth.NetworkKeep, n.Area),
		send("/programs/:id/area", Item, auth.NetworkKeep, n.Area, n.KeepArea),
		dangerous(see("/programs/:id/close", Item, auth.ProgramClose, n.Closing)),
		dangerous(send("/programs/:id/close", Item, auth.ProgramClose, n.Closing, n.Close)),
		see("/programs/:id/caseload", Item, auth.CaseloadImport, c.Choose),
		stream(Route{Method: http.MethodPost, Path: "/programs/:id/caseload", Permission: auth.CaseloadImport, Kind: Item, Handler: ui.SaveFile(c.Choose, c.Upload), Page: true}),
		see("/caseload-files/:id", Item, auth.CaseloadImport, c.Look),
		send("/caseload-files/:id/bring", Item, auth.CaseloadImport, c.Look, c.Bring),
		send("/caseload-files/:id/drop", Item, auth.CaseloadImport, c.Look, c.Drop),
		see("/users", List, auth.UserInvite, n.People),
		see("/users/:id", Item, auth.UserInvite, n.Person),
		send("/users/:id/invite-again", Item, auth.UserInvite, n.Person, n.InviteAgain),
		send("/users/:id/remove-second-step", Item, auth.UserInvite, n.Person, n.TakeOffStep),
		send("/users/:id/disable", Item, auth.UserInvite, n.Person, n.Disable),
		send("/users/:id/enable", Item, auth.UserInvite, n.Person, n.Enable),
		send("/users/:id/end-role", Item, auth.UserInvite, n.Person, n.EndRole),
		see("/calendars", List, auth.NetworkKeep, n.Calendars),
		see("/calendars/new", Create, auth.NetworkKeep, n.NewCalendar),
		send("/calendars/new", Create, auth.NetworkKeep, n.NewCalendar, n.AddCalendar),
		see("/calendars/:id", Item, auth.NetworkKeep, n.Calendar),
		send("/calendars/:id", Item, auth.NetworkKeep, n.Calendar, n.KeepTimes),

		see("/messages", List, auth.TemplateRead, s.Templates),
		see("/messages/:id", Item, auth.TemplateRead, s.Template),
		send("/messages/:id", Item, auth.TemplateWrite, s.Rewrite, s.Write),
		{Method: http.MethodPost, Path: "/messages/:id/check", Permission: auth.TemplateWrite, Kind: Item, Handler: ui.Part(s.Check), Page: true},
		send("/messages/:id/approve", Item, auth.TemplateApprove, s.Template, s.Approve),
		send("/messages/:id/stop", Item, auth.TemplateApprove, s.Template, s.Stop),

		see("/history", List, auth.AuditRead, h.List),
		send("/history", List, auth.AuditRead, h.Again, h.Search),
		save("/history/file", auth.AuditRead, h.File),
		see("/history/check", Create, auth.AuditRead, h.Check),
		send("/history/check", Create, auth.AuditVerify, h.Check, h.Verify),
		see("/cases/:id/disclosures", Item, auth.DisclosureRead, h.Disclosures),

		see("/rulesets", List, auth.RulesRead, v.List),
		see("/rulesets/:id", Item, auth.RulesRead, v.Show),
		see("/rulesets/:id/edit", Item, auth.RulesDraft, v.Edit),
		send("/rulesets/:id/edit", Item, auth.RulesDraft, v.Edit, v.Draft),
		send("/rulesets/:id/simulations", Item, auth.RulesDraft, v.Show, v.Simulate),
		send("/rulesets/:id/note", Item, auth.RulesDraft, v.Show, v.Note),
		send("/rulesets/:id/approve", Item, auth.RulesRelease, v.Show, v.Approve),
		dangerous(see("/rulesets/:id/release", Item, auth.RulesRelease, v.GoLive)),
		dangerous(send("/rulesets/:id/release", Item, auth.RulesRelease, v.GoLive, v.Release)),
		dangerous(see("/rulesets/:id/rollback", Item, auth.RulesRelease, v.GoLive)),
		dangerous(send("/rulesets/:id/rollback", Item, auth.RulesRelease, v.GoLive, v.RollBack)),
		see("/simulations/:id", Item, auth.RulesRead, v.Simulation),
	}
}
