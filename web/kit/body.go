package kit

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
)

// MaxBody is the largest body in bytes. A referral with every field filled is below 40 KB.
const MaxBody = 256 << 10

const bodyKey = "kit.body"

// Body reads the raw body once; later calls return the same bytes. Faults: TooLarge, Malformed when it did not arrive whole.
// A compressed body is refused with 415: it may unfold to any size, and nothing that is sent here needs it.
func Body(c echo.Context) ([]byte, error) {
	if read, ok := c.Get(bodyKey).([]byte); ok {
		return read, nil
	}
	r := c.Request()
	if coding := r.Header.Get(echo.HeaderContentEncoding); coding != "" && coding != "identity" {
		return nil, echo.NewHTTPError(http.StatusUnsupportedMediaType, "Send the body uncompressed.")
	}
	tooLarge := fault.New(fault.TooLarge, "The body is larger than %d KB.", MaxBody>>10)
	if r.ContentLength > MaxBody {
		return nil, tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, MaxBody))
	var beyond *http.MaxBytesError
	switch {
	case errors.As(err, &beyond):
		return nil, tooLarge
	case err != nil:
		return nil, fault.New(fault.Malformed, "The body did not arrive whole.")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	c.Set(bodyKey, body)
	return body, nil
}

// Decode reads the body into form, a pointer to a struct without ids of its own. No body is an empty form. Faults:
// Malformed with every unknown or double key and every wrong type at its JSON pointer; those of Body; 415 for another
// content type than JSON in UTF-8.
func Decode(c echo.Context, form any) error {
	body, err := Body(c)
	if err != nil || len(body) == 0 {
		return err
	}
	if err := checkType(c.Request().Header.Get(echo.HeaderContentType)); err != nil {
		return err
	}
	return Parse(body, form)
}

// checkType: a form or a text/plain body can be sent by any page of the web without the browser asking us first.
func checkType(header string) error {
	media, params, err := mime.ParseMediaType(header)
	if charset := params["charset"]; err == nil && media == echo.MIMEApplicationJSON && (charset == "" || strings.EqualFold(charset, "utf-8")) {
		return nil
	}
	return echo.NewHTTPError(http.StatusUnsupportedMediaType, "Send JSON in UTF-8 with the header Content-Type: application/json.")
}
