package audit

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// Disclosed writes a disclosure, as the hub. One act on one subject is told once: a retry adds nothing.
func (s *Store) Disclosed(d Disclosure) {
	d.ID = pg.NewID()
	if d.OrgID == uuid.Nil {
		d.OrgID = s.tx.Actor.OrgID
	}
	var sealed pg.Sealed
	if d.Act == part2 && d.ToName != nil {
		sealed = s.tx.Keys().Seal("disclosures", "to_sealed", d.ID, []byte(*d.ToName))
		d.ToName = nil
	}
	s.tx.Queue(`INSERT INTO disclosures (id, client_id, case_id, act, what, purpose, basis, org_id, given_by, to_org, to_name, to_sealed, subject_id, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (act, subject_id) WHERE act <> 'part2' DO NOTHING`,
		d.ID, d.ClientID, d.CaseID, d.Act, d.What, d.Purpose, d.Basis, d.OrgID, s.tx.Actor.ID, d.ToOrg, d.ToName, []byte(sealed), d.SubjectID, s.tx.Now)
}

// Disclosures is a page of what was told of a person, by all records of hers, since a moment, newest first; before is the last row of the page before, or
// nil. A mail is told once it left or may have: one that was withdrawn, failed or has not begun to leave is not among it.
func (s *Store) Disclosures(clients []uuid.UUID, since time.Time, before *Disclosure, limit int) ([]Told, error) {
	at, id := s.tx.Now.AddDate(1, 0, 0), uuid.Max
	if before != nil {
		at, id = before.At, before.ID
	}
	var out []Told
	err := s.tx.Gorm().Raw(`SELECT d.*, coalesce(o.name, d.to_name, '') AS "to", g.name AS by, coalesce(m.status = 'in_doubt', false) AS in_doubt
		FROM disclosures d LEFT JOIN organizations o ON o.id = d.to_org JOIN organizations g ON g.id = d.org_id
			LEFT JOIN messages m ON d.act = 'feedback' AND m.id = d.subject_id
		WHERE d.client_id IN ? AND d.at >= ? AND (d.at, d.id) < (?, ?) AND (m.id IS NULL OR m.status IN ('sent', 'in_doubt', 'sending'))
		ORDER BY d.at DESC, d.id DESC LIMIT ?`, clients, since, at, id, limit).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list the disclosures of clients %s: %w", clients, err)
	}
	for i, d := range out {
		if len(d.ToSealed) == 0 {
			continue
		}
		to, err := s.tx.Keys().Open("disclosures", "to_sealed", d.ID, d.ToSealed)
		if err != nil {
			return nil, err
		}
		out[i].To = string(to)
	}
	return out, nil
}

// part2 is the act whose recipient is sealed.
const part2 = "part2"
