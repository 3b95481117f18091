package ui

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// Flash is what the next page says about what was just done. It travels in a cookie, so it is a key of the catalog and holds no word of a
// family.
type Flash struct {
	Key  string    `json:"k"`
	Args []string  `json:"a,omitempty"` // names and values in turn; references and numbers only
	Undo uuid.UUID `json:"u,omitzero"`  // the case whose newest move may be taken back for ten minutes
}

const flashCookie = "said"

func setFlash(c echo.Context, f Flash, secure bool) {
	text, err := json.Marshal(f)
	if err != nil || f.Key == "" {
		return
	}
	SetCookie(c, flashCookie, base64.RawURLEncoding.EncodeToString(text), time.Minute, secure)
}

// takeFlash reads what was said and takes it back, so that it is said once. A request that shows nothing leaves it for the page.
func takeFlash(c echo.Context, secure bool) *Flash {
	kept := Cookie(c, flashCookie, secure)
	if kept == "" || c.Request().Method != "GET" {
		return nil
	}
	SetCookie(c, flashCookie, "", -1, secure)
	text, err := base64.RawURLEncoding.DecodeString(kept)
	var f Flash
	if err != nil || json.Unmarshal(text, &f) != nil || f.Key == "" {
		return nil
	}
	return &f
}
