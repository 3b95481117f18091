package referral

import (
	"context"
	"slices"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
)

// CaseView is one case as the actor may see it. Before a claim an agency sees its offer and nothing of the person; row-level
// security leaves the rest empty, and the view leaves out what is for the hub alone.
type CaseView struct {
	ID            uuid.UUID     `json:"id"`
	Version       *int          `json:"version"` // to send back with a form; nil before a claim
	Status        Status        `json:"status"`
	Stage         string        `json:"stage"`
	NextStep      string        `json:"next_step"`
	NextText      string        `json:"next_text"`
	NextBy        *time.Time    `json:"next_by"`
	Allowed       []Action      `json:"allowed"`
	Offers        []OfferView   `json:"offers"`
	Family        *FamilyView   `json:"family"`     // nil before a claim
	Milestones    *Milestones   `json:"milestones"` // nil before a claim
	Claim         *ClaimView    `json:"claim"`      // nil when not claimed
	Visits        []VisitView   `json:"visits"`
	Attempts      []AttemptView `json:"attempts"`
	Moves         []MoveView    `json:"moves"`
	ReviewReasons []string      `json:"review_reasons"` // hub only
	Alarms        []AlarmView   `json:"alarms"`         // hub only
	ReachFirst    bool          `json:"reach_first"`    // hub only
	SameEpisode   []uuid.UUID   `json:"same_episode"`   // hub only: cases of other caregivers, and closed ones of hers
	Disposition   *string       `json:"disposition"`
	UndoUntil     *time.Time    `json:"undo_until"` // until when the reader may take back the newest move; nil: nothing to take back

	HeldSince   *time.Time       `json:"held_since"`  // nil before a claim
	Holds       []HoldView       `json:"holds"`       // the open ones, for the hub and who sees her in full
	Connections []ConnectionView `json:"connections"` // an agency's own; all for the hub
	Messages    []MessageView    `json:"messages"`    // what machines sent to her; none before a claim

	Searches []SearchView `json:"way_searches"` // hub only: where somebody looks for a way to her

	Overrides []OverrideView `json:"overrides"` // hub only: where a person departed from the order of the rules, and why

	OwnerID *uuid.UUID `json:"owner_id"` // hub only: who answers for a family that waits
	Waits   []WaitView `json:"waits"`    // hub only: the programs for which she waits
}

// WaitView is one program for which a family waits.
type WaitView struct {
	ProgramID   uuid.UUID `json:"program_id"`
	JoinedAt    time.Time `json:"joined_at"`
	ConfirmedAt time.Time `json:"confirmed_at"` // when she last said that she still wants to wait
}

// Milestones are the steps of the funnel, each nil until it happened.
type Milestones struct {
	ReceivedAt   time.Time  `json:"received_at"`
	TriagedAt    *time.Time `json:"triaged_at"`
	ReachedAt    *time.Time `json:"reached_at"`
	SaidYesAt    *time.Time `json:"said_yes_at"`
	ClaimedAt    *time.Time `json:"claimed_at"`
	FirstVisitAt *time.Time `json:"first_visit_at"`
	EnrolledAt   *time.Time `json:"enrolled_at"`
	CompletedAt  *time.Time `json:"completed_at"`
	ClosedAt     *time.Time `json:"closed_at"`
}

// FamilyView is the caregiver, her children and how to reach her safely.
type FamilyView struct {
	GivenName      string          `json:"given_name"`
	FamilyName     string          `json:"family_name"`
	DateOfBirth    *civil.Date     `json:"date_of_birth"`
	SpokenLanguage *string         `json:"spoken_language"`
	ReadLanguage   *string         `json:"read_language"`
	Interpreter    string          `json:"interpreter"`
	Insurance      string          `json:"insurance"`
	CaregiverRole  string          `json:"caregiver_role"`
	DueOn          *civil.Date     `json:"due_on"`
	DueDates       []DueDateView   `json:"due_dates"`         // all that were given; none after a loss
	Outcome        *string         `json:"pregnancy_outcome"` // birth or ended
	Infants        []InfantView    `json:"infants"`
	Contacts       []ContactView   `json:"contact_methods"`
	Addresses      []AddressView   `json:"addresses"`
	Sharing        map[string]bool `json:"may_share"` // by program id; "any" for the whole network
	DoNotContact   bool            `json:"do_not_contact"`
}

