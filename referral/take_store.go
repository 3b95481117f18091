package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
)

// lockTaken is a referral that the hub wrote down, locked against a second scan at the same moment. Hub only.
func (s *store) lockTaken(id uuid.UUID) (Referral, error) {
	var found []Referral
	err := s.db().Raw(`SELECT * FROM referrals WHERE id = ? FOR NO KEY UPDATE`, id).Scan(&found).Error
	switch {
	case err != nil:
		return Referral{}, wrap(err, "lock referral %s", id)
	case len(found) == 0:
		return Referral{}, fault.New(fault.NotFound, "There is no such referral.")
	case !takenByHand(found[0].Channel):
		return Referral{}, fault.New(fault.Conflict, "This referral was sent by its source itself: no paper of it came here.")
	}
	return found[0], nil
}

// scansOf says which are kept, without what they show.
func (s *store) scansOf(referrals []uuid.UUID) ([]scan, error) {
	if len(referrals) == 0 {
		return nil, nil
	}
	var out []scan
	err := s.db().Raw(`SELECT id, referral_id, kind, bytes, kept_at, kept_by, erased_at FROM scans WHERE referral_id IN ? ORDER BY kept_at, id`, referrals).Scan(&out).Error
	return out, wrap(err, "list scans")
}

// scan is one that was not erased, and the case of its referral.
func (s *store) scan(id uuid.UUID) (scan, uuid.UUID, error) {
	var found []scan
	var cases []uuid.UUID
	err := s.db().Raw(`SELECT * FROM scans WHERE id = ? AND erased_at IS NULL`, id).Scan(&found).Error
	if err == nil && len(found) == 0 {
		return scan{}, uuid.Nil, fault.New(fault.NotFound, "There is no such scan.")
	}
	if err == nil {
		cases, err = s.tx.IDs(`SELECT case_id FROM referrals WHERE id = $1`, found[0].ReferralID)
	}
	if err != nil || len(cases) == 0 {
		return scan{}, uuid.Nil, wrap(err, "read scan %s", id)
	}
	return found[0], cases[0], nil
}

func (s *store) eraseScan(id uuid.UUID) {
	s.tx.Queue(`UPDATE scans SET content_sealed = NULL, erased_at = $2, erased_by = $3 WHERE id = $1 AND erased_at IS NULL`, id, s.tx.Now, s.tx.Actor.ID)
}

type arrivalRow struct {
	ID         uuid.UUID
	CaseID     uuid.UUID
	Reference  string
	Channel    string
	Source     string
	ReceivedAt time.Time
	EnteredAt  time.Time
}

// arrivals are the referrals of a case, or one by its id. Hub only.
func (s *store) arrivals(where string, id uuid.UUID) ([]arrivalRow, error) {
	var out []arrivalRow
	err := s.db().Raw(`SELECT r.id, r.case_id, r.reference, r.channel, CASE WHEN r.source_kind IN ('self', 'friend') THEN '' ELSE o.name END AS source, r.received_at, r.entered_at
		FROM referrals r JOIN organizations o ON o.id = r.org_id WHERE r.`+where+` = ? ORDER BY r.received_at, r.id LIMIT 100`, id).Scan(&out).Error
	return out, wrap(err, "read how referrals of %s %s came", where, id)
}
