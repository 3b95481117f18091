package providers

import (
	"context"
	"net/mail"
	"strings"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Changed answers a change of the network.
type Changed struct {
	ID uuid.UUID `json:"id"`
}

// PartyForm is what may change of an organization; its kind may not. It replaces all of it.
type PartyForm struct {
	Name           string      `json:"name" validate:"required,max=200"`
	LegalStatus    LegalStatus `json:"legal_status" validate:"required"`
	AgreementUntil *civil.Date `json:"agreement_until"` // nil: no agreement; nothing about a family goes there
	CalendarID     uuid.UUID   `json:"calendar_id" validate:"required"`
}

func (f PartyForm) problems() error {
	var wrong []fault.Field
	if n := strings.TrimSpace(f.Name); n == "" || len(n) > 200 {
		wrong = append(wrong, fault.Field{Pointer: "/name", Code: "required", Detail: "Write the organization's name, in at most 200 characters."})
	}
	switch f.LegalStatus {
	case CoveredEntity, BusinessAssociate, PublicHealth, Neither:
	default:
		wrong = append(wrong, fault.Field{Pointer: "/legal_status", Code: "oneof", Detail: "One of: covered_entity, business_associate, public_health, neither."})
	}
	if f.AgreementUntil != nil && !f.AgreementUntil.IsValid() {
		wrong = append(wrong, fault.Field{Pointer: "/agreement_until", Code: "date", Detail: "Write a date, or nothing when there is no agreement."})
	}
	return fault.Problems(wrong)
}

// ChangeParty changes an organization. An agreement that ends stops offers, claims and mail from that day on. Faults: Forbidden, Invalid,
// NotFound for the organization or the calendar.
func (s *Service) ChangeParty(ctx context.Context, actor auth.Actor, id uuid.UUID, form PartyForm) (Changed, error) {
	return s.change(ctx, actor, "organization", id, func(store *Store) (map[string]any, error) {
		if err := form.problems(); err != nil {
			return nil, err
		}
		was, err := store.Organization(id)
		if err != nil {
			return nil, err
		}
		if _, err := store.Calendar(form.CalendarID); err != nil {
			return nil, err
		}
		var until *string
		if form.AgreementUntil != nil {
			until = new(form.AgreementUntil.String())
		}
		store.tx.Queue(`UPDATE organizations SET name = $2, legal_status = $3, agreement_until = $4, calendar_id = $5 WHERE id = $1`,
			id, strings.TrimSpace(form.Name), string(form.LegalStatus), until, form.CalendarID)
		return map[string]any{"agreement_from": was.AgreementUntil, "agreement_to": form.AgreementUntil, "legal_status": form.LegalStatus,
			"calendar": form.CalendarID, "renamed": was.Name != strings.TrimSpace(form.Name)}, nil
	})
}

// SiteForm describes a new site.
type SiteForm struct {
	Name          string `json:"name" validate:"required,max=200"`
	FeedbackEmail string `json:"feedback_email" validate:"max=254"` // a mailbox of the site, never of a person
}

// OpenSite is AddSite with a form. Faults: as AddSite's.
func (s *Service) OpenSite(ctx context.Context, actor auth.Actor, org uuid.UUID, form SiteForm) (Changed, error) {
	if err := keeps(actor, "organization"); err != nil {
		return Changed{}, err
	}
	var wrong []fault.Field
	if n := strings.TrimSpace(form.Name); n == "" || len(n) > 200 {
		wrong = append(wrong, fault.Field{Pointer: "/name", Code: "required", Detail: "Write the site's name, in at most 200 characters."})
	}
	if a, err := mail.ParseAddress(form.FeedbackEmail); form.FeedbackEmail != "" && (err != nil || a.Address != form.FeedbackEmail) {
		wrong = append(wrong, fault.Field{Pointer: "/feedback_email", Code: "email", Detail: "Write an e-mail address of the site, or nothing."})
	}
	if err := fault.Problems(wrong); err != nil {
		return Changed{}, err
	}
	id, err := s.AddSite(ctx, actor, org, form.Name, form.FeedbackEmail)
	return Changed{id}, err
}

// AreaForm is a whole service area.
type AreaForm struct {
	Zips []string `json:"zips" validate:"max=2000"`
}

// AreaChanged answers a new service area.
type AreaChanged struct {
	ID      uuid.UUID `json:"id"`
	Added   int       `json:"added"`
	Removed int       `json:"removed"`
	Zips    int       `json:"zips"`
}

// SetArea replaces the ZIP codes that a program serves. Families who are with it stay; what is offered from now on follows the new list.
// Faults: Forbidden, Invalid with every code that is none, NotFound.
func (s *Service) SetArea(ctx context.Context, actor auth.Actor, program uuid.UUID, form AreaForm) (AreaChanged, error) {
	var out AreaChanged
	_, err := s.change(ctx, actor, "program", program, func(store *Store) (map[string]any, error) {
		if bad := notZips(form.Zips); len(bad) > 0 || len(form.Zips) > 2000 {
			return nil, fault.Problems([]fault.Field{{Pointer: "/zips", Code: "zip",
				Detail: "These are no ZIP codes of five digits: " + strings.Join(bad[:min(10, len(bad))], ", ") + ". At most 2000 codes."}})
		}
		if _, err := store.LockProgram(program); err != nil {
			return nil, err
		}
		rows, err := areas(program, form.Zips)
		if err != nil {
			return nil, err
		}
		out.ID, out.Zips = program, len(rows)
		out.Added, out.Removed, err = store.setArea(program, rows)
		return map[string]any{"added": out.Added, "removed": out.Removed, "zips": out.Zips}, err
	})
	return out, err
}

// notZips are the texts that are no ZIP code, cut so that an error carries no document back.
func notZips(texts []string) (bad []string) {
	for _, t := range texts {
		if !zip.MatchString(t) {
			if runes := []rune(t); len(runes) > 12 {
				t = string(runes[:12]) + "…"
			}
			bad = append(bad, t)
		}
	}
	return bad
}

// change is one change of the network: permission, one transaction, one audit row.
func (s *Service) change(ctx context.Context, actor auth.Actor, subject string, id uuid.UUID, fn func(*Store) (map[string]any, error)) (Changed, error) {
	if err := keeps(actor, subject); err != nil {
		return Changed{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Changed, error) {
		detail, err := fn(NewStore(tx))
		if err != nil {
			return Changed{}, err
		}
		return Changed{id}, audit.NewStore(tx).Record(audit.Event{Action: "change " + subject, Subject: subject, SubjectID: &id, Detail: detail})
	})
}
