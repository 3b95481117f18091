package accounts

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// SignInForm is what a person types, and from where.
type SignInForm struct {
	Email, Password string
	Address         string // of the caller's network
}

// SignIn lets a person in, or as far as their second factor. Invalid with one sentence for every wrong pair, whether there is such a
// person or not; TooMany after 10 guesses at an account or 100 from an address within 15 minutes.
func (s *Service) SignIn(ctx context.Context, form SignInForm) (Ticket, error) {
	if err := s.count(ctx, try{"address", form.Address, 100}, try{"account", strings.ToLower(form.Email), 10}); err != nil {
		return Ticket{}, err
	}
	var known credentials
	err := s.db.InTx(ctx, door(), func(tx *pg.Tx) (err error) {
		known, err = store{tx}.credentialsOf(form.Email)
		return err
	})
	if err != nil {
		return Ticket{}, err
	}
	ok, stale, err := s.hasher.check(ctx, form.Password, known.PasswordHash)
	if err != nil {
		return Ticket{}, err
	}
	if !ok {
		return Ticket{}, fault.Problems([]fault.Field{{Pointer: "/password", Code: "wrong", Detail: "The e-mail address or the password is not right."}})
	}
	fresh := ""
	if stale {
		if fresh, err = s.hasher.hash(ctx, form.Password); err != nil {
			return Ticket{}, err
		}
	}
	var t Ticket
	err = s.db.InTx(ctx, door(), func(tx *pg.Tx) (err error) {
		store := store{tx}
		var id uuid.UUID
		if t, id, err = store.begin(known.UserID, known.TotpConfirmed); err != nil {
			return err
		}
		if fresh != "" {
			tx.Queue(`UPDATE credentials SET password_hash = $2 WHERE user_id = $1`, known.UserID, fresh)
		}
		store.forget("account", strings.ToLower(form.Email))
		store.giveBack("address", form.Address)
		return audit.NewStore(tx).Record(audit.Event{Action: "sign in", Subject: "user", SubjectID: &known.UserID,
			Detail: map[string]any{"session": id, "second_factor": known.TotpConfirmed}})
	})
	return t, err
}

// Confirm takes the password of who is signed in once more, for ten minutes of what is dangerous. Faults as SignIn.
func (s *Service) Confirm(ctx context.Context, session Session, password string) error {
	if !session.Open() {
		return notIn()
	}
	if err := s.count(ctx, try{"account", strings.ToLower(session.Email), 10}); err != nil {
		return err
	}
	var known credentials
	err := s.db.InTx(ctx, door(), func(tx *pg.Tx) (err error) {
		known, err = store{tx}.credentialsOf(session.Email)
		return err
	})
	if err != nil {
		return err
	}
	ok, _, err := s.hasher.check(ctx, password, known.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		return fault.Problems([]fault.Field{{Pointer: "/password", Code: "wrong", Detail: "This is not your password."}})
	}
	return s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		tx.Queue(`UPDATE sessions SET confirmed_at = clock_timestamp() WHERE id = $1`, session.ID)
		store{tx}.forget("account", strings.ToLower(session.Email))
		return audit.NewStore(tx).Record(audit.Event{Action: "confirm password", Subject: "user", SubjectID: &session.Actor.ID})
	})
}

// NeedsPassword is the fault of a dangerous action whose person has not typed the password within ten minutes.
func NeedsPassword() error {
	return fault.New(fault.Forbidden, "Type your password again before you do this.")
}

// Tidy deletes sessions, counts of guesses and letters that are long over. It may run anywhere at any time.
func (s *Service) Tidy(ctx context.Context) error {
	return s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		store{tx}.tidy()
		return nil
	})
}
