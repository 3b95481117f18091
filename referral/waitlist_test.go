package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

// places states how many places a program has from now on, as its agency would.
func (w *world) places(program uuid.UUID, funded int) {
	w.Helper()
	w.exec(`UPDATE capacity_statements SET funded = $2 WHERE program_id = $1`, program, funded)
}

// full is a world in which no program has a place.
func full(t *testing.T) *world {
	w := newWorld(t)
	w.places(w.first.Program, 0)
	w.places(w.second.Program, 0)
	return w
}

func (w *world) waitFor(programs ...uuid.UUID) referral.WaitForm {
	return referral.WaitForm{Programs: programs, How: "phone", Language: "en"}
}

// free gives a program one more place and lets the line hear of it.
func (w *world) free(program uuid.UUID) {
	w.Helper()
	w.exec(`UPDATE capacity_statements SET funded = funded + 1 WHERE program_id = $1`, program)
	w.exec(`INSERT INTO outbox (id, kind, subject_id, attempt, next_at) VALUES (gen_random_uuid(), 'program.place_free', $1, 0, clock_timestamp())`, program)
	w.work()
}

func TestNoPlaceAnywhereHasAnOwnerAndAClock(t *testing.T) {
	w := full(t)
	r, id := w.receive(w.clinic, prenatal())
	w.status(referral.Waitlisted, id)
	if r.NextStep != "waits_for_a_place" || r.NextBy == nil {
		t.Errorf("the referrer hears %+v", r)
	}
	w.want("true", `SELECT owner_id IN ($2, $3) FROM cases WHERE id = $1`, id, w.desk.ID, w.lead.ID)
	_, other := w.receive(w.clinic, prenatal())
	w.want("2", `SELECT count(DISTINCT owner_id) FROM cases WHERE id IN ($1, $2)`, id, other)
	w.want("case.waitlist_touch", `SELECT kind FROM follow_ups WHERE case_id = $1 AND status = 'open' AND kind <> 'case.window_closing'`, id)
	w.work()
	w.status(referral.Waitlisted, id) // the second look found no place either
}

func TestWithNobodyAtTheDeskNoPlaceIsReviewed(t *testing.T) {
	w := full(t)
	w.exec(`UPDATE memberships SET ended_at = now() WHERE org_id = $1`, w.hub.ID)
	_, id := w.receive(w.clinic, prenatal())
	w.want("{no_place}", `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review'`, id)
}

func TestAFreedPlaceGoesToTheFirstInLine(t *testing.T) {
	w := full(t)
	_, second := w.receive(w.clinic, prenatal())
	w.clock.forward(time.Hour)
	tiny := postpartum()
	tiny.Birth.Infants[0].BirthWeightGrams = new(1200)
	_, first := w.receive(w.hospital, tiny) // came later, stands first: the rules reach her first
	for _, id := range []uuid.UUID{second, first} {
		w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program, w.second.Program)))
	}
	w.want("4", `SELECT count(*) FROM waitlist_entries WHERE ended_at IS NULL`)
	w.free(w.first.Program)
	w.openTo(first, w.first.Program, "direct")
	w.status(referral.Offered, first)
	w.status(referral.Waitlisted, second)
	w.free(w.second.Program)
	w.openTo(second, w.second.Program, "direct")

	// claimed, she waits no more
	w.ok(w.cases.Claim(t.Context(), w.second.desk, second, referral.ClaimForm{}))
	w.want("claimed,claimed", `SELECT string_agg(ended_as, ',') FROM waitlist_entries WHERE case_id = $1`, second)

	// the agency declines: she is back in her old place
	w.ok(w.cases.Decline(t.Context(), w.first.desk, first, declined("language")))
	w.status(referral.Waitlisted, first)
	w.want("2", `SELECT count(*) FROM waitlist_entries WHERE case_id = $1 AND ended_at IS NULL`, first)

	// released, she waits again where she stood
	w.ok(w.cases.Release(t.Context(), w.second.desk, second, referral.ReleaseForm{Reason: "staff_left"}))
	w.want("2", `SELECT count(*) FROM waitlist_entries WHERE case_id = $1 AND ended_at IS NULL`, second)
}

