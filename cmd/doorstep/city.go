package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"

	"cloud.google.com/go/civil"

	"doorstep/cmd/doorstep/city"
	"doorstep/internal/embedded"
	"doorstep/internal/pg"
)

// cityReferrals is how many a year brings to the city of the demo.
const cityReferrals = 3000

type cityCommand struct {
	Referrals int    `help:"How many referrals the year brings." default:"3000"`
	LastDay   string `help:"The day on which the year ends." default:"2026-11-20"`
	Counts    bool   `help:"Print also every count by which two cities are compared."`
}

// Run makes the city on servers of its own and shows what a manager would see of it.
func (c cityCommand) Run(p *process) error {
	last, err := civil.ParseDate(c.LastDay)
	if err != nil {
		return fmt.Errorf("--last-day: %w", err)
	}
	dir, remove, err := embedded.TempDir()
	if err != nil {
		return err
	}
	defer func() { _ = remove() }()
	h, err := startHouse(p.ctx, dir, false, true)
	if err != nil {
		return err
	}
	defer h.stop()
	a, err := h.services(p.ctx, "http://city.example", options{log: slog.New(slog.NewJSONHandler(h.log, nil))})
	if err != nil {
		return err
	}
	defer a.close()
	result, err := h.city(p.ctx, a, c.Referrals, last, p.stdout)
	if err != nil {
		return err
	}
	if err := city.Report(p.ctx, p.stdout, a.reports, result); err != nil {
		return err
	}
	if !c.Counts {
		return nil
	}
	return h.counts(p.ctx, p.stdout)
}

// city loads one into the empty installation and says how fast it was.
func (h *house) city(ctx context.Context, a *app, referrals int, last civil.Date, out io.Writer) (city.Result, error) {
	keys, err := pg.ParseKeys(string(a.config.SealKeys))
	if err != nil {
		return city.Result{}, err
	}
	mail, err := a.mail()
	if err != nil {
		return city.Result{}, err
	}
	result, err := city.Load(ctx, city.Options{URL: string(a.config.DatabaseURL),
		OwnerURL: h.postgres.URL(embedded.OwnerRole, embedded.Database), Keys: keys, Send: mail.Send, BaseURL: a.config.BaseURL,
		Referrals: referrals, LastDay: last, Safety: a.safety, Log: a.log, Out: out})
	if err != nil {
		return result, err
	}
	_, err = fmt.Fprintf(out, "A year of %d referrals: %d use cases in %.0f s, %.0f a second.\n", referrals, result.UseCases, result.Took.Seconds(),
		float64(result.UseCases)/result.Took.Seconds())
	return result, err
}

func (h *house) counts(ctx context.Context, out io.Writer) error {
	owner, err := sql.Open("pgx", h.postgres.URL(embedded.OwnerRole, embedded.Database))
	if err != nil {
		return err
	}
	defer func() { _ = owner.Close() }()
	counts, err := city.Counts(ctx, owner)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, counts)
	return err
}
