package referral

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/providers"
)

// WalkInForm is a family that came to an agency by itself and has had its first visit: the family as a referrer would send it, the
// visit, and the program's own consent. She must have agreed that the hub holds her record.
type WalkInForm struct {
	ProgramID      uuid.UUID  `json:"program_id" validate:"required"`
	HeldAt         time.Time  `json:"held_at" validate:"required"`
	Place          string     `json:"place" validate:"required,oneof=home other_place virtual hospital"`
	ConsentHow     string     `json:"consent_how" validate:"required,oneof=in_person phone signed link"`
	Language       string     `json:"language" validate:"omitempty,max=35,language"`
	WordingVersion string     `json:"wording_version" validate:"omitempty,form_number"`
	VisitorID      *uuid.UUID `json:"visitor_id"`
	Family         Submission `json:"family" validate:"-"` // checked as every submission
}

// WalkInReceipt says whether she is enrolled. When another agency may have her already she is not: what she said is kept as a
// referral, the hub has a task, and an alarm in it is raised all the same.
type WalkInReceipt struct {
	ReferralID uuid.UUID     `json:"referral_id"`
	Reference  string        `json:"reference"`
	Enrolled   bool          `json:"enrolled"`
	Case       *Receipt      `json:"case"` // nil when she is not
	Remark     string        `json:"remark"`
	Alarm      *AlarmPromise `json:"alarm,omitempty"`
	Warnings   []fault.Field `json:"warnings"`
}

// How an enrollment came, beside by a claim.
const (
	byWalkIn = "walk_in"
	byImport = "import"
)

// EnrollWalkIn enrolls a family directly into a program of the actor's own agency, dated the first visit. An open case that nobody
// serves goes on as this one, whatever was offered or waited for. Locks go identity, case, program.
// Faults: Invalid with every problem at once; Conflict when no place is free, or when the agency has this family already.
func (s *Service) EnrollWalkIn(ctx context.Context, actor auth.Actor, in WalkInForm) (WalkInReceipt, error) {
	if err := actor.Require(auth.WalkInEnroll); err != nil {
		return WalkInReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return WalkInReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (WalkInReceipt, error) {
		w := s.work(tx)
		to, err := w.ownProgram(in.ProgramID)
		if err != nil {
			return WalkInReceipt{}, err
		}
		return w.walkIn(in, to, byWalkIn)
	})
}

// destination is the program of the actor's own agency to which families are brought.
type destination struct {
	program providers.Program
	agency  providers.Organization
}

// ownProgram reads it in the actor's own role, which proves scope, and becomes the hub.
func (w *work) ownProgram(id uuid.UUID) (destination, error) {
	program, err := w.providers.Program(id)
	if fault.KindOf(err) == fault.NotFound || err == nil && program.OrgID != w.tx.Actor.OrgID {
		return destination{}, fault.Problems([]fault.Field{{Pointer: "/program_id", Code: "unknown", Detail: "This is not a program of your agency."}})
	}
	if err != nil {
		return destination{}, err
	}
	if err := w.tx.AsHub("a walk-in: its program was read in the agency's own role; matching reads every source's clients"); err != nil {
		return destination{}, err
	}
	agency, err := w.providers.Organization(program.OrgID)
	if err != nil {
		return destination{}, err
	}
	cal, err := w.calendar(agency.ID)
	if err == nil && !agency.AgreementValid(cal.Day(w.tx.Now)) {
		err = fault.New(fault.Conflict, "Your agency's agreement has ended, so no family can be enrolled. Ask the hub.")
	}
	return destination{program, agency}, err
}

func (w *work) walkIn(in WalkInForm, to destination, cameBy string) (WalkInReceipt, error) {
	_, cal, err := w.desk()
	if err != nil {
		return WalkInReceipt{}, err
	}
	r, err := w.checkWalkIn(in, to, cal)
	if err != nil {
		return WalkInReceipt{}, err
	}
	if cameBy == byImport {
		r.channel = "import"
	}
	m, f, err := w.openOrLink(r)
	if err != nil {
		return WalkInReceipt{}, err
	}
	if cameBy == byImport {
		if err := m.notAgain(to, in.HeldAt); err != nil {
			return WalkInReceipt{}, err
		}
	}
	row, err := m.keepReferral(in.Family, r, to.agency)
	if err != nil {
		return WalkInReceipt{}, err
	}
	if err := m.addFamily(in.Family, r, f, row); err != nil {
		return WalkInReceipt{}, err
	}
	out := WalkInReceipt{ReferralID: row.ID, Reference: row.Reference, Warnings: append([]fault.Field{}, r.warnings...)}
	if out.Alarm, err = m.raiseAlarms(r, row.ID, cal); err != nil {
		return out, err
	}
	err = m.mayWalkIn(f, to)
	var refused *fault.Error
	if errors.Is(err, errHubLooks) || m.raised > 0 && errors.As(err, &refused) && refused.Kind == fault.Conflict {
		return m.onlyReferred(f, row, out, err)
	}
	if err != nil {
		return out, err
	}
	if err := m.enrollHere(in, to, f, cameBy); err != nil {
		return out, err
	}
	receipt := m.receipt()
	out.Enrolled, out.Case, out.Remark = true, &receipt, "Enrolled."
	return out, nil
}

