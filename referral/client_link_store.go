package referral

import (
	"bytes"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/internal/pg"
)

// lockLinks lets one transaction at a time change who is whose record: it stands between a person's identity and the cases.
func (s *store) lockLinks() error {
	var locked bool
	return wrap(s.db().Raw(`SELECT pg_advisory_xact_lock(5264301907) IS NOT NULL`).Scan(&locked).Error, "lock the links")
}

// recordsOf are all records of the people whom these records are of, the oldest first. Hub only.
func (s *store) recordsOf(ids ...uuid.UUID) ([]Client, error) {
	var out []Client
	err := s.db().Raw(`SELECT * FROM clients WHERE id = ANY (CAST(@ids AS uuid[])) OR person_id IN (SELECT person_id FROM clients WHERE id = ANY (CAST(@ids AS uuid[])))
		ORDER BY created_at, id`, map[string]any{"ids": texts(ids)}).Scan(&out).Error
	return out, wrap(err, "read the records of one person")
}

// openLinks are the links among these records.
func (s *store) openLinks(clients []uuid.UUID) ([]ClientLink, error) {
	var out []ClientLink
	err := s.db().Where("client_a IN ? AND parted_at IS NULL", clients).Order("linked_at, id").Find(&out).Error
	return out, wrap(err, "read the links of one person")
}

// linksOf are all links that a record ever had, the newest first.
func (s *store) linksOf(client uuid.UUID) ([]ClientLink, error) {
	var out []ClientLink
	err := s.db().Where("client_a = @id OR client_b = @id", map[string]any{"id": client}).Order("linked_at DESC, id").Limit(pageSize).Find(&out).Error
	return out, wrap(err, "read the links of client %s", client)
}

func (s *store) link(id uuid.UUID) (ClientLink, error) {
	var l ClientLink
	err := s.db().Where("id = ?", id).Take(&l).Error
	return l, pg.NotFound(err, "link")
}

func (s *store) partLink(l ClientLink, by uuid.UUID, reason string) {
	s.tx.Queue(`UPDATE client_links SET parted_at = $2, parted_by = $3, part_reason = $4 WHERE id = $1`, l.ID, s.tx.Now, by, reason)
}

// isOnePerson writes whose records these are: the first is the face. One alone is linked with nobody.
func (s *store) isOnePerson(records []uuid.UUID) {
	var face *uuid.UUID
	if len(records) > 1 {
		face = &records[0]
	}
	s.tx.Queue(`UPDATE clients SET person_id = $2 WHERE id = ANY ($1) AND person_id IS DISTINCT FROM $2`, records, face)
}

// casesOfAll are the cases of these records that are open or stand on another, the oldest first.
func (s *store) casesOfAll(clients []uuid.UUID) ([]Case, error) {
	var out []Case
	err := s.db().Where("caregiver_id IN ? AND (status <> 'closed' OR stands_on IS NOT NULL)", clients).Order("received_at, id").Limit(100).Find(&out).Error
	return out, wrap(err, "read the cases of one person")
}

// shareEpisode: two records are two caregivers of one child.
func (s *store) shareEpisode(some, others []uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM cases a JOIN cases b USING (episode_id) WHERE a.caregiver_id IN ? AND b.caregiver_id IN ?)`,
		some, others).Scan(&found).Error
	return found, wrap(err, "look for a child of both")
}

// liveCase is a case, or the one on which it stands.
func (s *store) liveCase(id uuid.UUID) (Case, error) {
	c, err := s.caseByID(id)
	if err != nil || c.StandsOn == nil {
		return c, err
	}
	return s.caseByID(*c.StandsOn)
}

// linkedToEpisode: another record of this person has a case of the episode.
func (s *store) linkedToEpisode(client, episode uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM cases k JOIN clients o ON o.id = k.caregiver_id JOIN clients c ON c.person_id = o.person_id
		WHERE c.id = ? AND o.id <> c.id AND k.episode_id = ?)`, client, episode).Scan(&found).Error
	return found, wrap(err, "look for a link of client %s to a child", client)
}

// standing are the cases that stand on this one.
func (s *store) standing(caseID uuid.UUID) ([]Case, error) {
	var out []Case
	err := s.db().Where("stands_on = ?", caseID).Order("received_at, id").Find(&out).Error
	return out, wrap(err, "read what stands on case %s", caseID)
}

// newestJoin is the move by which a case stands on another. What was typed right on it since is newer, and no move of its state.
func (s *store) newestJoin(caseID uuid.UUID) (Move, error) {
	var m Move
	err := s.db().Where("case_id = ? AND action = ?", caseID, ActJoin).Order("seq DESC").Take(&m).Error
	return m, pg.NotFound(err, "move")
}

