package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/emersion/go-smtp"
)

// mailSession is one connection. The library calls it from one goroutine.
type mailSession struct {
	ctx  context.Context
	sink *SMTP
	conn *smtp.Conn
	from string
	to   []string
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if ask := s.sink.current().Recipient; ask != nil {
		if err := ask(s.ctx, to); err != nil {
			return err
		}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("read the message: %w", err)
	}
	m := readMail(s.from, s.to, raw, time.Now().UTC())
	hooks := s.sink.current()
	if hooks.BeforeReply != nil {
		err = hooks.BeforeReply(s.ctx, m)
	}
	if err == nil || errors.Is(err, ErrLoseReply) {
		s.sink.keep(m)
	}
	if errors.Is(err, ErrLoseReply) || errors.Is(err, ErrLoseMail) {
		_ = s.conn.Conn().Close() // the library will try to answer, into a closed connection
		return err
	}
	if reply, ok := s.conn.Conn().(*replyConn); ok && err == nil && hooks.AfterReply != nil {
		reply.afterNextWrite(func() { hooks.AfterReply(s.ctx, m) })
	}
	return err
}

func (s *mailSession) Reset() { s.from, s.to = "", nil }

func (s *mailSession) Logout() error { return nil }