func TestWaitingIsHerYesAndNotForAProgramWithAPlace(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	_, err := w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program))
	w.says(err, "has a place now")
	_, err = w.cases.Wait(t.Context(), w.desk, id, w.waitFor(uuid.New()))
	w.invalid(err, "/programs")
	w.places(w.first.Program, 0)
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	w.want("yes", `SELECT answer FROM consents WHERE case_id = $1 AND gate = 3 AND program_id = $2`, id, w.first.Program)
	v, err := w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
	if v.OwnerID == nil || len(v.Waits) != 1 || v.Waits[0].ProgramID != w.first.Program {
		t.Errorf("the hub sees %s", w.marshal(v))
	}
	w.want("true", `SELECT said_yes_at IS NOT NULL AND reached_at IS NOT NULL AND owner_id IS NOT NULL FROM cases WHERE id = $1`, id)
	r := w.ok(w.cases.Undo(t.Context(), w.desk, id))
	if r.Status != referral.Outreach {
		t.Errorf("undone to %s", r.Status)
	}
	w.want("undone", `SELECT ended_as FROM waitlist_entries WHERE case_id = $1`, id)
	_, err = w.cases.Wait(t.Context(), w.first.desk, id, w.waitFor(w.first.Program))
	w.refused(fault.Forbidden, err)
}

func TestTheMonthlyTouchAndTheUnansweredOne(t *testing.T) {
	w := full(t)
	_, id := w.receive(w.clinic, prenatal())
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	r := w.ok(w.cases.WaitOn(t.Context(), w.desk, id))
	if want := w.clock.Now().AddDate(0, 1, 0); r.NextBy == nil || !r.NextBy.Equal(want) {
		t.Errorf("next touch %v, want %v", r.NextBy, want)
	}
	w.clock.forward(32 * 24 * time.Hour)
	w.work()
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'case.waitlist_touch' AND closed_at IS NULL`, id)
	w.ok(w.cases.WaitOn(t.Context(), w.desk, id))
	w.want("0", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'case.waitlist_touch' AND closed_at IS NULL`, id)
	w.want("case.waitlist_touch", `SELECT string_agg(kind, ',') FROM follow_ups WHERE case_id = $1 AND status = 'open' AND kind LIKE 'case.waitlist%'`, id)
	w.clock.forward(32 * 24 * time.Hour)
	w.work()
	w.clock.forward(13 * 24 * time.Hour)
	w.work()
	w.status(referral.Waitlisted, id)
	w.clock.forward(2 * 24 * time.Hour)
	w.work()
	w.want("{waitlist_unanswered}", `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review'`, id)
	w.want("no_answer", `SELECT ended_as FROM waitlist_entries WHERE case_id = $1`, id)
}

func TestSheLeavesOneListAndStaysOnAnother(t *testing.T) {
	w := full(t)
	_, id := w.receive(w.clinic, prenatal())
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program, w.second.Program)))
	w.ok(w.cases.LeaveWaitlist(t.Context(), w.desk, id, referral.LeaveForm{Programs: []uuid.UUID{w.first.Program}}))
	w.want("her_choice", `SELECT ended_as FROM waitlist_entries WHERE case_id = $1 AND program_id = $2`, id, w.first.Program)
	w.free(w.first.Program)
	w.status(referral.Waitlisted, id) // not hers any more
	w.free(w.second.Program)
	w.openTo(id, w.second.Program, "direct")
}

func TestAFreedPlaceFindsAFamilyThatNobodyAsked(t *testing.T) {
	w := full(t)
	_, id := w.receive(w.clinic, prenatal())
	w.free(w.first.Program)
	w.status(referral.Outreach, id) // the hub can now name a place
}

func TestAProgramThatTakesOnlyFromItsListTakesFromIt(t *testing.T) {
	w := full(t)
	_, id := w.receive(w.clinic, prenatal())
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	w.exec(`UPDATE capacity_statements SET intake = 'waitlist' WHERE program_id = $1`, w.first.Program)
	w.free(w.first.Program)
	w.openTo(id, w.first.Program, "direct")
	_, other := w.receive(w.clinic, prenatal())
	w.status(referral.Waitlisted, other)
}

// A second click is not the newest move: undo brings back what the first one ended.
func TestLeavingAListTwiceKeepsItsUndo(t *testing.T) {
	w := newWorld(t)
	w.places(w.first.Program, 0)
	id := w.outreach()
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	w.ok(w.cases.LeaveWaitlist(t.Context(), w.desk, id, referral.LeaveForm{}))
	for _, in := range []referral.LeaveForm{{}, {Programs: []uuid.UUID{w.first.Program}}} {
		_, err := w.cases.LeaveWaitlist(t.Context(), w.desk, id, in)
		w.refused(fault.Conflict, err)
	}
	w.ok(w.cases.Undo(t.Context(), w.desk, id))
	w.want("1", `SELECT count(*) FROM waitlist_entries WHERE case_id = $1 AND ended_at IS NULL`, id)
}

