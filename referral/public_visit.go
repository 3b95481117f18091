package referral

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// VisitLife is how long a browser on a public page is remembered after its last page. Then what was typed is deleted.
const VisitLife = 15 * time.Minute

// visitor is whoever reads a public page: nobody knows who it is.
func visitor() auth.Actor { return auth.System("public page") }

func newToken() (plain string, hash []byte) {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	plain = base64.RawURLEncoding.EncodeToString(raw)
	return plain, hashed(plain)
}

func hashed(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// tries are how often one network may do a thing in a quarter of an hour. Many families may come from one: a clinic, a shelter, a phone company.
func tries(subject string) int {
	switch subject {
	case "begin":
		return 120
	case "send":
		return 30
	case "wrong":
		return 20
	}
	return 60
}

// count writes a try down before it is looked at, in a transaction of its own. TooMany says when to come back.
func (s *Service) count(ctx context.Context, subject, address string) error {
	var wait time.Duration
	err := s.db.InTx(ctx, visitor(), func(tx *pg.Tx) (err error) {
		wait, err = (&store{tx}).countTry(subject, hashed(address), tries(subject))
		return err
	})
	if err != nil || wait == 0 {
		return err
	}
	f := fault.New(fault.TooMany, "Too many tries. Wait %d minutes, then try again.", int(wait.Minutes())+1)
	f.RetryAfter = wait
	return f
}

// TidyVisits deletes what was typed on public pages and not sent, 15 minutes after the last page, and counts that are over. It may run anywhere
// at any time.
func (s *Service) TidyVisits(ctx context.Context) error {
	return s.db.InTx(ctx, visitor(), func(tx *pg.Tx) error {
		(&store{tx}).tidyVisits()
		return nil
	})
}
