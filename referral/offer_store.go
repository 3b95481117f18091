package referral

import (
	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// offers are all offers of a case, oldest first.
func (s *store) offers(caseID uuid.UUID) ([]Offer, error) {
	var out []Offer
	err := s.db().Select(`offers.*, EXISTS (SELECT 1 FROM claims k WHERE k.offer_id = offers.id AND k.ended_as = 'released') AS released`).
		Where("case_id = ?", caseID).Order("made_at, id").Limit(500).Find(&out).Error
	return out, wrap(err, "read the offers of case %s", caseID)
}

// ownOffers are the offers of a case to the actor's own agency, newest first. In the agency's role it sees no others.
func (s *store) ownOffers(caseID, org uuid.UUID) ([]Offer, error) {
	var out []Offer
	err := s.db().Where("case_id = ? AND org_id = ?", caseID, org).Order("made_at DESC, id").Limit(100).Find(&out).Error
	return out, wrap(err, "read the offers of case %s", caseID)
}

func (s *store) offer(id uuid.UUID) (Offer, error) {
	var o Offer
	err := s.db().Where("id = ?", id).Take(&o).Error
	return o, pg.NotFound(err, "offer")
}

func (s *store) endOffer(id uuid.UUID, as string, declineCode *string, move uuid.UUID) {
	s.tx.Queue(`UPDATE offers SET ended_at = $2, ended_as = $3, decline_code = $4, closed_move = $5 WHERE id = $1 AND ended_at IS NULL`,
		id, s.tx.Now, as, declineCode, move)
}

// withdrawOffers ends every open offer of a case but one (or none).
func (s *store) withdrawOffers(caseID uuid.UUID, but *uuid.UUID, as string, move uuid.UUID) {
	s.tx.Queue(`UPDATE offers SET ended_at = $3, ended_as = $4, closed_move = $5 WHERE case_id = $1 AND ended_at IS NULL
		AND ($2::uuid IS NULL OR id <> $2)`, caseID, but, s.tx.Now, as, move)
}

// pool is a page of the open offers of one agency in rank order.
func (s *store) pool(org uuid.UUID, after pg.Cursor, limit int) ([]Offer, error) {
	q := s.db().Where("org_id = ? AND ended_at IS NULL", org)
	if after.ID != "" {
		q = q.Where("(rank_key, id) > (?, ?::uuid)", after.Key, after.ID)
	}
	var out []Offer
	err := q.Order("rank_key, id").Limit(limit).Find(&out).Error
	return out, wrap(err, "read the pool of organization %s", org)
}

// firstOfRoute is the program that the newest decision put first, or the nil id.
func (s *store) firstOfRoute(caseID uuid.UUID) (uuid.UUID, error) {
	var first []string
	err := s.db().Raw(`SELECT coalesce(outcome -> 'route' ->> 0, '') FROM decisions WHERE case_id = ? ORDER BY decided_at DESC, id DESC LIMIT 1`,
		caseID).Scan(&first).Error
	if err != nil || len(first) == 0 || first[0] == "" {
		return uuid.Nil, wrap(err, "read the route of case %s", caseID)
	}
	return uuid.Parse(first[0])
}

// offersShow keeps what the open offers of a case say of its stage true.
func (s *store) offersShow(caseID uuid.UUID, stage string) {
	s.tx.Queue(`UPDATE offers SET stage = $2 WHERE case_id = $1 AND ended_at IS NULL`, caseID, stage)
}

// offersAhead counts the open offers to the same program that stand before this one: what is offered to it alone before its pool, each in rank
// order. A transfer stands in no line.
func (s *store) offersAhead(o Offer) (int, error) {
	if o.Kind == transfer {
		return 0, nil
	}
	var n int
	err := s.db().Raw(`SELECT count(*) FROM offers WHERE org_id = @OrgID AND program_id = @ProgramID AND ended_at IS NULL
		AND kind <> 'transfer' AND (kind, rank_key, id) < (@Kind, @RankKey, @ID)`, o).Scan(&n).Error
	return n, wrap(err, "count who stands before offer %s", o.ID)
}
