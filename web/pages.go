package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"doorstep/auth"
	"doorstep/web/static"
	"doorstep/web/ui"
	"doorstep/web/ui/account"
	"doorstep/web/ui/cases"
	"doorstep/web/ui/open"
)

// see is a page that is looked at.
func see(path string, kind Kind, p auth.Permission, v ui.View) Route {
	return Route{Method: http.MethodGet, Path: path, Permission: p, Kind: kind, Handler: ui.Show(v), Page: true}
}

// send is the form of a page: the same address, and the same view again when something needs a correction.
func send[F any](path string, kind Kind, p auth.Permission, again ui.View, do func(*ui.Request, F) (ui.Next, error)) Route {
	return Route{Method: http.MethodPost, Path: path, Permission: p, Kind: kind, Handler: ui.Save(again, do), Page: true}
}

// dangerous asks for the password again, unless it was typed within ten minutes.
func dangerous(r Route) Route {
	r.Confirm = true
	return r
}

// pages is every page. Each audience has a function of its own, so that several people can add to them.
func (o Options) pages() []Route {
	if o.Ground == nil { // the API alone
		return nil
	}
	return slices.Concat(o.openPages(), o.doorPages(), o.casePages(), o.managerPages(), o.agencyPages(), o.hospitalPages(), o.uploadPages(), o.hubPages(), o.familyPages())
}

// openPages are for anyone.
func (o Options) openPages() []Route {
	rules := Route{Method: http.MethodGet, Path: "/rules", Kind: Public, Handler: open.Rules(o.Rules), Page: true}
	return []Route{
		rules,
		{Method: http.MethodGet, Path: static.Pattern, Kind: Public, Handler: echo.WrapHandler(o.Ground.Static), Page: true},
		{Method: http.MethodPost, Path: ui.ReportPath, Kind: Public, Handler: o.reported, Page: true},
	}
}

// doorPages are the way in, and a person's own account.
func (o Options) doorPages() []Route {
	p := account.Pages{Accounts: o.Accounts, Demo: o.Demo}
	all := []Route{
		{Method: http.MethodGet, Path: "/", Kind: Door, Handler: p.Home, Page: true},
		see("/sign-in", Door, "", p.SignIn),
		send("/sign-in", Door, "", p.SignIn, p.EnterSignIn),
		see("/sign-in/code", Door, "", p.Code),
		send("/sign-in/code", Door, "", p.Code, p.EnterCode),
		see("/sign-in/role", Door, "", p.Role),
		send("/sign-in/role", Door, "", p.Role, p.ChooseRole),
		send("/sign-out", Door, "", p.SignIn, p.SignOut),
		see("/password", Door, "", p.Forgot),
		send("/password", Door, "", p.Forgot, p.SendLetter),
		see("/letter/:token", Door, "", p.Letter),
		send("/letter/:token", Door, "", p.Letter, p.UseLetter),
		see("/confirm", Signed, "", p.Confirm),
		send("/confirm", Signed, "", p.Confirm, p.EnterConfirm),
		{Method: http.MethodPost, Path: "/session", Kind: Signed, Handler: ui.Extend, Page: true},
		see("/account", Signed, "", p.Account),
		dangerous(see("/account/second-step", Signed, "", p.SecondStep)),
		dangerous(send("/account/second-step", Signed, "", p.SecondStep, p.TurnOn)),
	}
	if o.Demo != nil {
		all = append(all, see("/demo", Door, "", p.People), send("/demo", Door, "", p.People, p.Play))
	}
	return all
}

// casePages are for hub and agencies.
func (o Options) casePages() []Route {
	p := cases.Pages{Referrals: o.Referrals, Part: o.casePart, Urgent: o.caseUrgent}
	return []Route{
		see("/cases", List, auth.CaseRead, o.caseList(p.List)),
		see("/cases/:id", Item, auth.CaseRead, p.Show),
		send("/cases/:id/undo", Item, auth.CaseUndo, p.Show, p.Undo),
	}
}
