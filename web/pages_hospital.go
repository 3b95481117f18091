package web

import (
	"net/http"

	"doorstep/auth"
	"doorstep/web/ui"
	"doorstep/web/ui/refer"
	"doorstep/web/ui/referrals"
)

// hospitalPages are for who refers families: the form with its drafts, and what became of what was sent.
func (o Options) hospitalPages() []Route {
	f, p := refer.Pages{Referrals: o.Referrals}, referrals.Pages{Referrals: o.Referrals, Known: refer.Known}
	return []Route{
		see("/refer", List, auth.ReferralCreate, f.New),
		send("/refer", Create, auth.ReferralCreate, f.New, f.Continue),
		{Method: http.MethodPost, Path: "/refer/live", Permission: auth.ReferralCreate, Kind: Create, Handler: ui.Part(f.Live), Page: true},
		see("/drafts/:id", Item, auth.ReferralCreate, f.Draft),
		see("/drafts/:id/check", Item, auth.ReferralCreate, f.Check),
		send("/drafts/:id/send", Item, auth.ReferralCreate, f.Check, f.Send),
		send("/drafts/:id/drop", Item, auth.ReferralCreate, f.Draft, f.Drop),

		see("/referrals", List, auth.ReferralRead, p.List),
		{Method: http.MethodGet, Path: "/referrals/list.csv", Permission: auth.ReferralRead, Kind: List, Handler: ui.File(p.Sheet), Page: true},
		see("/referrals/:id", Item, auth.ReferralRead, p.Show),
		see("/referrals/:id/sent", Item, auth.ReferralRead, p.Sent),
		see("/referrals/:id/handout", Item, auth.ReferralRead, p.Handout),
		see("/referrals/:id/withdraw", Item, auth.ReferralWithdraw, p.Withdraw),
		send("/referrals/:id/withdraw", Item, auth.ReferralWithdraw, p.Withdraw, p.DoWithdraw),
		see("/referrals/:id/phone", Item, auth.ReferralAdd, p.Phone),
		send("/referrals/:id/phone", Item, auth.ReferralAdd, p.Phone, p.DoPhone),
		see("/referrals/:id/note", Item, auth.ReferralAdd, p.Note),
		send("/referrals/:id/note", Item, auth.ReferralAdd, p.Note, p.DoNote),
	}
}
