package accounts

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

func wrongCode() error {
	return fault.Problems([]fault.Field{{Pointer: "/code", Code: "wrong",
		Detail: "This code is not right, or it was used. Type the one that your app shows now."}})
}

// EnterCode lets in who gave the password and now gives a code, under a new token. Faults: Unauthenticated, Invalid, TooMany after 5
// codes within 15 minutes.
func (s *Service) EnterCode(ctx context.Context, session Session, code string) (Ticket, error) {
	if !session.AwaitsCode {
		return Ticket{}, notIn()
	}
	user := session.Actor.ID
	if err := s.count(ctx, try{"code", user.String(), 5}); err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err := s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		store := store{tx}
		c, err := store.lockCredentials(user)
		if err != nil {
			return err
		}
		if err := store.useCode(c, code); err != nil {
			return err
		}
		var id uuid.UUID
		if t, id, err = store.begin(user, false); err != nil {
			return err
		}
		tx.Queue(`UPDATE sessions SET ended_at = clock_timestamp() WHERE id = $1`, session.ID)
		store.forget("code", user.String())
		return audit.NewStore(tx).Record(audit.Event{Action: "give second factor", Subject: "user", SubjectID: &user,
			Detail: map[string]any{"session": id}})
	})
	return t, err
}

// useCode opens once with each code.
func (s store) useCode(c credentials, code string) error {
	secret, err := s.openTOTP(c)
	if err != nil {
		return err
	}
	step, ok := totpFits(secret, code, c.Now, c.TotpStep)
	if !ok || len(secret) == 0 {
		return wrongCode()
	}
	s.tx.Queue(`UPDATE credentials SET totp_step = $2 WHERE user_id = $1`, c.UserID, step)
	return nil
}

// BeginSecondFactor makes a secret for an authenticator app, or shows again the one that was begun: a mistyped code must not cost the setup. It counts from ConfirmSecondFactor on; until then the old one does, or none. Faults:
// Unauthenticated, Forbidden (NeedsPassword), Conflict while one is set up: an administrator takes it off first.
func (s *Service) BeginSecondFactor(ctx context.Context, session Session) (Setup, error) {
	if !session.Open() {
		return Setup{}, notIn()
	}
	if !session.Confirmed {
		return Setup{}, NeedsPassword()
	}
	var secret []byte
	err := s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		store := store{tx}
		c, err := store.lockCredentials(session.Actor.ID)
		if err != nil {
			return err
		}
		if c.TotpConfirmed {
			return fault.New(fault.Conflict, "A second step is set up already. An administrator can take it off, then set up the new phone.")
		}
		if secret, err = store.openTOTP(c); err != nil || len(secret) > 0 {
			return err
		}
		secret = newTOTP()
		tx.Queue(`UPDATE credentials SET totp_sealed = $2, totp_step = 0 WHERE user_id = $1`, c.UserID, []byte(store.sealTOTP(c.UserID, secret)))
		return nil
	})
	return setupOf(secret, session.Email), err
}

// ConfirmSecondFactor turns it on with a first code. Faults as EnterCode, and Conflict when none was begun.
func (s *Service) ConfirmSecondFactor(ctx context.Context, session Session, code string) error {
	if !session.Open() {
		return notIn()
	}
	user := session.Actor.ID
	if err := s.count(ctx, try{"code", user.String(), 5}); err != nil {
		return err
	}
	return s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		store := store{tx}
		c, err := store.lockCredentials(user)
		if err != nil {
			return err
		}
		if c.TotpConfirmed || len(c.TotpSealed) == 0 {
			return fault.New(fault.Conflict, "There is no second step to turn on. Begin again.")
		}
		if err := store.useCode(c, code); err != nil {
			return err
		}
		tx.Queue(`UPDATE credentials SET totp_confirmed_at = clock_timestamp() WHERE user_id = $1`, user)
		store.forget("code", user.String())
		return audit.NewStore(tx).Record(audit.Event{Action: "turn on second factor", Subject: "user", SubjectID: &user})
	})
}

// RemoveSecondFactor takes it off a person who lost their phone, and ends their sessions. Faults: Forbidden, NotFound for who has none.
func (s *Service) RemoveSecondFactor(ctx context.Context, actor auth.Actor, user uuid.UUID) error {
	if err := administers(actor); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		store := store{tx}
		if c, err := store.lockCredentials(user); err != nil || !c.TotpConfirmed {
			return fault.Wrap(fault.NotFound, err, "This person has no second step.")
		}
		tx.Queue(`UPDATE credentials SET totp_sealed = NULL, totp_confirmed_at = NULL, totp_step = 0 WHERE user_id = $1`, user)
		store.endAll(user)
		return audit.NewStore(tx).Record(audit.Event{Action: "remove second factor", Subject: "user", SubjectID: &user})
	})
}