// A place that was freed, and not offered to her, set her window's clock anew: undo puts the older one in its stead.
func TestUndoAfterAFreedPlaceSetTheWindowAnew(t *testing.T) {
	w := full(t)
	in := postpartum()
	in.Birth.Infants[0].BornOn = "2026-07-26" // her last safe day is 8 October
	_, id := w.receive(w.hospital, in)
	w.work()
	window := `SELECT string_agg(due_at::text, ',') FROM follow_ups WHERE case_id = $1 AND kind = 'case.window_closing' AND status = 'open'`
	before := w.text(window, id)
	w.ok(w.cases.PlaceHold(t.Context(), w.desk, id, referral.HoldForm{Kind: "client_asked", ReasonCode: "she_asked_for_time"}))
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	w.free(w.first.Program)
	w.ok(w.cases.Undo(t.Context(), w.desk, id))
	w.want(before, window, id)
}

// The rules look once more behind the commit of her first wait. Where nothing came of it, she may still take it back.
func TestUndoOfAWaitThatTheRulesLookedAtAgain(t *testing.T) {
	w := newWorld(t)
	w.places(w.first.Program, 0)
	id := w.outreach()
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	w.work()
	w.ok(w.cases.Undo(t.Context(), w.desk, id))
	w.status(referral.Outreach, id)
	w.want("0", `SELECT count(*) FROM waitlist_entries WHERE case_id = $1 AND ended_at IS NULL`, id)
}

// A confirmation that was undone does not put off the day on which she is asked again.
func TestUndoOfAConfirmationTakesItsDayBack(t *testing.T) {
	w := newWorld(t)
	w.places(w.first.Program, 0)
	id := w.outreach()
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	confirmed := `SELECT confirmed_at FROM waitlist_entries WHERE case_id = $1`
	for range 2 { // the day she joined counts again, then the confirmation before
		before := w.text(confirmed, id)
		w.clock.forward(24 * time.Hour)
		w.ok(w.cases.WaitOn(t.Context(), w.desk, id))
		w.ok(w.cases.Undo(t.Context(), w.desk, id))
		w.want(before, confirmed, id)
		w.ok(w.cases.WaitOn(t.Context(), w.desk, id))
	}
}

func TestReleaseSendsHerOnAndNeverBack(t *testing.T) {
	w := newWorld(t)
	id := w.accepted()
	received := w.text(`SELECT received_at FROM cases WHERE id = $1`, id)
	r := w.ok(w.cases.Release(t.Context(), w.first.desk, id, referral.ReleaseForm{Reason: "staff_left"}))
	if r.NextStep != "nothing" || r.NextBy != nil || r.CreatedID != nil { // who is asked next is not its to know
		t.Errorf("the agency that gave her back hears %+v", r)
	}
	w.openTo(id, w.second.Program, "direct")
	w.want(received, `SELECT received_at FROM cases WHERE id = $1`, id)
	w.want("released", `SELECT ended_as FROM claims WHERE case_id = $1`, id)
	w.want("cancelled", `SELECT status FROM visits WHERE case_id = $1`, id)
	_, err := w.cases.Case(t.Context(), w.first.desk, id)
	w.refused(fault.NotFound, err)
	w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND status = 'open' AND kind LIKE 'claim.%'`, id)
	w.clock.forward(168 * time.Hour) // the second lets it pass: the first is not asked again
	w.work()
	w.want("0", `SELECT count(*) FROM offers WHERE case_id = $1 AND program_id = $2 AND ended_at IS NULL`, id, w.first.Program)
}

func TestReleaseCanBeUndoneWhileThePlaceIsThere(t *testing.T) {
	w := newWorld(t)
	id := w.accepted()
	w.ok(w.cases.Release(t.Context(), w.first.desk, id, referral.ReleaseForm{Reason: "other"}))
	w.ok(w.cases.Undo(t.Context(), w.first.desk, id))
	w.status(referral.Accepted, id)
	w.want("planned", `SELECT status FROM visits WHERE case_id = $1`, id)
	w.want("withdrawn", `SELECT ended_as FROM offers WHERE case_id = $1 AND program_id = $2`, id, w.second.Program)
	w.want("full", `SELECT level FROM case_access WHERE case_id = $1 AND org_id = $2 AND until IS NULL`, id, w.first.ID)
	w.want("0", `SELECT count(release_code) FROM claims WHERE case_id = $1`, id)
	w.ok(w.cases.Release(t.Context(), w.first.desk, id, referral.ReleaseForm{Reason: "other"}))
	w.places(w.first.Program, 0)
	_, err := w.cases.Undo(t.Context(), w.first.desk, id)
	w.says(err, "no free place")
}

func TestInsideTheLastSafeDayTheRunnerUpIsAskedAtOnce(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	in.Birth.Infants[0].BornOn, in.Birth.MotherDischargedOn, in.Birth.Infants[0].DischargedOn = "2026-07-10", "2026-07-12", "2026-07-12"
	_, id := w.receive(w.hospital, in) // the site's three months end on 10 October
	w.want("2", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL AND kind = 'direct'`, id)
	// Tuesday 10:00 and four business hours
	w.want("true", `SELECT bool_and(claim_by = '2026-10-06T18:00:00Z') FROM offers WHERE case_id = $1`, id)
	w.ok(w.cases.Claim(t.Context(), w.second.desk, id, referral.ClaimForm{}))
	w.want("claimed,withdrawn", `SELECT string_agg(ended_as, ',' ORDER BY ended_as) FROM offers WHERE case_id = $1`, id)
}

