package accounts_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

type world struct {
	*seed.Seed
	ctx     context.Context
	owner   *sql.DB
	service *accounts.Service
}

func newWorld(t *testing.T) world {
	t.Helper()
	urls := dbtest.New(t)
	keys, err := pg.ParseKeys(pg.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	db, err := pg.Open(t.Context(), pg.Options{URL: urls.AppURL, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	owner, err := sql.Open("pgx", urls.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	return world{seed.New(t, db), t.Context(), owner, accounts.NewService(db)}
}

var system = auth.System("test")

func (w world) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	if _, err := w.owner.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

func TestKeyAuthenticatesItsActor(t *testing.T) {
	w := newWorld(t)
	hospital := w.Hospital(seed.Org{})
	plain, want := w.Key(hospital, auth.Referrer)
	got, err := w.service.Authenticate(t.Context(), plain)
	if err != nil || got != want {
		t.Fatalf("got %+v, want %+v (%v)", got, want, err)
	}

	// A person's key acts as the person: undo asks for the same one.
	agency := w.Agency(seed.Org{})
	person := w.User(agency, auth.AgencyCoordinator)
	plain, _, err = w.service.CreateKey(t.Context(), system, accounts.KeyForm{OrgID: agency.ID, UserID: &person.ID, Role: person.Role, Label: "own"})
	if err != nil {
		t.Fatal(err)
	}
	person.SiteID = uuid.Nil // the key is bound to no site
	if got, err = w.service.Authenticate(t.Context(), plain); err != nil || got != person {
		t.Fatalf("got %+v, want %+v (%v)", got, person, err)
	}
}

func TestSecretIsNowhereInTheDatabase(t *testing.T) {
	w := newWorld(t)
	plain, _ := w.Key(w.Hospital(seed.Org{}), auth.Referrer)
	secret := plain[strings.LastIndex(plain[:20], "_")+1:]
	if len(secret) != 43 {
		t.Fatalf("a secret of %d characters", len(secret))
	}
	var hits int
	err := w.owner.QueryRow(`SELECT (SELECT count(*) FROM api_keys k WHERE k::text LIKE '%' || $1 || '%')
		+ (SELECT count(*) FROM audit_events e WHERE e::text LIKE '%' || $1 || '%')
		+ (SELECT count(*) FROM idempotency_keys i WHERE convert_from(receipt, 'UTF8') LIKE '%' || $1 || '%')`, secret).Scan(&hits)
	if err != nil || hits != 0 {
		t.Fatalf("%d rows hold the secret (%v)", hits, err)
	}
}

func TestKeyThatDoesNotOpen(t *testing.T) {
	w := newWorld(t)
	hospital, agency := w.Hospital(seed.Org{}), w.Agency(seed.Org{})
	plain, good := w.Key(hospital, auth.Referrer)
	other, _ := w.Key(hospital, auth.Referrer)
	person := w.User(agency, auth.HomeVisitor)
	own, _, err := w.service.CreateKey(t.Context(), system, accounts.KeyForm{OrgID: agency.ID, UserID: &person.ID, Role: person.Role, Label: "own"})
	if err != nil {
		t.Fatal(err)
	}

	refused := func(what, presented string) {
		t.Helper()
		actor, err := w.service.Authenticate(t.Context(), presented)
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Unauthenticated || f.Message != "This API key is not valid." || actor != (auth.Actor{}) {
			t.Errorf("%s: %+v, %v", what, actor, err)
		}
	}
	refused("empty", "")
	refused("not ours", "Basic abc")
	refused("unknown", "ds_0123456789abcdef_"+strings.Repeat("A", 43))
	refused("another key's secret", plain[:20]+other[20:])
	refused("one letter off", plain[:len(plain)-2]+flip(plain[len(plain)-2])+plain[len(plain)-1:])
	refused("longer", plain+"A")

	for what, statement := range map[string]string{
		"revoked":             `UPDATE api_keys SET revoked_at = %s WHERE role = 'referrer'`,
		"expired":             `UPDATE api_keys SET expires_at = %s - interval '1 second' WHERE role = 'referrer'`,
		"organization closed": `UPDATE organizations SET closed_at = %s WHERE kind = 'hospital'`,
	} {
		w.exec(t, strings.ReplaceAll(statement, "%s", "clock_timestamp()"))
		refused(what, plain)
		column := strings.Fields(statement)[3]
		w.exec(t, `UPDATE `+strings.Fields(statement)[1]+` SET `+column+` = NULL`)
		if got, err := w.service.Authenticate(t.Context(), plain); err != nil || got != good {
			t.Fatalf("after %s was taken back: %+v (%v)", what, got, err)
		}
	}
	w.exec(t, `UPDATE users SET disabled_at = clock_timestamp()`)
	refused("person disabled", own)
	w.exec(t, `UPDATE users SET disabled_at = NULL`)
	w.exec(t, `UPDATE memberships SET ended_at = clock_timestamp()`)
	refused("person without the role", own)
}

func flip(b byte) string {
	if b == 'A' {
		return "B"
	}
	return "A"
}

func TestRevokeKeyHoldsFromTheNextRequest(t *testing.T) {
	w := newWorld(t)
	plain, key := w.Key(w.Clinic(seed.Org{}), auth.Integration)
	if err := w.service.RevokeKey(t.Context(), system, key.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.Authenticate(t.Context(), plain); !errors.Is(err, fault.Unauthenticated) {
		t.Fatal(err)
	}
	for what, id := range map[string]uuid.UUID{"revoked": key.ID, "unknown": uuid.New()} {
		if err := w.service.RevokeKey(t.Context(), system, id); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := w.service.RevokeKey(t.Context(), key, key.ID); !errors.Is(err, fault.Forbidden) {
		t.Errorf("by itself: %v", err)
	}
}

func TestCreateKeyRefusesWhatItsHolderMayNotBe(t *testing.T) {
	w := newWorld(t)
	hospital, agency := w.Hospital(seed.Org{}), w.Agency(seed.Org{})
	visitor := w.User(agency, auth.HomeVisitor)
	for what, c := range map[string]struct {
		form accounts.KeyForm
		want error
	}{
		"hub's role":           {accounts.KeyForm{OrgID: hospital.ID, Role: auth.TriageCoordinator, Label: "x"}, fault.Invalid},
		"system's role":        {accounts.KeyForm{OrgID: hospital.ID, Role: auth.SystemRole, Label: "x"}, fault.Invalid},
		"another's site":       {accounts.KeyForm{OrgID: hospital.ID, SiteID: &agency.SiteID, Role: auth.Referrer, Label: "x"}, fault.NotFound},
		"role not held":        {accounts.KeyForm{OrgID: agency.ID, UserID: &visitor.ID, Role: auth.AgencyManager, Label: "x"}, fault.Invalid},
		"no label":             {accounts.KeyForm{OrgID: agency.ID, Role: auth.Integration, Label: "  "}, fault.Invalid},
		"unknown organization": {accounts.KeyForm{OrgID: uuid.New(), Role: auth.Referrer, Label: "x"}, fault.NotFound},
	} {
		plain, _, err := w.service.CreateKey(t.Context(), system, c.form)
		if !errors.Is(err, c.want) || plain != "" {
			t.Errorf("%s: %q, %v, want %v", what, plain, err, c.want)
		}
	}
}

func TestAddUser(t *testing.T) {
	w := newWorld(t)
	hub, agency := w.Hub(seed.Org{}), w.Agency(seed.Org{})
	admin := w.User(hub, auth.Administrator)
	form := accounts.UserForm{Email: "visitor@example.org", Name: "Example Visitor", Role: auth.HomeVisitor}
	id, err := w.service.AddUser(t.Context(), admin, agency.ID, form)
	if err != nil {
		t.Fatal(err)
	}

	// The same person, however they write their address, gets the second role and stays one user.
	again := accounts.UserForm{Email: "Visitor@Example.org", Name: "Someone Else", Role: auth.AgencyManager}
	if same, err := w.service.AddUser(t.Context(), admin, agency.ID, again); err != nil || same != id {
		t.Errorf("second role: %s, want %s (%v)", same, id, err)
	}
	var roles, name string
	err = w.owner.QueryRow(`SELECT string_agg(role, ' ' ORDER BY role), max(name) FROM memberships JOIN users ON id = user_id WHERE user_id = $1`, id).Scan(&roles, &name)
	if err != nil || roles != "agency_manager home_visitor" || name != form.Name {
		t.Errorf("%q holds %q (%v)", name, roles, err)
	}

	wrong := func(what string, who auth.Actor, org uuid.UUID, form accounts.UserForm, want error) {
		t.Helper()
		if _, err := w.service.AddUser(t.Context(), who, org, form); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	wrong("twice", admin, agency.ID, form, fault.Conflict)
	w.exec(t, `UPDATE memberships SET ended_at = clock_timestamp() WHERE user_id = $1`, id)
	wrong("an ended role begins again", admin, agency.ID, form, nil)
	wrong("hub role in an agency", admin, agency.ID, accounts.UserForm{Email: "a@example.org", Name: "A", Role: auth.TriageSupervisor}, fault.Invalid)
	wrong("two problems", admin, agency.ID, accounts.UserForm{Email: "A <a@example.org>", Name: " ", Role: auth.HomeVisitor}, fault.Invalid)
	wrong("unknown organization", admin, uuid.New(), form, fault.NotFound)
	wrong("by a manager", w.User(agency, auth.AgencyManager), agency.ID, form, fault.Forbidden)
	w.exec(t, `UPDATE users SET disabled_at = clock_timestamp() WHERE id = $1`, id)
	wrong("disabled", admin, agency.ID, form, fault.Conflict)
}
