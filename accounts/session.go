package accounts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Session is one browser that somebody signed in with, as this request found it.
type Session struct {
	ID    uuid.UUID
	Actor auth.Actor // no role until one is chosen
	Name  string     // of the person
	Email string
	Org   string // of the chosen role, likewise Site
	Site  string
	Zone  string    // of the organization's calendar, as in "America/New_York"
	Now   time.Time // business time

	AwaitsCode bool          // the password was right, the second factor is still to come
	HasCode    bool          // a second factor is set up
	Confirmed  bool          // the password was typed within ten minutes
	EndsAt     time.Time     // machine time
	Idle       time.Duration // how long it lasts without use
}

// Open reports whether the person is in: both factors given, a role chosen.
func (s Session) Open() bool { return !s.AwaitsCode && s.Actor.Role != "" }

// Ticket is a new session for a browser to keep. Token is shown once and stored hashed; a step further on the way in makes a new one, so
// that a token planted before is worth nothing.
type Ticket struct {
	Token      string
	AwaitsCode bool
	Chooses    bool // several roles: one is to be chosen
}

func newToken() (plain string, hash []byte) {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	plain = base64.RawURLEncoding.EncodeToString(raw)
	return plain, hashed(plain)
}

func hashed(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// door is who reads and writes sessions: nobody is known yet.
func door() auth.Actor { return auth.System("sign-in") }

// Session finds the session of a token and notes that it is in use. Unauthenticated: no such session, it has ended, was idle too long (15
// minutes where wards share computers, else 30) or is 12 hours old; or its person or role has ended.
func (s *Service) Session(ctx context.Context, token string) (Session, error) {
	if len(token) != 43 {
		return Session{}, notIn()
	}
	var out Session
	err := s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		found, err := store{tx}.session(hashed(token))
		if err != nil {
			return err
		}
		if found.Touch {
			tx.Queue(`UPDATE sessions SET seen_at = clock_timestamp() WHERE id = $1`, found.ID)
		}
		out = found.session(tx.Now)
		return nil
	})
	return out, err
}

func notIn() error { return fault.New(fault.Unauthenticated, "Sign in to go on.") }

// Role is one role that a person may choose.
type Role struct {
	OrgID uuid.UUID
	Org   string
	Role  auth.Role
	Site  string
}

// Roles lists what the person of a session may work as.
func (s *Service) Roles(ctx context.Context, session Session) (roles []Role, err error) {
	if session.AwaitsCode || session.ID == uuid.Nil {
		return nil, notIn()
	}
	err = s.db.InTx(ctx, door(), func(tx *pg.Tx) (err error) {
		roles, err = store{tx}.rolesOf(session.Actor.ID)
		return err
	})
	return roles, err
}

// ChooseRole goes on as one of the person's roles, under a new token. Faults: Unauthenticated, NotFound for a role that they do not hold.
func (s *Service) ChooseRole(ctx context.Context, session Session, org uuid.UUID, role auth.Role) (Ticket, error) {
	if session.AwaitsCode || session.ID == uuid.Nil {
		return Ticket{}, notIn()
	}
	token, hash := newToken()
	err := s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		roles, err := store{tx}.rolesOf(session.Actor.ID)
		if err != nil {
			return err
		}
		for _, r := range roles {
			if r.OrgID == org && r.Role == role {
				tx.Queue(`UPDATE sessions SET token_hash = $2, org_id = $3, role = $4, seen_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL`,
					session.ID, hash, org, role)
				return audit.NewStore(tx).Record(audit.Event{Action: "choose role", Subject: "user", SubjectID: &session.Actor.ID,
					Detail: map[string]any{"session": session.ID, "org": org, "role": role}})
			}
		}
		return fault.New(fault.NotFound, "You do not hold this role.")
	})
	return Ticket{Token: token}, err
}

// SignOut ends a session. A token that opens nothing ends nothing.
func (s *Service) SignOut(ctx context.Context, session Session) error {
	return s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		tx.Queue(`UPDATE sessions SET ended_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL`, session.ID)
		return audit.NewStore(tx).Record(audit.Event{Action: "sign out", Subject: "user", SubjectID: &session.Actor.ID,
			Detail: map[string]any{"session": session.ID}})
	})
}
