package providers

import "github.com/google/uuid"

// Site is one place of an organization that sends referrals, such as a ward or a clinic.
type Site struct {
	ID            uuid.UUID
	OrgID         uuid.UUID
	Name          string
	FeedbackEmail *string // a mailbox of the site, never of a person; nil = feedback is only on the page and the API
}
