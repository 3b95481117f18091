package worker

import (
	"context"
	"errors"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/jobs/channel"
)

// Letters sends what lets people set a password (jobs.AccountLetter, enqueued by accounts). It has no place in the ledger of messages, which
// is about families. A second run makes a new token and sends again: the last mail opens. One in doubt counts as sent, since a second would
// shut the first.
type Letters struct {
	DB       *pg.DB
	Accounts *accounts.Service
	Send     func(context.Context, channel.Mail) error
	BaseURL  string // of the pages, without a slash at the end
}

// Handle is the Handler.
func (l Letters) Handle(ctx context.Context, job jobs.Job) error {
	letter, err := l.Accounts.Post(ctx, job.SubjectID)
	if err != nil {
		return err
	}
	subject, text, err := channel.Account(letter.Kind, letter.Name, l.BaseURL+"/letter/"+letter.Token)
	if err != nil {
		return err
	}
	err = l.Send(ctx, channel.Mail{ID: pg.NewID(), To: letter.Email, Subject: subject, Text: text})
	if err != nil && !errors.Is(err, channel.ErrInDoubt) {
		return err
	}
	return l.DB.InTx(ctx, auth.System("letters"), func(tx *pg.Tx) error { return jobs.NewStore(tx).Settle(job) })
}
