package referral

import (
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// deskSearch is what somebody looked for.
type deskSearch struct {
	ID          uuid.UUID
	AskedBy     uuid.UUID
	AskedAt     time.Time
	ExpiresAt   time.Time
	QuerySealed pg.Sealed
}

// TableName is gorm's.
func (deskSearch) TableName() string { return "searches" }

func (s *store) forgetSearches() {
	s.tx.Queue(`DELETE FROM searches WHERE expires_at < $1`, s.tx.Now)
}

func (s *store) deskSearch(id uuid.UUID) (deskSearch, error) {
	var row deskSearch
	err := s.db().Where("id = ? AND asked_by = ? AND expires_at > ?", id, s.tx.Actor.ID, s.tx.Now).Take(&row).Error
	return row, pg.NotFound(err, "search")
}

type foundRow struct {
	Case
	GivenName   string
	FamilyName  string
	DateOfBirth *civil.Date
}

// find looks for cases by their caregiver, the likest name first, then the newest. A name is found by any part of it that is written alike,
// and by the sound of the whole. A reference is the case's or that of a referral: a family and a referrer know no other.
func (s *store) find(q sought, limit int) ([]foundRow, error) {
	given, family, _ := strings.Cut(q.name, " ")
	args := map[string]any{"name": q.name, "given": given, "family": family, "phone": q.phone, "reference": q.reference, "limit": limit}
	var where []string
	if q.name != "" {
		where = append(where, `(p.plain_name %> plain_name(@name) OR name_codes(p.given_name, p.family_name, p.date_of_birth) &&
			(SELECT array_agg(code) FROM unnest(name_codes(@given, @family, NULL)) AS code WHERE code LIKE 'n%'))`)
	}
	if q.phone != "" {
		where = append(where, `p.id IN (SELECT client_id FROM contact_methods WHERE channel = 'phone' AND value = @phone)`)
	}
	if q.reference != "" {
		args["told"] = strings.ToUpper(q.reference[:4] + "-" + q.reference[4:])
		where = append(where, `(right(c.id::text, 8) = @reference OR c.id = (SELECT case_id FROM referrals WHERE reference = @told))`)
	}
	if q.born != nil {
		args["born"] = q.born.String()
		where = append(where, `p.date_of_birth = CAST(@born AS date)`)
	}
	var out []foundRow
	err := s.db().Raw(`SELECT c.*, p.given_name, p.family_name, p.date_of_birth FROM cases c JOIN clients p ON p.id = c.caregiver_id
		WHERE `+strings.Join(where, " AND ")+` ORDER BY word_similarity(plain_name(@name), p.plain_name) DESC, c.received_at DESC, c.id LIMIT @limit`, args).Scan(&out).Error
	return out, wrap(err, "search")
}
