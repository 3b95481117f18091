package channel

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/wneessen/go-mail"

	"doorstep/internal/fault"
)

// SendLimit ends a send, dialling included. It is shorter than the time a stop of a client waits (12 s).
const SendLimit = 10 * time.Second

// ErrInDoubt: the server had the whole mail and did not say whether it takes it. It may have left; do not send it again.
var ErrInDoubt = errors.New("the mail server had the whole mail and did not answer")

// EmailOptions says which server takes mail, and as whom.
type EmailOptions struct {
	Host string
	Port int
	From string // an address; its domain also ends each Message-ID
	// TLS is "mandatory" (also when empty), "opportunistic", or "none" for a sink on this machine.
	TLS      string
	Username string // empty: no sign-in
	Password string
}

// Email sends plain text over SMTP.
type Email struct {
	host    string
	options []mail.Option
	from    string
	domain  string
}

// Mail is one mail to one address.
type Mail struct {
	ID            uuid.UUID // of the message: it makes the Message-ID, by which a receiver can see a double
	To            string
	Subject, Text string
}

// NewEmail checks the options. It opens no connection: each send has its own.
func NewEmail(o EmailOptions) (*Email, error) {
	policy, known := map[string]mail.TLSPolicy{"": mail.TLSMandatory, "mandatory": mail.TLSMandatory,
		"opportunistic": mail.TLSOpportunistic, "none": mail.NoTLS}[o.TLS]
	if !known {
		return nil, fmt.Errorf("TLS of mail: %q is not mandatory, opportunistic or none", o.TLS)
	}
	from, err := netmail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("sender address of mail: %w", err)
	}
	options := []mail.Option{mail.WithPort(o.Port), mail.WithTLSPolicy(policy), mail.WithTimeout(SendLimit),
		mail.WithoutNoop(), mail.WithoutRset()}
	if o.Username != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(o.Username), mail.WithPassword(o.Password))
	}
	if _, err := mail.NewClient(o.Host, options...); err != nil {
		return nil, fmt.Errorf("set up mail: %w", err)
	}
	domain := from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	return &Email{host: o.Host, options: slices.Clip(options), from: from.String(), domain: domain}, nil
}

// Send sends one mail and returns nil when the server has taken it. It ends within SendLimit. Else: Unavailable, nothing left
// and it may be tried again; Invalid, the server or the address will never take it; ErrInDoubt. No error names the address.
func (e *Email) Send(ctx context.Context, m Mail) error {
	msg := mail.NewMsg()
	if msg.From(e.from) != nil || msg.To(m.To) != nil {
		return fault.New(fault.Invalid, "The address is not one that mail can be sent to.")
	}
	msg.SetMessageIDWithValue(m.ID.String() + "@" + e.domain)
	msg.SetDate()
	msg.Subject(oneLine(m.Subject))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, m.Text)

	ctx, cancel := context.WithTimeout(ctx, SendLimit)
	defer cancel() // closes the connection too
	client, err := mail.NewClient(e.host, append(e.options, mail.WithDialContextFunc(dialer(ctx)))...)
	if err != nil {
		return fmt.Errorf("set up mail: %w", err)
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fault.New(fault.Unavailable, "The mail server cannot be reached or refuses the connection.")
	}
	err = client.SendWithSMTPClient(conn, msg)
	if err == nil || msg.IsDelivered() {
		_ = client.CloseWithSMTPClient(conn) // the mail is taken, whatever comes now
		return nil
	}
	return classify(err)
}

// dialer closes its connection when ctx ends, whatever the client is waiting for: go-mail's own limit starts anew with each
// phase, and it does not look at a context after dialling.
func dialer(ctx context.Context) mail.DialContextFunc {
	return func(dialing context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(dialing, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { _ = conn.Close() })
		}
		return conn, err
	}
}

// classify asks what the server said and when. A server that has not seen the end of the mail has not taken it.
func classify(err error) error {
	var failure *mail.SendError
	if !errors.As(err, &failure) {
		return fault.New(fault.Unavailable, "The mail server did not take the mail.")
	}
	code := failure.ErrorCode()
	switch {
	case code >= 500:
		return fault.New(fault.Invalid, "The mail server refused the mail with code %d.", code)
	case code == 0 && failure.Reason == mail.ErrSMTPDataClose:
		return ErrInDoubt
	}
	return fault.New(fault.Unavailable, "The mail server did not take the mail now (code %d).", code)
}

// oneLine: a line break in a subject would begin a header of the sender's choice.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
