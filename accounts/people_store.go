package accounts

import (
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// personColumns count, beside who somebody is, the families for whom a person must be found before this one goes.
const personColumns = `SELECT u.id, u.email, u.name, u.disabled_at, (SELECT max(seen_at) FROM sessions WHERE user_id = u.id) AS seen_at,
	c.user_id IS NOT NULL AS password, c.totp_confirmed_at IS NOT NULL AS second_step,
	(SELECT count(*) FROM claims WHERE visitor_id = u.id AND ended_at IS NULL)
		+ (SELECT count(*) FROM enrollments WHERE visitor_id = u.id AND ended_at IS NULL)
		+ (SELECT count(*) FROM cases WHERE owner_id = u.id AND status = 'waitlisted') AS families
	FROM users u LEFT JOIN credentials c ON c.user_id = u.id `

func (s store) people(org uuid.UUID, after pg.Cursor, limit int) ([]Person, error) {
	var people []Person
	if after.ID == "" {
		after.ID = uuid.Nil.String()
	}
	err := s.tx.Gorm().Raw(personColumns+`WHERE (u.name, u.id) > (@name, CAST(@id AS uuid))
		AND (CAST(@org AS uuid) = @none OR EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.org_id = @org AND m.ended_at IS NULL))
		ORDER BY u.name, u.id LIMIT @limit`,
		map[string]any{"name": after.Key, "id": after.ID, "org": org, "none": uuid.Nil, "limit": limit}).Scan(&people).Error
	if err != nil {
		return nil, fmt.Errorf("list the people: %w", err)
	}
	return people, s.holding(people)
}

func (s store) person(id uuid.UUID) (Person, error) {
	var found []Person
	if err := s.tx.Gorm().Raw(personColumns+`WHERE u.id = ?`, id).Scan(&found).Error; err != nil {
		return Person{}, fmt.Errorf("read user %s: %w", id, err)
	}
	if len(found) == 0 {
		return Person{}, pg.NotFound(gorm.ErrRecordNotFound, "person")
	}
	return found[0], s.holding(found)
}

// holding fills in the roles.
func (s store) holding(people []Person) error {
	ids, at := make([]uuid.UUID, len(people)), map[uuid.UUID]int{}
	for i, p := range people {
		ids[i], at[p.ID], people[i].Roles = p.ID, i, []HeldRole{}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []struct {
		UserID   uuid.UUID
		HeldRole `gorm:"embedded"`
	}
	err := s.tx.Gorm().Raw(`SELECT m.user_id, m.org_id, o.name AS org, m.role, coalesce(t.name, '') AS site FROM memberships m
		JOIN organizations o ON o.id = m.org_id LEFT JOIN sites t ON t.id = m.site_id
		WHERE m.user_id IN ? AND m.ended_at IS NULL ORDER BY o.name, m.role`, ids).Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("read the roles of people: %w", err)
	}
	for _, r := range rows {
		people[at[r.UserID]].Roles = append(people[at[r.UserID]].Roles, r.HeldRole)
	}
	return nil
}

// lockUser keeps two administrators from deciding about one person at once.
func (s store) lockUser(id uuid.UUID) (User, error) {
	var found []User
	if err := s.tx.Gorm().Raw(`SELECT id, email, name, created_at, disabled_at FROM users WHERE id = ? FOR UPDATE`, id).Scan(&found).Error; err != nil {
		return User{}, fmt.Errorf("lock user %s: %w", id, err)
	}
	if len(found) == 0 {
		return User{}, pg.NotFound(gorm.ErrRecordNotFound, "person")
	}
	return found[0], nil
}

// carries counts the families of a person: of one organization, or with uuid.Nil of all.
func (s store) carries(user, org uuid.UUID) (int, error) {
	var n int
	err := s.tx.Gorm().Raw(`SELECT (SELECT count(*) FROM claims WHERE visitor_id = @user AND ended_at IS NULL AND (CAST(@org AS uuid) = @none OR org_id = @org))
		+ (SELECT count(*) FROM enrollments WHERE visitor_id = @user AND ended_at IS NULL AND (CAST(@org AS uuid) = @none OR org_id = @org))
		+ (SELECT count(*) FROM cases WHERE owner_id = @user AND status = 'waitlisted'
			AND (CAST(@org AS uuid) = @none OR EXISTS (SELECT 1 FROM organizations WHERE id = @org AND kind = 'hub')))`,
		map[string]any{"user": user, "org": org, "none": uuid.Nil}).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count the families of user %s: %w", user, err)
	}
	return n, nil
}

// endRole ends one role and the sessions in it; false when it is not held.
func (s store) endRole(user, org uuid.UUID, role auth.Role) (bool, error) {
	r := s.tx.Gorm().Exec(`UPDATE memberships SET ended_at = ? WHERE user_id = ? AND org_id = ? AND role = ? AND ended_at IS NULL`, s.tx.Now, user, org, role)
	if r.Error != nil {
		return false, fmt.Errorf("end a role of user %s: %w", user, r.Error)
	}
	s.tx.Queue(`UPDATE sessions SET ended_at = clock_timestamp() WHERE user_id = $1 AND org_id = $2 AND role = $3 AND ended_at IS NULL`, user, org, role)
	return r.RowsAffected > 0, nil
}