// checkWalkIn names everything that is wrong with the form, the family's part below /family.
func (w *work) checkWalkIn(in WalkInForm, to destination, cal providers.Calendar) (received, error) {
	r, err := in.Family.check(w.svc.shape, w.tx.Now, cal.Day(w.tx.Now), w.svc.safety.Instruments())
	var refused *fault.Error
	if err != nil && !errors.As(err, &refused) {
		return r, err
	}
	var problems []fault.Field
	if refused != nil {
		for _, f := range refused.Fields {
			f.Pointer = "/family" + f.Pointer
			problems = append(problems, f)
		}
	}
	switch {
	case in.HeldAt.Before(w.tx.Now.AddDate(-longestService, 0, 0)):
		problems = append(problems, fault.Field{Pointer: "/held_at", Code: "year", Detail: "Check the year."})
	case in.HeldAt.After(w.tx.Now):
		problems = append(problems, fault.Field{Pointer: "/held_at", Code: "in_future", Detail: "This visit lies ahead. Record it after it was held."})
	}
	if in.Family.Sensitivity == sensitivityPart2 {
		problems = append(problems, fault.Field{Pointer: "/family/sensitivity", Code: "part2", Detail: "Records of a treatment program come from that program, to the hub."})
	}
	if a := in.Family.Consent.Answer; a != "" && a != "yes_in_person" && a != "signed" {
		problems = append(problems, fault.Field{Pointer: "/family/consent/answer", Code: "her_yes", Detail: "Only her own yes lets the hub hold her record. Without it, list her without her name."})
	}
	if in.VisitorID != nil {
		visits, err := w.store.visitsHomes(*in.VisitorID, to.agency.ID)
		if err != nil {
			return r, err
		}
		if !visits {
			problems = append(problems, fault.Field{Pointer: "/visitor_id", Code: "unknown", Detail: "This is not a home visitor of your agency."})
		}
	}
	return r, fault.Problems(problems)
}

// errHubLooks says nothing of where she is served: that is another agency's.
const errHubLooks = hubLooks("The hub must look at this family first; call the hub.")

type hubLooks string

func (e hubLooks) Error() string { return string(e) }

// mayWalkIn is nil when she can be enrolled here and a place is locked for her.
func (m *moving) mayWalkIn(f *family, to destination) error {
	if m.forAPerson(f) != nil { // after a loss a person asks her what she wants, and nobody enrolls her for a baby
		return errHubLooks
	}
	if m.c.Status.served() {
		from, err := m.whoServes()
		switch {
		case err != nil:
			return err
		case from.OrgID != to.agency.ID:
			return errHubLooks
		case m.c.Status == Enrolled:
			return fault.New(fault.Conflict, "Your agency serves this family already.")
		}
		return fault.New(fault.Conflict, "Your agency has claimed this family. Record the first visit of that claim instead.")
	}
	hasPlace := false
	for _, s := range f.servedBy {
		switch {
		case s.OrgID != to.agency.ID:
			return errHubLooks
		case s.CaseID != nil:
			return fault.New(fault.Conflict, "Your agency serves this family already.")
		}
		hasPlace = hasPlace || s.ProgramID == to.program.ID // she was listed without her name, and keeps that place
	}
	if !hasPlace {
		_, err := m.freePlace(to.program.ID)
		return err
	}
	program, err := m.providers.LockProgram(to.program.ID)
	if err == nil && program.ClosedAt != nil {
		err = errClosed(program.Name)
	}
	return err
}

