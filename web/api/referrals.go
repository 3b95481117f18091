package api

import (
	"cmp"
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/auth"
	"doorstep/referral"
	"doorstep/web/kit"
)

// Receive takes a referral.
func Receive(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := kit.Query(c); err != nil {
			return err
		}
		var form referral.Submission
		if err := kit.Decode(c, &form); err != nil {
			return err
		}
		receipt, err := s.Receive(c.Request().Context(), kit.Actor(c), form)
		if err != nil {
			return err
		}
		c.Response().Header().Set(echo.HeaderLocation, "/api/v1/referrals/"+receipt.ID.String())
		return kit.JSON(c, http.StatusCreated, receipt)
	}
}

// Timeline shows what became of a referral. It is short, so it has one page.
func Timeline(s *referral.Service) echo.HandlerFunc {
	return At("referral", func(ctx context.Context, actor auth.Actor, id uuid.UUID) (referral.Page[referral.Milestone], error) {
		steps, err := s.ReferralTimeline(ctx, actor, id)
		return referral.Page[referral.Milestone]{Items: steps}, err
	})
}

// Cases lists cases, all open ones or those of one ?status=.
func Cases(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		query, err := kit.Query(c, "after", "status")
		if err != nil {
			return err
		}
		page, err := s.Cases(c.Request().Context(), kit.Actor(c), referral.Status(query["status"]), query["after"])
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}

// AllCases lists cases at the hub, as a filter says.
func AllCases(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		q, err := kit.Query(c, "after", "status", "owner", "program", "area", "language", "due")
		if err != nil {
			return err
		}
		f := referral.CaseFilter{Status: referral.Status(q["status"]), Owner: q["owner"], Program: q["program"], Area: q["area"], Language: q["language"], Due: q["due"]}
		page, err := s.AllCases(c.Request().Context(), kit.Actor(c), f, q["after"])
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}

// Caseload lists the caller's own families, of one ?view=, and with ?mine=yes only those that they visit.
func Caseload(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		query, err := kit.Query(c, "after", "view", "mine")
		if err != nil {
			return err
		}
		q := referral.CaseloadQuery{View: referral.CaseloadView(cmp.Or(query["view"], string(referral.DueToday))), Mine: query["mine"] == "yes", After: query["after"]}
		page, err := s.Caseload(c.Request().Context(), kit.Actor(c), q)
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}

// Alarms lists the alarms without an outcome. They are few, so they have one page.
func Alarms(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := kit.Query(c); err != nil {
			return err
		}
		page, err := s.Alarms(c.Request().Context(), kit.Actor(c))
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}
