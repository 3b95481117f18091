package city_test

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"testing"

	"cloud.google.com/go/civil"

	"doorstep/auth"
	"doorstep/cmd/doorstep/city"
	"doorstep/internal/dbtest"
	"doorstep/internal/pg"
	"doorstep/jobs/channel"
	"doorstep/rulebook"
	"doorstep/triage"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

var update = flag.Bool("update", false, "rewrite the golden counts; read the difference")

// A city of 300 comes out the same on every machine, and nothing in its record contradicts itself.
func TestCityOf300(t *testing.T) {
	urls := dbtest.New(t)
	safety := importPack(t, urls)
	keys, err := pg.ParseKeys(pg.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	result, err := city.Load(t.Context(), city.Options{
		URL: urls.AppURL, OwnerURL: urls.OwnerURL, Keys: keys, BaseURL: "https://hub.example", Referrals: 300,
		LastDay: civil.Date{Year: 2026, Month: 11, Day: 20}, Safety: safety, Log: slog.New(slog.DiscardHandler),
		Send: func(context.Context, channel.Mail) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d use cases in %s: %.0f a second", result.UseCases, result.Took, float64(result.UseCases)/result.Took.Seconds())
	for what, n := range result.Refused {
		t.Logf("%4d refused: %s", n, what)
	}
	owner := urls.Owner(t)
	var what *string
	if err := owner.QueryRowContext(t.Context(), `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`).Scan(&what); err != nil {
		t.Fatal(err)
	}
	if what != nil {
		t.Error(*what)
	}
	if result.Manager.Role != auth.ProgramManager || len(result.Network.Programs) != 12 {
		t.Errorf("the network has %d programs; its reports are read by %v", len(result.Network.Programs), result.Manager)
	}
	got, err := city.Counts(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "testdata/city300.golden", got)
}

// broken names what must not be true of a year's record. Each row is one sentence.
const broken = `
SELECT 'a program holds more families than places' FROM programs p
	WHERE (SELECT count(*) FROM claims k WHERE k.program_id = p.id AND k.ended_at IS NULL)
		+ (SELECT count(*) FROM enrollments e WHERE e.program_id = p.id AND e.ended_at IS NULL)
		> (SELECT funded FROM capacity_statements s WHERE s.program_id = p.id ORDER BY effective_from DESC, confirmed_at DESC LIMIT 1)
UNION ALL SELECT 'two open claims of one case' FROM claims WHERE ended_at IS NULL GROUP BY case_id HAVING count(*) > 1
UNION ALL SELECT 'two open cases of one caregiver and episode' FROM cases WHERE status <> 'closed' GROUP BY caregiver_id, episode_id HAVING count(*) > 1
UNION ALL SELECT 'two agencies have one family' FROM cases c WHERE (SELECT count(DISTINCT org_id) FROM case_access a
	WHERE a.case_id = c.id AND a.level = 'full' AND a.until IS NULL) > 1
UNION ALL SELECT 'offered is not where an offer is open' FROM cases c
	WHERE (status = 'offered') <> EXISTS (SELECT 1 FROM offers o WHERE o.case_id = c.id AND o.ended_at IS NULL AND o.kind <> 'transfer')
UNION ALL SELECT 'claimed is not where a claim is open' FROM cases c
	WHERE (status IN ('claimed', 'accepted')) <> EXISTS (SELECT 1 FROM claims k WHERE k.case_id = c.id AND k.ended_at IS NULL)
UNION ALL SELECT 'enrolled is not where an enrollment is open' FROM cases c
	WHERE (status = 'enrolled') <> EXISTS (SELECT 1 FROM enrollments e WHERE e.case_id = c.id AND e.ended_at IS NULL)
UNION ALL SELECT 'held is not where a hold is open' FROM cases c
	WHERE (held_since IS NOT NULL) <> EXISTS (SELECT 1 FROM holds h WHERE h.case_id = c.id AND h.lifted_at IS NULL)
UNION ALL SELECT 'a closed case still promises something' FROM cases c JOIN follow_ups f ON f.case_id = c.id
	WHERE c.status = 'closed' AND f.status IN ('open', 'held', 'handed_over') AND f.kind NOT IN ('alarm.escalate', 'connection.check')
UNION ALL SELECT 'an alarm without an outcome' FROM alarms WHERE outcome IS NULL AND raised_at < (SELECT max(received_at) FROM referrals) - interval '5 days'
UNION ALL SELECT 'the history has a gap' FROM cases c WHERE version <> (SELECT count(*) FROM case_moves m WHERE m.case_id = c.id)
UNION ALL SELECT 'the history goes back in time' FROM
	(SELECT moved_at, lag(moved_at) OVER (PARTITION BY case_id ORDER BY seq) AS last FROM case_moves) m WHERE moved_at < last
UNION ALL SELECT 'a job is dead' FROM outbox WHERE dead_at IS NOT NULL
UNION ALL SELECT 'a message is in doubt' FROM messages WHERE status IN ('sending', 'in_doubt', 'failed')`

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the city came out differently: go test ./cmd/doorstep/city -update shows how. Got\n%s", got)
	}
}

func importPack(t *testing.T, urls *dbtest.DB) *triage.RuleSet {
	t.Helper()
	source, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rulebook.NewService(urls.Open(t, nil)).ImportPack(t.Context(), source); err != nil {
		t.Fatal(err)
	}
	set, err := triage.Compile(source)
	if err != nil {
		t.Fatal(err)
	}
	return set
}
