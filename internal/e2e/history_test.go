package e2e_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/web/ui"

	"github.com/google/uuid"
)

// Who looked at this family, what was told of her, whether the history is whole, and the file that is in the history itself.
func TestHistory(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	first, second := l.refer(nil), l.refer(nil)
	l.offer(first)
	l.claim(first)
	visitor := l.seed.User(l.net.Agencies[0], auth.AgencyCoordinator)
	agency := l.browser().as(visitor)
	agency.visit("/cases/" + first)
	_, err := audit.NewSealer(l.db).Seal(t.Context())
	l.must(err)

	officer := l.seed.User(l.net.Hub, auth.PrivacyOfficer)
	b := l.browser().as(officer)
	b.visit("/history")
	b.sees("events are sealed", "claim", "Who looked, who changed what")
	b.check("history")
	ref := ui.Ref(uuid.MustParse(first))
	b.fill("case", ref)
	b.press("Show")
	b.sees("Family "+ref, "Example agency_coordinator")
	if strings.Contains(b.text(), ui.Ref(uuid.MustParse(second))) {
		t.Error("another family is in it")
	}
	if strings.Contains(b.path(), "-") && !strings.Contains(b.path(), first) {
		t.Errorf("the address is %s", b.path())
	}
	b.press("Who looked at this family")
	b.sees("read case")
	b.state("history-family")
	b.press("What was told of this family")
	b.sees("What was told of family "+ref, "home visiting")
	b.check("disclosures")
	b.press("6 years")
	b.visit("/cases/" + second + "/disclosures")
	b.sees("Nothing was told")
	b.state("disclosures-empty")
	b.visit("/history?case=0000-0000")
	b.sees("No one case has this reference")
	b.check("history-error")
	b.visit("/history")
	b.fill("actor", "nobody@example.org")
	b.press("Show")
	b.sees("Nobody here has this e-mail address")
	b.state("history-nobody")
	var email string
	l.must(l.owner.QueryRowContext(t.Context(), `SELECT email FROM users WHERE id = $1`, visitor.ID).Scan(&email))
	b.fill("actor", email)
	b.press("Show")
	b.sees("Example agency_coordinator")
	if b.path() != "/history?actor="+visitor.ID.String() {
		t.Errorf("the address is %s", b.path())
	}
	b.visit("/history?actor=" + email)
	b.sees("Write the id")
	b.visit("/history?action=fly")
	b.sees("No events match")
	b.state("history-none")

	b.visit("/history/check")
	b.press("Check the whole history now")
	b.sees("The history is as it was sealed")
	b.check("history-check")

	ticket, err := l.demo.SignIn(t.Context(), officer.ID, officer.OrgID, officer.Role)
	l.must(err)
	r, err := http.NewRequestWithContext(t.Context(), "GET", l.url+"/history/file?case="+ref, nil)
	l.must(err)
	r.AddCookie(&http.Cookie{Name: "doorstep", Value: ticket.Token})
	answer, err := http.DefaultClient.Do(r)
	l.must(err)
	text, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	l.must(err)
	if !strings.HasPrefix(string(text), "id,recorded_at,kind") || !strings.Contains(string(text), first) || strings.Contains(string(text), second) {
		t.Errorf("the file says %.300s", text)
	}
	b.visit("/history?action=export+history")
	b.sees("export history", "Example privacy_officer")

	stranger := l.browser().as(l.seed.User(l.net.Hub, auth.ProgramManager))
	stranger.visit("/history")
	stranger.sees("Your role does not include this")
}
