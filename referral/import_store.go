package referral

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"doorstep/internal/pg"
	"doorstep/jobs"
)

func (s *store) lockImport(org, id uuid.UUID) (Import, error) {
	var i Import
	err := s.db().Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ? AND org_id = ?", id, org).Take(&i).Error
	return i, pg.NotFound(err, "upload")
}

func (s *store) ownImport(org, id uuid.UUID) (Import, error) {
	var i Import
	err := s.db().Where("id = ? AND org_id = ?", id, org).Take(&i).Error
	return i, pg.NotFound(err, "upload")
}

func (s *store) importByID(id uuid.UUID) (Import, error) {
	var i Import
	err := s.db().Where("id = ?", id).Take(&i).Error
	return i, pg.NotFound(err, "upload")
}

func (s *store) importOfRow(row uuid.UUID) (Import, error) {
	var i Import
	err := s.db().Where("id = (SELECT import_id FROM import_rows WHERE id = ?)", row).Take(&i).Error
	return i, pg.NotFound(err, "row")
}

// importByHash is the complete upload of the same bytes, nil when there is none.
func (s *store) importByHash(org uuid.UUID, hash []byte) (*Import, error) {
	var i Import
	err := s.db().Where("org_id = ? AND file_hash = ?", org, hash).Take(&i).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	return &i, wrap(err, "look for the same file")
}

func (s *store) newestImports(org uuid.UUID) ([]Import, error) {
	var all []Import
	err := s.db().Where("org_id = ? AND status <> ?", org, ImportUploading).Order("uploaded_at DESC, id").Limit(10).Find(&all).Error
	return all, wrap(err, "list imports")
}

// dropBrokenImports: an upload that is an hour old and not complete will never be.
func (s *store) dropBrokenImports(org uuid.UUID) {
	s.tx.Queue(`DELETE FROM imports WHERE org_id = $1 AND status = 'uploading' AND uploaded_at < $2`, org, s.tx.Now.Add(-keepBroken))
}

func (s *store) forgetImports() {
	s.tx.Queue(`DELETE FROM caseload_files WHERE kept_at < clock_timestamp() - interval '1 day'`)
	s.tx.Queue(`DELETE FROM imports WHERE status = 'uploading' AND uploaded_at < $1 OR status IN ('checking', 'ready') AND uploaded_at < $2`,
		s.tx.Now.Add(-keepBroken), s.tx.Now.Add(-keepUploaded))
	s.tx.Queue(`UPDATE import_rows SET content_sealed = NULL WHERE content_sealed IS NOT NULL AND outcome IN ('already', 'refused')
		AND import_id IN (SELECT id FROM imports WHERE status = 'sending' AND uploaded_at < $1)`, s.tx.Now.Add(-keepUploaded))
}

func (s *store) dropImport(id uuid.UUID) { s.tx.Queue(`DELETE FROM imports WHERE id = $1`, id) }

func (s *store) endImport(i Import) {
	s.tx.Queue(`UPDATE imports SET file_hash = $2, rows = $3, status = $4 WHERE id = $1`, i.ID, i.FileHash, i.Rows, i.Status)
}

func (s *store) importReady(id uuid.UUID) {
	s.tx.Queue(`UPDATE imports SET status = 'ready' WHERE id = $1`, id)
}

// sendImport gives each row a job. They come due one after the other, so that the work of others goes between them.
func (s *store) sendImport(id uuid.UUID, at time.Time) {
	s.tx.Queue(`UPDATE imports SET status = 'sending', sent_at = $2 WHERE id = $1`, id, at)
	s.tx.Queue(`INSERT INTO outbox (id, kind, subject_id, attempt, next_at)
		SELECT gen_random_uuid(), $2, id, 0, clock_timestamp() + interval '10 milliseconds' * row_number() OVER (ORDER BY number)
		FROM import_rows WHERE import_id = $1 AND outcome IN ('ready', 'maybe')`, id, jobs.ImportRow)
}

func (s *store) uncheckedRows(id uuid.UUID, limit int) ([]ImportRow, error) {
	var rows []ImportRow
	err := s.db().Where("import_id = ? AND outcome = ?", id, RowUnchecked).Order("number").Limit(limit).Find(&rows).Error
	return rows, wrap(err, "read the rows of import %s", id)
}

// knownBefore is by what rows are known again, in hexadecimal: sent from any file, standing in this one already, or of a family this organization referred.
type knownBefore struct{ sent, here, family map[string]bool }

