package referral

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/triage"
)

// answers corrects what was asked. The answers as received stay with their referrals; the corrected one counts in their stead until a
// later referral speaks of it.
func (a *amendment) answers() {
	for i, change := range a.changes {
		at := fmt.Sprintf("/changes/%d", i)
		switch {
		case change.Subject != "answer":
			continue
		case !a.hubOnly(i):
			continue
		case !slices.Contains(triage.AnswerNames(), change.Field):
			a.check.refuse(at+"/field", "unknown_question", "There is no question of this name.")
			continue
		case change.To != "" && change.To != yes && change.To != no && change.To != unknown:
			a.check.refuse(at+"/to", "oneof", "yes, no or unknown.")
			continue
		}
		to := change.To
		if to == unknown {
			to = ""
		}
		if !a.keep("answer", a.c.ID, change.Field, a.f.answers[change.Field], to) {
			continue
		}
		if delete(a.f.answers, change.Field); to != "" {
			a.f.answers[change.Field] = to
		}
		if to == yes {
			if a.said.answers == nil {
				a.said.answers = map[string]string{}
			}
			a.said.answers[change.Field] = yes
			a.alarmOf = a.f.referrals[len(a.f.referrals)-1].ID
		}
	}
}

// hubOnly refuses what no agency is shown: it would learn the answer by correcting it. Nor may an alarm be raised where nobody answers.
func (a *amendment) hubOnly(i int) bool {
	switch {
	case !a.tx.Actor.SeesAll():
		a.check.refuse(fmt.Sprintf("/changes/%d/subject", i), "hub_only", "Answers and screenings are corrected at the hub. Call it.")
	case !a.c.open():
		a.check.refuse(fmt.Sprintf("/changes/%d/subject", i), "closed", "This case is closed. Open it again first.")
	default:
		return true
	}
	return false
}

// screenings corrects forms as they were typed in; item_1 is the first item in printed order.
func (a *amendment) screenings() error {
	for i, change := range a.changes {
		if change.Subject != "screening" || !a.hubOnly(i) {
			continue
		}
		if !slices.ContainsFunc(a.f.screenings, func(s ScreeningRow) bool { return s.ID == *change.ID }) {
			a.check.refuse(fmt.Sprintf("/changes/%d/id", i), "unknown", "This is not a screening of this case.")
		}
	}
	if len(a.check.problems) > 0 {
		return nil
	}
	for i := range a.f.screenings {
		if err := a.screening(&a.f.screenings[i]); err != nil {
			return err
		}
	}
	return nil
}

func (a *amendment) screening(row *ScreeningRow) error {
	was, err := formOfScreening(*row)
	if err != nil {
		return err
	}
	now := was
	now.Items = slices.Clone(was.Items)
	places := a.fill("screening", row.ID, now.slot)
	if len(places) == 0 {
		return nil
	}
	c := a.again()
	c.problems = a.svc.shape.Check(now)
	if read := c.screenings(&Submission{Screenings: []SubmittedScreening{now}}, a.svc.safety.Instruments()); len(read) == 1 {
		row.Language, row.Items, row.GivenOn, row.DoneToday = read[0].Language, read[0].Items, read[0].GivenOn, read[0].DoneToday
	}
	for i := range c.problems { // an item is named as in the request
		list, n, item := strings.Cut(c.problems[i].Pointer, "/items/")
		if nth, err := strconv.Atoi(n); item && err == nil {
			c.problems[i].Pointer = fmt.Sprintf("%s/item_%d", list, nth+1)
		}
	}
	a.report(places, nil, c.problems)
	for _, field := range slices.Sorted(maps.Keys(places)) {
		a.keepOn(row.CaseID, "screening", row.ID, field, was.slot(field).read(), now.slot(field).read())
	}
	a.said.screenings, a.alarmOf = append(a.said.screenings, *row), row.ReferralID
	a.store.amendScreening(row)
	return nil
}

func formOfScreening(s ScreeningRow) (SubmittedScreening, error) {
	items, err := s.items()
	return SubmittedScreening{Instrument: s.Instrument, Version: s.Version, Language: s.Language, Items: items, GivenOn: dayText(s.GivenOn),
		DoneToday: textOf(s.DoneToday)}, err
}

func (f *SubmittedScreening) slot(field string) slot {
	if n, item := strings.CutPrefix(field, "item_"); item {
		if nth, err := strconv.Atoi(n); err == nil && nth >= 1 && nth <= len(f.Items) {
			return slot{number: &f.Items[nth-1]}
		}
		return slot{}
	}
	return slot{text: map[string]*string{"given_on": &f.GivenOn, "language": &f.Language, "done_today": &f.DoneToday}[field]}
}

// amended puts corrected answers in the place of those that came before them. Of what came later the one that asks for more help
// counts, as ever.
func (f *family) amended(corrections []Correction, rows []answerRow, open func(Correction) (string, error)) error {
	came := map[uuid.UUID]Referral{}
	f.corrected = map[string]time.Time{}
	for _, r := range f.referrals {
		came[r.ID] = r
	}
	for _, x := range corrections { // oldest first
		answer, err := open(x)
		if err != nil {
			return err
		}
		f.corrected[x.Field] = x.CorrectedAt
		if delete(f.answers, x.Field); answer != "" {
			f.answers[x.Field] = answer
		}
		for _, row := range rows {
			if row.Name == x.Field && came[row.ReferralID].ReceivedAt.After(x.CorrectedAt) && f.answers[row.Name] != yes {
				f.answers[row.Name] = row.Answer
			}
		}
	}
	return nil
}
