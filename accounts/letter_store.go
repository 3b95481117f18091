package accounts

import (
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/internal/pg"
)

const readLetter = `SELECT l.id, l.kind, l.user_id, u.email, u.name FROM account_letters l JOIN users u ON u.id = l.user_id
	WHERE l.used_at IS NULL AND u.disabled_at IS NULL AND `

type letterRow struct {
	ID          uuid.UUID
	Kind        string
	UserID      uuid.UUID
	Email, Name string
}

func (r letterRow) letter() Letter {
	return Letter{ID: r.ID, Kind: r.Kind, Email: r.Email, Name: r.Name}
}

// lockLetter is a letter that still waits to leave or to be used, or none.
func (s store) lockLetter(id uuid.UUID) (Letter, error) {
	var row letterRow
	if err := s.tx.Gorm().Raw(readLetter+`l.id = ? FOR UPDATE OF l`, id).Scan(&row).Error; err != nil {
		return Letter{}, fmt.Errorf("lock letter %s: %w", id, err)
	}
	return row.letter(), nil
}

// letterOf is the letter of a token that still opens.
func (s store) letterOf(hash []byte, lock string) (Letter, error) {
	row, err := s.letterRow(hash, lock)
	return row.letter(), err
}

func (s store) letterRow(hash []byte, lock string) (letterRow, error) {
	var rows []letterRow
	if err := s.tx.Gorm().Raw(readLetter+`l.token_hash = ? AND l.expires_at > clock_timestamp()`+lock, hash).Scan(&rows).Error; err != nil {
		return letterRow{}, fmt.Errorf("look up a letter: %w", err)
	}
	if len(rows) == 0 {
		return letterRow{}, noLetter()
	}
	return rows[0], nil
}

func (s store) lockLetterOf(hash []byte) (Letter, uuid.UUID, error) {
	row, err := s.letterRow(hash, ` FOR UPDATE OF l`)
	return row.letter(), row.UserID, err
}

// userByEmail is the live user who may sign in, or none.
func (s store) userByEmail(email string) (uuid.UUID, error) {
	var found struct{ ID uuid.UUID }
	if err := s.tx.Gorm().Raw(`SELECT id FROM users WHERE lower(email) = lower(?) AND disabled_at IS NULL`, email).Scan(&found).Error; err != nil {
		return uuid.Nil, fmt.Errorf("look up a person: %w", err)
	}
	return found.ID, nil
}

func (s store) mayGetLetter(user uuid.UUID) error {
	var n int64
	if err := s.tx.Gorm().Table("users").Where("id = ? AND disabled_at IS NULL", user).Count(&n).Error; err != nil {
		return fmt.Errorf("look up user %s: %w", user, err)
	}
	if n == 0 {
		return pg.NotFound(gorm.ErrRecordNotFound, "person")
	}
	return nil
}
