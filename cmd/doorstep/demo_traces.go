package main

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"

	_ "github.com/jackc/pgx/v5/stdlib" // database/sql's driver

	"doorstep/cmd/doorstep/tour"
	"doorstep/web"
)

// traces is everything that a run of the demo leaves behind beside its answers: logs of the process and its servers, Redis, mail,
// metrics, and every row of the database as text, sealed columns sealed.
func (h *house) traces(ctx context.Context, a *app) ([]tour.Trace, error) {
	var out []tour.Trace
	add := func(place, text string) { out = append(out, tour.Trace{Place: place, Text: text}) }
	root, err := os.OpenRoot(h.dir)
	if err != nil {
		return nil, fmt.Errorf("open the demo's folder: %w", err)
	}
	defer func() { _ = root.Close() }()
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path == "postgres/data": // its rows are read below
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		text, err := fs.ReadFile(root.FS(), path)
		add(path, string(text))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what the servers wrote: %w", err)
	}
	for keys := a.redis.Scan(ctx, 0, "*", 1000).Iterator(); keys.Next(ctx); {
		value, _ := a.redis.Dump(ctx, keys.Val()).Result() // a key may be gone by now
		add("a key of Redis", keys.Val()+" "+value)
	}
	for _, m := range h.mail.Messages() {
		add("a mail", string(m.Raw))
	}
	page := httptest.NewRecorder()
	web.Aside(a.metrics, a.probes()).ServeHTTP(page, httptest.NewRequestWithContext(ctx, http.MethodGet, "/metrics", nil))
	add("/metrics", page.Body.String())
	return out, h.rows(ctx, add)
}

func (h *house) rows(ctx context.Context, add func(place, text string)) error {
	db, err := sql.Open("pgx", h.postgres.URL("doorstep_owner", "doorstep"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(ctx, `SELECT tablename, (xpath('/row/c/text()', query_to_xml(format(
		'SELECT string_agg(to_jsonb(x)::text, chr(10)) AS c FROM %I x', tablename), false, true, '')))[1]::text FROM pg_tables WHERE schemaname = 'public'`)
	if err != nil {
		return fmt.Errorf("read every row: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table string
		var text sql.NullString
		if err := rows.Scan(&table, &text); err != nil {
			return err
		}
		add("table "+table, text.String)
	}
	return rows.Err()
}
