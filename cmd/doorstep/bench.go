package main

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"doorstep/cmd/doorstep/bench"
	"doorstep/cmd/doorstep/community"
	"doorstep/internal/embedded"
	"doorstep/web"
)

type benchCommand struct {
	Round  time.Duration `help:"How long each load lasts." default:"3s"`
	Rounds int           `help:"How many rounds; what is printed is their median." default:"3"`
}

// benchPool is how many database connections serve may open, and bare pgx beside it: the default of DB_MAX_CONNS.
const benchPool = 12

// Run measures serve and worker, as processes of their own, on throw-away servers that write to the disk as in production.
func (b benchCommand) Run(p *process) error {
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
	recorder := &bench.Recorder{}
	a, network, err := h.install(p.ctx, "http://bench.example", options{log: slog.New(slog.NewJSONHandler(h.log, nil)), tracer: recorder}, (*house).small)
	if err != nil {
		return err
	}
	defer a.close()
	serve, err := h.role(p.ctx, a, "serve")
	if err != nil {
		return err
	}
	defer serve.stop()
	worker, err := h.role(p.ctx, a, "worker")
	if err != nil {
		return err
	}
	defer worker.stop()
	return b.measure(p, h, a, network, serve, worker, recorder)
}

// measure answers the recorded address in this process while the measurement runs.
func (b benchCommand) measure(p *process, h *house, a *app, network community.Network, serve, worker *role, recorder *bench.Recorder) error {
	address, err := serve.address(p.ctx)
	if err != nil {
		return err
	}
	l, err := listen(p.ctx, "bench", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(p.ctx)
	defer end()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return web.Serve(ctx, l, a.handler(), a.log) })
	group.Go(func() error {
		defer end()
		return bench.Run(ctx, bench.World{
			BaseURL: "http://" + address, RecordedURL: "http://" + l.Addr().String(), Recorder: recorder, Network: network, Out: p.stdout,
			AppURL: string(a.config.DatabaseURL), OwnerURL: h.postgres.URL(embedded.OwnerRole, embedded.Database), Pool: benchPool,
			Memory: func() (int, int, error) {
				ofServe, err := serve.memory()
				if err != nil {
					return 0, 0, err
				}
				ofWorker, err := worker.memory()
				return ofServe, ofWorker, err
			},
		}, bench.Options{Round: b.Round, Rounds: b.Rounds})
	})
	return group.Wait()
}