// InfantView is one child.
type InfantView struct {
	ID            uuid.UUID   `json:"id"`
	GivenName     *string     `json:"given_name"`
	BornOn        *civil.Date `json:"born_on"`
	BirthWeight   *int        `json:"birth_weight_grams"`
	Gestation     *int        `json:"gestation_weeks"`
	Nicu          string      `json:"nicu"`
	Custody       string      `json:"custody"`
	DischargedOn  *civil.Date `json:"discharged_on"`
	DischargeDue  *civil.Date `json:"discharge_expected_on"`
	DeathRecorded bool        `json:"death_recorded"`
}

// OfferView is an offer as its agency sees it in the pool.
type OfferView struct {
	ID          uuid.UUID  `json:"id"`
	CaseID      uuid.UUID  `json:"case_id"`
	ProgramID   uuid.UUID  `json:"program_id"`
	Kind        string     `json:"kind"`
	Stage       string     `json:"stage"`
	Area        string     `json:"area"`
	Interpreter bool       `json:"interpreter"`
	MadeAt      time.Time  `json:"made_at"`
	ClaimBy     time.Time  `json:"claim_by"`
	EndedAt     *time.Time `json:"ended_at"`
	EndedAs     *string    `json:"ended_as"`
}

// ClaimView is which program has the family, and who visits.
type ClaimView struct {
	ProgramID uuid.UUID  `json:"program_id"`
	ClaimedAt time.Time  `json:"claimed_at"`
	VisitorID *uuid.UUID `json:"visitor_id"`
}

// VisitView is one visit.
type VisitView struct {
	ID         uuid.UUID  `json:"id"`
	First      bool       `json:"first"`
	Place      string     `json:"place"`
	PlannedFor *time.Time `json:"planned_for"`
	Status     string     `json:"status"`
	HeldAt     *time.Time `json:"held_at"`
}

// AttemptView is one try to reach her.
type AttemptView struct {
	At      time.Time  `json:"at"`
	Channel string     `json:"channel"`
	Outcome string     `json:"outcome"`
	NextAt  *time.Time `json:"next_at"`

	TakenBackAt *time.Time `json:"taken_back_at"` // it was written down by mistake, and counts no more
}

// MoveView is one row of the history.
type MoveView struct {
	Action   Action     `json:"action"`
	To       Status     `json:"to"`
	MovedAt  time.Time  `json:"moved_at"`
	UndoneAt *time.Time `json:"undone_at"`
}

// AlarmView is an alarm; what was answered on the form is not in it.
type AlarmView struct {
	ID             uuid.UUID  `json:"id"`
	CaseID         uuid.UUID  `json:"case_id"`
	RaisedAt       time.Time  `json:"raised_at"`
	SeenByDue      time.Time  `json:"seen_by_due"`
	AcknowledgedAt *time.Time `json:"acknowledged_at"`
	Outcome        *string    `json:"outcome"`
}

// Case shows one case and records the view. Faults: NotFound for a case that this actor may not see.
func (s *Service) Case(ctx context.Context, actor auth.Actor, id uuid.UUID) (CaseView, error) {
	return read(ctx, s, actor, auth.CaseRead, func(w *work) (CaseView, error) {
		c, err := w.store.caseByID(id)
		if err != nil {
			return CaseView{}, err
		}
		v, full, err := w.show(c)
		if err != nil {
			return v, err
		}
		if full {
			if err := w.showReach(&v, c); err != nil {
				return v, err
			}
		}
		return v, w.audit.Viewed("read case", c.ID)
	})
}

