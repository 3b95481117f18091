package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

const (
	mostKept = 10_000   // messages; the oldest go first, so that a demo left running cannot fill the memory
	mostMail = 10 << 20 // bytes of one message, the usual limit of mail servers
)

// SMTP is a mail server that delivers nothing and keeps everything in memory. Its methods may be called from several
// goroutines.
type SMTP struct {
	server *smtp.Server
	addr   string
	served chan struct{}
	mu     sync.Mutex
	kept   []Mail
	more   chan struct{} // closed and replaced when a message is kept
	hooks  SMTPHooks
}

// StartSMTP starts a sink on a free port of 127.0.0.1. Its connections and hooks end with ctx or Stop.
func StartSMTP(ctx context.Context) (*SMTP, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the mail sink: %w", err)
	}
	s := &SMTP{addr: listener.Addr().String(), served: make(chan struct{}), more: make(chan struct{})}
	ctx, cancel := context.WithCancel(ctx)
	s.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &mailSession{ctx: ctx, sink: s, conn: c}, nil
	}))
	s.server.Domain = "localhost"
	s.server.AllowInsecureAuth = true
	s.server.EnableSMTPUTF8 = true
	s.server.MaxMessageBytes = mostMail
	s.server.ReadTimeout, s.server.WriteTimeout = time.Minute, time.Minute
	s.server.ErrorLog = log.New(io.Discard, "", 0) // a client that hangs up is what fault tests do
	go func() {
		defer close(s.served)
		defer cancel() // after the last connection is told to go, let go of the hooks
		_ = s.server.Serve(replyListener{listener})
	}()
	context.AfterFunc(ctx, func() { _ = s.server.Close() })
	return s, nil
}

// Addr is host:port.
func (s *SMTP) Addr() string { return s.addr }

// Stop closes the port and every connection, those of a blocked hook too.
func (s *SMTP) Stop() error {
	err := s.server.Close()
	<-s.served
	if err != nil && !errors.Is(err, smtp.ErrServerClosed) {
		return fmt.Errorf("stop the mail sink: %w", err)
	}
	return nil
}
