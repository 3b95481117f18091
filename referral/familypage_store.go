package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
)

// familyPage is her page, as the hub opened it.
type familyPage struct {
	ID        uuid.UUID
	CaseID    uuid.UUID
	ClientID  uuid.UUID
	TokenHash []byte
	WordSalt  []byte
	WordHash  []byte
	Said      string
	OpenedAt  time.Time
	OpenedBy  uuid.UUID
	ExpiresAt time.Time
	Guesses   int
	ClosedAt  *time.Time
	ClosedAs  *string
}

// TableName is gorm's.
func (familyPage) TableName() string { return "family_pages" }

func noPage() error {
	return fault.New(fault.NotFound, "This page is not open. If you still need us, call the number below.")
}

// openPage is the page of a token, locked. NotFound when it is shut, over, or never was.
func (s *store) openPage(where string, key any) (familyPage, error) {
	var found []familyPage
	err := s.db().Raw(`SELECT * FROM family_pages WHERE `+where+` = ? AND closed_at IS NULL AND expires_at > ? FOR UPDATE`, key, s.tx.Now).Scan(&found).Error
	if err == nil && len(found) == 0 {
		return familyPage{}, noPage()
	}
	if err != nil {
		return familyPage{}, wrap(err, "look up a family's page")
	}
	return found[0], nil
}

func (s *store) newestPage(caseID uuid.UUID) (*familyPage, error) {
	var found []familyPage
	err := s.db().Where("case_id = ?", caseID).Order("opened_at DESC, id DESC").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return nil, wrap(err, "read the page of case %s", caseID)
	}
	return &found[0], nil
}

// shutPage ends the open page of a case; what its visits hold goes with it.
func (s *store) shutPage(caseID uuid.UUID, as string) {
	s.tx.Queue(`DELETE FROM public_visits WHERE page_id IN (SELECT id FROM family_pages WHERE case_id = $1)`, caseID)
	s.tx.Queue(`UPDATE family_pages SET closed_at = $2, closed_as = $3 WHERE case_id = $1 AND closed_at IS NULL`, caseID, s.tx.Now, as)
}

// guessed counts a wrong word, or forgets them after the right one.
func (s *store) guessed(page uuid.UUID, guesses int) {
	s.tx.Queue(`UPDATE family_pages SET guesses = $2 WHERE id = $1`, page, guesses)
}

// familyRequest is what she asked for on a page.
type familyRequest struct {
	ID         uuid.UUID
	Kind       string
	CaseID     *uuid.UUID
	PageID     *uuid.UUID
	TextSealed []byte
	AskedAt    time.Time
	OwnerID    *uuid.UUID
	OwnedAt    *time.Time
	SettledAt  *time.Time
	SettledBy  *uuid.UUID
	SettledAs  *string
}

// TableName is gorm's.
func (familyRequest) TableName() string { return "family_requests" }

// request is what she asked for; wrong says which of the two kinds.
func (s *store) request(id uuid.UUID, wrong bool) (familyRequest, error) {
	var found []familyRequest
	err := s.db().Where("id = ? AND (kind = 'wrong') = ?", id, wrong).Limit(1).Find(&found).Error
	if err == nil && len(found) == 0 {
		return familyRequest{}, fault.New(fault.NotFound, "There is no such request.")
	}
	if err != nil {
		return familyRequest{}, wrap(err, "read request %s", id)
	}
	return found[0], nil
}

// openRequests are those that nobody has settled, with who answers for each.
func (s *store) openRequests() ([]RequestRow, error) {
	out := []RequestRow{}
	err := s.db().Raw(`SELECT q.id, q.case_id, q.kind, q.asked_at, q.owner_id, u.name AS owner FROM family_requests q LEFT JOIN users u ON u.id = q.owner_id
		WHERE q.settled_at IS NULL AND q.kind <> 'wrong' ORDER BY q.asked_at, q.id LIMIT 100`).Scan(&out).Error
	return out, wrap(err, "list what families asked for")
}

func (s *store) lockRequest(id uuid.UUID) (familyRequest, error) {
	var found []familyRequest
	err := s.db().Raw(`SELECT * FROM family_requests WHERE id = ? AND kind <> 'wrong' FOR UPDATE`, id).Scan(&found).Error
	if err == nil && len(found) == 0 {
		return familyRequest{}, fault.New(fault.NotFound, "There is no such request.")
	}
	if err != nil {
		return familyRequest{}, wrap(err, "lock request %s", id)
	}
	return found[0], nil
}

func (s *store) ownRequest(id uuid.UUID) {
	s.tx.Queue(`UPDATE family_requests SET owner_id = $2, owned_at = $3 WHERE id = $1`, id, s.tx.Actor.ID, s.tx.Now)
}

func (s *store) settleRequest(id uuid.UUID, as string) {
	s.tx.Queue(`UPDATE family_requests SET settled_at = $2, settled_by = $3, settled_as = $4 WHERE id = $1`, id, s.tx.Now, s.tx.Actor.ID, as)
}

// nameOf is what a person is called; nil of nobody.
func (s *store) nameOf(user *uuid.UUID) (*string, error) {
	if user == nil {
		return nil, nil
	}
	var name *string
	err := s.db().Raw(`SELECT name FROM users WHERE id = ?`, *user).Scan(&name).Error
	return name, wrap(err, "read the name of %s", *user)
}
