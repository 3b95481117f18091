package referral

import (
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/auth"
	"doorstep/internal/pg"
)

func (s *store) keepCaseload(id uuid.UUID, by auth.Actor, program uuid.UUID, text []byte) {
	s.tx.Queue(`INSERT INTO caseload_files (id, org_id, program_id, file_sealed, kept_at, kept_by) VALUES ($1, $2, $3, $4, clock_timestamp(), $5)`,
		id, by.OrgID, program, s.tx.Keys().Seal("caseload_files", "file_sealed", id, text), by.ID)
}

func (s *store) caseloadFile(id uuid.UUID) (CaseloadFile, error) {
	var found []struct {
		ID, ProgramID uuid.UUID
		Program       string
		FileSealed    []byte
	}
	err := s.tx.Gorm().Raw(`SELECT f.id, f.program_id, p.name AS program, f.file_sealed FROM caseload_files f JOIN programs p ON p.id = f.program_id WHERE f.id = ?`, id).Scan(&found).Error
	if err != nil {
		return CaseloadFile{}, fmt.Errorf("read caseload file %s: %w", id, err)
	}
	if len(found) == 0 {
		return CaseloadFile{}, pg.NotFound(gorm.ErrRecordNotFound, "caseload")
	}
	text, err := s.tx.Keys().Open("caseload_files", "file_sealed", id, found[0].FileSealed)
	if err != nil {
		return CaseloadFile{}, fmt.Errorf("open caseload file %s: %w", id, err)
	}
	return CaseloadFile{id, found[0].ProgramID, found[0].Program, text}, nil
}

func (s *store) dropCaseload(id uuid.UUID) {
	s.tx.Queue(`DELETE FROM caseload_files WHERE id = $1`, id)
}