// onlyReferred keeps what she said as a referral of the agency, which sees no case for it, and asks the hub.
func (m *moving) onlyReferred(f *family, row Referral, out WalkInReceipt, why error) (WalkInReceipt, error) {
	out.Remark = "She is not enrolled. " + errHubLooks.Error()
	var refused *fault.Error
	if errors.As(why, &refused) {
		out.Remark = "She is not enrolled. " + refused.Message + " Her answers raised an alarm at the hub; call the hub."
	}
	hub, err := m.hub()
	if err != nil {
		return out, err
	}
	if err := m.sendOn(f); err != nil {
		return out, err
	}
	err = m.ask(hub.ID, auth.TriageCoordinator, taskWalkIn, row.ID, true)
	if err != nil {
		return out, err
	}
	return out, m.save()
}

// enrollHere makes the case enrolled, dated the visit, and ends what the hub had promised or offered for it.
func (m *moving) enrollHere(in WalkInForm, to destination, f *family, cameBy string) error {
	m.action, m.loaded = ActWalkIn, f
	if err := m.leaveHub(f); err != nil {
		return err
	}
	held := in.HeldAt.UTC().Truncate(time.Microsecond)
	consent := Consent{Gate: GateProgram, ProgramID: &to.program.ID, Answer: yes, Basis: herAnswer, How: in.ConsentHow,
		WordingVersion: in.WordingVersion, Language: in.Language}
	m.stampConsent(&consent)
	visit := Visit{ID: pg.NewID(), CaseID: m.c.ID, OrgID: to.agency.ID, First: true, Place: in.Place, Status: "completed", HeldAt: &held,
		RecordedBy: m.tx.Actor.ID}
	share, err := m.setAside(to.program)
	if err != nil {
		return err
	}
	e := Enrollment{SetAside: share, ID: pg.NewID(), CaseID: m.c.ID, ProgramID: to.program.ID, OrgID: to.agency.ID, VisitorID: in.VisitorID, ConsentID: consent.ID,
		State: "on_schedule", CameBy: cameBy, EnrolledAt: held, OpenedMove: &m.id}
	if err := m.tx.Insert(&consent, &visit, &e); err != nil {
		return err
	}
	m.store.grant(Access{CaseID: m.c.ID, OrgID: to.agency.ID, Level: "full", OpenedMove: &m.id})
	f.consents = append(f.consents, consent)
	if err := m.discloseRecord(discloseWalkIn, to.agency.ID, to.program.ID, e.ID); err != nil {
		return err
	}
	if f.client.DoNotContact && cameBy == byWalkIn { // she came: her own later act
		m.store.allowContact(m.c.CaregiverID)
		f.client.DoNotContact = false
		if err := m.wish("resume", "she_came", "in_person", m.tx.Actor.ID); err != nil {
			return err
		}
	}
	m.c.Status, m.c.ReviewReasons, m.created = Enrolled, nil, &e.ID
	m.saidYesNow()
	if m.c.ReachedAt == nil {
		m.c.ReachedAt = &held
	}
	if m.c.EnrolledAt == nil {
		m.c.FirstVisitAt, m.c.EnrolledAt = &held, &held
	}
	m.detail["program"], m.detail["came_by"] = to.program.ID, cameBy
	if err := m.feedback(milestoneBeingServed); err != nil {
		return err
	}
	if err := m.completionClock(e); err != nil {
		return err
	}
	if err := m.recheckLater(f, e.ID, e.OrgID); err != nil {
		return err
	}
	last := held
	if cameBy == byImport {
		last = m.tx.Now // nobody told when she was last visited: the drought is counted from here
	}
	if err := m.nextVisit(e, last); err != nil {
		return err
	}
	return m.save()
}

// leaveHub ends offers, waiting, promises and tasks of a case that nobody served, and her listing without a name.
func (m *moving) leaveHub(f *family) error {
	for _, s := range f.servedBy {
		m.store.endListing(s.SubjectID)
	}
	if m.fresh {
		return nil
	}
	if err := m.kept(); err != nil {
		return err
	}
	if err := m.leaveOffers("withdrawn"); err != nil {
		return err
	}
	m.store.leave(m.c.ID, nil, waitClaimed, m.id)
	m.store.forgetHandover(m.c.ID, m.id)
	if err := m.jobs.CancelCase(&m.id, m.c.ID, jobs.WindowClosing, jobs.HandoverUnanswered); err != nil {
		return err
	}
	return m.jobs.CloseTasks(&m.id, m.c.ID, jobs.TaskNotNeeded, taskWindowClosing, taskAskHer)
}
