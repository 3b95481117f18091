package web

import (
	"net/http"

	"doorstep/auth"
	"doorstep/web/ui"
	"doorstep/web/ui/family"
)

// familyPages are for families, who have no account, and what the hub does for them beside.
func (o Options) familyPages() []Route {
	p := family.Pages{Referrals: o.Referrals}
	all := []Route{
		see("/start", Public, "", p.Begin),
		send("/start", Public, "", p.Begin, p.TakeBegin),
		see("/start/over", Public, "", p.Over),
		see("/start/ask-first", Public, "", p.AskFirst),
		see("/start/who", Public, "", p.Who()),
		send("/start/who", Public, "", p.Who(), p.TakeWho),
		see("/start/else", Public, "", p.Else()),
		send("/start/else", Public, "", p.Else(), p.TakeElse),
		see("/start/name", Public, "", p.Name()),
		send("/start/name", Public, "", p.Name(), p.TakeName),
		see("/start/reach", Public, "", p.Reach()),
		send("/start/reach", Public, "", p.Reach(), p.TakeReach),
		see("/start/now", Public, "", p.Now()),
		see("/start/area", Public, "", p.Area()),
		send("/start/area", Public, "", p.Area(), p.TakeArea),
		see("/start/language", Public, "", p.Language()),
		send("/start/language", Public, "", p.Language(), p.TakeLanguage),
		see("/start/date", Public, "", p.Date()),
		send("/start/date", Public, "", p.Date(), p.TakeDate),
		see("/start/check", Public, "", p.Check()),
		see("/start/consent", Public, "", p.Consent()),
		send("/start/consent", Public, "", p.Consent(), p.Send),
		see("/start/done", Public, "", p.Done()),
		{Method: http.MethodGet, Path: "/leave", Kind: Public, Handler: p.Leave, Page: true},

		see("/c/:token", Public, "", p.Mine),
		send("/c/:token", Public, "", p.Mine, p.TakeWord),
		see("/c/:token/wrong", Public, "", p.Wrong),
		send("/c/:token/wrong", Public, "", p.Wrong, p.TakeWrong),
		see("/wrong", Public, "", p.Wrong),
		send("/wrong", Public, "", p.Wrong, p.TakeWrong),
		see("/wrong/told", Public, "", p.Told),

		see("/cases/:id/family-page", Item, auth.FamilyPageOpen, p.Open),
		{Method: http.MethodPost, Path: "/cases/:id/family-page", Permission: auth.FamilyPageOpen, Kind: Item, Handler: ui.ShowOnce(p.Open, p.TakeOpen), Page: true},
		send("/cases/:id/family-page/shut", Item, auth.FamilyPageOpen, p.Open, p.TakeShut),
		see("/cases/:id/letter", Item, auth.FamilyLetter, p.Letter),
		see("/family-requests/:id", Item, auth.FamilyRequestRead, p.Request),
		see("/complaints", List, auth.ComplaintRead, p.Complaints),
		see("/complaints/:id", Item, auth.ComplaintRead, p.Complaint),
		send("/complaints/:id", Item, auth.ComplaintRead, p.Complaint, p.TakeEnd),
	}
	for path, kind := range map[string]string{"change": "change_contact", "mind": "changed_mind", "take-back": "take_back"} {
		all = append(all, see("/c/:token/"+path, Public, "", p.Ask(kind)), send("/c/:token/"+path, Public, "", p.Ask(kind), p.TakeAsk(kind)))
	}
	return all
}
