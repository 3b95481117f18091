package worker_test

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"doorstep/auth"
	"doorstep/internal/embedded"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/jobs/channel"
	"doorstep/jobs/worker"
)

// post is a world with a mail server and one queued message.
type post struct {
	*world
	sink     *embedded.SMTP
	notifier worker.Notifier
	message  jobs.Message
}

func newPost(t *testing.T) *post {
	t.Helper()
	w := newWorld(t)
	sink, err := embedded.StartSMTP(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sink.Stop() })
	host, port, err := net.SplitHostPort(sink.Addr())
	if err != nil {
		t.Fatal(err)
	}
	number, _ := strconv.Atoi(port)
	email, err := channel.NewEmail(channel.EmailOptions{Host: host, Port: number, From: "hub@example.org", TLS: "none"})
	if err != nil {
		t.Fatal(err)
	}
	p := &post{world: w, sink: sink}
	p.notifier = worker.Notifier{DB: w.db, Send: email.Send, BaseURL: "https://hub.example", Lease: time.Minute,
		Lookup: func(context.Context, *pg.Tx, jobs.Message) (worker.Recipient, error) {
			return worker.Recipient{Email: "desk@hospital.example", ReferralID: w.referral, Reference: "K7M-4PX"}, nil
		}}
	p.message = jobs.Message{ID: pg.NewID(), CaseID: w.caseID, ReferralID: &w.referral, ClientID: w.client, Audience: "referrer",
		Channel: "email", Template: "received", NotBefore: time.Now().Add(-time.Hour)}
	p.do(func(tx *pg.Tx) error { return jobs.NewStore(tx).Queue(p.message) })
	return p
}

func (p *post) do(fn func(*pg.Tx) error) {
	p.Helper()
	if err := p.db.InTx(context.Background(), auth.System("test"), fn); err != nil {
		p.Fatal(err)
	}
}

func (p *post) work() {
	p.Helper()
	p.round(p.options(map[jobs.Kind]worker.Handler{jobs.NotifyReferrer: p.notifier.Handle}))
}

func (p *post) wantStatus(status string, mails int) {
	p.Helper()
	p.want(status, `SELECT status FROM messages WHERE id = $1`, p.message.ID)
	if got := len(p.sink.Messages()); got != mails {
		p.Errorf("%d mails left, want %d", got, mails)
	}
}

func TestAMessageLeavesOnce(t *testing.T) {
	p := newPost(t)
	p.work()
	p.wantStatus("sent", 1)
	mail := p.sink.Messages()[0]
	if mail.MessageID != p.message.ID.String()+"@example.org" || mail.To[0] != "desk@hospital.example" ||
		!strings.Contains(mail.Body, "/referrals/"+p.referral.String()) {
		t.Errorf("sent %s", mail.Raw)
	}
	if !p.drained() {
		t.Error("its job is not settled")
	}
	p.exec(`UPDATE outbox SET done_at = NULL`) // delivered once more
	p.work()
	p.wantStatus("sent", 1)
}

func TestAWorkerKilledAfterThe250LeavesDoubtAndNeverASecondMail(t *testing.T) {
	p := newPost(t)
	send := p.notifier.Send
	p.notifier.Send = func(ctx context.Context, m channel.Mail) error {
		if err := send(ctx, m); err != nil {
			t.Error(err)
		}
		panic("killed") // between the server's 250 and the ledger
	}
	p.work()
	p.wantStatus("sending", 1)
	p.notifier.Send = send
	p.exec(`UPDATE outbox SET next_at = clock_timestamp()`)
	p.work() // while the first may still be sending
	p.wantStatus("sending", 1)
	p.want("true", `SELECT o.next_at > m.lease_until FROM outbox o JOIN messages m ON m.id = o.subject_id`)
	p.leasesRunOut()
	p.work()
	p.work()
	p.wantStatus("in_doubt", 1)
	p.want("message.in_doubt", `SELECT string_agg(kind, ' ') FROM tasks WHERE urgent`)
	p.leasesRunOut()
	p.work()
	if !p.drained() {
		t.Error("the job of a doubtful message goes on")
	}
}

