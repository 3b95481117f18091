package audit_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
)

// The history is read by who may, narrowed by person, family and time, and stands in itself.
func TestHistoryIsRead(t *testing.T) {
	h := newHistory(t)
	if err := h.write(t.Context(), 3, nil); err != nil {
		t.Fatal(err)
	}
	service := audit.NewService(h.db)
	officer := auth.Actor{Kind: "user", ID: uuid.New(), OrgID: uuid.New(), OrgKind: auth.Hub, Role: auth.PrivacyOfficer}
	all, err := service.Read(t.Context(), officer, audit.Filter{Actor: agency.ID.String()}, "")
	if err != nil || len(all.Items) != 3 || all.Items[0].Action != "claim" {
		t.Fatalf("by person: %+v, %v", all, err)
	}
	family := all.Items[1].CaseID
	one, err := service.Read(t.Context(), officer, audit.Filter{Case: family.String()}, "")
	if err != nil || len(one.Items) != 1 || *one.Items[0].CaseID != *family {
		t.Errorf("by family: %+v, %v", one, err)
	}
	past := time.Now().Add(-time.Hour)
	if none, err := service.Read(t.Context(), officer, audit.Filter{To: &past}, ""); err != nil || len(none.Items) != 0 {
		t.Errorf("before it began: %+v, %v", none, err)
	}
	rows, err := service.Export(t.Context(), officer, audit.Filter{Action: "read history"})
	if err != nil || len(rows) != 3 || rows[0].ActorID != officer.ID {
		t.Errorf("who read stands in it: %+v, %v", rows, err)
	}
	found, err := service.Find(t.Context(), officer, audit.FindForm{Actor: " " + agency.ID.String(), Case: family.String()})
	if err != nil || *found.ActorID != agency.ID || *found.CaseID != *family {
		t.Errorf("found %+v, %v", found, err)
	}
	if chain, err := service.Chain(t.Context(), officer); err != nil || chain.Sealed != 0 || chain.Through != nil {
		t.Errorf("before a seal: %+v, %v", chain, err)
	}
	h.seal(t, 7) // three claims, three readings, one file
	if chain, err := service.Chain(t.Context(), officer); err != nil || chain.Sealed < 7 || chain.Through == nil {
		t.Errorf("after it: %+v, %v", chain, err)
	}

	for what, err := range map[string]error{
		"an e-mail address in a filter": second(service.Read(t.Context(), officer, audit.Filter{Actor: "ana@example.org"}, "")),
		"a page of nobody's":            second(service.Read(t.Context(), officer, audit.Filter{}, "no page")),
		"an address that nobody has":    second(service.Find(t.Context(), officer, audit.FindForm{Actor: "nobody@example.org"})),
		"half a reference":              second(service.Find(t.Context(), officer, audit.FindForm{Case: "12"})),
		"a file of an unknown family":   second(service.Export(t.Context(), officer, audit.Filter{Case: "12"})),
	} {
		if !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	manager := officer
	manager.Role = auth.ProgramManager
	for what, err := range map[string]error{
		"Read":   second(service.Read(t.Context(), manager, audit.Filter{}, "")),
		"Export": second(service.Export(t.Context(), manager, audit.Filter{})),
		"Find":   second(service.Find(t.Context(), manager, audit.FindForm{})),
		"Chain":  second(service.Chain(t.Context(), manager)),
	} {
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("a program manager, %s: %v", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
