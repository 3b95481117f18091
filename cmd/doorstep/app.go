package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"doorstep/accounts"
	"doorstep/audit"
	"doorstep/auth"
	"doorstep/config"
	"doorstep/internal/pg"
	"doorstep/messages"
	"doorstep/migrations"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/report"
	"doorstep/rulebook"
	"doorstep/triage"
	"doorstep/web"
	"doorstep/web/ui"
)

// options is what the caller of newApp brings beside the settings.
type options struct {
	log    *slog.Logger
	clock  pg.Clock        // nil: the database's. Only the demo and tests move time.
	tracer pgx.QueryTracer // nil but in bench and fault tests
	pack   string          // of demo, city and bench, which make their own settings; empty: the default
}

// app is the services of one process, built once from the settings: serve, worker and the demo take what they need of it.
type app struct {
	config config.Config
	log    *slog.Logger
	pack   triage.Source   // that RULE_PACK names
	safety *triage.RuleSet // the same compiled: it finds alarms while no rules are live

	db        *pg.DB
	redis     *redis.Client // nil without REDIS_URL
	accounts  *accounts.Service
	providers *providers.Service
	rules     *rulebook.Service
	referrals *referral.Service
	reports   *report.Service
	sealer    *audit.Sealer
	metrics   *web.Metrics
	ground    *ui.Ground
	demo      *accounts.Demo // the demo opens it
}

// newApp opens the database and builds the services. Close it.
func newApp(ctx context.Context, c config.Config, o options) (*app, error) {
	a := &app{config: c, log: o.log}
	var err error
	var keys *pg.Keyring
	if c.SealKeys != "" { // a command that neither seals nor opens needs none
		if keys, err = pg.ParseKeys(string(c.SealKeys)); err != nil {
			return nil, err
		}
	}
	var remote *redis.Options
	if c.RedisURL != "" {
		if remote, err = redis.ParseURL(string(c.RedisURL)); err != nil {
			return nil, fmt.Errorf("REDIS_URL is not a URL of Redis") // the cause quotes the password
		}
	}
	if a.pack, a.safety, err = readPack(c.RulePack); err != nil {
		return nil, err
	}
	a.db, err = pg.Open(ctx, pg.Options{URL: string(c.DatabaseURL), MaxConns: c.DBMaxConns, Log: o.log, Clock: o.clock, Keys: keys, Tracer: o.tracer})
	if err != nil {
		return nil, err
	}
	if remote != nil {
		remote.MaxRetries, remote.ContextTimeoutEnabled = -1, true // a probe must say "away" within its own limit
		a.redis = redis.NewClient(remote)
	}
	a.accounts, a.providers, a.rules = accounts.NewService(a.db), providers.NewService(a.db), rulebook.NewService(a.db)
	a.referrals, a.reports, a.sealer = referral.New(a.db, a.rules, a.safety).CheckContactsAfter(c.ContactDays).TakeWithin(c.TakeDays), report.NewService(a.db), audit.NewSealer(a.db)
	a.metrics = web.NewMetrics(a.db.Stats)
	if a.ground, err = ui.NewGround(); err != nil {
		a.close()
		return nil, err
	}
	a.ground.Lines, a.ground.LeaveTo = c.CrisisLines, c.LeaveTo
	a.ground.Help, a.ground.Secure = c.HelpPhone, !strings.HasPrefix(c.BaseURL, "http://")
	return a, nil
}

// close gives everything back. Running transactions fail and roll back.
func (a *app) close() {
	if a.redis != nil {
		_ = a.redis.Close()
	}
	_ = a.db.Close()
}

// probes ask the database for an answer and the newest migration, and Redis for a pong.
func (a *app) probes() web.Probes {
	p := web.Probes{Log: a.log, Redact: pg.SafeError, Database: func(ctx context.Context) error {
		newest, err := migrations.Newest()
		if err != nil {
			return err
		}
		return a.db.Ready(ctx, newest)
	}}
	if a.redis != nil {
		p.Redis = func(ctx context.Context) error { return a.redis.Ping(ctx).Err() }
	}
	return p
}

// handler is the API and the pages.
func (a *app) handler() http.Handler {
	return web.New(web.Options{
		Accounts: a.accounts, Providers: a.providers, Referrals: a.referrals, Reports: a.reports, Rules: a.rules, Messages: messages.NewService(a.db), History: audit.NewService(a.db),
		Ground: a.ground, Demo: a.demo,
		Log: a.log, Metrics: a.metrics, Probes: a.probes(), Proxies: a.config.TrustedProxies,
		WithKey: withKey, Refused: a.refused,
	})
}

// withKey puts an idempotency key where pg.Once finds it.
func withKey(ctx context.Context, route, key string, bodyHash []byte) (context.Context, func() bool) {
	r := &pg.Request{Route: route, Key: key, BodyHash: bodyHash}
	return pg.WithRequest(ctx, r), func() bool { return r.Replayed }
}

// refused writes to the history what a role was refused. Its own failure changes nothing for the caller, who is refused anyway.
func (a *app) refused(ctx context.Context, actor auth.Actor, p auth.Permission) {
	err := a.db.InTx(ctx, actor, func(tx *pg.Tx) error { return audit.NewStore(tx).Refused(string(p), nil, "role") })
	if err != nil {
		a.log.ErrorContext(ctx, "a refusal is missing from the history", "actor", actor, "error", pg.SafeError(err))
	}
}

// logger is the process's log: one JSON line an event.
func (p *process) logger(c config.Config) *slog.Logger {
	return slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: c.LogLevel}))
}

// app reads the settings that a role needs and builds its services.
func (p *process) app(need config.Need) (*app, error) {
	c, err := config.Read(p.environ, need)
	if err != nil {
		return nil, err
	}
	return newApp(p.ctx, c, options{log: p.logger(c), tracer: failpointCommit()})
}
