package accounts

import (
	"context"
	"fmt"
	"time"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// try is one guess at a subject, of which only so many are free in a quarter of an hour.
type try struct {
	subject, key string
	limit        int
}

const tryWindow = 15 * time.Minute

// count writes down guesses before they are looked at, in a transaction of its own: whoever sends a thousand at once has used a thousand.
// TooMany says when to come back.
func (s *Service) count(ctx context.Context, tries ...try) error {
	var wait time.Duration
	err := s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		wait = 0
		for _, t := range tries {
			left, err := store{tx}.count(t)
			if err != nil {
				return err
			}
			wait = max(wait, left)
		}
		return nil
	})
	if err != nil || wait == 0 {
		return err
	}
	f := fault.New(fault.TooMany, "Too many attempts. Wait %d minutes, then try again, or ask for a new password.", int(wait.Minutes())+1)
	f.RetryAfter = wait
	return f
}

// count returns how long to wait, 0 for a guess that is free.
func (s store) count(t try) (time.Duration, error) {
	var now struct {
		Tries int
		Left  float64 // seconds
	}
	err := s.tx.Gorm().Raw(`INSERT INTO sign_in_tries AS t (subject, key_hash, tries, since) VALUES (@subject, @key, 1, clock_timestamp())
		ON CONFLICT (subject, key_hash) DO UPDATE SET
			tries = CASE WHEN t.since < clock_timestamp() - interval '15 minutes' THEN 1 ELSE t.tries + 1 END,
			since = CASE WHEN t.since < clock_timestamp() - interval '15 minutes' THEN clock_timestamp() ELSE t.since END
		RETURNING tries, extract(epoch FROM since + interval '15 minutes' - clock_timestamp()) AS left`,
		map[string]any{"subject": t.subject, "key": hashed(t.key)}).Scan(&now).Error
	if err != nil {
		return 0, fmt.Errorf("count a guess: %w", err)
	}
	if now.Tries <= t.limit {
		return 0, nil
	}
	return min(tryWindow, max(time.Second, time.Duration(now.Left*float64(time.Second)))), nil
}

// forget: who got in has no guesses to account for.
func (s store) forget(subject, key string) {
	s.tx.Queue(`DELETE FROM sign_in_tries WHERE subject = $1 AND key_hash = $2`, subject, hashed(key))
}

// giveBack: a network in which many people sign in rightly has not guessed.
func (s store) giveBack(subject, key string) {
	s.tx.Queue(`UPDATE sign_in_tries SET tries = greatest(tries - 1, 0) WHERE subject = $1 AND key_hash = $2`, subject, hashed(key))
}