// movedBy reports whether one of these was done to a case since a moment.
func (s *store) movedBy(caseID uuid.UUID, since time.Time, actions ...Action) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM case_moves WHERE case_id = ? AND moved_at >= ? AND undone_at IS NULL AND action IN ?)`,
		caseID, since, actions).Scan(&found).Error
	return found, wrap(err, "read what happened to case %s", caseID)
}

// seeAsSources lets the referrers of a case follow the one on which it stands now.
func (s *store) seeAsSources(from, to, move uuid.UUID) {
	s.tx.Queue(`INSERT INTO case_access (id, case_id, org_id, level, since, opened_move)
		SELECT gen_random_uuid(), $2, org_id, 'source', $4, $3 FROM case_access WHERE case_id = $1 AND level = 'source' AND until IS NULL
		ON CONFLICT (org_id, case_id, level) WHERE until IS NULL DO NOTHING`, from, to, move, s.tx.Now)
}

// seeNoMore ends that, and takes back the news of the other case that has not left.
func (s *store) seeNoMore(from, to, move uuid.UUID) {
	s.tx.Queue(`UPDATE case_access SET until = $3, closed_move = $2 WHERE case_id = $1 AND opened_move = $2 AND until IS NULL`, to, move, s.tx.Now)
	s.tx.Queue(`UPDATE messages m SET status = 'withdrawn' FROM referrals r WHERE r.id = m.referral_id AND r.case_id = $1 AND m.case_id = $2
		AND m.status IN ('queued', 'handed_over')`, from, to)
}

// newsLeft is how many messages to the referrers of one case told of another.
func (s *store) newsLeft(from, to uuid.UUID) (int, error) {
	var n int
	err := s.db().Raw(`SELECT count(*) FROM messages m JOIN referrals r ON r.id = m.referral_id WHERE r.case_id = ? AND m.case_id = ?
		AND m.status NOT IN ('queued', 'handed_over', 'withdrawn', 'not_needed')`, from, to).Scan(&n).Error
	return n, wrap(err, "count the news of case %s", to)
}

// cannotGiveWay: an open case of this person is served, held or has an open alarm.
func (s *store) cannotGiveWay(client uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM cases c JOIN clients p ON p.id = c.caregiver_id
		WHERE (p.id = @id OR p.person_id = (SELECT person_id FROM clients WHERE id = @id)) AND c.status <> 'closed' AND (c.status IN ('claimed', 'accepted', 'enrolled')
			OR c.held_since IS NOT NULL OR EXISTS (SELECT 1 FROM alarms a WHERE a.case_id = c.id AND a.outcome IS NULL)
			OR EXISTS (SELECT 1 FROM cases o WHERE o.stands_on = c.id)))`, map[string]any{"id": client}).Scan(&found).Error
	return found, wrap(err, "look at the cases of client %s", client)
}

// wordOfAll is what the records of one person say that holds for all of them.
type wordOfAll struct {
	Stopped     bool // one of them says that she is not to be contacted, and she has not said otherwise since to any
	StoppedHere bool // likewise, and it is this one
	Died        *time.Time
}

// wordOfAll reads it. That an entry was wrong is no word of hers: it takes back that entry, and none on another record.
func (s *store) wordOfAll(client uuid.UUID) *gorm.DB {
	return s.db().Raw(`WITH one AS (SELECT *, do_not_contact AND NOT EXISTS (SELECT 1 FROM contact_wishes w JOIN clients o ON o.id = w.client_id
			WHERE o.person_id = c.person_id AND w.wish = 'resume' AND w.said <> 'entered_in_error' AND w.heard_at >= c.stopped_at) AS holds
			FROM clients c WHERE c.id = @id OR c.person_id = (SELECT person_id FROM clients WHERE id = @id))
		SELECT bool_or(holds) AS stopped, bool_or(holds AND id = @id) AS stopped_here, min(death_recorded_at) AS died FROM one`,
		map[string]any{"id": client})
}

// neverToBeContacted: she asked it, by one of her records.
func (s *store) neverToBeContacted(client uuid.UUID) (bool, error) {
	var word wordOfAll
	err := s.wordOfAll(client).Scan(&word).Error
	return word.Stopped, wrap(err, "read the word of client %s", client)
}

// stopSends lets no send to any record of this person begin after the transaction commits. Lock the case first.
// It returns the records.
func (s *store) stopSends(client uuid.UUID) ([]uuid.UUID, error) {
	records, err := s.recordsOf(client)
	if err != nil {
		return nil, err
	}
	ids := idsOf(records)
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	for _, id := range ids {
		if err := s.tx.StopClient(id); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// casesOfHer are the cases of every record of this person, the newest first.
func (s *store) casesOfHer(client uuid.UUID) ([]Case, error) {
	var out []Case
	err := s.db().Raw(`SELECT * FROM cases WHERE caregiver_id = @id
		OR caregiver_id IN (SELECT id FROM clients WHERE person_id = (SELECT person_id FROM clients WHERE id = @id))
		ORDER BY received_at DESC, id LIMIT 100`, map[string]any{"id": client}).Scan(&out).Error
	return out, wrap(err, "read the cases of client %s", client)
}

func texts(ids []uuid.UUID) Texts {
	out := make(Texts, 0, len(ids))
	for _, id := range ids {
		out = append(out, id.String())
	}
	return out
}
