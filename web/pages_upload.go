package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"doorstep/auth"
	"doorstep/web/ui"
	"doorstep/web/ui/upload"
)

// stream marks a route whose body is a file.
func stream(r Route) Route {
	r.Stream = true
	return r
}

// uploadPages are for whoever refers many at once.
func (o Options) uploadPages() []Route {
	p := upload.Pages{Referrals: o.Referrals}
	page := func(method, path string, kind Kind, perm auth.Permission, h echo.HandlerFunc) Route {
		return Route{Method: method, Path: path, Permission: perm, Kind: kind, Handler: h, Page: true}
	}
	return []Route{
		see("/uploads", List, auth.ReferralCreate, p.Choose),
		stream(page(http.MethodPost, "/uploads", Create, auth.ReferralCreate, ui.SaveFile(p.Choose, p.Upload))),
		page(http.MethodGet, "/uploads/template.csv", List, auth.ReferralCreate, ui.Download("referrals-template.csv", p.Template)),
		see("/uploads/:id", Item, auth.ReferralRead, p.Show),
		send("/uploads/:id/send", Item, auth.ReferralCreate, p.Show, p.Send),
		send("/uploads/:id/delete", Item, auth.ReferralCreate, p.Show, p.Delete),
		page(http.MethodGet, "/uploads/:id/problems.csv", Item, auth.ReferralRead, ui.Download("referrals-to-correct.csv", p.Problems)),
		page(http.MethodGet, "/uploads/:id/references.csv", Item, auth.ReferralRead, ui.Download("references.csv", p.References)),
	}
}
