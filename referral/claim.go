package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/providers"
	"doorstep/triage"
)

// ClaimForm names the program that takes her; it may be left out when the agency was offered only one.
type ClaimForm struct {
	ProgramID  *uuid.UUID `json:"program_id"`
	InOrder    bool       `json:"in_order"` // refuse to pass a family that stands before this one, unless out_of_order says why
	OutOfOrder string     `json:"out_of_order" validate:"omitempty,oneof=language visitor_fits area knows_family hub_asked other"`
}

// Claim takes a case for one program: one winner, one slot. Locks go case first, then program. Of a transfer it takes her over
// from the agency that served her until now.
// Faults: Conflict when another was faster (in words: the same agency hears who and when), when no place is free, or when she
// took back her yes; NotFound for a case that was never offered to this agency.
func (s *Service) Claim(ctx context.Context, actor auth.Actor, id uuid.UUID, in ClaimForm) (Receipt, error) {
	if err := actor.Require(auth.CaseClaim); err != nil {
		return Receipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		w := s.work(tx)
		offers, err := w.store.ownOffers(id, actor.OrgID)
		if err != nil {
			return Receipt{}, err
		}
		m, err := w.lock(id, ActClaim)
		if err != nil {
			return Receipt{}, w.tooLate(offers, err)
		}
		if may, err := m.mayClaim(); err != nil || !may {
			if err != nil {
				return Receipt{}, err
			}
			return Receipt{}, m.takenBy()
		}
		offer, err := m.openOffer(in.ProgramID)
		if err != nil {
			return Receipt{}, err
		}
		if err := m.passes(offer, in); err != nil {
			return Receipt{}, err
		}
		return m.finish(func(m *moving) error { return m.claim(offer) })
	})
}

// passes notes how many families of the same program stand before this one in the pool, and why they are passed. Who asked for the
// order to hold is asked why first.
func (m *moving) passes(offer Offer, in ClaimForm) error {
	ahead, err := m.store.offersAhead(offer)
	if err != nil || ahead == 0 {
		return err
	}
	if in.InOrder && in.OutOfOrder == "" {
		return fault.Problems([]fault.Field{{Pointer: "/out_of_order", Code: "required",
			Detail: "Another family stands before this one. Say why you take this one first."}})
	}
	m.detail["passed"] = ahead
	if in.OutOfOrder != "" {
		m.detail["out_of_order"] = in.OutOfOrder
	}
	return nil
}

// tooLate tells an agency that had an offer what happened instead of "no such case".
func (w *work) tooLate(offers []Offer, err error) error {
	if len(offers) == 0 || fault.KindOf(err) != fault.NotFound {
		return err
	}
	switch o := offers[0]; {
	case o.EndedAs != nil && *o.EndedAs == "expired":
		return fault.New(fault.Conflict, "The time to answer this offer ran out at %s.", o.EndedAt.Format("2006-01-02 15:04 MST"))
	case o.EndedAs != nil && *o.EndedAs == "agency_declined":
		return fault.New(fault.Conflict, "Your agency declined this family at %s.", o.EndedAt.Format("2006-01-02 15:04 MST"))
	}
	return fault.New(fault.Conflict, "Another agency has this family, or the offer was withdrawn.")
}

// takenBy says who was faster: to the same agency a time, to another only that it was another.
func (m *moving) takenBy() error {
	claim, err := m.store.openClaim(m.c.ID)
	if err == nil && claim.OrgID == m.tx.Actor.OrgID {
		return fault.New(fault.Conflict, "Your agency claimed this family at %s.", claim.ClaimedAt.Format("2006-01-02 15:04 MST"))
	}
	return fault.New(fault.Conflict, "Another agency has this family, or the offer was withdrawn.")
}

// openOffer is the agency's own open offer, read under the case's lock.
func (m *moving) openOffer(program *uuid.UUID) (Offer, error) {
	offers, err := m.store.ownOffers(m.c.ID, m.tx.Actor.OrgID)
	if err != nil {
		return Offer{}, err
	}
	var open []Offer
	for _, o := range offers {
		if o.EndedAs == nil && (program == nil || *program == o.ProgramID) {
			open = append(open, o)
		}
	}
	switch len(open) {
	case 0:
		return Offer{}, m.tooLate(offers, fault.New(fault.NotFound, "There is no such case."))
	case 1:
		return open[0], nil
	}
	return Offer{}, fault.Problems([]fault.Field{{Pointer: "/program_id", Code: "required", Detail: "Your agency was offered this family for more than one program. Name one."}})
}

