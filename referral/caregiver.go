package referral

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/providers"
)

// CaregiverForm says with whom children live from now on, as somebody at the hub wrote it down.
type CaregiverForm struct {
	Infants        []uuid.UUID        `json:"infants" validate:"required,min=1,max=9,unique"`
	Role           string             `json:"role" validate:"required,oneof=other_parent kin foster adoptive guardian"`
	Client         NewCaregiver       `json:"client"`
	ContactMethods []SubmittedContact `json:"contact_methods" validate:"max=10,dive"`
	Addresses      []SubmittedAddress `json:"addresses" validate:"max=5,dive"`
	Consent        SubmittedConsent   `json:"consent"`
}

// LogValue: nothing of it may be logged.
func (CaregiverForm) LogValue() slog.Value { return slog.StringValue("[caregiver]") }

// NewCaregiver is the person with whom they live now.
type NewCaregiver struct {
	GivenName      string `json:"given_name" validate:"required,max=100"`
	FamilyName     string `json:"family_name" validate:"required,max=100"`
	DateOfBirth    string `json:"date_of_birth" validate:"omitempty,datetime=2006-01-02"`
	SpokenLanguage string `json:"spoken_language" validate:"max=35"` // BCP 47
	Interpreter    string `json:"interpreter" validate:"omitempty,oneof=yes no unknown"`
	Insurance      string `json:"insurance" validate:"omitempty,oneof=medicaid applying private none unknown"`
}

// submission is the form as a referral of the hub itself.
func (in CaregiverForm) submission() Submission {
	c := in.Client
	return Submission{Stage: "postpartum", ContactMethods: in.ContactMethods, Addresses: in.Addresses, Consent: in.Consent,
		Client: SubmittedClient{GivenName: c.GivenName, FamilyName: c.FamilyName, DateOfBirth: c.DateOfBirth, CaregiverRole: in.Role,
			SpokenLanguage: c.SpokenLanguage, Interpreter: c.Interpreter, Insurance: c.Insurance}}
}

// ChangeCaregiver opens a case for the person with whom children live now, on the same episode, and lets the children leave this
// one. Neither side's rows, tasks or views name the other; the receipt, which the hub alone gets, names the new case. What the
// first caregiver told of herself stays with her case.
// A case that closed because its caregiver died stays as it is. Locks go identity first, as at intake.
// Faults: Invalid; Conflict for a case that is closed otherwise, and for a person whose record is linked with another caregiver's of the child.
func (s *Service) ChangeCaregiver(ctx context.Context, actor auth.Actor, id uuid.UUID, in CaregiverForm) (Receipt, error) {
	if err := actor.Require(auth.CaseCaregiver); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		w := s.work(tx)
		if _, err := w.store.caseByID(id); err != nil {
			return Receipt{}, err
		}
		sub, r, err := w.readCaregiver(in)
		if err != nil {
			return Receipt{}, err
		}
		known, listed, err := w.sameClient(&r)
		if err != nil {
			return Receipt{}, err
		}
		m, err := w.lock(id, ActCaregiver)
		if err != nil {
			return Receipt{}, err
		}
		change := func(m *moving) error { return m.changeCaregiver(in.Infants, sub, r, known, listed) }
		if m.c.Status == Closed && *m.c.Disposition == ClientDied {
			if err := change(m); err != nil {
				return Receipt{}, err
			}
			return m.receipt(), m.audit.Record(audit.Event{Action: string(ActCaregiver), CaseID: &m.c.ID, Subject: "infants", SubjectID: &m.c.ID, Detail: m.detail})
		}
		if err := CheckAction(m.c.Status, ActCaregiver); err != nil {
			return Receipt{}, err
		}
		return m.finish(change)
	})
}

// custodyOf is with whom a child lives, by the role of whom it lives with.
func custodyOf(role string) string {
	switch role {
	case "kin", "foster", "guardian":
		return role
	case "adoptive":
		return "adopted"
	}
	return withParent
}

const withParent = "with_parent"

// readCaregiver checks the form as a referral is checked.
func (w *work) readCaregiver(in CaregiverForm) (Submission, received, error) {
	sub := in.submission()
	c, err := w.familyDates()
	if err != nil {
		return sub, received{}, err
	}
	c.problems = w.svc.shape.Check(in)
	r := received{role: in.Role, channel: "phone", stage: sub.Stage, sensitivity: "none", referredAt: w.tx.Now}
	c.client(&sub, &r.client)
	r.contacts, r.addresses = c.contacts(&sub), c.addresses(&sub)
	c.consent(&sub)
	return sub, r, fault.Problems(c.problems)
}

