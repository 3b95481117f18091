package referral

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"doorstep/triage"
)

func TestSettle(t *testing.T) {
	route := &triage.Decision{Next: triage.NextRoute}
	review := &triage.Decision{Next: triage.NextReview, ReviewReasons: []string{triage.ReviewAlarm, triage.ReviewNoPlace}}
	unclear := &triage.Decision{Next: triage.NextReview, ReviewReasons: []string{triage.ReviewNoPlace, triage.ReviewNeedsAnswer}}
	anyone := []uuid.UUID{uuid.New()}
	hub := func(d *triage.Decision) verdict { return verdict{decision: d, firstContact: triage.ContactByHub} }
	agency := func(d *triage.Decision) verdict { return verdict{decision: d, firstContact: triage.ContactByAgency} }
	for name, c := range map[string]struct {
		state   state
		status  Status
		reasons []string
	}{
		"the hub calls first":             {state{verdict: hub(route), contact: true, safeRoute: true, sharedWith: anyone}, Outreach, nil},
		"an agency calls first":           {state{verdict: agency(route), contact: true, safeRoute: true, sharedWith: anyone}, Offered, nil},
		"nobody may know who she is":      {state{verdict: agency(route), contact: true, safeRoute: true}, Outreach, nil},
		"no place anywhere":               {state{verdict: hub(review), contact: true, safeRoute: true}, Waitlisted, nil},
		"no place, and she said no":       {state{verdict: hub(review), safeRoute: true}, Review, []string{reviewNoPlace, reviewNoPermission}},
		"the rules ask a person":          {state{verdict: hub(unclear), contact: true, safeRoute: true}, Review, []string{reviewNoPlace, triage.ReviewNeedsAnswer}},
		"an agency serves her already":    {state{verdict: agency(route), served: true, contact: true, safeRoute: true, sharedWith: anyone}, Review, []string{reviewServed}},
		"an open alarm":                   {state{verdict: agency(route), alarmOpen: true, contact: true, safeRoute: true, sharedWith: anyone}, Review, []string{reviewAlarm}},
		"an open alarm, named once":       {state{verdict: hub(review), alarmOpen: true, contact: true, safeRoute: true}, Review, []string{reviewAlarm, reviewNoPlace}},
		"no rules":                        {state{contact: true, safeRoute: true}, Review, []string{reviewNotTriaged}},
		"no rules and an alarm":           {state{alarmOpen: true, contact: true, safeRoute: true}, Review, []string{reviewAlarm, reviewNotTriaged}},
		"she refused contact":             {state{verdict: agency(route), safeRoute: true, sharedWith: anyone}, Review, []string{reviewNoPermission}},
		"she refused: no word of routes":  {state{verdict: hub(route)}, Review, []string{reviewNoPermission}},
		"no safe way to reach her":        {state{verdict: hub(route), contact: true}, Review, []string{reviewNoSafeRoute}},
		"an answered alarm is no reason":  {state{verdict: hub(&triage.Decision{Next: triage.NextReview, ReviewReasons: []string{triage.ReviewAlarm}}), contact: true, safeRoute: true}, Outreach, nil},
		"everything at once, alarm first": {state{verdict: hub(review), alarmOpen: true}, Review, []string{reviewAlarm, reviewNoPlace, reviewNoPermission}},
	} {
		status, reasons := settle(c.state)
		if status != c.status || !slices.Equal(reasons, c.reasons) {
			t.Errorf("%s: got %s %v, want %s %v", name, status, reasons, c.status, c.reasons)
		}
	}
}

func ended(program uuid.UUID, kind, as string) Offer {
	return Offer{ProgramID: program, Kind: kind, EndedAs: &as}
}

func TestCandidates(t *testing.T) {
	a, b, c := uuid.New(), uuid.New(), uuid.New()
	route := []uuid.UUID{a, b, c}
	anyone := []Consent{share(yes, nil, 0)}
	for name, x := range map[string]struct {
		consents       []Consent
		past           []Offer
		fresh, expired []uuid.UUID
	}{
		"the order of the rules":           {anyone, nil, route, nil},
		"her order first":                  {[]Consent{share(yes, nil, 0), share(yes, &c, 1)}, nil, []uuid.UUID{c, a, b}, nil},
		"only those she named":             {[]Consent{share(yes, &b, 0)}, nil, []uuid.UUID{b}, nil},
		"one she named is not on it":       {[]Consent{share(yes, new(uuid.New()), 0)}, nil, nil, nil},
		"nobody without her yes":           {nil, nil, nil, nil},
		"declined never again":             {anyone, []Offer{ended(a, direct, "agency_declined")}, []uuid.UUID{b, c}, nil},
		"declined after it expired":        {anyone, []Offer{ended(a, direct, "expired"), ended(a, pool, "agency_declined")}, []uuid.UUID{b, c}, nil},
		"she said no to it":                {anyone, []Offer{ended(a, direct, "she_said_no")}, []uuid.UUID{b, c}, nil},
		"an expired direct one may pool":   {anyone, []Offer{ended(a, direct, "expired")}, []uuid.UUID{b, c}, []uuid.UUID{a}},
		"an expired pool one is out":       {anyone, []Offer{ended(a, direct, "expired"), ended(a, pool, "expired")}, []uuid.UUID{b, c}, nil},
		"a withdrawn one may be asked":     {anyone, []Offer{ended(a, direct, "withdrawn")}, route, nil},
		"a claim that was undone may too":  {anyone, []Offer{ended(a, direct, "claimed")}, route, nil},
		"an open one has not answered yet": {anyone, []Offer{{ProgramID: a, Kind: direct}}, route, nil},
	} {
		fresh, expired := candidates(route, x.consents, x.past)
		if !slices.Equal(fresh, x.fresh) || !slices.Equal(expired, x.expired) {
			t.Errorf("%s: got %v and %v, want %v and %v", name, fresh, expired, x.fresh, x.expired)
		}
	}
}
