package rulebook_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/pg"
	"doorstep/rulebook"
	"doorstep/triage"
)

type book struct {
	*rulebook.Service
	db    *pg.DB
	owner *sql.DB
	app   *sql.DB // the login that serves, which may become the hub
}

func newBook(t *testing.T) book {
	t.Helper()
	urls := dbtest.New(t)
	db, err := pg.Open(t.Context(), pg.Options{URL: urls.AppURL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	owner, err := sql.Open("pgx", urls.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	app, err := sql.Open("pgx", urls.AppURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.Close() })
	return book{rulebook.NewService(db), db, owner, app}
}

func pack(t *testing.T) triage.Source {
	t.Helper()
	source, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func (b book) live(ctx context.Context) (set *triage.RuleSet, err error) {
	err = b.db.InTx(ctx, auth.System("test"), func(tx *pg.Tx) error {
		var hash string
		set, _, hash, err = b.Live(tx)
		if err == nil && set.Hash() != hash {
			return errors.New("the hash is not the rule set's")
		}
		return err
	})
	return set, err
}

func TestNoRuleSetIsLiveBeforeTheFirstImport(t *testing.T) {
	if _, err := newBook(t).live(t.Context()); !errors.Is(err, rulebook.ErrNoneLive) {
		t.Fatal(err)
	}
}

func TestImportPackOnceHoweverManyStart(t *testing.T) {
	b, source := newBook(t), pack(t)
	var starters sync.WaitGroup
	var mu sync.Mutex
	imports := 0
	for range 4 {
		starters.Go(func() {
			did, err := b.ImportPack(context.Background(), source)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if did {
				imports++
			}
		})
	}
	starters.Wait()
	if imports != 1 {
		t.Fatalf("%d imports", imports)
	}
	set, err := b.live(t.Context())
	if err != nil || set.Hash() != source.Hash() {
		t.Fatalf("%v: the stored text is not the imported one", err)
	}
	var versions, events int
	err = b.owner.QueryRow(`SELECT (SELECT count(*) FROM rule_sets WHERE version = 1 AND status = 'live' AND pack = $1),
		(SELECT count(*) FROM audit_events WHERE action = 'import rule pack' AND actor_name = 'import')`, set.Name()).Scan(&versions, &events)
	if err != nil || versions != 1 || events != 1 {
		t.Fatalf("%d versions, %d audit events (%v)", versions, events, err)
	}
}

func TestImportRefusesAPackThatDoesNotCompile(t *testing.T) {
	b := newBook(t)
	if did, err := b.ImportPack(t.Context(), triage.Source{Files: map[string]string{"pack.yaml": "no: rules"}}); err == nil || did {
		t.Fatal("a broken pack became live")
	}
	if _, err := b.live(t.Context()); !errors.Is(err, rulebook.ErrNoneLive) {
		t.Fatal(err)
	}
}

// Two decisions at once share one compilation, and a version that goes live holds for the very next transaction.
func TestLiveCompilesOnceAndNeverLags(t *testing.T) {
	b := newBook(t)
	if _, err := b.ImportPack(t.Context(), pack(t)); err != nil {
		t.Fatal(err)
	}
	sets := make([]*triage.RuleSet, 8)
	var decisions sync.WaitGroup
	for i := range sets {
		decisions.Go(func() {
			var err error
			if sets[i], err = b.live(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	decisions.Wait()
	for _, set := range sets {
		if set != sets[0] {
			t.Fatal("the same text was compiled twice")
		}
	}

	changed := pack(t)
	changed.Files["pack.yaml"] += "\n# one more remark\n"
	for _, statement := range []string{
		`ALTER TABLE rule_sets DISABLE TRIGGER rule_sets_gate`,
		`UPDATE rule_sets SET status = 'retired'`,
		`INSERT INTO rule_sets SELECT gen_random_uuid(), 2, pack, '` + changed.Hash() + `', 'live',
			jsonb_set(source, '{files,pack.yaml}', to_jsonb(source->'files'->>'pack.yaml' || E'\n# one more remark\n')), created_at, created_by FROM rule_sets`,
	} {
		if _, err := b.owner.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	set, err := b.live(t.Context())
	if err != nil || set == sets[0] || set.Hash() != changed.Hash() {
		t.Fatalf("the old rules still hold (%v)", err)
	}
}

func TestLiveRefusesATextThatWasChangedInPlace(t *testing.T) {
	b := newBook(t)
	if _, err := b.ImportPack(t.Context(), pack(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.owner.Exec(`ALTER TABLE rule_sets DISABLE TRIGGER rule_sets_gate; UPDATE rule_sets SET source = jsonb_set(source, '{files,pack.yaml}', '"name: other"')`); err != nil {
		t.Fatal(err)
	}
	if set, err := b.live(t.Context()); err == nil {
		t.Fatalf("decided by %s, which nobody approved", set.Name())
	}
}
