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
		see("/start/who", Public, "", p.Question("who")),
		send("/start/who", Public, "", p.Question("who"), p.TakeWho),
		see("/start/else", Public, "", p.Question("else")),
		send("/start/else", Public, "", p.Question("else"), p.TakeElse),
		see("/start/name", Public, "", p.Question("name")),
		send("/start/name", Public, "", p.Question("name"), p.TakeName),
		see("/start/reach", Public, "", p.Question("reach")),
		send("/start/reach", Public, "", p.Question("reach"), p.TakeReach),
		see("/start/now", Public, "", p.Question("now")),
		see("/start/area", Public, "", p.Question("area")),
		send("/start/area", Public, "", p.Question("area"), p.TakeArea),
		see("/start/language", Public, "", p.Question("language")),
		send("/start/language", Public, "", p.Question("language"), p.TakeLanguage),
		see("/start/date", Public, "", p.Question("date")),
		send("/start/date", Public, "", p.Question("date"), p.TakeDate),
		see("/start/check", Public, "", p.Question("check")),
		see("/start/consent", Public, "", p.Question("consent")),
		send("/start/consent", Public, "", p.Question("consent"), p.Send),
		see("/start/done", Public, "", p.Question("check")),
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
		send("/family-requests/:id/take", Item, auth.FamilyRequestRead, p.Request, p.TakeRequest),
		send("/family-requests/:id/settle", Item, auth.FamilyRequestRead, p.Request, p.SettleRequest),
		see("/complaints", List, auth.ComplaintRead, p.Complaints),
		see("/complaints/:id", Item, auth.ComplaintRead, p.Complaint),
		send("/complaints/:id", Item, auth.ComplaintRead, p.Complaint, p.TakeEnd),
	}
	for path, kind := range map[string]string{"change": "change_contact", "mind": "changed_mind", "take-back": "take_back"} {
		all = append(all, see("/c/:token/"+path, Public, "", p.Ask(kind)), send("/c/:token/"+path, Public, "", p.Ask(kind), p.TakeAsk(kind)))
	}
	return all
}