// show is a case as the actor's own role sees it, without the ways to her, and whether it sees her in full.
func (w *work) show(c Case) (CaseView, bool, error) {
	actor := w.tx.Actor
	v := CaseView{ID: c.ID, Status: c.Status, Stage: c.Stage, NextStep: c.NextStep, NextText: stepText(c.NextStep), NextBy: c.NextDueAt,
		Allowed: allowedTo(actor.Role, c.Status), ReviewReasons: []string{}, Alarms: []AlarmView{}, SameEpisode: []uuid.UUID{},
		Waits: []WaitView{}, Overrides: []OverrideView{}, Searches: []SearchView{}, Messages: []MessageView{}}
	if err := w.showLine(&v, c); err != nil {
		return v, false, err
	}
	full, err := w.showFamily(&v, c)
	if err != nil {
		return v, false, err
	}
	if full {
		v.Milestones = &Milestones{c.ReceivedAt, c.TriagedAt, c.ReachedAt, c.SaidYesAt, c.ClaimedAt, c.FirstVisitAt, c.EnrolledAt, c.CompletedAt, c.ClosedAt}
		v.Disposition, v.HeldSince, v.Version = c.Disposition, c.HeldSince, &c.Version
		if v.Messages, err = w.showMessages(c.ID); err != nil {
			return v, false, err
		}
	} else if c.Status.served() { // offered a transfer: how she is served elsewhere is not this agency's to know
		v.Status, v.NextStep, v.NextText, v.NextBy = Offered, stepAgency, stepText(stepAgency), nil
		v.Allowed = allowedTo(actor.Role, Offered)
	}
	// whoever does not have her may only answer the offer, and whoever has her has none to answer
	answers := func(a Action) bool { return a == ActClaim || a == ActDecline }
	v.Allowed = slices.DeleteFunc(v.Allowed, func(a Action) bool { return full == answers(a) })
	if v.Connections, err = w.showConnections(c.ID); err != nil {
		return v, false, err
	}
	if v.Holds, err = w.showHolds(c.ID); err != nil {
		return v, false, err
	}
	if actor.SeesAll() {
		v.ReviewReasons, v.ReachFirst, v.OwnerID = orEmpty(c.ReviewReasons), c.Band <= 1, c.OwnerID
		if v.Overrides, err = w.showOverrides(c.ID); err != nil {
			return v, false, err
		}
		waits, err := w.store.waiting(c.ID)
		if err != nil {
			return v, false, err
		}
		for _, e := range waits {
			v.Waits = append(v.Waits, WaitView{e.ProgramID, e.JoinedAt, e.ConfirmedAt})
		}
		alarms, err := w.store.alarms(c.ID)
		if err != nil {
			return v, false, err
		}
		v.Alarms = alarmViews(alarms)
		others, err := w.store.casesOfEpisode(c)
		if err != nil {
			return v, false, err
		}
		v.SameEpisode = append(v.SameEpisode, others...)
	}
	return v, full, nil
}

// allowedTo lists what this role may do now.
func allowedTo(role auth.Role, status Status) []Action {
	out := []Action{}
	for _, a := range Allowed(status) {
		if p, byPerson := permissionOf(a); byPerson && auth.May(role, p) {
			out = append(out, a)
		}
	}
	return out
}

// permissionOf is the permission behind an action; not every action is a person's.
func permissionOf(a Action) (auth.Permission, bool) {
	p, ok := map[Action]auth.Permission{
		ActBirth: auth.CaseFamily, ActLoss: auth.CaseFamily, ActDeath: auth.CaseFamily, ActCaregiver: auth.CaseCaregiver,
		ActReturn: auth.CaseCaregiver, ActDueDate: auth.CaseFamily, ActAmend: auth.CaseAmend,
		ActTriage: auth.CaseTriage, ActReview: auth.CaseReview, ActAlarmOutcome: auth.AlarmAnswer,
		ActOutreach: auth.CaseReach, ActChoose: auth.CaseChoose, ActOffer: auth.CaseOffer, ActClaim: auth.CaseClaim,
		ActDecline: auth.CaseDecline, ActRelease: auth.CaseRelease,
		ActWait: auth.CaseWait, ActWaitOn: auth.CaseWait, ActLeaveWaitlist: auth.CaseWait, ActAssignVisitor: auth.VisitorAssign, ActAttempt: auth.CaseAttempt,
		ActPlanFirstVisit: auth.VisitPlan, ActMoveFirstVisit: auth.VisitPlan, ActMissFirstVisit: auth.VisitRecord,
		ActConsent: auth.CaseConsent, ActRevoke: auth.CaseConsent,
		ActConnect: auth.CaseConnect, ActConnectionEnds: auth.CaseConnect, ActHold: auth.CaseHold, ActLift: auth.CaseHold,
		ActContact: auth.CaseContact, ActFindWay: auth.CaseFindWay, ActStopContact: auth.CaseContact, ActResumeContact: auth.CaseContact, ActCorrect: auth.CaseCorrect,
		ActTransfer: auth.CaseTransfer, ActHandOver: auth.CaseHandOver, ActHandOverAnswered: auth.CaseHandOver,
		ActEnroll: auth.CaseEnroll, ActVisit: auth.VisitRecord, ActComplete: auth.CaseComplete, ActClose: auth.CaseClose}[a]
	return p, ok
}

func alarmViews(alarms []Alarm) []AlarmView {
	out := make([]AlarmView, 0, len(alarms))
	for _, a := range alarms {
		out = append(out, AlarmView{a.ID, a.CaseID, a.RaisedAt, a.SeenByDue, a.AcknowledgedAt, a.Outcome})
	}
	return out
}
