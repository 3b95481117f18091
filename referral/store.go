package referral

import (
	"fmt"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"doorstep/internal/pg"
)

// store reads and writes the rows of a case. Reads obey the database role of the transaction.
type store struct{ tx *pg.Tx }

func (s *store) db() *gorm.DB { return s.tx.Gorm() }

// lockCase reads a case for update. What the role may not see is NotFound.
func (s *store) lockCase(id uuid.UUID) (Case, error) {
	var c Case
	err := s.db().Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(&c).Error
	return c, pg.NotFound(err, "case")
}

func (s *store) caseByID(id uuid.UUID) (Case, error) {
	var c Case
	err := s.db().Where("id = ?", id).Take(&c).Error
	return c, pg.NotFound(err, "case")
}

// updateCase queues the write of every column that a move may change. The row is locked, so nothing can be lost.
func (s *store) updateCase(c *Case) {
	s.tx.Queue(`UPDATE cases SET status = $2, stage = $3, first_contact = $4, review_reasons = $5, band = $6, window_closes_on = $7,
		next_step = $8, next_due_at = $9, rank_key = $10, triaged_at = $11, reached_at = $12, said_yes_at = $13, claimed_at = $14,
		first_visit_at = $15, enrolled_at = $16, completed_at = $17, closed_at = $18, disposition = $19, version = $20,
		owner_id = $21, held_since = $22, stands_on = $23 WHERE id = $1`,
		c.ID, c.Status, c.Stage, c.FirstContact, []string(orEmpty(c.ReviewReasons)), c.Band, dateArg(c.WindowClosesOn),
		c.NextStep, c.NextDueAt, c.RankKey, c.TriagedAt, c.ReachedAt, c.SaidYesAt, c.ClaimedAt,
		c.FirstVisitAt, c.EnrolledAt, c.CompletedAt, c.ClosedAt, c.Disposition, c.Version, c.OwnerID, c.HeldSince, c.StandsOn)
}

// openClaim is the claim that holds the case, or NotFound.
func (s *store) openClaim(caseID uuid.UUID) (Claim, error) {
	var c Claim
	err := s.db().Where("case_id = ? AND ended_at IS NULL", caseID).Take(&c).Error
	return c, pg.NotFound(err, "claim")
}

func (s *store) openEnrollment(caseID uuid.UUID) (Enrollment, error) {
	var e Enrollment
	err := s.db().Where("case_id = ? AND ended_at IS NULL", caseID).Take(&e).Error
	return e, pg.NotFound(err, "enrollment")
}

func (s *store) plannedFirstVisit(caseID uuid.UUID) (Visit, error) {
	var v Visit
	err := s.db().Where("case_id = ? AND first AND status = 'planned'", caseID).Take(&v).Error
	return v, pg.NotFound(err, "planned first visit")
}

func (s *store) endClaim(id uuid.UUID, as string, move uuid.UUID) {
	s.tx.Queue(`UPDATE claims SET ended_at = $2, ended_as = $3, closed_move = $4 WHERE id = $1`, id, s.tx.Now, as, move)
}

func (s *store) endVisit(id uuid.UUID, status string, heldAt *time.Time, move uuid.UUID) {
	s.tx.Queue(`UPDATE visits SET status = $2, held_at = $3, closed_move = $4 WHERE id = $1`, id, status, heldAt, move)
}

// attempts are the tries of one organization on a case that count, oldest first, since a moment.
func (s *store) attempts(caseID, org uuid.UUID, since time.Time) ([]Attempt, error) {
	var out []Attempt
	err := s.db().Where("case_id = ? AND org_id = ? AND at >= ? AND taken_back_at IS NULL", caseID, org, since).Order("at, id").Limit(500).Find(&out).Error
	return out, wrap(err, "read the attempts of case %s", caseID)
}

// grant lets an organization see a case at a level; an open grant of that level stands.
func (s *store) grant(a Access) {
	s.tx.Queue(`INSERT INTO case_access (id, case_id, org_id, level, since, opened_move) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (org_id, case_id, level) WHERE until IS NULL DO NOTHING`, pg.NewID(), a.CaseID, a.OrgID, a.Level, s.tx.Now, a.OpenedMove)
}

// revoke ends a level of access for one organization, or for all when org is nil.
func (s *store) revoke(caseID uuid.UUID, org *uuid.UUID, level string, move uuid.UUID) {
	s.tx.Queue(`UPDATE case_access SET until = $4, closed_move = $5 WHERE case_id = $1 AND level = $3 AND until IS NULL
		AND ($2::uuid IS NULL OR org_id = $2)`, caseID, org, level, s.tx.Now, move)
}

func (s *store) refuseContact(client uuid.UUID) {
	s.tx.Queue(`UPDATE clients SET do_not_contact = true, stopped_at = $2 WHERE id = $1`, client, s.tx.Now)
}

