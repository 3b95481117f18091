package audit

import (
	"context"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// batchSize bounds one sealing transaction: large enough for a busy second, small enough to stay below 100 ms.
const batchSize = 2000

// Sealer numbers and chains what is committed, and recomputes it all on demand.
type Sealer struct{ db *pg.DB }

// NewSealer returns a sealer on db. Any number may run: one works at a time, the others wait for it.
func NewSealer(db *pg.DB) *Sealer { return &Sealer{db} }

// Seal seals every event that is committed and that no running transaction can still precede, and returns how many it
// sealed. Its caller repeats it each second; a run that fails has done nothing or whole batches. A long writing
// transaction anywhere in the cluster, other databases included, holds sealing up; nothing is lost by that.
func (s *Sealer) Seal(ctx context.Context) (int, error) {
	total := 0
	for {
		n := 0
		err := s.db.InTx(ctx, auth.System("sealer"), func(tx *pg.Tx) error {
			var err error
			n, err = sealBatch(sealStore{tx})
			return err
		})
		total += n
		if err != nil || n < batchSize {
			return total, err
		}
	}
}

// sealBatch seals the next events in the order of their transactions. The horizon is the oldest transaction still
// running: what is below it is committed or gone, so no event can ever appear there later, and a gap cannot arise. A full
// batch may end inside a transaction; its horizon is then that transaction, and the next batch takes what is left of it.
func sealBatch(store sealStore) (int, error) {
	if err := store.lock(); err != nil {
		return 0, err
	}
	last, err := store.lastBatch()
	if err != nil {
		return 0, err
	}
	horizon, err := store.oldestRunning()
	if err != nil {
		return 0, err
	}
	events, err := store.unsealed(last.Horizon, horizon, batchSize)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	if len(events) == batchSize {
		horizon = events[batchSize-1].Xid
	}
	next := batch{
		Batch: last.Batch + 1, FirstSeq: last.LastSeq + 1, LastSeq: last.LastSeq + int64(len(events)),
		Horizon: horizon, PrevHash: last.Hash,
	}
	seals, leaves := make([]seal, len(events)), make([][]byte, len(events))
	for i, e := range events {
		leaves[i] = e.leaf()
		seals[i] = seal{Seq: next.FirstSeq + int64(i), EventID: e.ID, Batch: next.Batch, Hash: leaves[i]}
	}
	next.Hash = next.link(leaves)
	return len(events), store.insert(next, seals)
}
