package api

import (
	_ "embed"
	"net/http"

	"github.com/labstack/echo/v4"
)

//go:embed openapi.yaml
var description []byte

// Description serves openapi.yaml.
func Description(c echo.Context) error {
	return c.Blob(http.StatusOK, "application/yaml; charset=utf-8", description)
}