// A database that is away for a moment leaves no doubt about what the mail server said.
func TestTheLedgerIsWrittenWhenTheDatabaseIsBack(t *testing.T) {
	p := newPost(t)
	super, err := sql.Open("pgx", p.base.SuperuserURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = super.Close() }()
	do := func(statement string) {
		if _, err := super.ExecContext(context.Background(), statement); err != nil {
			t.Error(err)
		}
	}
	back, send := make(chan struct{}), p.notifier.Send
	p.notifier.Send = func(ctx context.Context, m channel.Mail) error {
		err := send(ctx, m)
		do(`ALTER DATABASE ` + p.base.Name + ` CONNECTION LIMIT 0`)
		do(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'doorstep_app'`)
		time.AfterFunc(300*time.Millisecond, func() {
			do(`ALTER DATABASE ` + p.base.Name + ` CONNECTION LIMIT -1`)
			close(back)
		})
		return err
	}
	p.work()
	<-back
	p.wantStatus("sent", 1)
}

func TestWhatTheServerSaysIsInTheLedger(t *testing.T) {
	p := newPost(t)
	for _, c := range []struct {
		reply        error
		status, task string
		mails        int
	}{
		{embedded.RejectMail(451, "busy"), "handed_over", "", 0},
		{embedded.RejectMail(554, "no"), "failed", "message.failed", 0},
		{embedded.ErrLoseReply, "in_doubt", "message.in_doubt", 1},
	} {
		p.exec(`DELETE FROM outbox`)
		p.exec(`DELETE FROM tasks`)
		p.exec(`UPDATE messages SET status = 'queued'`)
		p.sink.Clear()
		p.sink.SetHooks(embedded.SMTPHooks{BeforeReply: func(context.Context, embedded.Mail) error { return c.reply }})
		p.work()
		p.wantStatus(c.status, c.mails)
		p.want(c.task, `SELECT kind FROM tasks`)
	}
}

func TestATemporaryRefusalEndsSentOrWithAPerson(t *testing.T) {
	p := newPost(t)
	p.sink.SetHooks(embedded.SMTPHooks{Recipient: func(context.Context, string) error { return embedded.RejectMail(450, "later") }})
	p.work()
	p.work()
	p.wantStatus("handed_over", 0)
	p.sink.SetHooks(embedded.SMTPHooks{})
	p.work()
	p.wantStatus("sent", 1)

	again := newPost(t)
	again.sink.SetHooks(embedded.SMTPHooks{Recipient: func(context.Context, string) error { return embedded.RejectMail(450, "later") }})
	for range jobs.MaxAttempts {
		again.work()
	}
	again.wantStatus("failed", 0)
	again.want(again.caseID.String(), `SELECT case_id FROM tasks WHERE kind = 'job.dead'`)
}

func TestAMessageThatShallNotLeaveIsNotNeeded(t *testing.T) {
	for reason, lookup := range map[string]func() (worker.Recipient, error){
		"no_address":   func() (worker.Recipient, error) { return worker.Recipient{}, nil },
		"not_for_them": func() (worker.Recipient, error) { return worker.Recipient{}, jobs.ErrNothingToDo },
	} {
		p := newPost(t)
		p.notifier.Lookup = func(context.Context, *pg.Tx, jobs.Message) (worker.Recipient, error) { return lookup() }
		p.work()
		p.wantStatus("not_needed", 0)
		p.want(reason, `SELECT reason FROM messages`)
		if !p.drained() {
			t.Error("its job is not settled")
		}
	}
}

func TestAWithdrawnMessageDoesNotLeave(t *testing.T) {
	p := newPost(t)
	if _, err := jobs.NewQueue(p.db).Sweep(t.Context(), 10); err != nil { // handed over already
		t.Fatal(err)
	}
	move := pg.NewID()
	p.exec(`UPDATE messages SET opened_move = $1`, move)
	p.do(func(tx *pg.Tx) error { return jobs.NewStore(tx).Undo(p.caseID, move) })
	p.work()
	p.wantStatus("withdrawn", 0)
	p.want("0", `SELECT count(*) FROM tasks`)
}

func TestAStopWaitsForTheSendUnderWay(t *testing.T) {
	p := newPost(t)
	stopped := make(chan error, 1)
	p.sink.SetHooks(embedded.SMTPHooks{BeforeReply: func(context.Context, embedded.Mail) error {
		go func() {
			stopped <- p.db.InTx(context.Background(), auth.System("test"), func(tx *pg.Tx) error { return tx.StopClient(p.client) })
		}()
		p.awaitLockWaiter()
		select {
		case err := <-stopped:
			t.Errorf("the stop went through during a send: %v", err)
		default:
		}
		return nil
	}})
	p.work()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	p.wantStatus("sent", 1)
}

func TestNoSendBeginsAfterAStop(t *testing.T) {
	p := newPost(t)
	holding, commit := make(chan struct{}), make(chan struct{})
	stopped := make(chan error, 1)
	go func() {
		stopped <- p.db.InTx(context.Background(), auth.System("test"), func(tx *pg.Tx) error {
			err := tx.StopClient(p.client)
			close(holding)
			<-commit
			return err
		})
	}()
	<-holding
	go func() { p.awaitLockWaiter(); close(commit) }() // the send is decided and waits; now she has stopped it
	p.work()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	p.wantStatus("handed_over", 0)
	p.want("unavailable", `SELECT reason FROM outbox WHERE done_at IS NULL`)
	p.work() // decided again, knowing of the stop: here nothing else forbids it
	p.wantStatus("sent", 1)
}

// awaitLockWaiter returns when a session waits for an advisory lock.
func (p *post) awaitLockWaiter() {
	for waits := false; !waits; {
		err := p.owner.QueryRow(`SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`).Scan(&waits)
		if err != nil {
			p.Error(err)
			return
		}
	}
}

func TestAloneIsFreeAgainAfterAnError(t *testing.T) {
	w := newWorld(t)
	broken := errors.New("broken")
	for range 3 {
		ran, err := w.db.Alone(t.Context(), "duty", func(ctx context.Context) error {
			if again, err := w.db.Alone(ctx, "duty", func(context.Context) error { return nil }); again || err != nil {
				t.Errorf("two at once (%v)", err)
			}
			return broken
		})
		if !ran || !errors.Is(err, broken) {
			t.Errorf("ran %v, %v", ran, err)
		}
	}
}

// A message to her asks the gate in the moment of sending, and its ledger says what the gate said.
func TestAMessageToHerAsksTheGateWhenItLeaves(t *testing.T) {
	for want, gate := range map[string]error{"not_for_them": jobs.ErrNothingToDo, "do_not_contact": &jobs.Blocked{Reason: "do_not_contact"}} {
		p := newPost(t)
		p.notifier.Lookup = func(context.Context, *pg.Tx, jobs.Message) (worker.Recipient, error) { return worker.Recipient{}, gate }
		p.exec(`UPDATE messages SET audience = 'client'`)
		p.round(p.options(map[jobs.Kind]worker.Handler{jobs.MessageClient: p.notifier.Handle}))
		p.wantStatus("not_needed", 0)
		p.want(want, `SELECT reason FROM messages WHERE id = $1`, p.message.ID)
	}
}
