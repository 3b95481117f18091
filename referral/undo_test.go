package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

// standing is everything that holds of a case now, as text: its row but the version, what is open on its line, who may see
// it, what was promised, what will be sent, and whether she may be contacted.
func (w *world) standing(id uuid.UUID) string {
	w.Helper()
	return w.text(`SELECT jsonb_pretty(jsonb_build_object(
		'case', (SELECT to_jsonb(c) - 'version' FROM cases c WHERE id = $1),
		'offers', (SELECT jsonb_agg(o ORDER BY id) FROM offers o WHERE case_id = $1 AND ended_at IS NULL),
		'claims', (SELECT jsonb_agg(x ORDER BY id) FROM claims x WHERE case_id = $1 AND ended_at IS NULL),
		'enrollments', (SELECT jsonb_agg(e ORDER BY id) FROM enrollments e WHERE case_id = $1 AND ended_at IS NULL),
		'visits', (SELECT jsonb_agg(v ORDER BY id) FROM visits v WHERE case_id = $1 AND status IN ('planned', 'completed')),
		'access', (SELECT jsonb_agg(a ORDER BY id) FROM case_access a WHERE case_id = $1 AND until IS NULL),
		'consents', (SELECT jsonb_agg(s ORDER BY id) FROM consents s WHERE case_id = $1 AND revoked_at IS NULL),
		'waits', (SELECT jsonb_agg(e ORDER BY id) FROM waitlist_entries e WHERE case_id = $1 AND ended_at IS NULL),
		'promises', (SELECT jsonb_agg(f ORDER BY id) FROM follow_ups f WHERE case_id = $1 AND status IN ('open', 'held')),
		'tasks', (SELECT jsonb_agg(t ORDER BY id) FROM tasks t WHERE case_id = $1 AND closed_at IS NULL),
		'connections', (SELECT jsonb_agg(x ORDER BY id) FROM connections x WHERE case_id = $1 AND settled_at IS NULL),
		'holds', (SELECT jsonb_agg(h ORDER BY id) FROM holds h WHERE case_id = $1 AND lifted_at IS NULL),
		'tries', (SELECT jsonb_agg(a.id ORDER BY a.id) FROM attempts a WHERE case_id = $1 AND taken_back_at IS NULL),
		'ways', (SELECT jsonb_agg(m ORDER BY m.id) FROM contact_methods m JOIN cases c ON c.caregiver_id = m.client_id WHERE c.id = $1 AND m.ended_at IS NULL),
		'withdrawn', (SELECT count(*) FROM referrals WHERE case_id = $1 AND withdrawn_at IS NOT NULL),
		'messages', (SELECT jsonb_agg(m ORDER BY id) FROM messages m WHERE case_id = $1 AND status = 'queued'),
		'stopped', (SELECT do_not_contact FROM clients JOIN cases c ON c.caregiver_id = clients.id WHERE c.id = $1)))`, id)
}

