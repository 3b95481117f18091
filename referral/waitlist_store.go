package referral

import (
	"time"

	"github.com/google/uuid"
)

// WaitlistEntry is her yes to wait for one program.
type WaitlistEntry struct {
	ID          uuid.UUID
	CaseID      uuid.UUID
	ProgramID   uuid.UUID
	JoinedAt    time.Time
	ConfirmedAt time.Time // when she last said that she still wants to wait
	EndedAt     *time.Time
	EndedAs     *string
	OpenedMove  *uuid.UUID
	ClosedMove  *uuid.UUID
}

// TableName is gorm's.
func (WaitlistEntry) TableName() string { return "waitlist_entries" }

// How an entry may end, beside undone.
const (
	waitClaimed       = "claimed"
	waitHerChoice     = "her_choice"
	waitNoAnswer      = "no_answer"
	waitCaseClosed    = "case_closed"
	waitProgramClosed = "program_closed"
	waitWithdrawn     = "withdrawn" // what she waited for is no longer what she needs
)

// waiting are the open entries of a case, the oldest first.
func (s *store) waiting(caseID uuid.UUID) ([]WaitlistEntry, error) {
	var out []WaitlistEntry
	err := s.db().Where("case_id = ? AND ended_at IS NULL", caseID).Order("joined_at, id").Limit(100).Find(&out).Error
	return out, wrap(err, "read what case %s waits for", caseID)
}

// join puts a case on a program's list. One that is there keeps its row.
func (s *store) join(e WaitlistEntry) {
	s.tx.Queue(`INSERT INTO waitlist_entries (id, case_id, program_id, joined_at, confirmed_at, opened_move) VALUES ($1, $2, $3, $4, $4, $5)
		ON CONFLICT (case_id, program_id) WHERE ended_at IS NULL DO NOTHING`, e.ID, e.CaseID, e.ProgramID, e.JoinedAt, e.OpenedMove)
}

// leave ends the entries of a case for these programs, or all when none is named.
func (s *store) leave(caseID uuid.UUID, programs []uuid.UUID, as string, move uuid.UUID) {
	s.tx.Queue(`UPDATE waitlist_entries SET ended_at = $3, ended_as = $4, closed_move = $5 WHERE case_id = $1 AND ended_at IS NULL
		AND (cardinality($2::uuid[]) = 0 OR program_id = ANY ($2))`, caseID, append([]uuid.UUID{}, programs...), s.tx.Now, as, move)
}

func (s *store) confirmWaiting(caseID uuid.UUID) {
	s.tx.Queue(`UPDATE waitlist_entries SET confirmed_at = $2 WHERE case_id = $1 AND ended_at IS NULL`, caseID, s.tx.Now)
}

// confirmedBefore takes back one confirmation: what counts again is the last one before it, or the day she joined.
func (s *store) confirmedBefore(caseID, move uuid.UUID) {
	s.tx.Queue(`UPDATE waitlist_entries e SET confirmed_at = greatest(e.joined_at, (SELECT max(m.moved_at) FROM case_moves m
		WHERE m.case_id = e.case_id AND m.action = $2 AND m.undone_at IS NULL AND m.id <> $3)) WHERE e.case_id = $1 AND e.ended_at IS NULL`,
		caseID, ActWaitOn, move)
}

// waitAgain opens the entries that a claim ended: the claim came to nothing, and she keeps her place.
func (s *store) waitAgain(caseID uuid.UUID, claimMove *uuid.UUID) {
	s.tx.Queue(`UPDATE waitlist_entries SET ended_at = NULL, ended_as = NULL, closed_move = NULL
		WHERE case_id = $1 AND closed_move = $2 AND ended_as = 'claimed'`, caseID, claimMove)
}

// waitNoMore ends what waitAgain opened, as it was before: the claim stands after all.
func (s *store) waitNoMore(caseID uuid.UUID) {
	s.tx.Queue(`UPDATE waitlist_entries e SET ended_at = k.claimed_at, ended_as = 'claimed', closed_move = k.opened_move
		FROM claims k WHERE e.case_id = $1 AND e.ended_at IS NULL AND k.case_id = e.case_id AND k.ended_at IS NULL`, caseID)
}

func (s *store) undoWaiting(caseID, move uuid.UUID) {
	s.tx.Queue(`UPDATE waitlist_entries SET ended_at = $3, ended_as = 'undone', closed_move = NULL WHERE case_id = $1 AND opened_move = $2 AND ended_at IS NULL`, caseID, move, s.tx.Now)
	s.tx.Queue(`UPDATE waitlist_entries SET ended_at = NULL, ended_as = NULL, closed_move = NULL WHERE case_id = $1 AND closed_move = $2`, caseID, move)
}

// lineOrder is a family's place: the rules' band, then the window that closes first, then how long she has waited since her
// referral. Touches and offers on the way do not change it.
const lineOrder = `c.band, c.window_closes_on NULLS LAST, c.received_at, c.id`

// nextInLine are the waiting cases to which a place of this program may be offered: first those that chose to wait for it,
// then those for which no place was found anywhere and which have not been asked yet.
func (s *store) nextInLine(program uuid.UUID, limit int) ([]uuid.UUID, error) {
	var out []uuid.UUID
	err := s.db().Raw(`(SELECT c.id FROM waitlist_entries e JOIN cases c ON c.id = e.case_id
			WHERE e.program_id = @program AND e.ended_at IS NULL AND c.status = 'waitlisted' ORDER BY `+lineOrder+` LIMIT @limit)
		UNION ALL (SELECT c.id FROM cases c WHERE c.status = 'waitlisted' AND NOT EXISTS (SELECT 1 FROM waitlist_entries e
			WHERE e.case_id = c.id AND e.ended_at IS NULL) ORDER BY `+lineOrder+` LIMIT @limit)`,
		map[string]any{"program": program, "limit": limit}).Scan(&out).Error
	return out, wrap(err, "read who waits for program %s", program)
}

// offeredPlaces counts the open offers that may take a place of this program.
func (s *store) offeredPlaces(program uuid.UUID) (int, error) {
	var n int
	err := s.db().Raw(`SELECT count(*) FROM offers WHERE program_id = ? AND ended_at IS NULL AND kind <> 'pool'`, program).Scan(&n).Error
	return n, wrap(err, "count the offers of program %s", program)
}

// freeOwner is the person at the hub's desk who answered for her before, while still there, else for the fewest waiting families;
// the nil id when nobody is there.
func (s *store) freeOwner(hub uuid.UUID, before *uuid.UUID) (uuid.UUID, error) {
	var found []uuid.UUID
	err := s.db().Raw(`SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.org_id = ? AND m.role IN ('triage_coordinator', 'triage_supervisor') AND m.ended_at IS NULL AND u.disabled_at IS NULL
		ORDER BY m.user_id IS NOT DISTINCT FROM ?::uuid DESC, (SELECT count(*) FROM cases c WHERE c.owner_id = m.user_id AND c.status = 'waitlisted'), m.role, m.user_id LIMIT 1`, hub, before).Scan(&found).Error
	if err != nil || len(found) == 0 {
		return uuid.Nil, wrap(err, "find who answers for a waiting family")
	}
	return found[0], nil
}
