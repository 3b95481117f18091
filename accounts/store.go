package accounts

import (
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// store reads and writes users and keys. All of it is the hub's work.
type store struct{ tx *pg.Tx }

func (s store) orgKind(id uuid.UUID) (auth.OrgKind, error) {
	var org struct{ Kind auth.OrgKind }
	err := s.tx.Gorm().Table("organizations").Select("kind").Where("id = ? AND closed_at IS NULL", id).Take(&org).Error
	if err != nil {
		return "", fmt.Errorf("read the kind of organization %s: %w", id, pg.NotFound(err, "organization"))
	}
	return org.Kind, nil
}

// userOf returns the user of this e-mail address, who is written when new.
func (s store) userOf(u User) (User, error) {
	err := s.tx.Gorm().Exec(`INSERT INTO users (id, email, name, created_at) VALUES (@ID, @Email, @Name, @CreatedAt)
		ON CONFLICT (lower(email)) DO NOTHING`, u).Error
	if err != nil {
		return User{}, fmt.Errorf("write user %s: %w", u.ID, err)
	}
	var known User
	if err := s.tx.Gorm().Where("lower(email) = lower(?)", u.Email).Take(&known).Error; err != nil {
		return User{}, fmt.Errorf("read back user %s: %w", u.ID, err)
	}
	return known, nil
}

func (s store) give(m membership) error {
	r := s.tx.Gorm().Exec(`INSERT INTO memberships (user_id, org_id, site_id, role) VALUES (@UserID, @OrgID, @SiteID, @Role)
		ON CONFLICT (user_id, org_id, role) DO UPDATE SET ended_at = NULL, site_id = excluded.site_id WHERE memberships.ended_at IS NOT NULL`, m)
	if r.Error != nil {
		return fmt.Errorf("give user %s a role: %w", m.UserID, r.Error)
	}
	if r.RowsAffected == 0 {
		return fault.New(fault.Conflict, "This person holds this role already.")
	}
	return nil
}

// checkSite: the site must be the organization's.
func (s store) checkSite(org uuid.UUID, site *uuid.UUID) error {
	if site == nil {
		return nil
	}
	return s.checkHolder(KeyForm{OrgID: org, SiteID: site})
}

// checkHolder: the site must be the organization's, the person must hold the role in it.
func (s store) checkHolder(f KeyForm) error {
	var ok struct{ Site, Holder bool }
	err := s.tx.Gorm().Raw(`SELECT
		CAST(@SiteID AS uuid) IS NULL OR EXISTS (SELECT 1 FROM sites WHERE id = @SiteID AND org_id = @OrgID) AS site,
		CAST(@UserID AS uuid) IS NULL OR EXISTS (SELECT 1 FROM memberships
			WHERE user_id = @UserID AND org_id = @OrgID AND role = @Role AND ended_at IS NULL) AS holder`, f).Scan(&ok).Error
	switch {
	case err != nil:
		return fmt.Errorf("check whose key it is: %w", err)
	case !ok.Site:
		return fault.New(fault.NotFound, "This organization has no such site.")
	case !ok.Holder:
		return fault.New(fault.Invalid, "This person does not hold the role of the key.")
	}
	return nil
}

func (s store) revoke(id uuid.UUID) error {
	r := s.tx.Gorm().Exec(`UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL`, s.tx.Now, id)
	if r.Error != nil {
		return fmt.Errorf("revoke API key %s: %w", id, r.Error)
	}
	if r.RowsAffected == 0 {
		return pg.NotFound(gorm.ErrRecordNotFound, "API key")
	}
	return nil
}

// credential is the key of this lookup, or the zero credential when there is none: the caller compares all the same.
// A key expires by machine time, like a session: a clock that tests and demos move must not open or shut the door.
func (s store) credential(lookup string) (credential, error) {
	var found credential
	err := s.tx.Gorm().Raw(`SELECT k.id, k.org_id, o.kind AS org_kind, k.site_id, k.user_id, k.role, k.secret_hash,
		k.revoked_at IS NULL AND coalesce(k.expires_at > clock_timestamp(), true) AND o.closed_at IS NULL
		AND (k.user_id IS NULL OR EXISTS (SELECT 1 FROM users u JOIN memberships m ON m.user_id = u.id
			WHERE u.id = k.user_id AND u.disabled_at IS NULL AND m.org_id = k.org_id AND m.role = k.role AND m.ended_at IS NULL)) AS live
		FROM api_keys k JOIN organizations o ON o.id = k.org_id WHERE k.lookup = ?`, lookup).Scan(&found).Error
	if err != nil {
		return credential{}, fmt.Errorf("look up an API key: %w", err)
	}
	return found, nil
}

// roles are those that a person holds, in no key's name.
func (s store) roles(email string) ([]credential, error) {
	var held []credential
	err := s.tx.Gorm().Raw(`SELECT m.user_id, m.org_id, o.kind AS org_kind, m.role FROM users u JOIN memberships m ON m.user_id = u.id
		JOIN organizations o ON o.id = m.org_id WHERE lower(u.email) = lower(?) AND u.disabled_at IS NULL AND m.ended_at IS NULL
		AND o.closed_at IS NULL ORDER BY m.org_id, m.role`, email).Scan(&held).Error
	if err != nil {
		return nil, fmt.Errorf("look up the roles of a person: %w", err)
	}
	return held, nil
}
