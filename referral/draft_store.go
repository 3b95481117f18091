package referral

import (
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"doorstep/internal/pg"
)

// ownDrafts are those that the actor may see: its own, of the same site, and not too old.
func (s *store) ownDrafts() *gorm.DB {
	q := s.db().Where("org_id = ? AND owner_id = ? AND saved_at > ?", s.tx.Actor.OrgID, s.tx.Actor.ID, s.tx.Now.AddDate(0, 0, -DraftDays))
	if s.tx.Actor.SiteID == uuid.Nil {
		return q.Where("site_id IS NULL")
	}
	return q.Where("site_id = ?", s.tx.Actor.SiteID)
}

func (s *store) draft(id uuid.UUID, lock bool) (draft, error) {
	var d draft
	q := s.ownDrafts().Where("id = ?", id)
	if lock {
		q = q.Clauses(clause.Locking{Strength: "UPDATE"})
	}
	err := q.Take(&d).Error
	return d, pg.NotFound(err, "draft")
}

func (s *store) drafts(limit int) ([]draft, error) {
	var out []draft
	err := s.ownDrafts().Where("sent_as IS NULL").Order("saved_at DESC, id DESC").Limit(limit).Find(&out).Error
	return out, wrap(err, "list drafts")
}

// putDraft writes it, or over it; a row that is not the actor's, or that was sent, stays as it is.
func (s *store) putDraft(d draft) error {
	r := s.db().Exec(`INSERT INTO drafts (id, org_id, site_id, owner_id, payload_sealed, saved_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET payload_sealed = excluded.payload_sealed, saved_at = excluded.saved_at
		WHERE drafts.org_id = excluded.org_id AND drafts.owner_id = excluded.owner_id AND drafts.site_id IS NOT DISTINCT FROM excluded.site_id
			AND drafts.sent_as IS NULL`, d.ID, d.OrgID, d.SiteID, d.OwnerID, []byte(d.PayloadSealed), d.SavedAt)
	if r.Error != nil {
		return wrap(r.Error, "save draft %s", d.ID)
	}
	if r.RowsAffected > 0 {
		return nil
	}
	if err := (&work{tx: s.tx, store: s}).takeDraft(d.ID); err != nil {
		return err
	}
	return noDraft()
}

func (s *store) dropDraft(id uuid.UUID) {
	s.tx.Queue(`DELETE FROM drafts WHERE id = $1`, id)
}

func (s *store) draftSent(id, referral uuid.UUID) {
	s.tx.Queue(`UPDATE drafts SET payload_sealed = NULL, sent_as = $2 WHERE id = $1`, id, referral)
}

// sentBefore are the latest referrals of one source about these clients. Hub only.
func (s *store) sentBefore(org uuid.UUID, clients []uuid.UUID) ([]Referral, error) {
	var out []Referral
	err := s.db().Where("org_id = ? AND client_id IN ? AND withdrawn_at IS NULL", org, clients).Order("received_at DESC, id DESC").Limit(3).Find(&out).Error
	return out, wrap(err, "look for earlier referrals")
}

type noteRow struct {
	ID         uuid.UUID
	ReferralID uuid.UUID
	NoteSealed pg.Sealed
	WrittenAt  time.Time
	Reference  string
}

// referrerNotes of a case, also those about one that stands on it. Hub only.
func (s *store) referrerNotes(caseID uuid.UUID) ([]noteRow, error) {
	var out []noteRow
	err := s.db().Raw(`SELECT n.id, n.referral_id, n.note_sealed, n.written_at, r.reference FROM referrer_notes n JOIN referrals r ON r.id = n.referral_id WHERE n.case_id = ?
		ORDER BY n.written_at DESC, n.id DESC LIMIT 100`, caseID).Scan(&out).Error
	return out, wrap(err, "read what referrers told about case %s", caseID)
}
