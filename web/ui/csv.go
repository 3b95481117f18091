package ui

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// Sheet is a table for a file.
type Sheet struct {
	Name string // of the file, without its end
	Rows [][]string
}

// File is the handler of a table that is saved. It holds what its page shows, and no more.
func File(make func(r *Request) (Sheet, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		sheet, err := make(Of(c.Request().Context()))
		if err != nil {
			return err
		}
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		for _, row := range sheet.Rows {
			for i, cell := range row { // a spreadsheet would run what looks like a formula
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					row[i] = "'" + cell
				}
			}
			if err := w.Write(row); err != nil {
				return fmt.Errorf("write a table: %w", err)
			}
		}
		w.Flush()
		h := c.Response().Header()
		h.Set(echo.HeaderCacheControl, "no-store")
		h.Set(echo.HeaderContentDisposition, `attachment; filename="`+sheet.Name+`.csv"`)
		return c.Blob(http.StatusOK, "text/csv; charset=utf-8", text.Bytes())
	}
}
