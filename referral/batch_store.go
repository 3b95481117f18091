package referral

import (
	"github.com/google/uuid"

	"doorstep/internal/pg"
	"doorstep/jobs"
)

func (s *store) batch(id uuid.UUID) (Batch, error) {
	var b Batch
	err := s.db().Where("id = ?", id).Take(&b).Error
	return b, pg.NotFound(err, "batch")
}

func (s *store) batchItem(id uuid.UUID) (BatchItem, error) {
	var i BatchItem
	err := s.db().Where("id = ?", id).Take(&i).Error
	return i, pg.NotFound(err, "item of a batch")
}

// addItems writes one item and one row of the outbox a case. A case that is an item of this batch already gets no second.
func (s *store) addItems(batch uuid.UUID, cases []uuid.UUID) {
	s.tx.Queue(`WITH added AS (INSERT INTO batch_items (id, batch_id, case_id) SELECT gen_random_uuid(), $1, c FROM unnest($2::uuid[]) AS c
			ON CONFLICT (batch_id, case_id) DO NOTHING RETURNING id)
		INSERT INTO outbox (id, kind, subject_id, attempt, next_at) SELECT gen_random_uuid(), $3, id, 0, clock_timestamp() FROM added`,
		batch, append([]uuid.UUID{}, cases...), jobs.BatchItem)
}

func (s *store) itemDone(id uuid.UUID, result string) {
	s.tx.Queue(`UPDATE batch_items SET done_at = $2, result = $3 WHERE id = $1`, id, s.tx.Now, result)
}

type itemCount struct {
	Result *string // nil: not done yet
	Cases  int
}

func (s *store) batchProgress(id uuid.UUID) ([]itemCount, error) {
	var out []itemCount
	err := s.db().Raw(`SELECT result, count(*) AS cases FROM batch_items WHERE batch_id = ? GROUP BY result`, id).Scan(&out).Error
	return out, wrap(err, "count the items of batch %s", id)
}

// caseload is every family of an agency that one person visits.
func (s *store) caseload(org, visitor uuid.UUID) ([]uuid.UUID, error) {
	var out []uuid.UUID
	err := s.db().Raw(`SELECT case_id FROM claims WHERE org_id = @org AND visitor_id = @visitor AND ended_at IS NULL
		UNION SELECT case_id FROM enrollments WHERE org_id = @org AND visitor_id = @visitor AND ended_at IS NULL`,
		map[string]any{"org": org, "visitor": visitor}).Scan(&out).Error
	return out, wrap(err, "read the caseload of %s", visitor)
}

func (s *store) isVisitedBy(caseID, org, visitor uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM claims WHERE case_id = @case AND org_id = @org AND visitor_id = @visitor AND ended_at IS NULL
		UNION ALL SELECT 1 FROM enrollments WHERE case_id = @case AND org_id = @org AND visitor_id = @visitor AND ended_at IS NULL)`,
		map[string]any{"case": caseID, "org": org, "visitor": visitor}).Scan(&found).Error
	return found, wrap(err, "see who visits case %s", caseID)
}

// casesOfProgram is every family that is offered to a program, waits for it or is served by it.
func (s *store) casesOfProgram(program uuid.UUID) ([]uuid.UUID, error) {
	var out []uuid.UUID
	err := s.db().Raw(`SELECT case_id FROM offers WHERE program_id = @program AND ended_at IS NULL
		UNION SELECT case_id FROM waitlist_entries WHERE program_id = @program AND ended_at IS NULL
		UNION SELECT case_id FROM claims WHERE program_id = @program AND ended_at IS NULL
		UNION SELECT case_id FROM enrollments WHERE program_id = @program AND ended_at IS NULL`, map[string]any{"program": program}).Scan(&out).Error
	return out, wrap(err, "read the families of program %s", program)
}

func (s *store) countOfProgram(program uuid.UUID, into *ProgramFamilies) error {
	var n struct{ Offered, Waiting, Claimed, Served int }
	err := s.db().Raw(`SELECT (SELECT count(*) FROM offers WHERE program_id = @program AND ended_at IS NULL) AS offered,
		(SELECT count(*) FROM waitlist_entries WHERE program_id = @program AND ended_at IS NULL) AS waiting,
		(SELECT count(*) FROM claims WHERE program_id = @program AND ended_at IS NULL) AS claimed,
		(SELECT count(*) FROM enrollments WHERE program_id = @program AND ended_at IS NULL) AS served`, map[string]any{"program": program}).Scan(&n).Error
	into.Offered, into.Waiting, into.Claimed, into.Served = n.Offered, n.Waiting, n.Claimed, n.Served
	return wrap(err, "count the families of program %s", program)
}
