package providers

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// Site is one place of an organization that sends referrals, such as a ward or a clinic.
type Site struct {
	ID            uuid.UUID
	OrgID         uuid.UUID
	Name          string
	FeedbackEmail *string // a mailbox of the site, never of a person; nil = feedback is only on the page and the API
}

// AddSite adds a site to an organization and returns its id. An empty e-mail address is none. Faults: Forbidden, Invalid,
// NotFound for the organization.
func (s *Service) AddSite(ctx context.Context, actor auth.Actor, org uuid.UUID, name, feedbackEmail string) (uuid.UUID, error) {
	return s.add(ctx, actor, "site", func(store *Store, id uuid.UUID) error {
		site := Site{ID: id, OrgID: org, Name: strings.TrimSpace(name)}
		if site.Name == "" {
			return fault.New(fault.Invalid, "A site needs a name.")
		}
		if feedbackEmail != "" {
			site.FeedbackEmail = &feedbackEmail
		}
		if _, err := store.Organization(org); err != nil {
			return err
		}
		return store.tx.Insert(&site)
	})
}
