package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// visitRow is one browser on a public page.
type visitRow struct {
	ID            uuid.UUID
	PageID        *uuid.UUID
	AnswersSealed pg.Sealed
	Age           float64 // seconds since it began
	SentAt        *time.Time
}

func (s *store) keepVisit(id uuid.UUID, hash []byte, page *uuid.UUID) {
	s.tx.Queue(`INSERT INTO public_visits (id, token_hash, page_id, begun_at, seen_at) VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp())`, id, hash, page)
}

// visit locks a visit and notes that it goes on. NotFound when it is over: what was typed is gone, or will be in a minute.
func (s *store) visit(hash []byte) (visitRow, error) {
	var found []visitRow
	err := s.db().Raw(`UPDATE public_visits SET seen_at = clock_timestamp() WHERE token_hash = ? AND seen_at > clock_timestamp() - interval '15 minutes'
		RETURNING id, page_id, answers_sealed, sent_at, extract(epoch FROM clock_timestamp() - begun_at) AS age`, hash).Scan(&found).Error
	if err != nil {
		return visitRow{}, wrap(err, "look up a visit")
	}
	if len(found) == 0 {
		return visitRow{}, fault.New(fault.NotFound, "We cleared your answers to keep them private. Please begin again.")
	}
	return found[0], nil
}

func (s *store) writeVisit(id uuid.UUID, sealed pg.Sealed, sent bool) {
	s.tx.Queue(`UPDATE public_visits SET answers_sealed = $2, sent_at = CASE WHEN $3 THEN clock_timestamp() ELSE sent_at END WHERE id = $1`, id, sealed, sent)
}

func (s *store) forgetVisit(hash []byte) {
	s.tx.Queue(`DELETE FROM public_visits WHERE token_hash = $1`, hash)
}

func (s *store) tidyVisits() {
	s.tx.Queue(`DELETE FROM public_visits WHERE seen_at < clock_timestamp() - interval '15 minutes'`)
	s.tx.Queue(`DELETE FROM public_tries WHERE since < clock_timestamp() - interval '1 day'`)
}

// countTry returns how long to wait, 0 for a try that is free.
func (s *store) countTry(subject string, key []byte, limit int) (time.Duration, error) {
	var now struct {
		Tries int
		Left  float64 // seconds
	}
	err := s.db().Raw(`INSERT INTO public_tries AS t (subject, key_hash, tries, since) VALUES (@subject, @key, 1, clock_timestamp())
		ON CONFLICT (subject, key_hash) DO UPDATE SET
			tries = CASE WHEN t.since < clock_timestamp() - interval '15 minutes' THEN 1 ELSE t.tries + 1 END,
			since = CASE WHEN t.since < clock_timestamp() - interval '15 minutes' THEN clock_timestamp() ELSE t.since END
		RETURNING tries, extract(epoch FROM since + interval '15 minutes' - clock_timestamp()) AS left`,
		map[string]any{"subject": subject, "key": key}).Scan(&now).Error
	if err != nil || now.Tries <= limit {
		return 0, wrap(err, "count a try")
	}
	return max(time.Second, time.Duration(now.Left*float64(time.Second))), nil
}
