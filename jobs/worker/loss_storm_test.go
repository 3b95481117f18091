package worker_test

import (
	"context"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/embedded"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/jobs/channel"
	"doorstep/jobs/worker"
	"doorstep/referral"
	"doorstep/rulebook"
	"doorstep/triage"
)

// storm is a family to whom many messages are on their way, through two workers, one Redis and one mail server that is slow and turns
// every fourth mail away for now.
type storm struct {
	*world
	cases  *referral.Service
	desk   auth.Actor
	family uuid.UUID // her case
	sink   *embedded.SMTP
	email  *channel.Email

	begun, late atomic.Int64 // sends; those that began when the loss could be read already
	taken       atomic.Int64 // mails that the server has
	tries       atomic.Int64
	kill        sync.Once
}

// stormSize is 100 messages; LOSS_STORM says another number.
func stormSize(t *testing.T) int {
	n := 100
	if text := os.Getenv("LOSS_STORM"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func newStorm(t *testing.T) *storm {
	t.Helper()
	base := dbtest.New(t)
	s := &storm{world: &world{TB: t, base: base, owner: base.Owner(t)}}
	keys, err := pg.ParseKeys(pg.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	if s.db, err = pg.Open(t.Context(), pg.Options{URL: base.AppURL, Keys: keys, MaxConns: 48}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.db.Close() })
	source, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	safety, err := triage.Compile(source)
	if err != nil {
		t.Fatal(err)
	}
	s.cases = referral.New(s.db, rulebook.NewService(s.db), safety)
	made := seed.New(t, s.db)
	s.desk = made.User(made.Hub(seed.Org{}), auth.TriageCoordinator)
	_, hospital := made.Key(made.Hospital(seed.Org{}), auth.Integration)
	_, err = s.cases.Receive(t.Context(), hospital, referral.Submission{Stage: "prenatal",
		Client:         referral.SubmittedClient{GivenName: "Ana", FamilyName: "Morales", DateOfBirth: "1998-04-02"},
		ContactMethods: []referral.SubmittedContact{{Channel: "email", Value: "ana@example.org", SafeEmail: "yes"}},
		Consent:        referral.SubmittedConsent{Answer: "yes_in_person"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.owner.QueryRowContext(t.Context(), `SELECT id, caregiver_id FROM cases`).Scan(&s.family, &s.client); err != nil {
		t.Fatal(err)
	}
	if s.sink, err = embedded.StartSMTP(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.sink.Stop() })
	s.sink.SetHooks(embedded.SMTPHooks{
		Recipient: func(context.Context, string) error {
			if s.tries.Add(1)%4 == 0 {
				return embedded.RejectMail(450, "later")
			}
			return nil
		},
		BeforeReply: func(ctx context.Context, _ embedded.Mail) error {
			s.taken.Add(1)
			select { // a server takes its time
			case <-ctx.Done():
			case <-time.After(5 * time.Millisecond):
			}
			return nil
		}})
	host, port, err := net.SplitHostPort(s.sink.Addr())
	if err != nil {
		t.Fatal(err)
	}
	number, _ := strconv.Atoi(port)
	s.email, err = channel.NewEmail(channel.EmailOptions{Host: host, Port: number, From: "hub@example.org", TLS: "none"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// send looks, before it begins, whether anybody could know of the loss by now. One worker dies right after the server's 250.
func (s *storm) send(ctx context.Context, m channel.Mail) error {
	var known bool
	if err := s.owner.QueryRow(`SELECT EXISTS (SELECT 1 FROM pregnancies WHERE outcome = 'ended')`).Scan(&known); err != nil {
		s.Error(err)
	}
	s.begun.Add(1)
	if known {
		s.late.Add(1)
	}
	err := s.email.Send(ctx, m)
	if err == nil {
		s.kill.Do(func() { panic("killed") })
	}
	return err
}

func (s *storm) count(where string) (n int) {
	s.Helper()
	if err := s.owner.QueryRowContext(s.Context(), `SELECT count(*) FROM messages WHERE audience = 'client' AND `+where).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

func (s *storm) until(what string, done func() bool) {
	s.Helper()
	limit := time.After(2 * time.Minute)
	for look := time.Tick(5 * time.Millisecond); !done(); {
		select {
		case <-look:
		case <-limit:
			s.Fatalf("it never came to %s", what)
		}
	}
}

// A loss is entered while messages to her are queued, retried and being sent: not one send begins after its commit. What a server has is
// shown on the case.
func TestNoSendBeginsAfterALossInTheMidstOfAStorm(t *testing.T) {
	s, n := newStorm(t), stormSize(t)
	err := s.db.InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) error {
		for range n {
			if err := jobs.NewStore(tx).Queue(jobs.Message{CaseID: s.family, ClientID: s.client, Audience: "client", Channel: "email",
				Template: jobs.StillWaiting, NotBefore: tx.Now.Add(-time.Minute)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	notifier := worker.Notifier{DB: s.db, Send: s.send, Lease: time.Minute, Words: func(*pg.Tx, jobs.Message) (string, string, error) { return "Hello", "We will call you.", nil },
		Lookup: func(_ context.Context, tx *pg.Tx, m jobs.Message) (worker.Recipient, error) {
			email, err := s.cases.ClientAddress(tx, m)
			return worker.Recipient{Email: email}, err
		}}
	o := s.options(map[jobs.Kind]worker.Handler{jobs.MessageClient: notifier.Handle})
	o.RedisURL, o.Backoff = startRedis(t).URL(), func(int) time.Duration { return 20 * time.Millisecond }
	for range 2 {
		defer s.start(o)()
	}
	s.until("a quarter of the mails", func() bool { return s.taken.Load() >= int64(n/4) })
	queued, retried, sending := s.count(`status IN ('queued', 'handed_over') AND attempt = 0`), s.count(`status = 'handed_over' AND attempt > 0`), s.count(`status = 'sending'`)
	entered := time.Now()
	if _, err := s.cases.RecordLoss(t.Context(), s.desk, s.family, referral.LossForm{ToldBy: "family"}); err != nil {
		t.Fatal(err)
	}
	took, begun, has := time.Since(entered), s.begun.Load(), s.taken.Load()
	// A send that was stopped goes back among those to be tried; one is left as it was, that of the worker that died.
	s.until("the end of what was under way", func() bool { return s.count(`status IN ('queued', 'handed_over', 'sending')`) == 1 })

	if late, after := s.late.Load(), s.begun.Load()-begun; late > 0 || after > 0 {
		t.Errorf("%d sends began when the loss was known, %d after the answer", late, after)
	}
	if now := s.taken.Load(); now != has || now == int64(n) || has < int64(n/4) {
		t.Errorf("the server took %d of %d mails by the loss, and has %d now", has, n, now)
	}
	v, err := s.cases.Case(t.Context(), s.desk, s.family)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]int{}
	for _, m := range v.Messages {
		shown[m.State]++
	}
	mails := len(s.sink.Messages())
	if shown["may_have_left"] != 1 || shown["left"] != mails-1 || shown["waiting"] != 0 || len(v.Messages) != n {
		t.Errorf("%d mails left, and the case shows %v", mails, shown)
	}
	t.Logf("%d messages; at the loss %d queued, %d to be tried again, %d being sent; its commit took %s; %d left, %d may have left, %d stopped",
		n, queued, retried, sending, took.Round(time.Millisecond), shown["left"], shown["may_have_left"], shown["stopped"])
}
