package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
)

// TransferForm is her yes to a program of another agency, and why she changes. It lets that program know who she is.
type TransferForm struct {
	ProgramID      uuid.UUID `json:"program_id" validate:"required"`
	Reason         string    `json:"reason" validate:"required,oneof=moved_within her_wish language staffing program_closes other"`
	How            string    `json:"how" validate:"required,oneof=in_person phone signed link"`
	Language       string    `json:"language" validate:"omitempty,max=35,language"`
	WordingVersion string    `json:"wording_version" validate:"omitempty,wording"`
}

// Transfer proposes a served family to a program of another agency. She stays where she is until that agency claims her, so that
// nothing stops in between; when it does not, nothing has changed. Only her yes moves her, never a rule.
// Faults: NotFound for a family that another agency serves; Invalid for a program of the same agency; Conflict while another
// transfer is open, or when the program takes no families.
func (s *Service) Transfer(ctx context.Context, actor auth.Actor, id uuid.UUID, in TransferForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseTransfer, id, ActTransfer, in, func(m *moving) error {
		holder, err := m.holder()
		if err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		if err := m.mayTransfer(in.ProgramID, holder); err != nil {
			return err
		}
		m.detail["program"], m.detail["reason"] = in.ProgramID, in.Reason
		m.saidYesNow()
		consent := Consent{Gate: GateShare, ProgramID: &in.ProgramID, Answer: yes, Basis: herAnswer, How: in.How, WordingVersion: in.WordingVersion, Language: in.Language}
		m.stampConsent(&consent)
		if err := m.tx.Insert(&consent); err != nil {
			return err
		}
		offer, err := m.proposal(in.ProgramID, m.clocks())
		if err != nil {
			return err
		}
		offer.Kind = transfer
		if err := m.closeAnswered(holder); err != nil {
			return err
		}
		return m.propose(f, &offer)
	})
}

// holder is what holds a served family: the claim before the enrollment, the enrollment after it.
type holder struct {
	ID        uuid.UUID
	ProgramID uuid.UUID
	OrgID     uuid.UUID
	VisitorID *uuid.UUID
}

// holder is who serves this family. An agency that does not is told that there is no such case; the hub may always know.
func (m *moving) holder() (holder, error) {
	h, err := m.whoServes()
	if err == nil && !m.tx.Actor.SeesAll() && h.OrgID != m.tx.Actor.OrgID {
		err = fault.New(fault.NotFound, "There is no such case.")
	}
	return h, err
}

func (m *moving) whoServes() (holder, error) {
	if m.was.Status == Enrolled {
		e, err := m.store.openEnrollment(m.c.ID)
		return holder{e.ID, e.ProgramID, e.OrgID, e.VisitorID}, err
	}
	claim, err := m.store.openClaim(m.c.ID)
	return holder{claim.ID, claim.ProgramID, claim.OrgID, claim.VisitorID}, err
}

// served reports whether one agency has the family: no rule moves her then.
func (s Status) served() bool { return s == Claimed || s == Accepted || s == Enrolled }

func (m *moving) mayTransfer(to uuid.UUID, from holder) error {
	program, err := m.providers.PinProgram(to)
	if fault.KindOf(err) == fault.NotFound {
		return fault.Problems([]fault.Field{{Pointer: "/program_id", Code: "unknown", Detail: "This is not a program of this network."}})
	}
	if err != nil {
		return err
	}
	if program.OrgID == from.OrgID {
		return fault.Problems([]fault.Field{{Pointer: "/program_id", Code: "same_agency", Detail: "This program is of the agency that serves her. A transfer is to another."}})
	}
	if program.ClosedAt != nil {
		return errClosed(program.Name)
	}
	org, err := m.providers.Organization(program.OrgID)
	if err != nil {
		return err
	}
	cal, err := m.calendar(program.OrgID)
	if err != nil {
		return err
	}
	if !org.AgreementValid(cal.Day(m.tx.Now)) {
		return fault.New(fault.Conflict, "%s has no valid agreement, so nothing about a family may go to it.", org.Name)
	}
	offers, err := m.store.offers(m.c.ID)
	if err == nil && slices.ContainsFunc(offers, func(o Offer) bool { return o.EndedAs == nil }) {
		err = fault.New(fault.Conflict, "A transfer of this family is open already. One agency is asked at a time.")
	}
	return err
}

func errClosed(program string) error {
	return fault.New(fault.Conflict, "%s takes no families any more.", program)
}

// mayClaim reports whether this agency may claim now: an offer stands, or it was asked to take over a family that is served.
func (m *moving) mayClaim() (bool, error) {
	if !m.c.Status.served() {
		return m.c.Status == Offered, nil
	}
	offers, err := m.store.ownOffers(m.c.ID, m.tx.Actor.OrgID)
	return slices.ContainsFunc(offers, func(o Offer) bool { return o.EndedAs == nil && o.Kind == transfer }), err
}

// leaveAgency ends everything that she had at the agency that served her until now. It keeps its own entries and no identity.
// What she has reached stays reached: she was visited, and she was enrolled.
func (m *moving) leaveAgency() error {
	from, err := m.whoServes()
	if err != nil {
		return err
	}
	m.detail["from"] = from.ProgramID
	m.store.endTransferred(m.c.ID, m.id)
	m.store.cancelVisits(m.c.ID, m.id)
	m.store.revoke(m.c.ID, &from.OrgID, "full", m.id)
	m.jobs.TellLine(from.ProgramID)
	if err := m.jobs.CancelCase(&m.id, m.c.ID, servingPromises()...); err != nil {
		return err
	}
	m.store.closeAgencyTasks(m.c.ID, from.OrgID, m.id)
	return m.closeAnswered(from)
}

// servingPromises are the promises of the agency that serves a family.
func servingPromises() []jobs.Kind {
	return []jobs.Kind{jobs.FirstAttemptDue, jobs.NextAttemptDue, jobs.FirstVisitDue, jobs.VisitDrought, jobs.CompletionCheck, jobs.ContactRecheck}
}

// notTaken tells the agency that serves her, and the hub, that she stays.
func (m *moving) notTaken() error {
	from, err := m.whoServes()
	if err != nil {
		return err
	}
	return m.askBoth(from, taskNotTaken, auth.AgencyCoordinator, auth.TriageCoordinator, false)
}

// askBoth makes one task for the agency that serves her and one for the hub; the subject tells them apart.
func (m *moving) askBoth(from holder, kind string, atAgency, atHub auth.Role, urgent bool) error {
	hub, err := m.hub()
	if err != nil {
		return err
	}
	if err := m.ask(from.OrgID, atAgency, kind, from.ID, urgent); err != nil {
		return err
	}
	return m.ask(hub.ID, atHub, kind, m.c.ID, urgent)
}

// closeAnswered ends what askBoth asked: she was offered elsewhere, or has gone there.
func (m *moving) closeAnswered(from holder) error {
	for _, subject := range []uuid.UUID{from.ID, m.c.ID} {
		if err := m.jobs.CloseTasks(&m.id, subject, jobs.TaskNotNeeded, taskNotTaken, taskAskHer); err != nil {
			return err
		}
	}
	return nil
}
