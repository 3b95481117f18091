package hub

import (
	"io"
	"strconv"

	"doorstep/referral"
	"doorstep/web/kit"
	"doorstep/web/ui"

	"github.com/labstack/echo/v4"
)

// Arrivals are the referrals of a case and how each came.
func (p Pages) Arrivals(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("case")
	if err == nil {
		_, err = r.Query()
	}
	if err != nil {
		return ui.Body{}, err
	}
	page, err := p.Referrals.Arrivals(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("hub.arrivals"), Nav: "/cases", Content: arrivals(id, page.Items)}, err
}

// Scans is one referral with the scans of it, and where one is kept.
func (p Pages) Scans(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("referral")
	if err == nil {
		_, err = r.Query()
	}
	if err != nil {
		return ui.Body{}, err
	}
	v, err := p.Referrals.Arrival(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("hub.scans"), Nav: "/cases", Content: scans(v)}, err
}

// KeepScan keeps the page that it came on.
func (p Pages) KeepScan(r *ui.Request, file io.Reader) (ui.Next, error) {
	id, err := r.ID("referral")
	if err != nil {
		return ui.Next{}, err
	}
	_, err = p.Referrals.KeepScan(r.Context(), r.Actor, id, file)
	return ui.Next{To: "/referrals/" + id.String() + "/scans", Flash: ui.Flash{Key: "hub.scan_kept"}}, err
}

// OpenScan hands it out as a file: a page of ours never shows what somebody scanned.
func (p Pages) OpenScan(c echo.Context) error {
	r := ui.Of(c.Request().Context())
	id, err := r.ID("scan")
	if err == nil {
		_, err = r.Query()
	}
	if err != nil {
		return err
	}
	file, err := p.Referrals.OpenScan(r.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	return kit.File(c, "scan."+file.Kind, file.Content)
}

type eraseForm struct {
	Referral string `form:"referral"`
}

// EraseScan takes away what one shows.
func (p Pages) EraseScan(r *ui.Request, f eraseForm) (ui.Next, error) {
	id, err := r.ID("scan")
	if err != nil {
		return ui.Next{}, err
	}
	if _, err := p.Referrals.EraseScan(r.Context(), r.Actor, id); err != nil {
		return ui.Next{}, err
	}
	return ui.Next{To: "/referrals/" + f.Referral + "/scans", Flash: ui.Flash{Key: "hub.scan_erased"}}, nil
}

func kilobytes(v referral.ScanView) string { return strconv.Itoa(max(1, v.Bytes>>10)) }

func number(n int) string { return strconv.Itoa(n) }