func TestTheRunnerUpIsAskedWhenTheLastSafeDayComes(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	in.Birth.Infants[0].BornOn = "2026-07-26" // three months end on 26 October, 18 days earlier is 8 October
	_, id := w.receive(w.hospital, in)
	w.want("1", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.clock.set(time.Date(2026, 10, 8, 13, 0, 0, 0, time.UTC))
	w.work()
	w.want("2", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.want("1", `SELECT band FROM cases WHERE id = $1`, id)
}

func TestAServedFamilyIsNeverOffered(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, served := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, served, referral.ClaimForm{}))
	w.ok(w.cases.PlanFirstVisit(t.Context(), w.first.visitor, served, w.plan(24*time.Hour)))
	w.clock.forward(25 * time.Hour)
	w.ok(w.cases.Enroll(t.Context(), w.first.visitor, served, w.held(time.Hour)))
	again := prenatal() // her next pregnancy
	again.Client = in.Client
	again.Pregnancy.DueOn = "2027-06-20"
	again.Consent.ShareWithAgencies = "yes"
	_, id := w.receive(w.clinic, again)
	if id == served {
		t.Fatal("the next pregnancy was added to the case of the last")
	}
	w.want("{already_served}", `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review'`, id)
	w.want(served.String(), `SELECT case_id FROM tasks WHERE kind = 'client.referred_again' AND org_id = $1`, w.first.ID)
	_, err := w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "other", w.second.Program))
	w.says(err, "serves this family already")
}

func TestAFamilyListedWithoutANameIsFound(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Client.GivenName, in.Client.FamilyName = "José-María", "O'Neil"
	_, known := w.receive(w.clinic, in)
	key := w.text(`SELECT encode(match_key, 'hex') FROM clients JOIN cases c ON c.caregiver_id = clients.id WHERE c.id = $1`, known)
	other := prenatal()
	other.Client.GivenName = "Jose Maria"
	other.Client.FamilyName, other.Client.DateOfBirth = "ONEIL", in.Client.DateOfBirth
	w.exec(`INSERT INTO served_families VALUES ($1, $2, $3, decode($4, 'hex'), now())`, uuid.New(), w.second.Program, w.second.ID, key)
	_, id := w.receive(w.hospital, other)
	if id != known {
		t.Fatal("two spellings of one name are two people")
	}
	w.want("{already_served}", `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review'`, id)
	w.want("1", `SELECT count(*) FROM tasks WHERE kind = 'client.referred_again' AND org_id = $1 AND case_id IS NULL`, w.second.ID)
}

