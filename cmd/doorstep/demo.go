package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"doorstep/cmd/doorstep/community"
	"doorstep/config"
	"doorstep/internal/embedded"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/migrations"
	"doorstep/referral"
	"doorstep/web"
)

type demoCommand struct {
	Dir    string `help:"Folder of the data; kept between runs. Default: one that fits the platform."`
	Fresh  bool   `help:"Start over: delete what the folder holds."`
	JSON   bool   `name:"json" help:"Print address and keys as one line of JSON once ready."`
	Listen string `help:"Address of the API." default:"127.0.0.1:8080"`
	Small  bool   `help:"Begin with a small network and no family, at once, instead of a city that has lived through a year."`
	Tour   bool   `help:"Tell whole lives against a throw-away installation, check every step, and end."`
}

// Run brings up everything that Doorstep needs on this machine, as one process with its own servers beside it, and ends
// them with itself.
func (d demoCommand) Run(p *process) error {
	dir, done, err := d.folder()
	if err != nil {
		return err
	}
	defer done()
	h, err := startHouse(p.ctx, dir, d.Fresh || d.Tour, !d.Tour)
	if err != nil {
		return err
	}
	defer h.stop()
	var clock *movableClock
	o := options{log: slog.New(slog.NewJSONHandler(h.log, nil))}
	if o.pack, err = d.pack(p); err != nil {
		return err
	}
	if d.Tour {
		clock = &movableClock{now: tourStart()}
		o.clock = clock
	}
	l, err := d.listener(p.ctx)
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	a, network, err := h.install(p.ctx, "http://"+l.Addr().String(), o, d.network(p))
	if err != nil {
		return err
	}
	defer a.close()
	a.demo, a.ground.Demo = a.accounts.OpenDemo(), true
	if clock != nil {
		clock.queue = jobs.NewQueue(a.db)
	}
	return d.live(p, h, a, l, network, clock)
}

// pack is what RULE_PACK names. The tour tells of the programs of the default one.
func (d demoCommand) pack(p *process) (string, error) {
	if d.Tour {
		return rulePack(nil)
	}
	return rulePack(p.environ)
}

// folder is where the data goes: for a tour a throw-away one, unless somebody wants to look at it afterwards.
func (d demoCommand) folder() (dir string, done func(), err error) {
	if d.Tour && d.Dir == "" {
		dir, remove, err := embedded.TempDir()
		return dir, func() { _ = remove() }, err
	}
	if dir = d.Dir; dir == "" {
		dir, err = embedded.DefaultDir()
	}
	return dir, func() {}, err
}

// live serves and works until the process is told to stop, or the tour ends.
func (d demoCommand) live(p *process, h *house, a *app, l net.Listener, network community.Network, clock *movableClock) error {
	w, err := a.worker()
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(p.ctx)
	defer end()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return web.Serve(ctx, l, a.handler(), a.log) })
	group.Go(func() error { return w.Run(ctx) })
	group.Go(func() error {
		if clock == nil {
			return d.announce(p.stdout, a.config.BaseURL, h, network)
		}
		defer end()
		return runTour(ctx, a.config.BaseURL, network, clock, h, a, p.stdout)
	})
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// listener takes the address that was asked for, or a free port when another demo has it.
func (d demoCommand) listener(ctx context.Context) (net.Listener, error) {
	if !d.Tour {
		if l, err := new(net.ListenConfig).Listen(ctx, "tcp", d.Listen); err == nil {
			return l, nil
		}
	}
	return listen(ctx, "--listen", "127.0.0.1:0")
}

// house is the servers of one demo: PostgreSQL, Redis and a mailbox that keeps everything it is sent.
type house struct {
	dir      string
	lock     *embedded.FolderLock
	postgres *embedded.Postgres
	redis    *embedded.Redis
	mail     *embedded.SMTP
	log      io.WriteCloser
}

