package referral

import (
	"time"

	"github.com/google/uuid"
)

// endContact ends a number or mail; what it led to stays as history.
func (s *store) endContact(id uuid.UUID, as string) {
	s.tx.Queue(`UPDATE contact_methods SET ended_at = $2, ended_by = $3, ended_as = $4 WHERE id = $1 AND ended_at IS NULL`, id, s.tx.Now, s.tx.Actor.ID, as)
}

func (s *store) endAddress(id uuid.UUID, as string) {
	s.tx.Queue(`UPDATE addresses SET ended_at = $2, ended_by = $3, ended_as = $4 WHERE id = $1 AND ended_at IS NULL`, id, s.tx.Now, s.tx.Actor.ID, as)
}

// checkWay writes when a way was last known to be right. One that is written up late does not take back a newer one.
func (s *store) checkWay(method, address *uuid.UUID, at time.Time) {
	for table, id := range map[string]*uuid.UUID{"contact_methods": method, "addresses": address} {
		if id != nil {
			s.tx.Queue(`UPDATE `+table+` SET verified_at = $2, verified_by = $3 WHERE id = $1 AND (verified_at IS NULL OR verified_at <= $2)`,
				*id, at, s.tx.Actor.ID)
		}
	}
}

// allowContact takes back do-not-contact, in full.
func (s *store) allowContact(client uuid.UUID) {
	s.tx.Queue(`UPDATE clients SET do_not_contact = false WHERE id = $1`, client)
}

// wish is what she said about being contacted at all.
type wish struct {
	ID       uuid.UUID
	ClientID uuid.UUID
	CaseID   uuid.UUID
	Wish     string // stop or resume
	Said     string
	How      string
	HeardBy  uuid.UUID
	OrgID    uuid.UUID
	HeardAt  time.Time
}

// TableName is gorm's.
func (wish) TableName() string { return "contact_wishes" }

// search is one place at which a person looks for a way to her.
type search struct {
	ID        uuid.UUID
	CaseID    uuid.UUID
	Place     string
	BeganAt   time.Time
	BeganBy   uuid.UUID
	Outcome   *string
	SettledAt *time.Time
	SettledBy *uuid.UUID
}

// TableName is gorm's.
func (search) TableName() string { return "way_searches" }

// searches of a case, oldest first.
func (s *store) searches(caseID uuid.UUID) ([]search, error) {
	var out []search
	err := s.db().Where("case_id = ?", caseID).Order("began_at, id").Limit(200).Find(&out).Error
	return out, wrap(err, "read where somebody looked for a way to case %s", caseID)
}

func (s *store) settleSearch(id uuid.UUID, outcome string) {
	s.tx.Queue(`UPDATE way_searches SET outcome = $2, settled_at = $3, settled_by = $4 WHERE id = $1`, id, outcome, s.tx.Now, s.tx.Actor.ID)
}

// askedOfReferrer says which of these cases wait for their source, and for what: it was asked for another way to reach her and has not
// answered, no way to her works, or she has not said yet whether she may be contacted. Hub only.
func (s *store) askedOfReferrer(cases []uuid.UUID) (map[uuid.UUID]string, error) {
	var rows []struct {
		ID      uuid.UUID
		Asked   bool
		Bounced bool
		Said    bool
	}
	err := s.db().Raw(`SELECT c.id, EXISTS (SELECT 1 FROM way_searches w WHERE w.case_id = c.id AND w.place = 'referrer_asks' AND w.settled_at IS NULL) AS asked,
			c.review_reasons && '{no_safe_route}' OR EXISTS (SELECT 1 FROM tasks t WHERE t.case_id = c.id AND t.closed_at IS NULL
				AND t.kind IN ('message.failed', 'message.in_doubt', 'contact.find_a_way')) AS bounced,
			EXISTS (SELECT 1 FROM consents x WHERE x.case_id = c.id AND x.gate = ? AND x.basis = ?) AS said
		FROM cases c WHERE c.id IN ? AND c.status <> 'closed'`, GateContact, herAnswer, cases).Scan(&rows).Error
	out := map[uuid.UUID]string{}
	for _, r := range rows {
		switch {
		case r.Asked:
			out[r.ID] = NeedsWay
		case r.Bounced:
			out[r.ID] = NeedsBounced
		case !r.Said:
			out[r.ID] = NeedsConsent
		}
	}
	return out, wrap(err, "see which sources are asked for a way")
}
