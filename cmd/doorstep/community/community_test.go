package community_test

import (
	"errors"
	"slices"
	"testing"

	"cloud.google.com/go/civil"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/cmd/doorstep/community"
	"doorstep/internal/dbtest"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/providers"
	"doorstep/triage"
)

func TestLoadedCommunityCanServe(t *testing.T) {
	db, err := pg.Open(t.Context(), pg.Options{URL: dbtest.New(t).AppURL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	today := civil.Date{Year: 2026, Month: 10, Day: 6}
	network, err := community.Load(t.Context(), db, today)
	if err != nil {
		t.Fatal(err)
	}

	door := accounts.NewService(db)
	for _, key := range network.Keys {
		actor, err := door.Authenticate(t.Context(), key.Text)
		if err != nil || actor.OrgID != key.OrgID || actor.Role != key.Role || actor.OrgKind != key.Kind ||
			(key.UserID != nil && actor.ID != *key.UserID) {
			t.Errorf("key of %s, %s: %+v (%v)", key.Organization, key.Role, actor, err)
		}
	}
	err = db.InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) error {
		places, err := providers.NewStore(tx).Places("21202", today)
		for _, p := range places {
			if !p.AgreementValid || p.Free < 1 || p.Intake != providers.IntakeOpen {
				t.Errorf("no place in %s: %+v", p.Name, p)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	source, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := triage.Compile(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range network.Programs {
		if !slices.ContainsFunc(rules.Programs(), func(known triage.Program) bool { return known.Code == p.Code }) {
			t.Errorf("%s runs %q, which the pack does not know", p.Name, p.Code)
		}
	}

	if _, err := community.Load(t.Context(), db, today); !errors.Is(err, fault.Conflict) {
		t.Errorf("a second load: %v", err)
	}
}
