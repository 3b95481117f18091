package city_test

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"testing"

	"cloud.google.com/go/civil"

	"doorstep/cmd/doorstep/city"
	"doorstep/internal/dbtest"
	"doorstep/internal/pg"
	"doorstep/jobs/channel"
	"doorstep/rulebook"
	"doorstep/triage"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

func TestCityOf300(t *testing.T) {
	urls := dbtest.New(t)
	importPack(t, urls)
	keys, err := pg.ParseKeys(pg.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	result, err := city.Load(t.Context(), city.Options{
		URL: urls.AppURL, OwnerURL: urls.OwnerURL, Keys: keys, BaseURL: "https://hub.example", Referrals: 300,
		LastDay: civil.Date{Year: 2026, Month: 11, Day: 20}, Log: slog.New(slog.DiscardHandler), Out: os.Stderr,
		Send: func(context.Context, channel.Mail) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d use cases in %s: %.0f a second", result.UseCases, result.Took, float64(result.UseCases)/result.Took.Seconds())
	t.Log(result.Done)
	t.Log(result.Refused)
	got, err := city.Counts(t.Context(), urls.Owner(t))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "testdata/city300.golden", got)
}

var update = flag.Bool("update", false, "rewrite the golden counts; read the difference")

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
		t.Errorf("the city came out differently. Got\n%s\nwant\n%s", got, want)
	}
}

func importPack(t *testing.T, urls *dbtest.DB) {
	t.Helper()
	source, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rulebook.NewService(urls.Open(t, nil)).ImportPack(t.Context(), source); err != nil {
		t.Fatal(err)
	}
}