// undoRefusal takes back what closing this case wrote, unless another case of hers ended the same way since she last allowed contact,
// or she said it apart from any ending.
func (s *store) undoRefusal(client, caseID uuid.UUID) {
	s.tx.Queue(`UPDATE clients SET do_not_contact = EXISTS (SELECT 1 FROM cases WHERE caregiver_id = $1 AND id <> $2
			AND disposition = 'asked_not_to_be_contacted' AND closed_at > coalesce((SELECT max(heard_at) FROM contact_wishes
				WHERE client_id = $1 AND wish = 'resume'), '-infinity'))
		OR coalesce((SELECT wish = 'stop' FROM contact_wishes WHERE client_id = $1 ORDER BY heard_at DESC, id DESC LIMIT 1), false)
		WHERE id = $1`, client, caseID)
}

// revokeRefusal takes back her no to contact that was written as this case was closed.
func (s *store) revokeRefusal(caseID uuid.UUID) {
	s.tx.Queue(`UPDATE consents SET revoked_at = $2 WHERE case_id = $1 AND gate = 2 AND answer = 'no' AND revoked_at IS NULL
		AND opened_move IN (SELECT id FROM case_moves WHERE case_id = $1 AND to_status = 'closed')`, caseID, s.tx.Now)
}

// undoLine undoes what one move did to the rows of the line: what it opened ends, what it ended opens again.
func (s *store) undoLine(caseID, move uuid.UUID) {
	now := s.tx.Now
	s.tx.Queue(`UPDATE offers SET ended_at = $3, ended_as = 'withdrawn', closed_move = NULL WHERE case_id = $1 AND opened_move = $2 AND ended_at IS NULL`, caseID, move, now)
	s.tx.Queue(`UPDATE claims SET ended_at = $3, ended_as = 'undone', closed_move = NULL WHERE case_id = $1 AND opened_move = $2 AND ended_at IS NULL`, caseID, move, now)
	s.tx.Queue(`UPDATE enrollments SET ended_at = $3, ended_as = 'undone', closed_move = NULL WHERE case_id = $1 AND opened_move = $2 AND ended_at IS NULL`, caseID, move, now)
	s.tx.Queue(`UPDATE visits SET status = 'cancelled', held_at = NULL, closed_move = NULL WHERE case_id = $1 AND opened_move = $2 AND closed_move IS NULL`, caseID, move)
	s.tx.Queue(`UPDATE case_access SET until = $3, closed_move = NULL WHERE case_id = $1 AND opened_move = $2 AND until IS NULL`, caseID, move, now)
	s.tx.Queue(`UPDATE consents SET revoked_at = $3 WHERE case_id = $1 AND opened_move = $2 AND revoked_at IS NULL`, caseID, move, now)
	s.tx.Queue(`UPDATE offers SET ended_at = NULL, ended_as = NULL, decline_code = NULL, closed_move = NULL WHERE case_id = $1 AND closed_move = $2`, caseID, move)
	s.tx.Queue(`UPDATE claims SET ended_at = NULL, ended_as = NULL, release_code = NULL, closed_move = NULL WHERE case_id = $1 AND closed_move = $2`, caseID, move)
	s.tx.Queue(`UPDATE enrollments SET ended_at = NULL, ended_as = NULL, changeable = NULL, closed_move = NULL WHERE case_id = $1 AND closed_move = $2`, caseID, move)
	s.tx.Queue(`UPDATE visits SET status = 'planned', held_at = NULL, closed_move = NULL WHERE case_id = $1 AND closed_move = $2`, caseID, move)
	s.tx.Queue(`UPDATE case_access SET until = NULL, closed_move = NULL WHERE case_id = $1 AND closed_move = $2`, caseID, move)
	s.undoWaiting(caseID, move)
	s.undoConnections(caseID, move)
	s.undoHandover(caseID, move)
}

// programLeft is the program whose place a move gave back, or the nil id: a claim that became an enrollment gave none back.
func (s *store) programLeft(caseID, move uuid.UUID) (uuid.UUID, error) {
	var found []uuid.UUID
	err := s.db().Raw(`WITH held AS (SELECT program_id, opened_move, closed_move FROM claims WHERE case_id = @case
			UNION ALL SELECT program_id, opened_move, closed_move FROM enrollments WHERE case_id = @case)
		SELECT program_id FROM held WHERE closed_move = @move EXCEPT SELECT program_id FROM held WHERE opened_move = @move`,
		map[string]any{"case": caseID, "move": move}).Scan(&found).Error
	if err != nil || len(found) == 0 {
		return uuid.Nil, wrap(err, "look for the place that move %s gave back", move)
	}
	return found[0], nil
}

func (s *store) markUndone(move uuid.UUID) {
	s.tx.Queue(`UPDATE case_moves SET undone_at = $2 WHERE id = $1`, move, s.tx.Now)
}

// newestMove is the last row of a case's history.
func (s *store) newestMove(caseID uuid.UUID) (Move, error) {
	var m Move
	err := s.db().Where("case_id = ?", caseID).Order("seq DESC").Take(&m).Error
	return m, pg.NotFound(err, "move")
}

