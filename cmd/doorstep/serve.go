package main

import (
	"context"
	"fmt"
	"net"

	"golang.org/x/sync/errgroup"

	"doorstep/config"
	"doorstep/web"
)

type serveCommand struct{}

// Run answers the API on LISTEN and metrics on METRICS_LISTEN until it is told to stop.
func (serveCommand) Run(p *process) error {
	a, err := p.app(config.Serve())
	if err != nil {
		return err
	}
	defer a.close()
	return a.serveBeside(p.ctx, func(ctx context.Context) error {
		l, err := listen(ctx, "LISTEN", a.config.Listen)
		if err != nil {
			return err
		}
		a.log.InfoContext(ctx, "serving", "address", l.Addr().String())
		return web.Serve(ctx, l, failpoints(a.handler()), a.log)
	})
}

// serveBeside runs a role with metrics and probes on the second address. Either one's failure ends the other.
func (a *app) serveBeside(ctx context.Context, role func(context.Context) error) error {
	l, err := listen(ctx, "METRICS_LISTEN", a.config.MetricsListen)
	if err != nil {
		return err
	}
	a.log.InfoContext(ctx, "metrics and probes", "address", l.Addr().String())
	a.checkRules(ctx)
	group, ctx := errgroup.WithContext(ctx)
	ctx, ended := context.WithCancel(ctx)
	group.Go(func() error { return web.Serve(ctx, l, web.Aside(a.metrics, a.probes()), a.log) })
	group.Go(func() error {
		defer ended()
		return role(ctx)
	})
	return group.Wait()
}

func listen(ctx context.Context, variable, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen as %s says: %w", variable, err)
	}
	return l, nil
}