// The touch that was to tell her of the wait is over when she says that she waits.
func TestWhoSaysThatSheWaitsIsNotAskedTheDayAfter(t *testing.T) {
	w := full(t)
	_, id := w.receive(w.clinic, prenatal())
	r := w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	if want := w.clock.Now().AddDate(0, 1, 0); r.NextBy == nil || !r.NextBy.Equal(want) {
		t.Errorf("next touch %v, want %v", r.NextBy, want)
	}
	w.clock.forward(20 * 24 * time.Hour)
	w.work()
	w.want("0", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'case.waitlist_touch'`, id)
	w.status(referral.Waitlisted, id)
}

func TestAFamilyInAlarmOrServedDoesNotBeginToWait(t *testing.T) {
	w := newWorld(t)
	_, id := w.receive(w.clinic, selfHarm(prenatal()))
	w.places(w.first.Program, 0)
	_, err := w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program))
	w.says(err, "An alarm of this case has no outcome yet")
	w.status(referral.Review, id)

	other := w.outreach()
	w.serveElsewhere(other)
	_, err = w.cases.Wait(t.Context(), w.desk, other, w.waitFor(w.first.Program))
	w.says(err, "serves this family already")
}

// serveElsewhere lists the caregiver of a case as served by the second agency.
func (w *world) serveElsewhere(id uuid.UUID) {
	w.Helper()
	w.exec(`INSERT INTO served_families SELECT gen_random_uuid(), $2, $3, match_key, now() FROM clients
		WHERE id = (SELECT caregiver_id FROM cases WHERE id = $1)`, id, w.second.Program, w.second.ID)
}

func TestAFreedPlaceIsNotOfferedToAFamilyThatIsServedByNow(t *testing.T) {
	w := full(t)
	_, id := w.receive(w.clinic, prenatal())
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	w.serveElsewhere(id)
	w.free(w.first.Program)
	w.want("{already_served}", `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review'`, id)
	w.want("0", `SELECT count(*) FROM offers WHERE case_id = $1`, id)
}

func TestAWaitingFamilyHasAnOwnerWhoIsThere(t *testing.T) {
	w := full(t)
	_, id := w.receive(w.clinic, prenatal())
	w.free(w.first.Program)
	w.status(referral.Outreach, id)
	w.exec(`UPDATE memberships SET ended_at = now() WHERE user_id = (SELECT owner_id FROM cases WHERE id = $1)`, id)
	w.places(w.first.Program, 0)
	w.ok(w.cases.Wait(t.Context(), w.lead, id, w.waitFor(w.first.Program)))
	w.want("true", `SELECT m.ended_at IS NULL FROM cases c JOIN memberships m ON m.user_id = c.owner_id WHERE c.id = $1`, id)
}

func TestReleaseSendsNobodyOnOverAnAlarmOrARefusal(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	again := selfHarm(in)
	again.Consent = referral.SubmittedConsent{Answer: "she_said_no"}
	w.receive(w.clinic, again)
	w.status(referral.Claimed, id)
	r := w.ok(w.cases.Release(t.Context(), w.first.desk, id, referral.ReleaseForm{Reason: "other"}))
	if r.Status != referral.Offered || r.CreatedID != nil || r.NextBy != nil || r.NextStep != "nothing" {
		t.Errorf("the agency hears where she goes: %+v", r)
	}
	w.want("{alarm,no_permission_to_contact}", `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review'`, id)
	w.want("1", `SELECT count(*) FROM offers WHERE case_id = $1`, id)
}

func TestALookThatChangesNothingKeepsNoDecision(t *testing.T) {
	w := full(t)
	_, id := w.receive(w.clinic, prenatal())
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.second.Program)))
	w.work()
	before := w.text(`SELECT count(*) FROM decisions WHERE case_id = $1`, id)
	w.exec(`UPDATE capacity_statements SET funded = 1, intake = 'closed' WHERE program_id = $1`, w.second.Program)
	w.must(w.cases.LookForPlaces(t.Context()))
	w.free(w.second.Program)
	w.status(referral.Waitlisted, id)
	w.want(before, `SELECT count(*) FROM decisions WHERE case_id = $1`, id)
}

// The last safe day comes once: without rules a person is told.
func TestAWindowThatClosesWithoutRulesIsAPersons(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	in.Birth.Infants[0].BornOn = "2026-07-26"
	_, id := w.receive(w.hospital, in)
	w.exec(`ALTER TABLE rule_sets DISABLE TRIGGER rule_sets_gate`)
	w.exec(`UPDATE rule_sets SET status = 'retired'`)
	w.exec(`UPDATE follow_ups SET status = 'cancelled' WHERE kind = 'offer.expire'`)
	w.clock.set(time.Date(2026, 10, 8, 13, 0, 0, 0, time.UTC))
	w.work()
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'case.window_closing' AND urgent AND closed_at IS NULL`, id)
	w.status(referral.Offered, id)
}

// A person puts a family in line although an answer is missing: the rules, which look once more behind the commit, do not take it out.
func TestAMissingAnswerDoesNotLeaveTheLine(t *testing.T) {
	w := full(t)
	in := prenatal()
	in.Pregnancy.EarlierLiveBirths, in.Needs = nil, nil
	_, id := w.receive(w.clinic, in)
	w.work()
	w.want("true", `SELECT 'needs_answer' = ANY(review_reasons) FROM cases WHERE id = $1 AND status = 'review'`, id)
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	w.status(referral.Waitlisted, id)
	w.work()
	w.status(referral.Waitlisted, id)
}