// claim takes the slot under the program's lock. Gate 3 and the agreement are asked again: both may have ended since the offer.
func (m *moving) claim(offer Offer) error {
	program, err := m.freePlace(offer.ProgramID)
	if err != nil {
		return err
	}
	if err := m.mayKnowHer(offer); err != nil {
		return err
	}
	if offer.Kind == transfer {
		if err := m.leaveAgency(); err != nil {
			return err
		}
	} else {
		m.c.ClaimedAt = &m.tx.Now // of one who was taken over the first claim stays the milestone
	}
	share, err := m.setAside(program)
	if err != nil {
		return err
	}
	claim := Claim{ID: pg.NewID(), SetAside: share, CaseID: m.c.ID, Line: "home_visiting", ProgramID: program.ID, OrgID: offer.OrgID, OfferID: offer.ID,
		ClaimedAt: m.tx.Now, ClaimedBy: m.tx.Actor.ID, OpenedMove: &m.id}
	if err := m.tx.Insert(&claim); err != nil {
		return err
	}
	m.store.endOffer(offer.ID, "claimed", nil, m.id)
	if err := m.leaveOffers("withdrawn"); err != nil {
		return err
	}
	m.store.leave(m.c.ID, nil, waitClaimed, m.id)
	m.store.grant(Access{CaseID: m.c.ID, OrgID: offer.OrgID, Level: "full", OpenedMove: &m.id})
	act := discloseClaim
	if offer.Kind == transfer {
		act = discloseTransfer
	}
	if err := m.discloseRecord(act, offer.OrgID, program.ID, claim.ID); err != nil {
		return err
	}
	m.c.Status, m.created = Claimed, &claim.ID
	m.detail["program"], m.detail["offer"] = program.ID, offer.ID
	return m.firstAttempt(claim)
}

// setAside is the kept share in which her newest decision counts her at a program, nil when in none.
func (m *moving) setAside(program providers.Program) (*string, error) {
	live := m.liveRules()
	if live == nil {
		return nil, nil
	}
	model, known := find(live.rules.Programs(), func(p triage.Program) bool { return p.Code == program.PackCode })
	if !known || len(model.SetAsides) == 0 {
		return nil, nil
	}
	code, err := m.store.decidedShare(m.c.ID, program.ID)
	if err != nil || code == "" {
		return nil, err
	}
	return &code, nil
}

// freePlace is a place for a new family: of a program that was closed there is none.
func (m *moving) freePlace(id uuid.UUID) (providers.Program, error) {
	program, err := m.lockPlace(id)
	if program.ClosedAt != nil {
		err = errClosed(program.Name)
	}
	return program, err
}

// lockPlace locks the program, so that the place that is free now is still free at the commit.
func (m *moving) lockPlace(id uuid.UUID) (providers.Program, error) {
	program, err := m.providers.LockProgram(id)
	if err != nil {
		return program, err
	}
	usage, err := m.providers.Free(id)
	if err == nil && usage.Free < 1 {
		err = fault.New(fault.Conflict, "%s has no free place: %d of %d are promised or in use.", program.Name, usage.Promised+usage.InUse, usage.Funded)
	}
	return program, err
}

func (m *moving) mayKnowHer(offer Offer) error {
	org, err := m.providers.Organization(offer.OrgID)
	if err != nil {
		return err
	}
	cal, err := m.calendar(offer.OrgID)
	if err != nil {
		return err
	}
	if !org.AgreementValid(cal.Day(m.tx.Now)) {
		return fault.New(fault.Conflict, "Your agency's agreement has ended, so no family can be claimed. Ask the hub.")
	}
	f, err := m.family()
	if err != nil {
		return err
	}
	if len(f.servedBy) > 0 {
		return errServed()
	}
	if !mayShare(f.consents, offer.ProgramID) {
		return fault.New(fault.Conflict, "She has not said yes to this program, or took it back. The hub will ask her.")
	}
	return nil
}

// firstAttempt starts the clock in which the agency must try her first. A family already reached by the hub has a first
// visit to plan as well; the try comes first all the same.
func (m *moving) firstAttempt(claim Claim) error {
	cal, err := m.calendar(claim.OrgID)
	if err != nil {
		return err
	}
	f, err := m.family()
	if err != nil {
		return err
	}
	return m.next(stepAgencyCalls, jobs.FirstAttemptDue, claim.ID, claim.OrgID, m.firstAttemptDue(f, cal, 2))
}
