package referral_test

import (
	"testing"
	"time"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/referral"
)

// A form about violence that is positive makes a number that nobody called safe no way to reach her.
func TestAPositiveFormAboutSafetyStopsWhatWasNotCalledSafe(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.ContactMethods[0].SafeCall, in.ContactMethods[0].SafeText = "unknown", "unknown"
	in.Addresses[0].SafeToVisit = "no"
	in.Screenings = []referral.SubmittedScreening{{Instrument: "hits", Items: values(3, 3, 2, 1)}}
	_, id := w.receive(w.hospital, in)
	w.status(referral.Outreach, id)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer")))

	in.Screenings[0].Items = values(3, 3, 3, 1)
	w.receive(w.clinic, in)
	w.status(referral.Review, id)
	w.want("{no_safe_route}", `SELECT review_reasons FROM cases WHERE id = $1`, id)
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer"))
	w.refused(fault.Conflict, err)
}

func TestAFormByLinesIsKeptAndReadAsOne(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Screenings = []referral.SubmittedScreening{{Instrument: "epds", Recorded: "lines", Items: values(4, 4, 4, 4, 4, 4, 4, 4, 4, 4)}}
	r, id := w.receive(w.hospital, in)
	if r.Alarm != nil {
		t.Error("line 4 of item 10 is \"never\"")
	}
	w.want("lines [4, 4, 4, 4, 4, 4, 4, 4, 4, 4]", `SELECT recorded || ' ' || items FROM screenings WHERE case_id = $1`, id)
	w.want("lines 9", `SELECT (facts #>> '{screenings,0,recorded}') || ' ' || (outcome #>> '{scores,0,min}') FROM decisions WHERE case_id = $1`, id)

	in.Screenings[0].Items[9] = new(1)
	if r, _ = w.receive(w.hospital, in); r.Alarm == nil {
		t.Error("line 1 of item 10 is \"yes, quite often\"")
	}
	in.Screenings = append(in.Screenings, referral.SubmittedScreening{Instrument: "epds", Items: values(4, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
		referral.SubmittedScreening{Instrument: "pvs", Recorded: "lines", Items: values(1, 1, 1)})
	in.Screenings[0].Items[0] = new(5)
	_, err := w.cases.Receive(t.Context(), w.hospital, in)
	w.invalid(err, "/screenings/0/items/0", "/screenings/1/items/0", "/screenings/2/recorded")
}

func TestADecisionSaysWhereItsFactsCameFrom(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	origins := func(want string, facts string, id any) {
		t.Helper()
		w.want(want, `SELECT coalesce(string_agg(coalesce(facts #>> ARRAY['origins', n], '-'), ',' ORDER BY i), '') FROM unnest(string_to_array($2, ',')) WITH ORDINALITY
			AS q(n, i), (SELECT facts FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1) AS newest`, id, facts)
	}
	in := prenatal()
	in.Screenings = []referral.SubmittedScreening{{Instrument: "hits", Items: values(3, 3, 3, 1)}}
	_, id := w.receive(w.hospital, in)
	const facts = "mental_health,tobacco,hits_positive,age_years,zip,spoken_language,insurance,nicu"
	origins("referrer,-,referrer,computed,referrer,referrer,-,-", facts, id)
	w.want("referrer", `SELECT i ->> 'origin' FROM decisions, json_array_elements(outcome -> 'fired') f, json_array_elements(f -> 'inputs') i
		WHERE case_id = $1 AND i ->> 'name' = 'mental_health'`, id)

	_, line := w.Key(w.Organization(seed.Org{Kind: auth.OtherOrg, Class: providers.Community}), auth.Integration)
	in.Needs = map[string]string{"self_referral_request": "yes", "tobacco": "yes"}
	in.Screenings = nil
	w.clock.forward(time.Minute)
	w.receive(line, in)
	origins("referrer,family,referrer,computed,family,referrer,-,-", facts, id)

	birth := w.born()
	birth.Infants[0].Nicu = "yes"
	w.ok(w.cases.RecordBirth(ctx, w.desk, id, birth))
	origins("referrer,family,referrer,computed,family,referrer,-,hub", facts, id)
	w.clock.forward(time.Minute)
	w.ok(w.cases.Triage(ctx, w.desk, id)) // read back from what is stored
	origins("referrer,family,referrer,computed,family,referrer,-,hub", facts, id)
}
