package embedded

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Mail is one message that the sink accepted.
type Mail struct {
	From       string   // envelope sender
	To         []string // envelope recipients
	Subject    string   // decoded
	MessageID  string   // without the angle brackets
	Body       string   // as sent, after the header; transfer encodings are left in place
	ReceivedAt time.Time
	Raw        []byte // header and body
}

// readMail takes a message apart. A message that cannot be parsed is kept whole as Body: a sink refuses nothing by itself.
func readMail(from string, to []string, raw []byte, at time.Time) Mail {
	m := Mail{From: from, To: slices.Clone(to), ReceivedAt: at, Raw: raw, Body: string(raw)}
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m
	}
	m.Subject = parsed.Header.Get("Subject")
	if plain, err := new(mime.WordDecoder).DecodeHeader(m.Subject); err == nil {
		m.Subject = plain
	}
	m.MessageID = strings.Trim(strings.TrimSpace(parsed.Header.Get("Message-ID")), "<>")
	if body, err := io.ReadAll(parsed.Body); err == nil {
		m.Body = string(body)
	}
	return m
}

// Messages are the messages accepted so far, oldest first.
func (s *SMTP) Messages() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.kept)
}

// Wait returns the messages as soon as there are at least n, or the error of ctx.
func (s *SMTP) Wait(ctx context.Context, n int) ([]Mail, error) {
	for {
		s.mu.Lock()
		kept, more := slices.Clone(s.kept), s.more
		s.mu.Unlock()
		if len(kept) >= n {
			return kept, nil
		}
		select {
		case <-ctx.Done():
			return kept, ctx.Err()
		case <-more:
		}
	}
}

// Clear forgets the messages.
func (s *SMTP) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = nil
}

// keep adds a message and wakes those who wait.
func (s *SMTP) keep(m Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) >= mostKept {
		s.kept = slices.Delete(s.kept, 0, 1)
	}
	s.kept = append(s.kept, m)
	close(s.more)
	s.more = make(chan struct{})
}
