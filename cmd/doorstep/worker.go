package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"doorstep/config"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/jobs/channel"
	"doorstep/jobs/worker"
	"doorstep/messages"
	"doorstep/rulebook"
)

type workerCommand struct{}

// Run keeps promises until it is told to stop, then lets running jobs end.
func (workerCommand) Run(p *process) error {
	a, err := p.app(config.Worker())
	if err != nil {
		return err
	}
	defer a.close()
	w, err := a.worker()
	if err != nil {
		return err
	}
	return a.serveBeside(p.ctx, func(ctx context.Context) error {
		a.log.InfoContext(ctx, "working", "lease", a.config.WorkerLease.String(), "sweep", a.config.WorkerSweep.String())
		return w.Run(ctx)
	})
}

// worker is the handlers of every kind of work, and the duties of the house.
func (a *app) worker() (*worker.Worker, error) {
	mail, err := a.mail()
	if err != nil {
		return nil, err
	}
	handlers := map[jobs.Kind]worker.Handler{}
	for kind, handle := range a.referrals.Handlers() {
		handlers[kind] = handle
	}
	handlers[jobs.RulesSimulate] = rulebook.Simulator{Rules: a.rules, Past: a.referrals.Past()}.Handle
	notifier := worker.Notifier{DB: a.db, Send: mail.Send, BaseURL: a.config.BaseURL, Lease: a.config.WorkerLease,
		Lookup: func(_ context.Context, tx *pg.Tx, m jobs.Message) (worker.Recipient, error) {
			to, err := a.referrals.FeedbackAddress(tx, m)
			return worker.Recipient{Email: to.Email, ReferralID: to.ReferralID, Reference: to.Reference}, err
		}}
	handlers[jobs.NotifyReferrer] = failpointJob(notifier.Handle)
	handlers[jobs.MessageClient] = toHer(a, mail.Send).Handle
	handlers[jobs.AccountLetter] = worker.Letters{DB: a.db, Accounts: a.accounts, Send: mail.Send, BaseURL: a.config.BaseURL}.Handle
	return worker.New(worker.Options{
		DB: a.db, RedisURL: string(a.config.RedisURL), Log: a.log, Handlers: handlers, Lease: a.config.WorkerLease, Sweep: a.config.WorkerSweep,
		Duties: map[string]worker.Duty{
			"audit.seal": {Every: time.Second, Run: func(ctx context.Context) error {
				_, err := a.sealer.Seal(ctx)
				return err
			}},
			"cases.renew":   {Every: 30 * time.Second, Run: a.referrals.Renew},
			"places.look":   {Every: time.Hour, Run: a.referrals.LookForPlaces},
			"accounts.tidy": {Every: time.Hour, Run: a.accounts.Tidy},
			"imports.tidy":  {Every: time.Hour, Run: a.referrals.ForgetImports},
			"family.tidy":   {Every: time.Minute, Run: a.referrals.TidyVisits},
		},
	}), nil
}

// toHer sends what machines say to a family, where and as long as she may be written to.
func toHer(a *app, send func(context.Context, channel.Mail) error) worker.Notifier {
	return worker.Notifier{DB: a.db, Send: send, Lease: a.config.WorkerLease, Words: func(tx *pg.Tx, m jobs.Message) (string, string, error) {
		return a.referrals.WordsToHer(tx, m, messages.Safe{Sender: cmp.Or(a.config.SenderName, messages.Example().Sender)})
	},
		Lookup: func(_ context.Context, tx *pg.Tx, m jobs.Message) (worker.Recipient, error) {
			email, err := a.referrals.ClientAddress(tx, m)
			return worker.Recipient{Email: email}, err
		}}
}

func (a *app) mail() (*channel.Email, error) {
	host, port, err := net.SplitHostPort(a.config.SMTPAddr)
	if err != nil {
		return nil, fmt.Errorf("SMTP_ADDR: %w", err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("SMTP_ADDR: %w", err)
	}
	return channel.NewEmail(channel.EmailOptions{Host: host, Port: number, From: a.config.SMTPFrom, TLS: a.config.SMTPTLS,
		Username: a.config.SMTPUser, Password: string(a.config.SMTPPassword)})
}
