package accounts_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/jobs"
)

const firstPassword = "ana is the best of all" // three letters are no name
const password = "four words that nobody put together"

// letter posts the newest letter of a person, as the worker does.
func (w world) letter(t *testing.T, email string) accounts.Letter {
	t.Helper()
	var id uuid.UUID
	err := w.owner.QueryRowContext(t.Context(), `SELECT l.id FROM account_letters l JOIN users u ON u.id = l.user_id
		WHERE lower(u.email) = lower($1) AND l.used_at IS NULL`, email).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	letter, err := w.service.Post(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return letter
}

// member is a person with a password.
func (w world) member(t *testing.T, o seed.Org, role auth.Role, site *uuid.UUID) (email string, id uuid.UUID) {
	t.Helper()
	email = "person." + uuid.NewString()[:8] + "@example.org"
	id, err := w.service.Invite(t.Context(), system, o.ID, accounts.UserForm{Email: email, Name: "Example Person", Role: role, SiteID: site})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.service.UseLetter(t.Context(), w.letter(t, email).Token, password, "192.0.2.9"); err != nil {
		t.Fatal(err)
	}
	return email, id
}

func (w world) signIn(email, word string) (accounts.Ticket, error) {
	return w.service.SignIn(w.ctx, accounts.SignInForm{Email: email, Password: word, Address: "192.0.2.1"})
}

func (w world) mustSignIn(t *testing.T, email string) accounts.Ticket {
	t.Helper()
	ticket, err := w.signIn(strings.ToUpper(email), password)
	if err != nil {
		t.Fatal(err)
	}
	return ticket
}

func (w world) session(t *testing.T, ticket accounts.Ticket) accounts.Session {
	t.Helper()
	s, err := w.service.Session(t.Context(), ticket.Token)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestALetterOpensOnceAndItsTokenStandsNowhere(t *testing.T) {
	w := newWorld(t)
	hub := w.Hub(seed.Org{})
	if _, err := w.service.Invite(t.Context(), system, hub.ID, accounts.UserForm{Email: "ana@example.org", Name: "Ana Example", Role: auth.TriageCoordinator}); err != nil {
		t.Fatal(err)
	}
	first := w.letter(t, "ana@example.org")
	var queued int
	if err := w.owner.QueryRow(`SELECT count(*) FROM outbox WHERE kind = 'account.letter' AND subject_id = $1`, first.ID).Scan(&queued); err != nil || queued != 1 {
		t.Errorf("%d jobs for the letter (%v)", queued, err)
	}
	for _, weak := range []string{"short", strings.Repeat("a", 20), "Doorstep is the best", strings.Repeat("ab", 200)} {
		if err := w.service.UseLetter(t.Context(), first.Token, weak, "192.0.2.1"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.30q: %v", weak, err)
		}
	}
	if err := w.service.UseLetter(t.Context(), first.Token, firstPassword, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	if err := w.service.UseLetter(t.Context(), first.Token, password, "192.0.2.1"); !errors.Is(err, fault.NotFound) {
		t.Errorf("used twice: %v", err)
	}
	if _, err := w.service.OpenLetter(t.Context(), "nonsense"); !errors.Is(err, fault.NotFound) {
		t.Errorf("nonsense opens: %v", err)
	}

	// Two letters for a new password: the newer one opens. Nobody is told whether there is such a person.
	ask := func(email string) {
		t.Helper()
		if err := w.service.AskReset(t.Context(), email, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
	}
	ask("nobody@example.org")
	ask("ANA@example.org")
	old := w.letter(t, "ana@example.org")
	ticket, err := w.signIn("ana@example.org", firstPassword)
	if err != nil {
		t.Fatal(err)
	}
	session := w.session(t, ticket)
	ask("ana@example.org")
	if _, err := w.service.Post(t.Context(), old.ID); !errors.Is(err, jobs.ErrNothingToDo) {
		t.Errorf("a letter that another took the place of is posted: %v", err)
	}
	newer := w.letter(t, "ana@example.org")
	if _, err := w.service.OpenLetter(t.Context(), old.Token); !errors.Is(err, fault.NotFound) {
		t.Errorf("the older letter opens: %v", err)
	}
	if err := w.service.UseLetter(t.Context(), newer.Token, password, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	var open int
	if err := w.owner.QueryRow(`SELECT count(*) FROM sessions WHERE ended_at IS NULL AND id = $1`, session.ID).Scan(&open); err != nil || open != 0 {
		t.Errorf("a new password left the old session open (%v)", err)
	}
	ask("ana@example.org")
	late := w.letter(t, "ana@example.org")
	w.exec(t, `UPDATE account_letters SET expires_at = clock_timestamp() WHERE id = $1`, late.ID)
	if err := w.service.UseLetter(t.Context(), late.Token, password, "192.0.2.1"); !errors.Is(err, fault.NotFound) {
		t.Errorf("after its time: %v", err)
	}
	ticket = w.mustSignIn(t, "ana@example.org")
	for _, secret := range []string{newer.Token, ticket.Token, password} {
		for _, table := range []string{"account_letters", "sessions", "credentials", "outbox", "audit_events", "sign_in_tries"} {
			var n int
			if err := w.owner.QueryRow(`SELECT count(*) FROM `+table+` x WHERE position($1 IN to_jsonb(x)::text) > 0`, secret).Scan(&n); err != nil || n > 0 {
				t.Errorf("%s holds a secret in plain text (%v)", table, err)
			}
		}
	}
}

func TestASessionEnds(t *testing.T) {
	w := newWorld(t)
	hub, hospital := w.Hub(seed.Org{}), w.Hospital(seed.Org{})
	w.exec(t, `UPDATE sites SET profile = 'ward' WHERE id = $1`, hospital.SiteID)
	desk, _ := w.member(t, hub, auth.TriageCoordinator, nil)
	ward, _ := w.member(t, hospital, auth.Referrer, &hospital.SiteID)
	s := w.session(t, w.mustSignIn(t, ward))
	if s.Actor.SiteID != hospital.SiteID || s.Actor.Role != auth.Referrer || s.Zone != "America/New_York" || s.Org != hospital.Name || !s.Open() || !s.Confirmed {
		t.Errorf("%+v", s)
	}
	for name, test := range map[string]struct {
		email string
		set   string
		open  bool
	}{
		"a desk after 29 minutes":   {desk, `seen_at = clock_timestamp() - interval '29 minutes'`, true},
		"a desk after 31 minutes":   {desk, `seen_at = clock_timestamp() - interval '31 minutes'`, false},
		"a ward after 14 minutes":   {ward, `seen_at = clock_timestamp() - interval '14 minutes'`, true},
		"a ward after 16 minutes":   {ward, `seen_at = clock_timestamp() - interval '16 minutes'`, false},
		"in use for twelve hours":   {desk, `started_at = clock_timestamp() - interval '12 hours'`, false},
		"in use for eleven hours":   {desk, `started_at = clock_timestamp() - interval '11 hours'`, true},
		"signed out":                {desk, `ended_at = clock_timestamp()`, false},
		"no role chosen, 9 minutes": {desk, `org_id = NULL, role = NULL, seen_at = clock_timestamp() - interval '9 minutes'`, true},
		"no role chosen, 11":        {desk, `org_id = NULL, role = NULL, seen_at = clock_timestamp() - interval '11 minutes'`, false},
		"a role that nobody gave":   {desk, `role = 'triage_supervisor'`, false},
	} {
		ticket := w.mustSignIn(t, test.email)
		id := w.session(t, ticket).ID
		w.exec(t, `UPDATE sessions SET `+test.set+` WHERE id = $1`, id)
		if _, err := w.service.Session(t.Context(), ticket.Token); (err == nil) != test.open || err != nil && !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ticket := w.mustSignIn(t, desk)
	s = w.session(t, ticket)
	w.exec(t, `UPDATE sessions SET seen_at = clock_timestamp() - interval '20 minutes', confirmed_at = clock_timestamp() - interval '20 minutes' WHERE id = $1`, s.ID)
	s = w.session(t, ticket) // being looked at keeps it open
	if again := w.session(t, ticket); s.Confirmed || !again.EndsAt.After(time.Now().Add(29*time.Minute)) {
		t.Errorf("%+v", again)
	}
	if err := w.service.Confirm(t.Context(), s, "wrong"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a wrong password confirms: %v", err)
	}
	if err := w.service.Confirm(t.Context(), s, password); err != nil || !w.session(t, ticket).Confirmed {
		t.Errorf("the password does not confirm: %v", err)
	}
	w.exec(t, `UPDATE users SET disabled_at = clock_timestamp() WHERE lower(email) = lower($1)`, desk)
	if _, err := w.service.Session(t.Context(), ticket.Token); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("a disabled person's session is open: %v", err)
	}
	if _, err := w.signIn(desk, password); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a disabled person signs in: %v", err)
	}
}

// Forty at once are ten guesses: they are counted before they are looked at. Another person, and the right password, are not locked out by
// the address.
func TestGuessesAreFew(t *testing.T) {
	w := newWorld(t)
	hub := w.Hub(seed.Org{})
	email, _ := w.member(t, hub, auth.TriageCoordinator, nil)
	other, _ := w.member(t, hub, auth.TriageCoordinator, nil)
	for range 12 { // rightly, from one network
		w.mustSignIn(t, other)
	}
	var mu sync.Mutex
	kinds := map[fault.Kind]int{}
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			_, err := w.signIn(email, fmt.Sprint("guess ", i))
			mu.Lock()
			defer mu.Unlock()
			kinds[fault.KindOf(err)]++
		})
	}
	all.Wait()
	if kinds[fault.Invalid] != 10 || kinds[fault.TooMany] != 30 {
		t.Errorf("%v", kinds)
	}
	var f *fault.Error
	if _, err := w.signIn(email, password); !errors.As(err, &f) || f.Kind != fault.TooMany || f.RetryAfter <= 0 || f.RetryAfter > 15*time.Minute {
		t.Errorf("the eleventh: %v", err)
	}
	w.exec(t, `UPDATE sign_in_tries SET since = since - interval '15 minutes'`)
	w.mustSignIn(t, email)
	w.mustSignIn(t, other)
	for i := range 100 {
		_, _ = w.service.SignIn(t.Context(), accounts.SignInForm{Email: fmt.Sprint(i, "@example.org"), Password: "x", Address: "192.0.2.77"})
	}
	if _, err := w.service.SignIn(t.Context(), accounts.SignInForm{Email: email, Password: password, Address: "192.0.2.77"}); fault.KindOf(err) != fault.TooMany {
		t.Errorf("after a hundred guesses from one address: %v", err)
	}
	if err := w.service.Tidy(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRolesAreChosenUnderANewToken(t *testing.T) {
	w := newWorld(t)
	hub, agency := w.Hub(seed.Org{}), w.Agency(seed.Org{})
	email, id := w.member(t, hub, auth.TriageCoordinator, nil)
	if _, err := w.service.AddUser(t.Context(), system, agency.ID, accounts.UserForm{Email: email, Name: "x", Role: auth.HomeVisitor}); err != nil {
		t.Fatal(err)
	}
	ticket := w.mustSignIn(t, email)
	s := w.session(t, ticket)
	if !ticket.Chooses || s.Open() || s.Actor.Require(auth.CaseRead) == nil {
		t.Errorf("%+v %+v", ticket, s)
	}
	if _, err := w.service.ChooseRole(t.Context(), s, agency.ID, auth.AgencyManager); !errors.Is(err, fault.NotFound) {
		t.Errorf("a role that they do not hold: %v", err)
	}
	next, err := w.service.ChooseRole(t.Context(), s, agency.ID, auth.HomeVisitor)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.Session(t.Context(), ticket.Token); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("the token from before opens: %v", err)
	}
	if s := w.session(t, next); s.Actor != (auth.Actor{Kind: "user", ID: id, OrgID: agency.ID, OrgKind: auth.Agency, Role: auth.HomeVisitor}) {
		t.Errorf("%+v", s.Actor)
	}
	if err := w.service.SignOut(t.Context(), w.session(t, next)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.Session(t.Context(), next.Token); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("after signing out: %v", err)
	}
}

// A second step is asked for from its first code on; each code opens once, also for two at once.
func TestTheSecondStep(t *testing.T) {
	w := newWorld(t)
	email, id := w.member(t, w.Hub(seed.Org{}), auth.TriageCoordinator, nil)
	s := w.session(t, w.mustSignIn(t, email))
	stale := s
	stale.Confirmed = false
	if _, err := w.service.BeginSecondFactor(t.Context(), stale); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("without the password: %v", err)
	}
	if err := w.service.ConfirmSecondFactor(t.Context(), s, "123456"); !errors.Is(err, fault.Conflict) {
		t.Errorf("before it was begun: %v", err)
	}
	setup, err := w.service.BeginSecondFactor(t.Context(), s)
	again, err2 := w.service.BeginSecondFactor(t.Context(), s)
	if err != nil || err2 != nil || setup != again || !strings.Contains(setup.Link, strings.ReplaceAll(setup.Secret, " ", "")) {
		t.Fatalf("%+v %+v %v %v", setup, again, err, err2)
	}
	var plain int
	if err := w.owner.QueryRow(`SELECT count(*) FROM credentials x WHERE position($1 IN to_jsonb(x)::text) > 0`, strings.ReplaceAll(setup.Secret, " ", "")).Scan(&plain); err != nil || plain > 0 {
		t.Errorf("the secret stands in plain text (%v)", err)
	}
	if ticket := w.mustSignIn(t, email); ticket.AwaitsCode {
		t.Error("one that is not turned on is asked for")
	}
	if err := w.service.ConfirmSecondFactor(t.Context(), s, accounts.CodeForTest(setup, time.Now(), 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.BeginSecondFactor(t.Context(), s); !errors.Is(err, fault.Conflict) {
		t.Errorf("while one is on: %v", err)
	}
	ticket := w.mustSignIn(t, email)
	half := w.session(t, ticket)
	if !ticket.AwaitsCode || half.Open() || half.Actor.Role != "" {
		t.Fatalf("%+v", half)
	}
	if _, err := w.service.Roles(t.Context(), half); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("half way in, roles are listed: %v", err)
	}
	code := accounts.CodeForTest(setup, time.Now(), 1)
	second := w.session(t, w.mustSignIn(t, email))
	var won [2]error
	var both sync.WaitGroup
	for i, from := range []accounts.Session{half, second} {
		both.Go(func() { _, won[i] = w.service.EnterCode(t.Context(), from, code) })
	}
	both.Wait()
	if (won[0] == nil) == (won[1] == nil) {
		t.Errorf("one code, two at once: %v", won)
	}
	for range 6 {
		_, err = w.service.EnterCode(t.Context(), second, "000000")
	}
	if fault.KindOf(err) != fault.TooMany {
		t.Errorf("after six codes: %v", err)
	}
	if err := w.service.RemoveSecondFactor(t.Context(), system, id); err != nil {
		t.Fatal(err)
	}
	if ticket := w.mustSignIn(t, email); ticket.AwaitsCode {
		t.Error("it was taken off and is asked for")
	}
	if err := w.service.RemoveSecondFactor(t.Context(), system, id); !errors.Is(err, fault.NotFound) {
		t.Errorf("taken off twice: %v", err)
	}
}