func TestUndoRestoresEverything(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	type move struct {
		from func() uuid.UUID
		by   auth.Actor
		do   func(id uuid.UUID) error
	}
	say := func(in referral.ChoiceForm) func(uuid.UUID) error {
		return func(id uuid.UUID) error { _, err := w.cases.RecordChoice(ctx, w.desk, id, in); return err }
	}
	closing := func(by auth.Actor, in referral.CloseForm) func(uuid.UUID) error {
		return func(id uuid.UUID) error { _, err := w.cases.Close(ctx, by, id, in); return err }
	}
	claimedBySecond := func(id uuid.UUID) error {
		_, err := w.cases.Claim(ctx, w.second.desk, id, referral.ClaimForm{})
		return err
	}
	release := func(id uuid.UUID) error {
		_, err := w.cases.Release(ctx, w.first.desk, id, referral.ReleaseForm{Reason: "staff_left"})
		return err
	}
	elsewhere := w.newAgency(0, "en")
	waits := func() uuid.UUID {
		id := w.outreach()
		w.ok(w.cases.Wait(ctx, w.desk, id, w.waitFor(elsewhere.Program)))
		return id
	}
	takenFromTheLine := func() uuid.UUID {
		id := waits()
		w.ok(w.cases.RecordChoice(ctx, w.desk, id, yesTo(w.first.Program)))
		w.ok(w.cases.Claim(ctx, w.first.desk, id, referral.ClaimForm{}))
		return id
	}
	tries := func(by auth.Actor, outcome string) func(uuid.UUID) error {
		use := w.cases.RecordAttempt
		if by == w.desk {
			use = w.cases.RecordOutreach
		}
		return func(id uuid.UUID) error {
			_, err := use(ctx, by, id, referral.AttemptForm{Channel: "call", Outcome: outcome, ContactMethodID: new(w.phone(id))})
			return err
		}
	}
	for name, m := range map[string]move{
		"no answer":              {w.claimed, w.first.visitor, tries(w.first.visitor, "no_answer")},
		"reached":                {w.claimed, w.first.visitor, tries(w.first.visitor, "reached")},
		"wrong number":           {w.claimed, w.first.visitor, tries(w.first.visitor, "wrong_number")},
		"no answer with a plan":  {w.accepted, w.first.visitor, tries(w.first.visitor, "no_answer")},
		"reached where enrolled": {w.enrolled, w.first.visitor, tries(w.first.visitor, "reached")},
		"the hub had no answer":  {w.outreach, w.desk, tries(w.desk, "no_answer")},
		"the hub reached her":    {w.outreach, w.desk, tries(w.desk, "reached")},
		"her yes":                {w.outreach, w.desk, say(referral.ChoiceForm{Answer: "yes", AnyProgram: true, How: "phone"})},
		"her yes to another":     {w.offered, w.desk, say(yesTo(w.second.Program))},
		"her no":                 {w.offered, w.desk, say(referral.ChoiceForm{Answer: "no", How: "phone"})},
		"her no, never again":    {w.outreach, w.desk, say(referral.ChoiceForm{Answer: "no", NotAgain: true, How: "phone"})},
		"later":                  {w.outreach, w.desk, say(referral.ChoiceForm{Answer: "later", How: "phone"})},
		"connect": {w.outreach, w.desk, func(id uuid.UUID) error {
			_, err := w.cases.Connect(ctx, w.desk, id, connected("wic", "somewhere"))
			return err
		}},
		"claim": {w.offered, w.first.desk, func(id uuid.UUID) error {
			_, err := w.cases.Claim(ctx, w.first.desk, id, referral.ClaimForm{})
			return err
		}},
		"claim of a transfer of an enrolled family": {w.moving(w.enrolled), w.second.desk, claimedBySecond},
		"claim of a transfer with a visit planned":  {w.moving(w.accepted), w.second.desk, claimedBySecond},
		"decline": {w.offered, w.first.desk, func(id uuid.UUID) error {
			_, err := w.cases.Decline(ctx, w.first.desk, id, declined("language"))
			return err
		}},
		"release":                              {w.claimed, w.first.desk, release},
		"release, once she waited for another": {takenFromTheLine, w.first.desk, release},
		"waits": {w.outreach, w.desk, func(id uuid.UUID) error {
			_, err := w.cases.Wait(ctx, w.desk, id, w.waitFor(elsewhere.Program))
			return err
		}},
		"waits on": {waits, w.desk, func(id uuid.UUID) error {
			w.clock.forward(time.Hour)
			_, err := w.cases.WaitOn(ctx, w.desk, id)
			return err
		}},
		"waits no more": {waits, w.desk, func(id uuid.UUID) error {
			_, err := w.cases.LeaveWaitlist(ctx, w.desk, id, referral.LeaveForm{})
			return err
		}},
		"plan": {w.claimed, w.first.visitor, func(id uuid.UUID) error {
			_, err := w.cases.PlanFirstVisit(ctx, w.first.visitor, id, w.plan(time.Hour))
			return err
		}},
		"move": {w.accepted, w.first.visitor, func(id uuid.UUID) error {
			_, err := w.cases.MoveFirstVisit(ctx, w.first.visitor, id, w.plan(time.Hour))
			return err
		}},
		"miss": {w.accepted, w.first.visitor, func(id uuid.UUID) error {
			_, err := w.cases.MissFirstVisit(ctx, w.first.visitor, id, referral.Missed{Reason: "unsafe"})
			return err
		}},
		"enroll": {w.accepted, w.first.visitor, func(id uuid.UUID) error {
			_, err := w.cases.Enroll(ctx, w.first.visitor, id, w.held(0))
			return err
		}},
		"complete": {w.enrolled, w.first.visitor, func(id uuid.UUID) error {
			_, err := w.cases.Complete(ctx, w.first.visitor, id, referral.CompleteForm{})
			return err
		}},
		"close in review":  {w.reviewed, w.desk, closing(w.desk, ends("information_given"))},
		"close an offer":   {w.offered, w.desk, closing(w.desk, ends("asked_not_to_be_contacted"))},
		"close a claim":    {w.claimed, w.first.desk, closing(w.first.desk, ends("already_served"))},
		"close a plan":     {w.accepted, w.first.visitor, closing(w.first.visitor, ends("pregnancy_ended"))},
		"close enrollment": {w.enrolled, w.first.desk, closing(w.first.desk, referral.CloseForm{EnrollmentEnd: "moved", Changeable: new(true)})},
	} {
		id := m.from()
		before := w.standing(id)
		w.must(m.do(id))
		if w.standing(id) == before {
			t.Errorf("%s: nothing moved", name)
		}
		w.clock.forward(referral.UndoWindow)
		w.ok(w.cases.Undo(ctx, m.by, id))
		if after := w.standing(id); after != before {
			t.Errorf("%s: after the undo\n%s\nbefore\n%s", name, after, before)
		}
		w.want("undo false true", `SELECT (array_agg(action ORDER BY seq DESC))[1] || ' ' || bool_or(undone_at IS NOT NULL AND action = 'undo') || ' ' ||
			bool_or(undone_at IS NOT NULL) FROM case_moves WHERE case_id = $1`, id)
		w.must(m.do(id)) // and it can be done again
	}
}

