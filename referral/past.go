package referral

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/providers"
	"doorstep/rulebook"
)

// pastBatch is how many decisions are in memory at once. One is some 10 kB.
const pastBatch = 500

// Past shows the rule book what was decided, for it to be decided again. Race and ethnicity are read here, to count by, and
// nowhere else beside the forms that ask for them.
func (s *Service) Past() rulebook.Past {
	return rulebook.Past{Count: s.countPast, Cases: s.pastCases, Rooms: s.rooms}
}

func pastReader() auth.Actor { return auth.System("past decisions") }

func (s *Service) countPast(ctx context.Context, from, until time.Time) (n int, err error) {
	err = s.db.InTx(ctx, pastReader(), func(tx *pg.Tx) error {
		n, err = s.work(tx).store.countPast(from, until)
		return err
	})
	return n, err
}

// pastCases reads in batches behind the last case's id, each in a transaction of its own. The first leaves a row in the history.
func (s *Service) pastCases(ctx context.Context, from, until time.Time, after uuid.UUID) iter.Seq2[rulebook.PastCase, error] {
	return func(yield func(rulebook.PastCase, error) bool) {
		for {
			var rows []pastRow
			err := s.db.InTx(ctx, pastReader(), func(tx *pg.Tx) (err error) {
				w := s.work(tx)
				if rows, err = w.store.pastCases(from, until, after, pastBatch); err != nil || after != uuid.Nil {
					return err
				}
				return w.audit.Record(audit.Event{Action: "read past decisions", Subject: "decision", Detail: map[string]any{"from": from, "until": until}})
			})
			if err != nil {
				yield(rulebook.PastCase{}, err)
				return
			}
			for _, row := range rows {
				if c, err := row.past(); !yield(c, err) || err != nil {
					return
				}
				after = row.CaseID
			}
			if len(rows) < pastBatch {
				return
			}
		}
	}
}

// past reads what was frozen. The cause of a fault may quote it, so only the id is named.
func (r pastRow) past() (rulebook.PastCase, error) {
	c := rulebook.PastCase{CaseID: r.CaseID, Kept: r.Places != nil, RaceEthnicity: r.RaceEthnicity}
	if !c.Kept {
		return c, nil
	}
	if json.Unmarshal(r.Facts, &c.Facts) != nil || json.Unmarshal(r.Places, &c.Places) != nil {
		return c, fmt.Errorf("the newest decision of case %s cannot be read", r.CaseID)
	}
	return c, nil
}

// rooms are the programs of the network with what is free today, by the hub's date.
func (s *Service) rooms(ctx context.Context) (out []rulebook.Room, err error) {
	err = s.db.InTx(ctx, pastReader(), func(tx *pg.Tx) error {
		w := s.work(tx)
		_, cal, err := w.desk()
		if err != nil {
			return err
		}
		places, err := w.providers.Places("", cal.Day(tx.Now))
		if err != nil {
			return err
		}
		out = make([]rulebook.Room, 0, len(places))
		for _, p := range places {
			out = append(out, rulebook.Room{ProgramID: p.ProgramID.String(), Name: p.Name, Code: p.PackCode, Free: p.Free, Open: p.Intake == providers.IntakeOpen})
		}
		return nil
	})
	return out, err
}

// Decisions yields the stored decisions of the last days (0 = all) in the order of their ids, with their very bytes. Whoever may
// run commands on the server reads them as the system.
func (s *Service) Decisions(ctx context.Context, days int) iter.Seq2[rulebook.Kept, error] {
	return func(yield func(rulebook.Kept, error) bool) {
		after := uuid.Nil
		for {
			var rows []rulebook.Kept
			err := s.db.InTx(ctx, auth.System("replay"), func(tx *pg.Tx) (err error) {
				w := s.work(tx)
				from := time.Time{}
				if days > 0 {
					from = tx.Now.AddDate(0, 0, -days)
				}
				if rows, err = w.store.keptDecisions(from, after, pastBatch); err != nil || after != uuid.Nil {
					return err
				}
				return w.audit.Record(audit.Event{Action: "replay decisions", Subject: "decision", Detail: map[string]any{"days": days}})
			})
			if err != nil {
				yield(rulebook.Kept{}, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
				after = row.ID
			}
			if len(rows) < pastBatch {
				return
			}
		}
	}
}
