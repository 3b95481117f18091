package channel_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/jobs/channel"
)

// server speaks just enough SMTP, and gives the scripted answers: by verb, and by "." for the end of the mail. "" closes
// the connection; "silence" says nothing and calls silent.
type server struct {
	answers map[string]string
	silent  func()
	mails   chan string
	port    int
}

func newServer(t *testing.T, answers map[string]string) *server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	s := &server{answers: answers, mails: make(chan string, 10), port: listener.Addr().(*net.TCPAddr).Port}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.talk(conn)
		}
	}()
	return s
}

func (s *server) talk(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_, _ = fmt.Fprint(conn, "220 sink\r\n")
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " ")
		if !s.answer(conn, verb) {
			return
		}
		if verb != "DATA" {
			continue
		}
		var mail strings.Builder
		for lines.Scan() && lines.Text() != "." {
			mail.WriteString(lines.Text() + "\n")
		}
		s.mails <- mail.String()
		if !s.answer(conn, ".") {
			return
		}
	}
}

func (s *server) answer(conn net.Conn, verb string) bool {
	answer, scripted := s.answers[verb]
	switch {
	case answer == "silence":
		s.silent()
		return true
	case scripted && answer == "":
		return false
	case scripted:
	case verb == "DATA":
		answer = "354 go on"
	case verb == "QUIT":
		answer = "221 bye"
	default:
		answer = "250 ok"
	}
	_, err := fmt.Fprint(conn, answer+"\r\n")
	return err == nil
}

func (s *server) email(t *testing.T, tls string) *channel.Email {
	t.Helper()
	e, err := channel.NewEmail(channel.EmailOptions{Host: "127.0.0.1", Port: s.port, From: "Doorstep <hub@example.org>", TLS: tls})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func mail() channel.Mail {
	return channel.Mail{ID: uuid.MustParse("019a0000-0000-7000-8000-000000000001"), To: "desk@hospital.example", Subject: "Referral", Text: "Text.\n"}
}

func TestWhatTheServerSaysDecidesWhatHappensNext(t *testing.T) {
	for name, c := range map[string]struct {
		answers map[string]string
		want    error
	}{
		"taken":                             {nil, nil},
		"taken, then the connection breaks": {map[string]string{"QUIT": ""}, nil},
		"sender refused for now":            {map[string]string{"MAIL": "451 busy"}, fault.Unavailable},
		"address refused for now":           {map[string]string{"RCPT": "450 greylisted"}, fault.Unavailable},
		"address refused":                   {map[string]string{"RCPT": "550 nobody"}, fault.Invalid},
		"mail refused for now":              {map[string]string{".": "452 full"}, fault.Unavailable},
		"mail refused":                      {map[string]string{".": "554 spam"}, fault.Invalid},
		"broken before the mail":            {map[string]string{"DATA": ""}, fault.Unavailable},
		"broken after the mail":             {map[string]string{".": ""}, channel.ErrInDoubt},
		"silent before the mail":            {map[string]string{"RCPT": "silence"}, fault.Unavailable},
		"silent after the mail":             {map[string]string{".": "silence"}, channel.ErrInDoubt},
		"silent after taking it":            {map[string]string{"QUIT": "silence"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, c.answers)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s.silent = cancel // the time limit strikes while the server is silent
			err := s.email(t, "none").Send(ctx, mail())
			if !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "desk@") {
				t.Errorf("the error names the address: %v", err)
			}
		})
	}
}

func TestMailCarriesItsIDAndNoForeignHeader(t *testing.T) {
	s := newServer(t, nil)
	m := mail()
	m.Subject = "Referral K7M\r\nBcc: thief@example.org"
	if err := s.email(t, "none").Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := <-s.mails
	if !strings.Contains(got, "Message-ID: <019a0000-0000-7000-8000-000000000001@example.org>") {
		t.Errorf("no Message-ID of its own:\n%s", got)
	}
	if strings.Contains(got, "\nBcc:") {
		t.Errorf("a subject began a header:\n%s", got)
	}
	for _, to := range []string{"", "nobody", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"} {
		m.To = to
		if err := s.email(t, "none").Send(t.Context(), m); !errors.Is(err, fault.Invalid) {
			t.Errorf("to %q: %v", to, err)
		}
	}
}

func TestMailIsNotSentInTheClearUnlessToldSo(t *testing.T) {
	for _, tls := range []string{"", "mandatory"} {
		s := newServer(t, nil) // offers no STARTTLS
		if err := s.email(t, tls).Send(t.Context(), mail()); !errors.Is(err, fault.Unavailable) {
			t.Errorf("TLS %q: %v", tls, err)
		}
		if len(s.mails) != 0 {
			t.Errorf("TLS %q: the mail left in the clear", tls)
		}
	}
	if err := newServer(t, nil).email(t, "opportunistic").Send(t.Context(), mail()); err != nil {
		t.Error(err)
	}
	for _, o := range []channel.EmailOptions{{Host: "h", Port: 25, From: "hub@example.org", TLS: "maybe"}, {Host: "h", Port: 25, From: "hub"},
		{Host: "", Port: 25, From: "hub@example.org"}} {
		if _, err := channel.NewEmail(o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}

func TestFeedbackNamesTheStageAndNothingElse(t *testing.T) {
	const id = "019a0000-0000-7000-8000-000000000002"
	for milestone, heading := range map[string]string{"received": "received", "reached": "reached", "not_reached": "not reached yet",
		"being_served": "being served", "closed": "closed"} {
		subject, text, err := channel.Feedback(milestone, "K7M-4PX", "https://hub.example", id)
		if err != nil {
			t.Fatal(err)
		}
		if subject != "Referral K7M-4PX: "+heading {
			t.Errorf("subject %q", subject)
		}
		if !strings.Contains(text, "https://hub.example/referrals/"+id+"\n") || !strings.Contains(text, "K7M-4PX") {
			t.Errorf("%s: no reference or link:\n%s", milestone, text)
		}
		for _, word := range []string{"pregnan", "birth", "baby", "infant", "depress", "harm", "Healthy", "Nurse", "declin", "refus"} {
			if strings.Contains(text, word) {
				t.Errorf("%s says %q", milestone, word)
			}
		}
	}
	if _, _, err := channel.Feedback("lost", "", "", ""); err == nil {
		t.Error("an unknown milestone has a mail")
	}
}
