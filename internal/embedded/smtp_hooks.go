package embedded

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/emersion/go-smtp"
)

// SMTPHooks are what a fault test does to mail. All may be nil, and all may block: ctx ends when the sink stops.
type SMTPHooks struct {
	// Recipient is asked for each RCPT; an error from RejectMail refuses that one.
	Recipient func(ctx context.Context, to string) error

	// BeforeReply is called when the whole message was read and nothing was answered yet. nil: keep it and answer 250.
	// RejectMail: answer so and keep nothing. ErrLoseReply and ErrLoseMail: hang up without an answer.
	BeforeReply func(ctx context.Context, m Mail) error

	// AfterReply is called when the 250 has been handed to the network and before the next command is read.
	AfterReply func(ctx context.Context, m Mail)
}

// What BeforeReply may return beside RejectMail. The sender sees the same for both and cannot know which it was.
var (
	ErrLoseReply = errors.New("message kept, connection dropped before the answer")
	ErrLoseMail  = errors.New("message dropped together with the connection")
)

// RejectMail refuses with an SMTP status: 4xx means try again, 5xx means never.
func RejectMail(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: text}
}

// SetHooks replaces the hooks, for messages that arrive from now on.
func (s *SMTP) SetHooks(h SMTPHooks) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = h
}

func (s *SMTP) current() SMTPHooks {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hooks
}

// replyListener and replyConn exist because the server library has no callback between a reply and the next command.
type replyListener struct{ net.Listener }

func (l replyListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &replyConn{Conn: c}, nil
}

type replyConn struct {
	net.Conn
	mu    sync.Mutex
	after func() // called once, after the next write
}

func (c *replyConn) afterNextWrite(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.after = f
}

func (c *replyConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.mu.Lock()
	f := c.after
	c.after = nil
	c.mu.Unlock()
	if f != nil && err == nil {
		f()
	}
	return n, err
}