// startHouse takes the folder and starts the servers in it. durable: the data is kept.
func startHouse(ctx context.Context, dir string, fresh, durable bool) (*house, error) {
	h := &house{dir: dir}
	var err error
	if h.lock, err = embedded.Lock(dir); err != nil {
		return nil, err
	}
	if fresh {
		if err := h.empty(); err != nil {
			h.stop()
			return nil, err
		}
	}
	if h.log, err = os.OpenFile(filepath.Join(dir, "doorstep.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		h.stop()
		return nil, fmt.Errorf("open the demo's log: %w", err)
	}
	if h.postgres, err = embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: filepath.Join(dir, "postgres"), Durable: durable}); err != nil {
		h.stop()
		return nil, err
	}
	if h.redis, err = embedded.StartRedis(ctx, embedded.RedisOptions{Dir: filepath.Join(dir, "redis"), Durable: durable}); err != nil {
		h.stop()
		return nil, err
	}
	if h.mail, err = embedded.StartSMTP(context.WithoutCancel(ctx)); err != nil {
		h.stop()
		return nil, err
	}
	return h, nil
}

// url is the database as every process but migrate opens it.
func (h *house) url() string { return h.postgres.URL("doorstep_app", "doorstep") }

// empty deletes what a demo keeps in its folder, and nothing else that may lie there.
func (h *house) empty() error {
	for _, name := range []string{"postgres", "redis", "community.json", "seal.keys", "doorstep.log"} {
		if err := os.RemoveAll(filepath.Join(h.dir, name)); err != nil {
			return fmt.Errorf("start over: %w", err)
		}
	}
	return nil
}

// stop ends the servers in the order in which they are needed least.
func (h *house) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if h.mail != nil {
		_ = h.mail.Stop()
	}
	if h.redis != nil {
		_ = h.redis.Stop(ctx)
	}
	if h.postgres != nil {
		_ = h.postgres.Stop(ctx)
	}
	if h.log != nil {
		_ = h.log.Close()
	}
	_ = h.lock.Unlock()
}

// install is services, and lets load make a network when there is none yet.
func (h *house) install(ctx context.Context, address string, o options, load loadNetwork) (*app, community.Network, error) {
	a, err := h.services(ctx, address, o)
	if err != nil {
		return nil, community.Network{}, err
	}
	network, err := h.community(ctx, a, load)
	if err != nil {
		a.close()
		return nil, network, err
	}
	return a, network, nil
}

// services migrates, imports the rules and builds what works on them. There may be no network yet.
func (h *house) services(ctx context.Context, address string, o options) (*app, error) {
	if err := migrations.Up(ctx, h.postgres.URL("doorstep_owner", "doorstep")); err != nil {
		return nil, err
	}
	keys, err := h.sealKeys()
	if err != nil {
		return nil, err
	}
	if o.pack == "" {
		if o.pack, err = rulePack(nil); err != nil {
			return nil, err
		}
	}
	a, err := newApp(ctx, config.Config{
		DatabaseURL: config.Secret(h.url()), RedisURL: config.Secret(h.redis.URL()), SealKeys: config.Secret(keys),
		DBMaxConns: 16, BaseURL: address, HelpPhone: "410-555-0100", SMTPAddr: h.mail.Addr(), SMTPTLS: "none", SMTPFrom: "doorstep@hub.example",
		WorkerLease: time.Minute, WorkerSweep: 50 * time.Millisecond, RulePack: o.pack, ContactDays: referral.ContactDays, TakeDays: referral.TakeDays,
	}, o)
	if err != nil {
		return nil, err
	}
	if _, err := a.rules.ImportPack(ctx, a.pack); err != nil {
		a.close()
		return nil, err
	}
	return a, nil
}

func (h *house) keyFile() string { return filepath.Join(h.dir, "seal.keys") }

// sealKeys are made once and kept in the folder: without them the sealed columns of a kept demo could not be read.
func (h *house) sealKeys() (string, error) {
	path := h.keyFile()
	if kept, err := os.ReadFile(path); err == nil {
		return string(kept), nil
	}
	keys := pg.NewKey(1)
	if err := os.WriteFile(path, []byte(keys), 0o600); err != nil {
		return "", fmt.Errorf("keep the demo's sealing key: %w", err)
	}
	return keys, nil
}
