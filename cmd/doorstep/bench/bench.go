package bench

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Options says how long to measure: every load lasts Round, and there are so many Rounds of each.
type Options struct {
	Round  time.Duration
	Rounds int
}

// bench is one run.
type bench struct {
	w     World
	o     Options
	pool  *pgxpool.Pool // bare pgx, as the login role of serve and with as many connections
	owner *pgxpool.Pool // looks and tidies between loads
	turn  atomic.Int64
}

// Run measures and prints one line a figure. An aim that is missed is a line, not an error: what else the machine does
// decides too much. An error means that something could not be measured.
func Run(ctx context.Context, w World, o Options) error {
	b := &bench{w: w, o: o}
	var err error
	if b.pool, err = open(ctx, w.AppURL, w.Pool); err != nil {
		return err
	}
	defer b.pool.Close()
	if b.owner, err = open(ctx, w.OwnerURL, 1); err != nil {
		return err
	}
	defer b.owner.Close()
	if err := b.prepare(ctx); err != nil {
		return err
	}
	if err := b.intakes(ctx); err != nil {
		return err
	}
	if err := b.claims(ctx); err != nil {
		return err
	}
	serve, worker, err := w.Memory()
	if err != nil {
		return err
	}
	b.line("memory of serve + worker, most ever held", fmt.Sprintf("%d + %d = %d MB", serve, worker, serve+worker), "<= 150 MB", serve+worker <= 150)
	return nil
}

// open is a pool of bare pgx. Its statements are prepared once a connection, pgx's default.
func open(ctx context.Context, url string, connections int) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read a database URL: %w", err)
	}
	config.MaxConns = int32(connections)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open a pool of bare pgx: %w", err)
	}
	return pool, nil
}

// prepare gives the programs room, makes the tables of the seven trips, and says what machine this is.
func (b *bench) prepare(ctx context.Context) error {
	if err := b.openWide(ctx); err != nil {
		return err
	}
	if _, err := b.owner.Exec(ctx, sevenTables); err != nil {
		return fmt.Errorf("make the tables of the seven trips: %w", err)
	}
	var version, fsync, commit string
	err := b.owner.QueryRow(ctx, `SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')`).Scan(&version, &fsync, &commit)
	if err != nil {
		return fmt.Errorf("ask the database what it is: %w", err)
	}
	b.say("%d cores shared by PostgreSQL %s (fsync %s, synchronous_commit %s), Redis, serve, worker and the load; %s.",
		runtime.NumCPU(), version, fsync, commit, runtime.Version())
	b.say("Both sides may open %d connections to the database. Median of %d rounds of %s.\n", b.w.Pool, b.o.Rounds, b.o.Round)
	return nil
}

// play runs a script on one connection of the pool.
func (b *bench) play(ctx context.Context, s *script, given ...string) error {
	conn, err := b.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("get a connection: %w", err)
	}
	defer conn.Release()
	return s.play(ctx, conn.Conn(), given...)
}
