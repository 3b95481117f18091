package accounts

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// sessionRow is a session with what decides whether it is one.
type sessionRow struct {
	ID         uuid.UUID
	UserID     uuid.UUID
	OrgID      *uuid.UUID
	OrgKind    auth.OrgKind
	SiteID     *uuid.UUID
	Role       auth.Role
	Name       string
	Email      string
	Org        string
	Site       string
	Zone       string
	AwaitsCode bool
	HasCode    bool
	Confirmed  bool
	Touch      bool
	EndsAt     time.Time
	IdleFor    int // seconds
}

func (r sessionRow) session(now time.Time) Session {
	a := auth.Actor{Kind: "user", ID: r.UserID, OrgKind: r.OrgKind, Role: r.Role}
	if r.OrgID != nil {
		a.OrgID = *r.OrgID
	}
	if r.SiteID != nil {
		a.SiteID = *r.SiteID
	}
	return Session{ID: r.ID, Actor: a, Name: r.Name, Email: r.Email, Org: r.Org, Site: r.Site, Zone: r.Zone, Now: now,
		AwaitsCode: r.AwaitsCode, HasCode: r.HasCode, Confirmed: r.Confirmed, EndsAt: r.EndsAt, Idle: time.Duration(r.IdleFor) * time.Second}
}

// session reads by token. A person of a hospital with a ward, bound to no site, is taken for one on the ward. seen_at is written once a
// minute at most, so a session may end up to a minute early.
func (s store) session(hash []byte) (sessionRow, error) {
	var found []sessionRow
	err := s.tx.Gorm().Raw(`SELECT s.id, s.user_id, s.org_id, s.awaits_code, u.name, u.email, coalesce(s.role, '') AS role,
			coalesce(o.kind, '') AS org_kind, coalesce(o.name, '') AS org, m.site_id, coalesce(t.name, '') AS site, coalesce(c.time_zone, 'UTC') AS zone,
			EXISTS (SELECT 1 FROM credentials x WHERE x.user_id = s.user_id AND x.totp_confirmed_at IS NOT NULL) AS has_code,
			s.confirmed_at > clock_timestamp() - interval '10 minutes' AS confirmed,
			s.seen_at < clock_timestamp() - interval '1 minute' AS touch, least(CASE WHEN s.seen_at < clock_timestamp() - interval '1 minute' THEN clock_timestamp() ELSE s.seen_at END + l.idle, s.started_at + interval '12 hours') AS ends_at,
			CAST(extract(epoch FROM l.idle) AS int) AS idle_for
		FROM sessions s JOIN users u ON u.id = s.user_id AND u.disabled_at IS NULL
		LEFT JOIN memberships m ON m.user_id = s.user_id AND m.org_id = s.org_id AND m.role = s.role AND m.ended_at IS NULL
		LEFT JOIN organizations o ON o.id = m.org_id AND o.closed_at IS NULL
		LEFT JOIN sites t ON t.id = m.site_id LEFT JOIN calendars c ON c.id = o.calendar_id
		CROSS JOIN LATERAL (SELECT CASE WHEN s.role IS NULL THEN interval '10 minutes' WHEN EXISTS (SELECT 1 FROM sites w
				WHERE w.org_id = m.org_id AND w.profile = 'ward' AND (m.site_id IS NULL OR w.id = m.site_id)) THEN interval '15 minutes'
			ELSE interval '30 minutes' END AS idle) l
		WHERE s.token_hash = ? AND s.ended_at IS NULL AND (s.role IS NULL OR o.id IS NOT NULL)
			AND s.seen_at + l.idle > clock_timestamp() AND s.started_at + interval '12 hours' > clock_timestamp()`, hash).Scan(&found).Error
	if err != nil {
		return sessionRow{}, fmt.Errorf("look up a session: %w", err)
	}
	if len(found) == 0 {
		return sessionRow{}, notIn()
	}
	return found[0], nil
}

// rolesOf are a person's live roles; machines' are none.
func (s store) rolesOf(user uuid.UUID) (roles []Role, err error) {
	err = s.tx.Gorm().Raw(`SELECT m.org_id, o.name AS org, m.role, coalesce(t.name, '') AS site FROM memberships m
		JOIN organizations o ON o.id = m.org_id LEFT JOIN sites t ON t.id = m.site_id
		WHERE m.user_id = ? AND m.ended_at IS NULL AND o.closed_at IS NULL AND m.role <> 'integration' ORDER BY o.name, m.role`, user).Scan(&roles).Error
	if err != nil {
		return nil, fmt.Errorf("list the roles of user %s: %w", user, err)
	}
	return roles, nil
}

// everybody is one person of each organization, site and role.
func (s store) everybody() (people []DemoPerson, err error) {
	err = s.tx.Gorm().Raw(`SELECT DISTINCT ON (o.kind <> 'hub', o.name, m.role, t.name) u.id AS user_id, u.name, m.org_id, o.name AS org, m.role, coalesce(t.name, '') AS site
		FROM memberships m JOIN users u ON u.id = m.user_id JOIN organizations o ON o.id = m.org_id LEFT JOIN sites t ON t.id = m.site_id
		WHERE m.ended_at IS NULL AND u.disabled_at IS NULL AND o.closed_at IS NULL AND m.role <> 'integration'
		ORDER BY o.kind <> 'hub', o.name, m.role, t.name, u.created_at, u.id LIMIT 500`).Scan(&people).Error
	if err != nil {
		return nil, fmt.Errorf("list the people of the demo: %w", err)
	}
	return people, nil
}

// begin writes a new session. With one role there is nothing to choose.
func (s store) begin(user uuid.UUID, awaitsCode bool) (Ticket, uuid.UUID, error) {
	roles, err := s.rolesOf(user)
	if err != nil {
		return Ticket{}, uuid.Nil, err
	}
	token, hash := newToken()
	t := Ticket{Token: token, AwaitsCode: awaitsCode, Chooses: len(roles) != 1}
	id := pg.NewID()
	var org *uuid.UUID
	var role *auth.Role
	if !awaitsCode && len(roles) == 1 {
		org, role = &roles[0].OrgID, &roles[0].Role
	}
	s.tx.Queue(`INSERT INTO sessions (id, token_hash, user_id, org_id, role, awaits_code, started_at, seen_at, confirmed_at)
		VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp(), clock_timestamp(), clock_timestamp())`, id, hash, user, org, role, awaitsCode)
	return t, id, nil
}

// endAll ends every session of a person: what the old password opened is shut.
func (s store) endAll(user uuid.UUID) {
	s.tx.Queue(`UPDATE sessions SET ended_at = clock_timestamp() WHERE user_id = $1 AND ended_at IS NULL`, user)
}

// tidy deletes what nobody asks for any more; who signed in when stands in the audit history.
func (s store) tidy() {
	s.tx.Queue(`DELETE FROM sessions WHERE started_at < clock_timestamp() - interval '2 days'`)
	s.tx.Queue(`DELETE FROM sign_in_tries WHERE since < clock_timestamp() - interval '1 day'`)
	s.tx.Queue(`DELETE FROM account_letters WHERE asked_at < clock_timestamp() - interval '30 days'`)
}
