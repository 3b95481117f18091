package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// history is what happened on a case, each in order, as far as the role may see.
func (s *store) history(caseID uuid.UUID) (visits []Visit, attempts []Attempt, moves []Move, err error) {
	if err = s.db().Where("case_id = ?", caseID).Order("coalesce(held_at, planned_for), id").Limit(500).Find(&visits).Error; err != nil {
		return nil, nil, nil, wrap(err, "read the visits of case %s", caseID)
	}
	if err = s.db().Where("case_id = ?", caseID).Order("at, id").Limit(500).Find(&attempts).Error; err != nil {
		return nil, nil, nil, wrap(err, "read the attempts of case %s", caseID)
	}
	err = s.db().Select("action", "from_status", "to_status", "actor_id", "moved_at", "undone_at").Where("case_id = ?", caseID).Order("seq").Limit(1000).Find(&moves).Error
	return visits, attempts, moves, wrap(err, "read the moves of case %s", caseID)
}

func (s *store) latestClaim(caseID uuid.UUID) (*Claim, error) {
	var found []Claim
	err := s.db().Where("case_id = ? AND ended_as IS DISTINCT FROM 'undone'", caseID).Order("claimed_at DESC, id").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return nil, wrap(err, "read the claim of case %s", caseID)
	}
	return &found[0], nil
}

// person is somebody in the record, or nil where the role may not see her.
func (s *store) person(client uuid.UUID) (*Client, error) {
	var found []Client
	if err := s.db().Where("id = ?", client).Find(&found).Error; err != nil || len(found) == 0 {
		return nil, wrap(err, "read client %s", client)
	}
	return &found[0], nil
}

// reach is the ways to her that are current, as the hub.
func (s *store) reach(client uuid.UUID) (contacts []ContactMethod, addresses []Address, err error) {
	if err = s.db().Where("client_id = ? AND ended_at IS NULL", client).Order("given_at, id").Limit(50).Find(&contacts).Error; err != nil {
		return nil, nil, wrap(err, "read the contact methods of client %s", client)
	}
	err = s.db().Where("client_id = ? AND ended_at IS NULL", client).Order("given_at DESC, id").Limit(50).Find(&addresses).Error
	return contacts, addresses, wrap(err, "read the addresses of client %s", client)
}

func (s *store) consents(caseID uuid.UUID) ([]Consent, error) {
	var out []Consent
	err := s.db().Where("case_id = ?", caseID).Order("given_at, id").Limit(500).Find(&out).Error
	return out, wrap(err, "read the consents of case %s", caseID)
}

// caseList is a page of open or all cases in rank order. An agency lists the cases that it may see in full.
func (s *store) caseList(status Status, agency *uuid.UUID, after pg.Cursor, limit int) ([]Case, error) {
	q := s.db().Model(&Case{})
	switch {
	case status != "":
		q = q.Where("status = ?", status)
	default:
		q = q.Where("status <> 'closed'")
	}
	if agency != nil {
		q = q.Where(`id IN (SELECT case_id FROM case_access WHERE org_id = ? AND level = 'full' AND until IS NULL)`, *agency)
	}
	if after.ID != "" {
		q = q.Where("rank_key > ?", after.Key) // unique: it ends in the case's id
	}
	var out []Case
	err := q.Order("rank_key").Limit(limit).Find(&out).Error
	return out, wrap(err, "list cases")
}

// referral is one referral that the role may see, or NotFound.
func (s *store) referral(id uuid.UUID) (Referral, error) {
	var r Referral
	err := s.db().Where("id = ?", id).Take(&r).Error
	return r, pg.NotFound(err, "referral")
}

// referralList is a page of one source's referrals, newest first.
func (s *store) referralList(org uuid.UUID, before *time.Time, id uuid.UUID, limit int) ([]Referral, error) {
	q := s.db().Where("org_id = ?", org)
	if before != nil {
		q = q.Where("(received_at, id) < (?, ?)", *before, id)
	}
	var out []Referral
	err := q.Order("received_at DESC, id DESC").Limit(limit).Find(&out).Error
	return out, wrap(err, "list the referrals of organization %s", org)
}

// referralHeads are a source's newest referrals without what they say.
func (s *store) referralHeads(org uuid.UUID, limit int) ([]Referral, error) {
	var out []Referral
	err := s.db().Select("id", "reference", "case_id", "org_id", "referrer_class", "stage", "received_at", "consent", "withdrawn_at").
		Where("org_id = ?", org).Order("received_at DESC, id DESC").Limit(limit).Find(&out).Error
	return out, wrap(err, "count the referrals of organization %s", org)
}

func (s *store) withdrawReferral(id uuid.UUID) {
	s.tx.Queue(`UPDATE referrals SET withdrawn_at = $2 WHERE id = $1`, id, s.tx.Now)
}

func (s *store) casesByID(ids []uuid.UUID) (map[uuid.UUID]Case, error) {
	var rows []Case
	if err := s.db().Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, wrap(err, "read the cases of a page")
	}
	out := make(map[uuid.UUID]Case, len(rows))
	for _, c := range rows {
		out[c.ID] = c
	}
	return out, nil
}
