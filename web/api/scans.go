package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"doorstep/auth"
	"doorstep/referral"
	"doorstep/web/kit"
)

// Take writes a referral down that came to the hub by hand.
func Take(s *referral.Service) echo.HandlerFunc { return Make(s.TakeReferral) }

// KeepScan takes the page that a referral came on, as it is.
func KeepScan(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := kit.ID(c, "referral")
		if err != nil {
			return err
		}
		if _, err := kit.Query(c); err != nil {
			return err
		}
		if err := kit.Actor(c).Require(auth.ReferralTake); err != nil { // before a byte of the file is read
			return err
		}
		defer kit.LongBody(c, referral.LargestScan+1<<10)()
		v, err := s.KeepScan(c.Request().Context(), kit.Actor(c), id, c.Request().Body)
		if err != nil {
			kit.Drain(c)
			return err
		}
		return kit.JSON(c, http.StatusCreated, v)
	}
}

// OpenScan hands a scan out as a file that no browser shows by itself.
func OpenScan(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := kit.ID(c, "scan")
		if err != nil {
			return err
		}
		if _, err := kit.Query(c); err != nil {
			return err
		}
		file, err := s.OpenScan(c.Request().Context(), kit.Actor(c), id)
		if err != nil {
			return err
		}
		return kit.File(c, "scan."+file.Kind, file.Content)
	}
}
