package referral_test

import (
	"strings"
	"testing"
	"time"

	"doorstep/internal/dbtest/seed"
	"doorstep/providers"
	"doorstep/referral"
)

// What is asked of a family that has had one child, is pregnant, and told nothing of her income.
func TestAnExplanationIsTriedWhenItIsOpened(t *testing.T) {
	w := newWorld(t)
	w.Program(seed.Program{OrgID: w.first.ID, PackCode: "nfp"})
	in := prenatal()
	in.Pregnancy.DueOn = "2026-12-30" // 28 weeks 6 days on 13 October
	in.Client.Insurance = "medicaid"
	_, id := w.receive(w.clinic, in)
	w.clock.forward(48 * time.Hour)
	e, err := w.cases.Decision(t.Context(), w.desk, id)
	w.must(err)
	if len(e.Gaps) != 0 || len(e.Counterfactuals) != 1 ||
		e.Counterfactuals[0].Text != "She could go to Nurse-Family Partnership if this were true: this will be her first live birth." {
		t.Errorf("counterfactuals %+v, gaps %v", e.Counterfactuals, e.Gaps)
	}
	if !strings.HasPrefix(e.RunnerUp, "Another of Healthy Families America, traditional comes next. One place of ") || !strings.HasSuffix(e.RunnerUp, "its visitors speak her language.") {
		t.Errorf("runner-up %q", e.RunnerUp)
	}
	if len(e.EligibleUntil) != 0 {
		t.Errorf("a window that is not hers: %+v", e.EligibleUntil)
	}

	in = prenatal()
	in.Pregnancy.DueOn, in.Pregnancy.EarlierLiveBirths, in.Client.Insurance = "2026-12-30", new(0), "medicaid"
	_, id = w.receive(w.clinic, in)
	w.clock.forward(48 * time.Hour)
	e, err = w.cases.Decision(t.Context(), w.desk, id)
	w.must(err)
	if len(e.EligibleUntil) != 1 || e.EligibleUntil[0].Text != "She can go to Nurse-Family Partnership until 13 October, 3 days left." {
		t.Errorf("until %+v", e.EligibleUntil)
	}
}

func TestADecisionOfTheReleaseBeforeIsShownWithItsGaps(t *testing.T) {
	w := newWorld(t)
	_, id := w.receive(w.clinic, prenatal())
	w.exec(`ALTER TABLE decisions DISABLE TRIGGER decisions_append_only`)
	w.exec(`UPDATE decisions SET places = NULL`)
	e, err := w.cases.Decision(t.Context(), w.desk, id)
	w.must(err)
	if len(e.Gaps) != 1 || !strings.Contains(e.Gaps[0], "without the places") || e.RunnerUp != "" || len(e.Words) == 0 {
		t.Errorf("%+v", e)
	}
	w.exec(`UPDATE decisions SET rule_set_hash = repeat('0', 64)`)
	e, err = w.cases.Decision(t.Context(), w.desk, id)
	w.must(err)
	if len(e.Gaps) != 2 || !strings.Contains(e.Gaps[1], "can no longer be run") || len(e.Counterfactuals) != 0 || len(e.Words) == 0 {
		t.Errorf("%+v", e)
	}
}

func TestADrawIsByTheCaseAndKept(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE programs SET languages = ARRAY['en']`)
	_, id := w.receive(w.clinic, prenatal())
	e, err := w.cases.Decision(t.Context(), w.desk, id)
	w.must(err)
	if e.Decision.DrawSeed != id.String() || len(e.Decision.Drawn) != 1 || len(e.Decision.Drawn[0]) != 2 || !strings.HasSuffix(e.RunnerUp, "a draw settled it.") {
		t.Errorf("drawn %v by %q, %q", e.Decision.Drawn, e.Decision.DrawSeed, e.RunnerUp)
	}
}

// A line is counted without her, and its pace by what came free.
func TestTheWaitOfALineIsSaid(t *testing.T) {
	w := full(t)
	for range 2 {
		_, id := w.receive(w.clinic, prenatal())
		w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	}
	w.exec(`INSERT INTO served_families (id, program_id, org_id, match_key, listed_at, ended_at)
		SELECT gen_random_uuid(), $1, $2, sha256(x::text::bytea), $3, $3 FROM generate_series(1, 3) x`, w.first.Program, w.first.ID, w.clock.Now())
	_, id := w.receive(w.clinic, prenatal())
	wait := func() (waiting, days int) {
		t.Helper()
		e, err := w.cases.Decision(t.Context(), w.desk, id)
		w.must(err)
		for _, p := range e.Decision.Programs {
			if p.ProgramID == w.first.Program.String() && p.Waiting != nil && p.ExpectedWaitDays != nil {
				return *p.Waiting, *p.ExpectedWaitDays
			}
		}
		return -1, -1
	}
	if n, days := wait(); n != 2 || days != 90 {
		t.Errorf("before: %d wait, %d days", n, days)
	}
	w.ok(w.cases.Wait(t.Context(), w.desk, id, w.waitFor(w.first.Program)))
	w.ok(w.cases.Triage(t.Context(), w.desk, id))
	if n, days := wait(); n != 2 || days != 90 {
		t.Errorf("in it: %d wait, %d days", n, days)
	}
}

func TestAReferrerIsToldWhatIsNext(t *testing.T) {
	w := newWorld(t)
	w.Program(seed.Program{OrgID: w.first.ID, PackCode: "nfp"})
	school := w.Organization(seed.Org{Kind: "other", Class: providers.School})
	_, key := w.Key(school, "integration")
	in := prenatal()
	in.Pregnancy, in.Needs = &referral.SubmittedPregnancy{}, nil
	whole := in
	whole.Pregnancy = &referral.SubmittedPregnancy{DueOn: "2027-03-01", EarlierLiveBirths: new(0)}
	whole.Client.Insurance = "medicaid"
	whole.Needs = map[string]string{"homeless": "yes"}
	sent, id := w.receive(w.clinic, in)
	silent, _ := w.receive(key, in)
	_, _ = w.receive(w.hospital, whole) // another source: what it said is not to be seen in what the clinic is asked
	w.status(referral.Outreach, id)
	v, err := w.cases.Referral(t.Context(), w.clinic, sent.ID)
	w.must(err)
	want := []string{
		"The hub reaches out to the family. This is due by Thursday, October 8.",
		"You hear from us when somebody spoke with her, or could not reach her.",
		"It would help to know how many babies she had before this pregnancy, her due date and her insurance. If you know, send that in a new referral of her, or call the hub.",
	}
	if strings.Join(v.WhatNext, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q", v.WhatNext)
	}
	if v, err = w.cases.Referral(t.Context(), key, silent.ID); err != nil || v.WhatNext != nil {
		t.Errorf("a school is told %q (%v)", v.WhatNext, err)
	}
	again := in
	again.Pregnancy = &referral.SubmittedPregnancy{DueOn: "2027-03-01"}
	_, _ = w.receive(w.clinic, again) // its second form counts for both
	v, err = w.cases.Referral(t.Context(), w.clinic, sent.ID)
	w.must(err)
	if len(v.WhatNext) != 3 || !strings.Contains(v.WhatNext[2], "to know how many babies she had before this pregnancy and her insurance.") {
		t.Errorf("got %q", v.WhatNext)
	}
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
	v, err = w.cases.Referral(t.Context(), w.clinic, sent.ID)
	w.must(err)
	if len(v.WhatNext) != 2 {
		t.Errorf("after a loss: %q", v.WhatNext)
	}
}
