package embedded_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"doorstep/internal/embedded"
)

const letter = "From: a@doorstep.test\r\nTo: b@agency.test\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <42@doorstep.test>\r\n\r\nHello\r\n"

func startSMTP(t *testing.T) *embedded.SMTP {
	t.Helper()
	s, err := embedded.StartSMTP(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func send(s *embedded.SMTP, text string, to ...string) error {
	c, err := smtp.Dial(s.Addr())
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	return c.SendMail("a@doorstep.test", to, strings.NewReader(text))
}

// receive takes from a channel, and fails the test instead of hanging when nothing comes.
func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-within(t).Done():
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func TestSMTPKeepsMessages(t *testing.T) {
	s := startSMTP(t)
	if err := send(s, letter, "b@agency.test", "c@agency.test"); err != nil {
		t.Fatal(err)
	}
	all, err := s.Wait(within(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	m := all[0]
	if m.From != "a@doorstep.test" || strings.Join(m.To, " ") != "b@agency.test c@agency.test" || m.Subject != "Grüße" ||
		m.MessageID != "42@doorstep.test" || strings.TrimSpace(m.Body) != "Hello" || string(m.Raw) != letter || m.ReceivedAt.IsZero() {
		t.Errorf("kept %+v", m)
	}
	if s.Clear(); len(s.Messages()) != 0 {
		t.Error("Clear left messages")
	}
}

func TestSMTPManySenders(t *testing.T) {
	s := startSMTP(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := send(s, letter, "b@agency.test"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(s.Messages()); n != 20 {
		t.Errorf("%d messages, want 20", n)
	}
}

func TestSMTPKeepsWhatItCannotRead(t *testing.T) {
	s := startSMTP(t)
	if err := send(s, "no header at all", "b@agency.test"); err != nil {
		t.Fatal(err)
	}
	if m := s.Messages()[0]; !strings.HasPrefix(m.Body, "no header") {
		t.Errorf("kept %+v", m)
	}
}

func TestSMTPRejects(t *testing.T) {
	s := startSMTP(t)
	for _, code := range []int{451, 554} {
		s.SetHooks(embedded.SMTPHooks{BeforeReply: func(context.Context, embedded.Mail) error { return embedded.RejectMail(code, "not now") }})
		var refused *smtp.SMTPError
		if err := send(s, letter, "b@agency.test"); !errors.As(err, &refused) || refused.Code != code {
			t.Errorf("got %v, want %d", err, code)
		}
	}
	s.SetHooks(embedded.SMTPHooks{Recipient: func(_ context.Context, to string) error {
		if to == "gone@agency.test" {
			return embedded.RejectMail(550, "no such box")
		}
		return nil
	}})
	var refused *smtp.SMTPError
	if err := send(s, letter, "b@agency.test", "gone@agency.test"); !errors.As(err, &refused) || refused.Code != 550 {
		t.Errorf("got %v, want 550", err)
	}
	if n := len(s.Messages()); n != 0 {
		t.Errorf("%d refused messages were kept", n)
	}
}

func TestSMTPDropsTheConnection(t *testing.T) {
	s := startSMTP(t)
	for n, verdict := range []error{embedded.ErrLoseMail, embedded.ErrLoseReply} {
		s.SetHooks(embedded.SMTPHooks{BeforeReply: func(context.Context, embedded.Mail) error { return verdict }})
		var answered *smtp.SMTPError
		if err := send(s, letter, "b@agency.test"); err == nil || errors.As(err, &answered) {
			t.Errorf("%v: the sender got an answer: %v", verdict, err)
		}
		if got := len(s.Messages()); got != n {
			t.Errorf("%v: %d messages kept, want %d", verdict, got, n)
		}
	}
}

func TestSMTPBlocksBeforeTheAnswer(t *testing.T) {
	s := startSMTP(t)
	reached, release := make(chan struct{}), make(chan struct{})
	s.SetHooks(embedded.SMTPHooks{BeforeReply: func(context.Context, embedded.Mail) error {
		close(reached)
		<-release
		return nil
	}})
	sent := make(chan error, 1)
	go func() { sent <- send(s, letter, "b@agency.test") }()
	receive(t, reached)
	select {
	case err := <-sent:
		t.Fatalf("answered while the hook blocked: %v", err)
	default:
	}
	if len(s.Messages()) != 0 {
		t.Error("kept before the hook decided")
	}
	close(release)
	if err := receive(t, sent); err != nil {
		t.Fatal(err)
	}
}

func TestSMTPCallsAfterTheAnswer(t *testing.T) {
	s := startSMTP(t)
	seen := make(chan string)
	s.SetHooks(embedded.SMTPHooks{AfterReply: func(_ context.Context, m embedded.Mail) { seen <- m.MessageID }})
	c, err := smtp.Dial(s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	// The hook blocks until we receive below, and yet the client has its 250.
	if err := c.SendMail("a@doorstep.test", []string{"b@agency.test"}, strings.NewReader(letter)); err != nil {
		t.Fatal(err)
	}
	if id := receive(t, seen); id != "42@doorstep.test" {
		t.Errorf("hook saw %q", id)
	}
}

func TestSMTPStopFreesABlockedHook(t *testing.T) {
	s := startSMTP(t)
	reached, freed := make(chan struct{}), make(chan struct{})
	s.SetHooks(embedded.SMTPHooks{BeforeReply: func(ctx context.Context, _ embedded.Mail) error {
		close(reached)
		<-ctx.Done()
		close(freed)
		return ctx.Err()
	}})
	sent := make(chan error, 1)
	go func() { sent <- send(s, letter, "b@agency.test") }()
	receive(t, reached)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	receive(t, freed)
	if err := receive(t, sent); err == nil {
		t.Error("the sender was told that its mail was taken")
	}
}
