package accounts

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// The kinds of letter that let somebody set a password, and for how long after they left.
const (
	Invitation     = "invitation"
	Reset          = "reset"
	invitationLife = 7 * 24 * time.Hour
	resetLife      = time.Hour
)

// Invite is AddUser with a letter by which the person sets a password. Who has one already gets the role and a letter that changes
// nothing until it is used.
func (s *Service) Invite(ctx context.Context, actor auth.Actor, org uuid.UUID, form UserForm) (uuid.UUID, error) {
	return s.addUser(ctx, actor, org, form, func(tx *pg.Tx, user uuid.UUID) error { return store{tx}.write(Invitation, user) })
}

// InviteAgain sends another letter to a person whose first one was lost or is over; the first no longer opens. Faults: Forbidden, NotFound.
func (s *Service) InviteAgain(ctx context.Context, actor auth.Actor, user uuid.UUID) error {
	if err := administers(actor); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		if err := (store{tx}).mayGetLetter(user); err != nil {
			return err
		}
		if err := (store{tx}).write(Invitation, user); err != nil {
			return err
		}
		return audit.NewStore(tx).Record(audit.Event{Action: "invite again", Subject: "user", SubjectID: &user})
	})
}

// AskReset sends a letter to the person of this e-mail address, if there is one: the answer is the same. TooMany after 5 letters to one
// address, or 30 asked for from one network, within 15 minutes.
func (s *Service) AskReset(ctx context.Context, email, address string) error {
	if err := s.count(ctx, try{"letter", "from " + address, 30}, try{"letter", strings.ToLower(email), 5}); err != nil {
		return err
	}
	return s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		user, err := store{tx}.userByEmail(email)
		if err != nil || user == uuid.Nil {
			return err
		}
		if err := (store{tx}).write(Reset, user); err != nil {
			return err
		}
		return audit.NewStore(tx).Record(audit.Event{Action: "ask for a new password", Subject: "user", SubjectID: &user})
	})
}

// write promises a letter; older ones of the person no longer open.
func (s store) write(kind string, user uuid.UUID) error {
	id := pg.NewID()
	s.tx.Queue(`UPDATE account_letters SET used_at = clock_timestamp() WHERE user_id = $1 AND used_at IS NULL`, user)
	s.tx.Queue(`INSERT INTO account_letters (id, kind, user_id, asked_at) VALUES ($1, $2, $3, clock_timestamp())`, id, kind, user)
	return jobs.NewStore(s.tx).Enqueue(jobs.AccountLetter, id)
}

// Letter is what leaves: to whom, and the token that only this mail ever holds.
type Letter struct {
	ID          uuid.UUID
	Kind        string
	Email, Name string
	Token       string
}

// Post makes the token of a letter as it leaves and keeps its hash. jobs.ErrNothingToDo when a newer letter took its place, or the person
// is gone. A second run makes a new token, so that of two mails the last one opens.
func (s *Service) Post(ctx context.Context, id uuid.UUID) (Letter, error) {
	var out Letter
	err := s.db.InTx(ctx, auth.System("letters"), func(tx *pg.Tx) error {
		letter, err := store{tx}.lockLetter(id)
		if err != nil {
			return err
		}
		if letter.ID == uuid.Nil {
			return jobs.ErrNothingToDo
		}
		life := resetLife
		if letter.Kind == Invitation {
			life = invitationLife
		}
		token, hash := newToken()
		tx.Queue(`UPDATE account_letters SET token_hash = $2, expires_at = clock_timestamp() + $3 * interval '1 second' WHERE id = $1`,
			id, hash, int64(life.Seconds()))
		out = letter
		out.Token = token
		return nil
	})
	return out, err
}

// OpenLetter tells whose letter a token belongs to, for the page that asks for a password. NotFound: used, over, or never ours.
func (s *Service) OpenLetter(ctx context.Context, token string) (Letter, error) {
	var out Letter
	err := s.db.InTx(ctx, door(), func(tx *pg.Tx) (err error) {
		out, err = store{tx}.letterOf(hashed(token), "")
		return err
	})
	return out, err
}

// UseLetter sets the password of its person and ends their sessions. A second factor stays: the mailbox alone must not be enough. Faults:
// NotFound, Invalid, TooMany.
func (s *Service) UseLetter(ctx context.Context, token, password, address string) error {
	if err := s.count(ctx, try{"address", address, 100}); err != nil {
		return err
	}
	letter, err := s.OpenLetter(ctx, token)
	if err != nil {
		return err
	}
	if err := fit(password, letter.Email); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		store := store{tx}
		letter, user, err := store.lockLetterOf(hashed(token))
		if err != nil {
			return err
		}
		store.setPassword(user, hash)
		tx.Queue(`UPDATE account_letters SET used_at = clock_timestamp() WHERE id = $1`, letter.ID)
		store.endAll(user)
		store.forget("account", strings.ToLower(letter.Email))
		return audit.NewStore(tx).Record(audit.Event{Action: "set password", Subject: "user", SubjectID: &user,
			Detail: map[string]any{"letter": letter.Kind}})
	})
}

func noLetter() error {
	return fault.New(fault.NotFound, "This link was used, or its time is over. Ask for a new one.")
}
