package referral

import (
	"context"
	"time"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// How long an upload is kept that nobody finishes. It holds families of whom nothing was sent.
const (
	keepBroken   = time.Hour
	keepUploaded = 30 * 24 * time.Hour
)

// ForgetImports deletes uploads that were never sent, and what is left in the rows of the others, after 30 days. What was sent stays as the
// referral alone.
func (s *Service) ForgetImports(ctx context.Context) error {
	return s.db.InTx(ctx, auth.System("forget imports"), func(tx *pg.Tx) error {
		s.work(tx).store.forgetImports()
		return nil
	})
}
