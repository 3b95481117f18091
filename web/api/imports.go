package api

import (
	"context"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/auth"
	"doorstep/importer"
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/kit"
)

// checkWithin is how long an upload is checked before its answer: most are done by then, and the worker does the others.
const checkWithin = 3 * time.Second

// Upload takes a CSV file of referrals and checks it. Nothing is sent.
func Upload(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := kit.Query(c); err != nil {
			return err
		}
		if err := kit.Actor(c).Require(auth.ReferralCreate); err != nil { // before a byte of the file is read
			return err
		}
		if media, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType)); err != nil || media != "text/csv" {
			return echo.NewHTTPError(http.StatusUnsupportedMediaType, "Send the file with the header Content-Type: text/csv.")
		}
		limits := importer.ForPage()
		defer kit.LongBody(c, limits.Bytes+1<<10)()
		ctx, actor := c.Request().Context(), kit.Actor(c)
		v, err := importer.Referrals(ctx, s, actor, c.Request().Body, limits)
		if err != nil {
			kit.Drain(c)
			return err
		}
		v, err = importer.Check(ctx, s, actor, v, checkWithin)
		if err != nil {
			return err
		}
		c.Response().Header().Set(echo.HeaderLocation, "/api/v1/imports/"+v.ID.String())
		return kit.JSON(c, http.StatusCreated, v)
	}
}

// Imports lists the newest uploads.
func Imports(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := kit.Query(c); err != nil {
			return err
		}
		page, err := s.Imports(c.Request().Context(), kit.Actor(c))
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}

// ImportRows shows what became of each row.
func ImportRows(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := kit.ID(c, "upload")
		if err != nil {
			return err
		}
		query, err := kit.Query(c, "after")
		if err != nil {
			return err
		}
		after := 0
		if text := query["after"]; text != "" {
			if after, err = strconv.Atoi(text); err != nil || after < 0 || strings.HasPrefix(text, "+") {
				return fault.New(fault.Malformed, "after is the number \"next\" of the page before.")
			}
		}
		page, err := s.ImportRows(c.Request().Context(), kit.Actor(c), id, after)
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}

// DeleteImport deletes an upload that was not sent.
func DeleteImport(s *referral.Service) echo.HandlerFunc {
	return At("upload", func(ctx context.Context, actor auth.Actor, id uuid.UUID) (struct{}, error) {
		return struct{}{}, s.CancelImport(ctx, actor, id)
	})
}