// knownRows asks by joins: a list of this length in a condition would be compared with every row.
func (s *store) knownRows(i Import, rows []ImportRow) (knownBefore, error) {
	var prints, keys []string
	for _, r := range rows {
		if r.Fingerprint != nil {
			prints = append(prints, hex.EncodeToString(r.Fingerprint))
		}
		if r.MatchKey != nil {
			keys = append(keys, hex.EncodeToString(r.MatchKey))
		}
	}
	by := map[string]any{"org": i.OrgID, "import": i.ID, "prints": strings.Join(prints, ","), "keys": strings.Join(keys, ",")}
	const asked = ` FROM (SELECT decode(x, 'hex') AS x FROM unnest(string_to_array(@`
	var sent, here, family, again []string
	err := s.tx.ReadAll(
		pg.Read{Query: s.db().Raw(`SELECT encode(x, 'hex')`+asked+`prints, ',')) AS x) AS a
			WHERE EXISTS (SELECT 1 FROM import_rows r WHERE r.org_id = @org AND r.fingerprint = x AND r.outcome = 'sent')`, by), Into: &sent},
		pg.Read{Query: s.db().Raw(`SELECT encode(x, 'hex')`+asked+`prints, ',')) AS x) AS a
			WHERE EXISTS (SELECT 1 FROM import_rows r WHERE r.import_id = @import AND r.fingerprint = x AND r.outcome IN ('ready', 'maybe'))`, by), Into: &here},
		pg.Read{Query: s.db().Raw(`SELECT encode(x, 'hex')`+asked+`keys, ',')) AS x) AS a
			WHERE EXISTS (SELECT 1 FROM clients c JOIN referrals r ON r.client_id = c.id WHERE c.match_key = x AND r.org_id = @org)`, by), Into: &family},
		pg.Read{Query: s.db().Raw(`SELECT encode(x, 'hex')`+asked+`keys, ',')) AS x) AS a
			WHERE EXISTS (SELECT 1 FROM import_rows r WHERE r.import_id = @import AND r.match_key = x AND r.outcome IN ('ready', 'maybe'))`, by), Into: &again})
	return knownBefore{setOf(sent), setOf(here), setOf(append(family, again...))}, wrap(err, "look for rows that came before")
}

func setOf(all []string) map[string]bool {
	out := map[string]bool{}
	for _, one := range all {
		out[one] = true
	}
	return out
}

func (s *store) rowsChecked(rows []ImportRow) {
	var ids []uuid.UUID
	var outcomes, problems []string
	var prints, keys [][]byte
	for _, r := range rows {
		ids, outcomes, problems = append(ids, r.ID), append(outcomes, r.Outcome), append(problems, string(r.Problems))
		prints, keys = append(prints, r.Fingerprint), append(keys, r.MatchKey)
	}
	s.tx.Queue(`UPDATE import_rows r SET outcome = n.outcome, problems = n.problems::jsonb, fingerprint = n.fingerprint, match_key = n.match_key
		FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[]) AS n(id, outcome, problems, fingerprint, match_key) WHERE r.id = n.id`,
		ids, outcomes, problems, prints, keys)
}

func (s *store) lockImportRow(org, id uuid.UUID) (ImportRow, error) {
	var r ImportRow
	err := s.db().Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ? AND org_id = ?", id, org).Take(&r).Error
	return r, pg.NotFound(err, "row")
}

func (s *store) rowSent(id, referral uuid.UUID) {
	s.tx.Queue(`UPDATE import_rows SET outcome = 'sent', referral_id = $2, content_sealed = NULL WHERE id = $1`, id, referral)
}

func (s *store) rowEnded(id uuid.UUID, outcome string, problems []byte) {
	s.tx.Queue(`UPDATE import_rows SET outcome = $2, problems = $3::jsonb WHERE id = $1 AND outcome IN ('ready', 'maybe')`, id, outcome, string(problems))
}

type outcomeCount struct {
	Outcome string
	Rows    int
}

func (s *store) importCounts(id uuid.UUID) ([]outcomeCount, error) {
	var out []outcomeCount
	err := s.db().Raw(`SELECT outcome, count(*) AS rows FROM import_rows WHERE import_id = ? GROUP BY outcome`, id).Scan(&out).Error
	return out, wrap(err, "count the rows of import %s", id)
}

// importFindings groups what was found by problem, the commonest first.
func (s *store) importFindings(id uuid.UUID) ([]ImportFinding, error) {
	var found []struct {
		Outcome, Col, Code, Rows string
		Count                    int
	}
	err := s.db().Raw(`SELECT outcome, p->>'column' AS col, p->>'code' AS code, count(*) AS count,
			array_to_string((array_agg(number ORDER BY number))[1:200], ',') AS rows
		FROM import_rows, jsonb_array_elements(problems) AS p WHERE import_id = ? AND outcome <> 'sent'
		GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 2, 3, 1 LIMIT 200`, id).Scan(&found).Error
	if err != nil {
		return nil, wrap(err, "collect the problems of import %s", id)
	}
	var out []ImportFinding
	for _, f := range found {
		one := ImportFinding{Outcome: f.Outcome, Column: f.Col, Code: f.Code, Count: f.Count, Rows: []int{}}
		for _, n := range strings.Split(f.Rows, ",") {
			number, err := strconv.Atoi(n)
			if err != nil {
				return nil, fmt.Errorf("read the row numbers of import %s: %w", id, err)
			}
			one.Rows = append(one.Rows, number)
		}
		out = append(out, one)
	}
	return out, nil
}

// importedRow is a row with the reference of its referral.
type importedRow struct {
	ImportRow
	Reference *string
}

func (r importedRow) problems() ([]ImportProblem, error) {
	out := []ImportProblem{}
	if err := json.Unmarshal(r.Problems, &out); err != nil {
		return nil, fmt.Errorf("read the problems of row %d: %w", r.Number, err)
	}
	return out, nil
}

func (s *store) importRows(id uuid.UUID, after, limit int) ([]importedRow, error) {
	var rows []importedRow
	err := s.db().Raw(`SELECT r.*, f.reference FROM import_rows r LEFT JOIN referrals f ON f.id = r.referral_id
		WHERE r.import_id = ? AND r.number > ? ORDER BY r.number LIMIT ?`, id, after, limit).Scan(&rows).Error
	return rows, wrap(err, "read the rows of import %s", id)
}
