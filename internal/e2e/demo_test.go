package e2e_test

import (
	"net/http/httptest"
	"testing"

	"doorstep/auth"
	"doorstep/web"
)

// In the demo one picks who to be, and may be somebody else the next moment.
func TestTheDemosDoor(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.seed.User(l.net.Hub, auth.TriageCoordinator)
	l.seed.User(l.net.Hospital, auth.Referrer)
	l.app.Demo, l.app.Ground.Demo = l.demo, true
	server := httptest.NewServer(web.New(l.app))
	t.Cleanup(server.Close)
	l.url = server.URL
	b := l.browser()
	b.visit("/")
	b.sees("Who do you want to be?", "There is no password here")
	b.check("demo")
	b.press("Triage coordinator")
	b.sees("This part is clear")
	b.state("demo-strip")
	b.press("Be somebody else")
	b.press("Referrer")
	b.sees("Refer a family")
}
