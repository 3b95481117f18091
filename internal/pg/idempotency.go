package pg

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// Request is the idempotency key of one call, put into the context by the web.
type Request struct {
	Route    string
	Key      string // 1 to 255 ASCII
	BodyHash []byte
	Replayed bool // set by Once when the stored receipt was returned
}

type requestKey struct{}

// WithRequest returns a context in which Once honours the key.
func WithRequest(ctx context.Context, r *Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

type idempotencyKey struct {
	OrgID    uuid.UUID
	Route    string
	Key      string
	BodyHash []byte
	Receipt  []byte
}

// TableName is gorm's.
func (idempotencyKey) TableName() string { return "idempotency_keys" }

// Once runs fn in one transaction and stores its receipt under the request's key, so that the same call again answers
// the same bytes and does nothing. Only successes are stored, for 7 days. Without a key it is InTx with a result.
// Faults beside fn's own: Conflict while the same key is being worked on, Invalid when the key was used for another body.
func Once[R any](ctx context.Context, d *DB, actor auth.Actor, fn func(*Tx) (R, error)) (R, error) {
	var receipt R
	request, _ := ctx.Value(requestKey{}).(*Request)
	err := d.InTx(ctx, actor, func(tx *Tx) error {
		var zero R
		receipt = zero
		if request != nil {
			stored, err := request.find(tx)
			if err != nil {
				return err
			}
			if stored != nil {
				request.Replayed = true
				return json.Unmarshal(stored, &receipt)
			}
		}
		var err error
		if receipt, err = fn(tx); err != nil {
			return err
		}
		if request == nil {
			return nil
		}
		bytes, err := json.Marshal(receipt)
		if err != nil {
			return fmt.Errorf("store the receipt: %w", err)
		}
		return tx.Insert(&idempotencyKey{actor.OrgID, request.Route, request.Key, request.BodyHash, bytes})
	})
	return receipt, err
}

// find takes the key's lock, then looks for a stored receipt.
func (r *Request) find(tx *Tx) ([]byte, error) {
	var got bool
	var rows []idempotencyKey
	err := tx.ReadAll(
		Read{tx.gorm.Raw(`SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))`, tx.Actor.OrgID.String()+"|"+r.Route+"|"+r.Key), &got},
		Read{tx.gorm.Where("org_id = ? AND route = ? AND key = ?", tx.Actor.OrgID, r.Route, r.Key), &rows})
	if err != nil {
		return nil, fmt.Errorf("lock and look up the idempotency key: %w", err)
	}
	if !got {
		f := fault.New(fault.Conflict, "The same request is being worked on. Ask again in a second with the same Idempotency-Key.")
		f.RetryAfter = time.Second
		return nil, f
	}
	if len(rows) == 0 {
		return nil, nil
	}
	if !bytes.Equal(rows[0].BodyHash, r.BodyHash) {
		return nil, fault.New(fault.Invalid, "This Idempotency-Key was used for another request. Use a new key for a new request.")
	}
	return rows[0].Receipt, nil
}
