package audit

import (
	"bytes"
	"context"
	"fmt"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// Report is what Verify found.
type Report struct {
	Events   int64   // all events
	Sealed   int64   // events with a number
	Unsealed int64   // written since the last seal: they get theirs within a second
	Head     []byte  // hash of the newest batch: write it down outside the database
	Broken   *string // the first break, in words; nil = the history is as it was sealed
}

// Verify recomputes the whole chain. It reads in pages, each in a transaction of its own, and may run beside everything
// else. A broken chain is a finding in the report; the error is for a database that does not answer.
func (s *Sealer) Verify(ctx context.Context) (Report, error) {
	var r Report
	last := genesis()
	for {
		var links []batch
		err := s.read(ctx, func(store sealStore) (err error) {
			links, err = store.batches(last.Batch, 100)
			return err
		})
		if err != nil {
			return r, err
		}
		if len(links) == 0 {
			break
		}
		for _, b := range links {
			var seals []sealed
			err := s.read(ctx, func(store sealStore) (err error) {
				seals, err = store.sealsOf(b.Batch)
				return err
			})
			if err != nil {
				return r, err
			}
			r.breaks(checkBatch(last, b, seals))
			last = b
		}
	}
	r.Head = last.Hash
	return r, s.count(ctx, &r, last.Horizon)
}

// count walks the events from the other side: one below the horizon without a seal was slipped in afterwards.
func (s *Sealer) count(ctx context.Context, r *Report, horizon uint64) error {
	var at place
	for {
		var page []place
		err := s.read(ctx, func(store sealStore) (err error) {
			page, err = store.events(at, 5000)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			r.Events++
			switch {
			case e.Sealed:
				r.Sealed++
			case e.Xid < horizon:
				r.breaks(fmt.Sprintf("event %s was inserted behind the last seal", e.ID))
			default:
				r.Unsealed++
			}
		}
		at = page[len(page)-1]
	}
}

func (s *Sealer) read(ctx context.Context, fn func(sealStore) error) error {
	return s.db.InTx(ctx, auth.System("auditor"), func(tx *pg.Tx) error { return fn(sealStore{tx}) })
}

// breaks keeps the first finding.
func (r *Report) breaks(finding string) {
	if finding != "" && r.Broken == nil {
		r.Broken = &finding
	}
}

// checkBatch compares a batch with the one before it, with its seals, and with the events as they are now. Empty = sound.
func checkBatch(last, b batch, seals []sealed) string {
	switch {
	case b.Batch != last.Batch+1:
		return fmt.Sprintf("batch %d is missing", last.Batch+1)
	case b.FirstSeq != last.LastSeq+1:
		return fmt.Sprintf("batch %d begins at number %d, not %d", b.Batch, b.FirstSeq, last.LastSeq+1)
	case !bytes.Equal(b.PrevHash, last.Hash):
		return fmt.Sprintf("batch %d does not follow from batch %d", b.Batch, last.Batch)
	case b.Horizon < last.Horizon:
		return fmt.Sprintf("the horizon of batch %d lies before that of batch %d", b.Batch, last.Batch)
	}
	leaves := make([][]byte, len(seals))
	for i, s := range seals {
		want := b.FirstSeq + int64(i)
		switch {
		case s.Seq != want:
			return fmt.Sprintf("number %d is missing from batch %d", want, b.Batch)
		case !s.Found:
			return fmt.Sprintf("event %s (number %d) was removed", s.EventID, s.Seq)
		case !bytes.Equal(s.Event.leaf(), s.Hash):
			return fmt.Sprintf("event %s (number %d) was changed after it was sealed", s.EventID, s.Seq)
		}
		leaves[i] = s.Hash
	}
	switch {
	case int64(len(seals)) != b.LastSeq-b.FirstSeq+1:
		return fmt.Sprintf("batch %d has %d seals, not %d", b.Batch, len(seals), b.LastSeq-b.FirstSeq+1)
	case !bytes.Equal(b.link(leaves), b.Hash):
		return fmt.Sprintf("the seals of batch %d do not give its hash", b.Batch)
	}
	return ""
}
