package web

import (
	"net/http"

	"doorstep/auth"
	"doorstep/web/ui"
	"doorstep/web/ui/manager"
)

// save is a table of a page as a file.
func save(path string, p auth.Permission, sheet func(*ui.Request) (ui.Sheet, error)) Route {
	return Route{Method: http.MethodGet, Path: path, Permission: p, Kind: List, Handler: ui.File(sheet), Page: true}
}

// managerPages are for those who answer for the whole, and who keep it running.
func (o Options) managerPages() []Route {
	m := manager.Pages{Reports: o.Reports, Providers: o.Providers}
	return []Route{
		see("/overview", List, auth.ReportRead, m.Overview),
		save("/overview/file", auth.ReportRead, m.File),
	}
}