// reviewed is a case in review with an overdue task.
func (w *world) reviewed() uuid.UUID {
	w.Helper()
	in := prenatal()
	in.Addresses = nil
	_, id := w.receive(w.hospital, in)
	w.clock.forward(96 * time.Hour)
	w.work()
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND closed_at IS NULL AND urgent`, id)
	return id
}

func TestUndoIsRefused(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	undo := func(by auth.Actor, id uuid.UUID) error { _, err := w.cases.Undo(ctx, by, id); return err }

	id := w.claimed()
	w.says(undo(w.User(w.first.Org, auth.AgencyManager), id), "Somebody else")
	w.says(undo(w.desk, id), "Somebody else")
	w.refused(fault.NotFound, undo(w.second.desk, id))
	w.clock.forward(referral.UndoWindow + time.Microsecond)
	w.says(undo(w.first.desk, id), "10 minutes")

	id = w.claimed()
	w.ok(w.cases.AssignVisitor(ctx, w.first.desk, id, referral.VisitorForm{VisitorID: w.first.visitor.ID}))
	w.says(undo(w.first.desk, id), "cannot be undone") // the claim is not the newest move any more

	id = w.claimed()
	w.ok(w.cases.Undo(ctx, w.first.desk, id))
	w.says(undo(w.first.desk, id), "undone already")
	_, err := w.cases.Case(ctx, w.first.desk, id)
	w.must(err) // the offer stands again
	w.status(referral.Offered, id)
}

func TestADeclineIsUndoneUntilTheNextAgencyClaims(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	_, err := w.cases.Decline(t.Context(), w.first.desk, id, declined("language"))
	w.must(err)
	w.ok(w.cases.Claim(t.Context(), w.second.desk, id, referral.ClaimForm{}))
	_, err = w.cases.Undo(t.Context(), w.first.desk, id)
	w.says(err, "Somebody else")
	w.want(w.second.ID.String(), `SELECT org_id FROM claims WHERE case_id = $1 AND ended_at IS NULL`, id)
}

// News that has not left is taken back; what was seen stays seen.
func TestUndoTakesTheNewsBack(t *testing.T) {
	w := newWorld(t)
	id := w.accepted()
	_, err := w.cases.Case(t.Context(), w.first.desk, id)
	w.must(err)
	w.clock.forward(25 * time.Hour)
	w.ok(w.cases.Enroll(t.Context(), w.first.visitor, id, w.held(time.Hour)))
	w.ok(w.cases.Undo(t.Context(), w.first.visitor, id))
	w.want("withdrawn", `SELECT status FROM messages WHERE template = 'being_served'`)
	w.want("2", `SELECT count(*) FROM audit_events WHERE case_id = $1 AND (kind = 'view' OR action = 'undo')`, id)
	w.want("enroll", `SELECT detail ->> 'undone' FROM audit_events WHERE case_id = $1 AND action = 'undo'`, id)
	w.ok(w.cases.Enroll(t.Context(), w.first.visitor, id, w.held(time.Hour)))
	w.want("queued,withdrawn", `SELECT string_agg(status, ',' ORDER BY status) FROM messages WHERE template = 'being_served'`)
}

func TestClosingIsNotUndoneOverAnother(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Close(t.Context(), w.desk, id, ends("information_given")))
	w.receive(w.clinic, in)
	_, err := w.cases.Undo(t.Context(), w.desk, id)
	w.says(err, "A new case of this family was opened since")

	w.exec(`UPDATE capacity_statements SET funded = 1 WHERE program_id = $1`, w.first.Program)
	next := w.offered()
	served := w.enrolled()
	w.ok(w.cases.Complete(t.Context(), w.first.visitor, served, referral.CompleteForm{}))
	w.ok(w.cases.Claim(t.Context(), w.first.desk, next, referral.ClaimForm{}))
	_, err = w.cases.Undo(t.Context(), w.first.visitor, served)
	w.says(err, "1 of 1 are promised or in use")
	w.status(referral.Closed, served)
}

// A try that was written down by mistake stays in the record, marked, and counts no more; only its writer takes it back, and only while it
// is the newest move.
func TestATryIsTakenBack(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.claimed()
	noAnswer := referral.AttemptForm{Channel: "call", Outcome: "no_answer", ContactMethodID: new(w.phone(id))}
	w.ok(w.cases.RecordAttempt(ctx, w.first.visitor, id, noAnswer))
	v, err := w.cases.Case(ctx, w.first.visitor, id)
	w.must(err)
	if v.UndoUntil == nil || !v.UndoUntil.Equal(w.clock.Now().Add(referral.UndoWindow)) {
		t.Errorf("its writer may take it back until %v", v.UndoUntil)
	}
	v, err = w.cases.Case(ctx, w.first.desk, id)
	w.must(err)
	if v.UndoUntil != nil {
		t.Error("a colleague may take it back")
	}
	_, err = w.cases.Undo(ctx, w.first.desk, id)
	w.refused(fault.Conflict, err)
	w.ok(w.cases.Undo(ctx, w.first.visitor, id))
	w.want("no_answer true", `SELECT outcome || ' ' || (taken_back_at IS NOT NULL) FROM attempts WHERE case_id = $1`, id)
	w.want("open", `SELECT status FROM follow_ups WHERE case_id = $1 AND kind = 'claim.first_attempt_due'`, id)
	w.want("cancelled", `SELECT status FROM follow_ups WHERE case_id = $1 AND kind = 'claim.next_attempt_due'`, id)
	load, err := w.cases.Caseload(ctx, w.first.desk, referral.CaseloadQuery{View: referral.DueLater})
	w.must(err)
	if len(load.Items) != 1 || load.Items[0].Tries != 0 || len(load.Items[0].Case.Attempts) != 1 || load.Items[0].Case.Attempts[0].TakenBackAt == nil {
		t.Errorf("the caseload shows %+v", load.Items)
	}
	_, err = w.cases.Undo(ctx, w.first.visitor, id)
	w.refused(fault.Conflict, err)

	w.ok(w.cases.RecordAttempt(ctx, w.first.visitor, id, noAnswer))
	w.clock.forward(referral.UndoWindow + time.Second)
	_, err = w.cases.Undo(ctx, w.first.visitor, id)
	w.refused(fault.Conflict, err)
}

// What a try called unsafe stays shut when the try is taken back.
func TestATakenBackTryOpensNothingUnsafe(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	way := w.phone(id)
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, referral.AttemptForm{Channel: "call", Outcome: "unsafe_to_continue", ContactMethodID: &way}))
	w.ok(w.cases.Undo(t.Context(), w.first.visitor, id))
	w.want("no", `SELECT safe_call FROM contact_methods m JOIN cases c ON c.caregiver_id = m.client_id WHERE c.id = $1 AND m.ended_at IS NULL`, id)
}

// A check of a way that a mistaken "reached" wrote gives way to the one before it.
func TestATakenBackTryLeavesTheCheckBefore(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	reached := referral.AttemptForm{Channel: "call", Outcome: "reached", ContactMethodID: new(w.phone(id))}
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, reached))
	before := w.text(`SELECT m.verified_at::text FROM contact_methods m WHERE id = $1`, *reached.ContactMethodID)
	w.clock.forward(time.Hour)
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, reached))
	w.ok(w.cases.Undo(t.Context(), w.first.visitor, id))
	w.want(before, `SELECT m.verified_at::text FROM contact_methods m WHERE id = $1`, *reached.ContactMethodID)
}

// A try is written down later as made when it was made, within what can be remembered.
func TestATryIsWrittenDownLater(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	claimed := w.clock.Now()
	w.clock.forward(3 * time.Hour)
	in := referral.AttemptForm{Channel: "call", Outcome: "no_answer", ContactMethodID: new(w.phone(id)), MadeAt: new(claimed.Add(time.Hour))}
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, in))
	w.want("true", `SELECT at = $2 AND next_at > $3 FROM attempts WHERE case_id = $1`, id, claimed.Add(time.Hour), w.clock.Now())
	for name, at := range map[string]time.Time{"ahead": w.clock.Now().Add(time.Minute), "before the claim": claimed.Add(-time.Second)} {
		in.MadeAt = &at
		if _, err := w.cases.RecordAttempt(t.Context(), w.first.visitor, id, in); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.clock.forward(100 * time.Hour)
	in.MadeAt = new(claimed.Add(4 * time.Hour))
	if _, err := w.cases.RecordAttempt(t.Context(), w.first.visitor, id, in); fault.KindOf(err) != fault.Invalid {
		t.Errorf("after days: %v", err)
	}
}
