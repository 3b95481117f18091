package accounts_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
)

// Somebody leaves: not while families count on them, at once when none does, and back again with what they had.
func TestPeopleAreKept(t *testing.T) {
	w := newWorld(t)
	hub, agency := w.Hub(seed.Org{}), w.Agency(seed.Org{})
	admin, visitor := w.User(hub, auth.Administrator), w.User(agency, auth.HomeVisitor)
	refused := func(what string, want, err error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", what, err, want)
		}
	}
	page, err := w.service.People(t.Context(), admin, agency.ID, "")
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != visitor.ID {
		t.Errorf("the agency's people: %+v, %v", page, err)
	}
	_, err = w.service.People(t.Context(), admin, uuid.Nil, "no page")
	refused("a page of nobody's", fault.Invalid, err)
	_, err = w.service.People(t.Context(), visitor, uuid.Nil, "")
	refused("a visitor lists people", fault.Forbidden, err)
	_, err = w.service.Person(t.Context(), admin, uuid.New())
	refused("nobody", fault.NotFound, err)

	w.exec(t, `DO $$ DECLARE f record; BEGIN
		FOR f IN SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'claims'::regclass LOOP
			EXECUTE format('ALTER TABLE claims DROP CONSTRAINT %I', f.conname);
		END LOOP; END $$`)
	w.exec(t, `INSERT INTO claims (id, case_id, line, offer_id, program_id, org_id, claimed_at, claimed_by, visitor_id)
		VALUES ($1, $2, 'home_visiting', $2, $3, $4, now(), $5, $5)`, uuid.New(), uuid.New(), uuid.New(), agency.ID, visitor.ID)
	if one, err := w.service.Person(t.Context(), admin, visitor.ID); err != nil || one.Families != 1 {
		t.Errorf("families who count on the visitor: %+v, %v", one, err)
	}
	_, err = w.service.Disable(t.Context(), admin, visitor.ID)
	refused("while a family counts on them", fault.Conflict, err)
	_, err = w.service.EndRole(t.Context(), admin, visitor.ID, accounts.RoleForm{OrgID: agency.ID, Role: auth.HomeVisitor})
	refused("end the role likewise", fault.Conflict, err)
	w.exec(t, `DELETE FROM claims`)

	if err := w.service.InviteAgain(t.Context(), admin, visitor.ID); err != nil {
		t.Error(err)
	}
	refused("invite nobody", fault.NotFound, w.service.InviteAgain(t.Context(), admin, uuid.New()))
	if _, err := w.service.Disable(t.Context(), admin, visitor.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.service.Disable(t.Context(), admin, visitor.ID)
	refused("once more", fault.Conflict, err)
	_, err = w.service.Disable(t.Context(), admin, admin.ID)
	refused("oneself", fault.Conflict, err)
	if _, err := w.service.Enable(t.Context(), admin, visitor.ID); err != nil {
		t.Error(err)
	}
	_, err = w.service.Enable(t.Context(), admin, visitor.ID)
	refused("who is not shut out", fault.Conflict, err)
	if _, err := w.service.EndRole(t.Context(), admin, visitor.ID, accounts.RoleForm{OrgID: agency.ID, Role: auth.HomeVisitor}); err != nil {
		t.Error(err)
	}
	_, err = w.service.EndRole(t.Context(), admin, visitor.ID, accounts.RoleForm{OrgID: agency.ID, Role: auth.HomeVisitor})
	refused("a role that they do not hold", fault.NotFound, err)
	_, err = w.service.Enable(t.Context(), visitor, visitor.ID)
	refused("a visitor lets people in", fault.Forbidden, err)
}