// newestDeed is the newest move that counts for undo: a link that came apart again left the case as it was.
func (s *store) newestDeed(c Case) (Move, error) {
	q := s.db().Where("case_id = ?", c.ID)
	if c.StandsOn == nil {
		q = q.Where("action NOT IN ?", []Action{ActJoin, ActPart})
	}
	var m Move
	err := q.Order("seq DESC").Take(&m).Error
	return m, pg.NotFound(err, "move")
}

func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

func orEmpty(t Texts) Texts {
	if t == nil {
		return Texts{}
	}
	return t
}

// dateArg writes a civil date as text: pgx batches know no civil.Date.
func dateArg(d *civil.Date) *string {
	if d == nil {
		return nil
	}
	s := d.String()
	return &s
}

// visitsHomes reports whether a user may be given families by this agency.
func (s *store) visitsHomes(user, org uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.user_id = ? AND m.org_id = ?
		AND m.role IN ('home_visitor', 'agency_coordinator', 'agency_manager') AND m.ended_at IS NULL AND u.disabled_at IS NULL)`, user, org).Scan(&found).Error
	return found, wrap(err, "look for visitor %s", user)
}

// assignVisitor writes the visitor on whichever of claim and enrollment is open.
func (s *store) assignVisitor(caseID, user uuid.UUID) {
	s.tx.Queue(`UPDATE claims SET visitor_id = $2 WHERE case_id = $1 AND ended_at IS NULL`, caseID, user)
	s.tx.Queue(`UPDATE enrollments SET visitor_id = $2 WHERE case_id = $1 AND ended_at IS NULL`, caseID, user)
}

// releaseClaim ends a claim that the agency gave back.
func (s *store) releaseClaim(id uuid.UUID, reason string, move uuid.UUID) {
	s.tx.Queue(`UPDATE claims SET ended_at = $2, ended_as = 'released', release_code = $3, closed_move = $4 WHERE id = $1`, id, s.tx.Now, reason, move)
}

// cancelVisits ends what was planned and not held.
func (s *store) cancelVisits(caseID, move uuid.UUID) {
	s.tx.Queue(`UPDATE visits SET status = 'cancelled', closed_move = $2 WHERE case_id = $1 AND status = 'planned'`, caseID, move)
}

// placesLeft are the programs whose places a move of a case that closes or is undone gave back. It reads what is queued: flush first.
func (s *store) placesLeft(caseID, move uuid.UUID) ([]uuid.UUID, error) {
	var out []uuid.UUID
	err := s.db().Raw(`SELECT program_id FROM claims WHERE case_id = @case AND (closed_move = @move OR opened_move = @move AND ended_as = 'undone')
		UNION SELECT program_id FROM enrollments WHERE case_id = @case AND closed_move = @move`, map[string]any{"case": caseID, "move": move}).Scan(&out).Error
	return out, wrap(err, "read the places that move %s gave back", move)
}

// lastVisit is when a visit of this case was last held, the zero time when never.
func (s *store) lastVisit(caseID uuid.UUID) (time.Time, error) {
	var held []time.Time
	err := s.db().Raw(`SELECT held_at FROM visits WHERE case_id = ? AND held_at IS NOT NULL ORDER BY held_at DESC LIMIT 1`, caseID).Scan(&held).Error
	if err != nil || len(held) == 0 {
		return time.Time{}, wrap(err, "read the last visit of case %s", caseID)
	}
	return held[0], nil
}

// endOpenLine ends the open claim, planned visit and enrollment of a case that closes.
func (s *store) endOpenLine(caseID uuid.UUID, disposition, enrollmentEnd string, changeable *bool, move uuid.UUID) {
	claim := "closed"
	if disposition == SaidNoForNow || disposition == AskedNotToBeContacted {
		claim = "she_said_no"
	}
	s.tx.Queue(`UPDATE claims SET ended_at = $2, ended_as = $3, closed_move = $4 WHERE case_id = $1 AND ended_at IS NULL`, caseID, s.tx.Now, claim, move)
	s.cancelVisits(caseID, move)
	if enrollmentEnd != "" {
		s.tx.Queue(`UPDATE enrollments SET ended_at = $2, ended_as = $3, changeable = $4, closed_move = $5 WHERE case_id = $1 AND ended_at IS NULL`,
			caseID, s.tx.Now, enrollmentEnd, changeable, move)
	}
}

// closeCaseTasks ends the open tasks of a case that closes, but alarms and connections: those end by their own outcome.
func (s *store) closeCaseTasks(caseID, move uuid.UUID) {
	s.tx.Queue(`UPDATE tasks SET closed_at = $2, closed_as = 'no_longer_needed', closed_move = $3
		WHERE case_id = $1 AND closed_at IS NULL AND NOT kind = ANY ($4)`, caseID, s.tx.Now, move, []string{taskAlarm, taskCallReferrer, taskConnection})
}
