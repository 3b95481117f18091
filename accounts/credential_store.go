package accounts

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// credentials are what a person signs in with.
type credentials struct {
	UserID        uuid.UUID
	Email         string
	PasswordHash  string
	TotpSealed    pg.Sealed
	TotpConfirmed bool
	TotpStep      int64
	Now           time.Time // machine time
}

const read = `SELECT c.user_id, u.email, c.password_hash, c.totp_sealed, c.totp_confirmed_at IS NOT NULL AS totp_confirmed, c.totp_step,
	clock_timestamp() AS now FROM credentials c JOIN users u ON u.id = c.user_id WHERE u.disabled_at IS NULL AND `

// credentialsOf are those of an e-mail address, or none: the caller takes as long all the same.
func (s store) credentialsOf(email string) (c credentials, err error) {
	if err = s.tx.Gorm().Raw(read+`lower(u.email) = lower(?)`, email).Scan(&c).Error; err != nil {
		return c, fmt.Errorf("look up what a person signs in with: %w", err)
	}
	return c, nil
}

// lockCredentials holds those of a user: two codes at once must not both open.
func (s store) lockCredentials(user uuid.UUID) (c credentials, err error) {
	var found []credentials
	if err = s.tx.Gorm().Raw(read+`c.user_id = ? FOR UPDATE OF c`, user).Scan(&found).Error; err != nil {
		return c, fmt.Errorf("lock what user %s signs in with: %w", user, err)
	}
	if len(found) == 0 {
		return c, notIn()
	}
	return found[0], nil
}

func (s store) setPassword(user uuid.UUID, hash string) {
	s.tx.Queue(`INSERT INTO credentials (user_id, password_hash, password_set_at) VALUES ($1, $2, clock_timestamp())
		ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, password_set_at = excluded.password_set_at`, user, hash)
}

func (s store) sealTOTP(user uuid.UUID, secret []byte) pg.Sealed {
	return s.tx.Keys().Seal("credentials", "totp_sealed", user, secret)
}

func (s store) openTOTP(c credentials) ([]byte, error) {
	return s.tx.Keys().Open("credentials", "totp_sealed", c.UserID, c.TotpSealed)
}
