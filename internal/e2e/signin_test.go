package e2e_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
)

const good = "four words that nobody put together"

// invited is a person whose letter has left: the link of it, as the mail holds it.
func (l *lab) invited(role auth.Role) (email, link string) {
	l.t.Helper()
	email = "person." + letters() + "@example.org"
	_, err := l.app.Accounts.Invite(l.t.Context(), auth.System("test"), l.net.Hub.ID, accounts.UserForm{Email: email, Name: "Example Person", Role: role})
	l.must(err)
	return email, l.letter(email)
}

// letter posts the newest letter of a person, as the worker does.
func (l *lab) letter(email string) string {
	l.t.Helper()
	var id uuid.UUID
	l.must(l.owner.QueryRowContext(l.t.Context(), `SELECT l.id FROM account_letters l JOIN users u ON u.id = l.user_id
		WHERE lower(u.email) = lower($1) AND l.used_at IS NULL ORDER BY l.asked_at DESC LIMIT 1`, email).Scan(&id))
	letter, err := l.app.Accounts.Post(l.t.Context(), id)
	l.must(err)
	return "/letter/" + letter.Token
}

// From the invitation to the own account, with every refusal on the way; once with and once without a script.
func TestSignIn(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]bool{"with a script": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			b := l.browser()
			if !script {
				b.noScript()
			}
			look, state := func(string) {}, func(string) {} // axe is a script
			if script {
				look, state = b.check, b.state
			}
			email, link := l.invited(auth.TriageSupervisor)
			b.visit(link)
			look("letter")
			b.fill("password", "short")
			b.press("Keep this password")
			b.sees("Something needs a correction", "At least 15 characters")
			state("letter-error")
			b.fill("password", good)
			b.press("Keep this password")
			b.sees("Your password is set")
			state("sign-in-flash")
			b.visit(link)
			b.sees("This link was used", "There is nothing here")

			b.visit("/cases")
			b.inView("main button")
			look("sign-in")
			b.press("Sign in")
			b.sees("Enter your e-mail address", "Enter your password")
			state("sign-in-missing")
			b.fill("email", email)
			b.fill("password", "not the password at all")
			b.press("Sign in")
			b.sees("The e-mail address or the password is not right")
			state("sign-in-wrong")
			b.fill("password", good)
			b.press("Sign in")
			if b.path() != "/cases" {
				t.Errorf("after signing in the page is %s", b.path())
			}
			b.press("Your account")
			look("account")
			b.press("Turn it on")
			look("second-step")
			secret := b.secret()
			b.fill("code", "000000")
			b.press("Turn it on")
			b.sees("This code is not right")
			state("second-step-error")
			used := code(t, secret, 0)
			b.fill("code", used)
			b.press("Turn it on")
			b.sees("The second step is on")
			if b.path() != "/account" {
				t.Errorf("after turning it on the address is %s", b.path())
			}
			b.press("Sign out")
			b.sees("You are signed out")

			b.fill("email", email)
			b.fill("password", good)
			b.press("Sign in")
			b.sees("Enter the code from your phone")
			look("code")
			b.fill("code", used)
			b.press("Continue")
			b.sees("This code is not right, or it was used")
			state("code-error")
			next := code(t, secret, 0)
			if next == used { // the half minute is not over
				next = code(t, secret, 1)
			}
			b.fill("code", next)
			b.press("Continue")
			b.sees("This part is clear")
			if !script && !full() {
				return
			}
			for range 11 {
				_, _ = l.app.Accounts.SignIn(t.Context(), accounts.SignInForm{Email: email, Password: "x", Address: "192.0.2.1"})
			}
			b.press("Sign out")
			b.fill("email", email)
			b.fill("password", good)
			b.press("Sign in")
			b.sees("Too many attempts")
			state("sign-in-throttled")

			b.visit("/password")
			look("forgot")
			b.press("Send the link")
			b.sees("Enter your e-mail address")
			b.fill("email", "nobody@example.org")
			b.press("Send the link")
			b.sees("If somebody works here")
			b.visit("/sign-in?lang=es")
			b.sees("Contraseña")
			state("sign-in-es")
			b.visit("/rules")
			b.sees("Cómo decidimos")
			state("rules-es")
			b.visit("/rules?lang=en")
			look("rules")
			b.visit("/nowhere")
			b.sees("There is nothing here")
			look("not-found")
		})
	}
}

// A person of two roles picks one, and may change.
func TestRoles(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	email, link := l.invited(auth.TriageCoordinator)
	_, err := l.app.Accounts.AddUser(t.Context(), auth.System("test"), l.net.Agencies[0].ID, accounts.UserForm{Email: email, Name: "Example Person", Role: auth.HomeVisitor})
	l.must(err)
	b := l.browser()
	b.visit(link)
	b.fill("password", good)
	b.press("Keep this password")
	b.fill("email", email)
	b.fill("password", good)
	b.press("Sign in")
	b.sees("What do you work as now?", "Triage coordinator", "Home visitor")
	b.check("roles")
	b.visit("/cases") // not before one is chosen
	b.sees("What do you work as now?")
	b.press("Go on as this Home visitor")
	b.sees("No case yet")
	b.press("Your account")
	b.press("Work as something else")
	b.press("Go on as this Triage coordinator")
	b.sees("This part is clear")
}

func (b *tab) secret() []byte {
	b.t.Helper()
	for line := range strings.Lines(b.text()) {
		if raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(strings.TrimSpace(line), " ", "")); err == nil && len(raw) == 20 {
			return raw
		}
	}
	b.t.Fatal("the page shows no key for an app")
	return nil
}

// code is what an authenticator app shows now, or so many steps ahead.
func code(t *testing.T, secret []byte, ahead int64) string {
	t.Helper()
	mac := hmac.New(sha1.New, secret)
	if err := binary.Write(mac, binary.BigEndian, time.Now().Unix()/30+ahead); err != nil {
		t.Fatal(err)
	}
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}
