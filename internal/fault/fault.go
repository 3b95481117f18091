package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind is a kind of failure. It is itself an error, so errors.Is(err, fault.NotFound) works through any wrapping.
type Kind string

// The kinds. web holds the one table from kind to HTTP status; jobs/worker the one rule for jobs.
const (
	Malformed       Kind = "malformed"       // not JSON, wrong type, unknown or double key
	Invalid         Kind = "invalid"         // well-formed, but means nothing we can act on; Fields says where
	Unauthenticated Kind = "unauthenticated" // nobody we know
	Forbidden       Kind = "forbidden"       // known, but this role may not
	NotFound        Kind = "not_found"       // missing, or not for this actor: the two are never told apart
	Conflict        Kind = "conflict"        // somebody or something was first; Message says what happened instead
	Stale           Kind = "stale"           // the record changed since it was read
	TooLarge        Kind = "too_large"
	TooMany         Kind = "too_many"
	Unavailable     Kind = "unavailable" // pool, disk, shutdown: try again after RetryAfter
	Internal        Kind = "internal"    // what nobody foresaw
)

// Error lets a Kind be the target of errors.Is.
func (k Kind) Error() string { return string(k) }

// Field is one problem of one input field.
type Field struct {
	Pointer string `json:"pointer"` // RFC 6901 JSON pointer into the request body, "" for the whole body
	Code    string `json:"code"`    // stable word for programs, such as "required"
	Detail  string `json:"detail"`  // sentence for the person: what is wrong and what to do
}

// Error is a failure with a sentence for the user and a cause for the log.
type Error struct {
	Kind       Kind
	Message    string
	Fields     []Field       // Invalid and Malformed; of Stale what changed since
	Allowed    []string      // Conflict on a move: the moves that are allowed now
	RetryAfter time.Duration // Conflict on a key in flight, TooMany, Unavailable
	cause      error
}

// New returns a failure of kind k with a sentence for the user.
func New(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...)}
}

// Wrap is New with the cause that the log shows and the user does not.
func Wrap(k Kind, cause error, format string, args ...any) *Error {
	e := New(k, format, args...)
	e.cause = cause
	return e
}

// Problems returns an Invalid failure that names every field at once, or nil when there are none.
func Problems(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	e := New(Invalid, "%d field(s) need a correction before this can be accepted.", len(fields))
	e.Fields = fields
	return e
}

// Error is the text for the log: kind, sentence and cause. It holds no client data because Message must not.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.Message, e.cause)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.Message)
}

// Is reports whether target is this failure's kind.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.Kind
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.cause }

// KindOf is the kind of the outermost Error in err, or Internal when there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
