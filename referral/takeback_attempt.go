package referral

import (
	"github.com/google/uuid"
)

// takeBackAttempt is undo's part for a try: the row stays and counts no more, and its way stands as before it. What the try called unsafe
// stays shut: a person who erred there asks her, and says so by changing the way.
func (s *store) takeBackAttempt(m Move) {
	s.tx.Queue(`UPDATE attempts SET taken_back_at = $3 WHERE case_id = $1 AND opened_move = $2 AND taken_back_at IS NULL`, m.CaseID, m.ID, s.tx.Now)
	for table, column := range map[string]string{"contact_methods": "contact_method_id", "addresses": "address_id"} {
		s.tx.Queue(`UPDATE `+table+` w SET verified_at = a.checked_before, verified_by = a.checked_before_by FROM attempts a
			WHERE a.case_id = $1 AND a.opened_move = $2 AND a.`+column+` = w.id AND a.outcome = 'reached' AND w.verified_at = a.at`, m.CaseID, m.ID)
		s.tx.Queue(`UPDATE `+table+` w SET ended_at = NULL, ended_by = NULL, ended_as = NULL FROM attempts a
			WHERE a.case_id = $1 AND a.opened_move = $2 AND a.`+column+` = w.id AND a.outcome = 'wrong_number' AND w.ended_as = 'wrong_number'
			AND w.ended_at = $3 AND w.ended_by = a.by_id`, m.CaseID, m.ID, m.MovedAt)
	}
}

// checkedBefore is when and by whom a way was last known to be right.
func (f *family) checkedBefore(u used) (k Kept) {
	id := u.way.ID
	if id == uuid.Nil {
		return k
	}
	if c, is := find(f.contacts, func(c ContactMethod) bool { return c.ID == id }); is {
		return c.Kept
	}
	a, _ := find(f.addresses, func(a Address) bool { return a.ID == id })
	return a.Kept
}
