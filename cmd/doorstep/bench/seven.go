package bench

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"doorstep/internal/pg"
)

// sevenTables is the least that anybody would write for a referral: five tables, ten indexes, foreign keys, no policies.
const sevenTables = `
	CREATE SCHEMA seven;
	CREATE TABLE seven.client (id uuid PRIMARY KEY, name text NOT NULL, born date NOT NULL, made_at timestamptz NOT NULL);
	CREATE INDEX ON seven.client (name, born);
	CREATE TABLE seven.referral (id uuid PRIMARY KEY, client_id uuid NOT NULL REFERENCES seven.client (id), source text NOT NULL,
		status text NOT NULL, body jsonb NOT NULL, made_at timestamptz NOT NULL);
	CREATE INDEX ON seven.referral (client_id);
	CREATE INDEX ON seven.referral (status, made_at);
	CREATE TABLE seven.score (id uuid PRIMARY KEY, referral_id uuid NOT NULL REFERENCES seven.referral (id), name text NOT NULL, points integer NOT NULL);
	CREATE INDEX ON seven.score (referral_id);
	CREATE TABLE seven.audit (id uuid PRIMARY KEY, referral_id uuid NOT NULL REFERENCES seven.referral (id), action text NOT NULL, made_at timestamptz NOT NULL);
	CREATE INDEX ON seven.audit (referral_id, made_at);
	CREATE TABLE seven.outbox (id uuid PRIMARY KEY, referral_id uuid NOT NULL REFERENCES seven.referral (id), kind text NOT NULL);
	GRANT USAGE ON SCHEMA seven TO doorstep_app;
	GRANT INSERT ON ALL TABLES IN SCHEMA seven TO doorstep_app;`

// seven writes one referral in the seven trips that a plain handler would take: begin, five inserts, commit. Like a plain
// handler it keeps no history but one row, asks no rule, and any of its readers sees everything.
func seven(ctx context.Context, pool *pgxpool.Pool) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		client, referral := pg.NewID(), pg.NewID()
		for _, st := range []statement{
			{`INSERT INTO seven.client VALUES ($1, $2, '2003-05-17', clock_timestamp())`, []any{client, client.String()}},
			{`INSERT INTO seven.referral VALUES ($1, $2, 'hospital', 'new', '{"stage": "postpartum"}', clock_timestamp())`, []any{referral, client}},
			{`INSERT INTO seven.score VALUES ($1, $4, 'need', 3), ($2, $4, 'window', 2), ($3, $4, 'wait', 1)`, []any{pg.NewID(), pg.NewID(), pg.NewID(), referral}},
			{`INSERT INTO seven.audit VALUES ($1, $2, 'receive', clock_timestamp())`, []any{pg.NewID(), referral}},
			{`INSERT INTO seven.outbox VALUES ($1, $2, 'notify')`, []any{pg.NewID(), referral}},
		} {
			if _, err := tx.Exec(ctx, st.sql, st.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write a referral in seven trips: %w", err)
	}
	return nil
}
