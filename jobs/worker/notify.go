package worker

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/jobs/channel"
)

// Recipient is where a mail goes. It is looked up when the mail leaves, so that a changed address counts.
type Recipient struct {
	Email      string    // empty: this site takes no feedback, this client no mail
	ReferralID uuid.UUID // of feedback; likewise Reference
	Reference  string
}

// Notifier sends one message to a referrer or to a client (jobs.NotifyReferrer, jobs.MessageClient, enqueued by the sweeper) in three steps, so that at most one
// copy leaves by itself: write down that it is leaving; send it; write down how that went. A process that dies in between
// leaves the message in doubt, for a person. The moment between the server's 250 and our writing it down cannot be closed.
type Notifier struct {
	DB      *pg.DB
	Send    func(context.Context, channel.Mail) error // channel.Email's, with its faults
	BaseURL string                                    // of the pages, without a slash at the end
	Lease   time.Duration                             // after which a send that has not ended is in doubt; longer than channel.SendLimit
	// Lookup finds the recipient as the hub. It locks nothing. jobs.ErrNothingToDo: this referrer may not know this; to her nothing may
	// leave now. *jobs.Blocked: the gate to her is shut, with its reason.
	Lookup func(ctx context.Context, tx *pg.Tx, m jobs.Message) (Recipient, error)
	// Words are what a message says as it leaves; nil: feedback to a referrer. *jobs.Blocked: nothing is approved to be said, with its reason.
	Words func(tx *pg.Tx, m jobs.Message) (subject, text string, err error)
}

// errStopped: she was lost, or opted out, since the send was decided. The next attempt decides again.
var errStopped = fault.New(fault.Unavailable, "Sends to this client were stopped just now.")

// Handle is the Handler.
func (n Notifier) Handle(ctx context.Context, job jobs.Job) error {
	send, err := n.decide(ctx, job)
	if err != nil || send == nil {
		return err
	}
	err = n.DB.WithClientShared(ctx, send.message.ClientID, channel.SendLimit, func(ctx context.Context, stopVersion int) error {
		if stopVersion != send.message.StopVersion {
			return errStopped
		}
		return n.Send(ctx, send.mail)
	})
	return n.record(ctx, job, send.message, err)
}

// send is one decided send.
type send struct {
	message jobs.Message
	mail    channel.Mail
}

// decide is the first step. nil: this message does not leave, and the job is settled.
func (n Notifier) decide(ctx context.Context, job jobs.Job) (*send, error) {
	var decided *send
	err := n.DB.InTx(ctx, auth.System("notifier"), func(tx *pg.Tx) error {
		decided = nil
		store := jobs.NewStore(tx)
		m, err := store.LockMessage(job.SubjectID)
		if err != nil {
			return err
		}
		switch m.Status {
		case jobs.HandedOver:
		case jobs.Sending: // another attempt is at it, or died: the sweeper will say
			return store.AwaitSend(job, m)
		default:
			return jobs.ErrNothingToDo
		}
		to, err := n.Lookup(ctx, tx, m)
		if errors.Is(err, jobs.ErrNothingToDo) {
			return skip(store, job, m, "not_for_them")
		}
		var blocked *jobs.Blocked
		if errors.As(err, &blocked) { // the gate to her, asked as the message leaves
			return skip(store, job, m, blocked.Reason)
		}
		if err != nil {
			return err
		}
		if to.Email == "" {
			return skip(store, job, m, "no_address")
		}
		subject, text, err := n.words(tx, m, to)
		if errors.As(err, &blocked) {
			return skip(store, job, m, blocked.Reason)
		}
		if err != nil {
			return err
		}
		err = store.BeginSend(&m, n.Lease)
		decided = &send{m, channel.Mail{ID: m.ID, To: to.Email, Subject: subject, Text: text}}
		return err
	})
	return decided, err
}

func (n Notifier) words(tx *pg.Tx, m jobs.Message, to Recipient) (subject, text string, err error) {
	if n.Words != nil {
		return n.Words(tx, m)
	}
	return channel.Feedback(m.Template, to.Reference, n.BaseURL, to.ReferralID.String())
}

func skip(store *jobs.Store, job jobs.Job, m jobs.Message, reason string) error {
	if err := store.SkipSend(m, reason); err != nil {
		return err
	}
	return store.Settle(job)
}

// record is the third step. What was certain is written even when the job's time is over.
func (n Notifier) record(ctx context.Context, job jobs.Job, m jobs.Message, sendErr error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), n.Lease)
	defer cancel()
	status, reason := jobs.HandedOver, string(fault.KindOf(sendErr))
	switch {
	case sendErr == nil:
		status, reason = jobs.Sent, ""
	case errors.Is(sendErr, channel.ErrInDoubt):
		status, reason = jobs.InDoubt, "no_answer"
	case errors.Is(sendErr, fault.Invalid):
		status, reason = jobs.Failed, "refused"
	}
	err := n.insist(ctx, func(tx *pg.Tx) error {
		store := jobs.NewStore(tx)
		if err := store.EndSend(m, status, reason); err != nil {
			return err
		}
		if status == jobs.HandedOver {
			return nil
		}
		// The ledger has its own fence: what it says stands, even when another attempt holds the job by now.
		return store.SettleIfMine(job)
	})
	if err != nil || status != jobs.HandedOver {
		return err
	}
	return sendErr
}

// insist tries again while the database is away, until ctx ends: what is known here and not written down is a doubt that a
// person must clear up. A database that recovers takes longer than one try may. When a commit stood although it seemed to
// fail, the next try finds the send ended; and what is certain resolves a doubt that came first.
func (n Notifier) insist(ctx context.Context, write func(*pg.Tx) error) error {
	for {
		try, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := n.DB.InTx(try, auth.System("notifier"), write)
		cancel()
		if !errors.Is(err, fault.Unavailable) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(200 * time.Millisecond):
		}
	}
}