// sameClient looks for exactly this person, and makes an intake of the same person wait.
func (w *work) sameClient(r *received) (*Client, []served, error) {
	key := matchKey(r.client.GivenName, r.client.FamilyName, r.client.DateOfBirth)
	if key == nil {
		return nil, nil, nil
	}
	known, listed, err := w.store.lockSameClient(key, *r.client.DateOfBirth)
	if known == nil {
		r.client.MatchKey = key
	}
	return known, listed, err
}

func (m *moving) changeCaregiver(ids []uuid.UUID, sub Submission, r received, known *Client, listed []served) error {
	if known != nil && known.ID == m.c.CaregiverID {
		return fault.Problems([]fault.Field{{Pointer: "/client", Code: "same", Detail: "This is the caregiver of this case."}})
	}
	if known != nil {
		linked, err := m.store.linkedToEpisode(known.ID, m.c.EpisodeID)
		if err != nil {
			return err
		}
		if linked {
			return fault.New(fault.Conflict, "By a link of records this person is another caregiver of this child. Undo the link first.")
		}
	}
	f, err := m.family()
	if err != nil {
		return err
	}
	var leaving, left []Infant
	for _, child := range f.infants {
		if slices.Contains(ids, child.ID) {
			leaving = append(leaving, child)
		} else {
			left = append(left, child)
		}
	}
	if len(leaving) != len(ids) {
		return fault.Problems([]fault.Field{{Pointer: "/infants", Code: "unknown", Detail: "One of these is not a child of this case."}})
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	r.episode = m.c.EpisodeID
	next, err := m.takesOver(leaving, sub, r, hub, known, listed)
	if err != nil {
		return fmt.Errorf("open the new caregiver's case: %w", err)
	}
	m.detail["infants"] = ids
	f.infants, f.gone = left, f.gone+len(leaving)
	if err := m.childrenLeft(f); err != nil {
		return err
	}
	m.created = &next
	return nil
}

// childrenLeft says what becomes of the case that they left.
func (m *moving) childrenLeft(f *family) error {
	if m.was.Status == Closed {
		return nil
	}
	agency, subject, err := m.whoHasHer()
	switch {
	case err != nil:
		return err
	case agency != uuid.Nil:
		return m.ask(agency, auth.AgencyManager, taskChildMoved, subject, true)
	case len(f.infants) > 0:
		return nil
	}
	if err := m.noChild(subject); err != nil {
		return err
	}
	return m.putBefore(reviewNoChild)
}

// takesOver opens the new caregiver's case, or finds the one that is open since an earlier child came, and triages it by that
// person's own answers.
func (m *moving) takesOver(children []Infant, sub Submission, r received, hub providers.Organization, known *Client, listed []served) (uuid.UUID, error) {
	next, f, err := m.caseOfCaregiver(r, known)
	if err != nil {
		return uuid.Nil, err
	}
	if known == nil {
		f.servedBy = listed
	}
	ids := make([]uuid.UUID, 0, len(children))
	for _, child := range children {
		ids = append(ids, child.ID)
	}
	m.store.moveInfants(ids, next.c.ID, custodyOf(sub.Client.CaregiverRole))
	f.infants = append(f.infants, children...)
	next.c.Stage = r.stage
	row, err := next.keepReferral(sub, r, hub)
	if err != nil {
		return uuid.Nil, err
	}
	f.referrals = append(f.referrals, row)
	if err := next.addReach(sub, r, f, row); err != nil {
		return uuid.Nil, err
	}
	if err := next.addConsents(sub, r, f, row); err != nil {
		return uuid.Nil, err
	}
	if err := next.sendOn(f); err != nil {
		return uuid.Nil, err
	}
	return next.c.ID, next.save()
}

func (w *work) caseOfCaregiver(r received, known *Client) (*moving, *family, error) {
	if known == nil {
		return w.newCase(r, nil, nil)
	}
	cases, err := w.store.casesOf(known.ID)
	if err != nil {
		return nil, nil, err
	}
	earlier, has := find(cases, func(c Case) bool { return c.EpisodeID == r.episode })
	if !has {
		return w.newCase(r, known, nil)
	}
	if earlier.open() {
		m, err := w.lock(earlier.ID, ActLink)
		if err != nil {
			return nil, nil, err
		}
		if m.c.open() {
			f, err := m.family()
			return m, f, err
		}
	}
	return w.newCase(r, known, &earlier)
}
