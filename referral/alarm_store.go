package referral

import (
	"github.com/google/uuid"

	"doorstep/internal/pg"
)

func (s *store) alarm(id uuid.UUID) (Alarm, error) {
	var a Alarm
	err := s.db().Where("id = ?", id).Take(&a).Error
	return a, pg.NotFound(err, "alarm")
}

func (s *store) alarms(caseID uuid.UUID) ([]Alarm, error) {
	var out []Alarm
	err := s.db().Where("case_id = ?", caseID).Order("raised_at, id").Limit(100).Find(&out).Error
	return out, wrap(err, "read the alarms of case %s", caseID)
}

// openAlarms are the alarms without an outcome, oldest first.
func (s *store) openAlarms(limit int) ([]Alarm, error) {
	var out []Alarm
	err := s.db().Where("outcome IS NULL").Order("raised_at, id").Limit(limit).Find(&out).Error
	return out, wrap(err, "read the open alarms")
}

func (s *store) acknowledgeAlarm(id uuid.UUID) {
	s.tx.Queue(`UPDATE alarms SET acknowledged_at = $2, acknowledged_by = $3 WHERE id = $1`, id, s.tx.Now, s.tx.Actor.ID)
}

func (s *store) endAlarm(id uuid.UUID, outcome string, remarks pg.Sealed) {
	s.tx.Queue(`UPDATE alarms SET outcome = $2, outcome_at = $3, outcome_by = $4, remarks_sealed = $5 WHERE id = $1`,
		id, outcome, s.tx.Now, s.tx.Actor.ID, []byte(remarks))
}

// climbAlarm notes the rung that was reached.
func (s *store) climbAlarm(id uuid.UUID, step int) {
	s.tx.Queue(`UPDATE alarms SET ladder_step = $2 WHERE id = $1`, id, step)
}
