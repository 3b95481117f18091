package referral

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// PartForm says why a link was wrong.
type PartForm struct {
	Reason string `json:"reason" validate:"required,oneof=two_people wrong_record other"`
}

// PartReceipt says what came apart.
type PartReceipt struct {
	LinkID uuid.UUID   `json:"link_id"`
	Cases  []uuid.UUID `json:"cases"` // those that stand alone again, as they were before the link
	Remark string      `json:"remark"`
}

// Part undoes a link at any time: every case that stood on another through it comes back as it was, with its referral, offers, access,
// promises and tasks; news of the other case that has not left is withdrawn. What was done while linked stays on the case on which it
// was done. The pair is never linked by a machine again, nor asked about. Faults: NotFound; Conflict for a link that was undone.
func (s *Service) Part(ctx context.Context, actor auth.Actor, id uuid.UUID, in PartForm) (PartReceipt, error) {
	if err := actor.Require(auth.MatchPart); err != nil {
		return PartReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return PartReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (PartReceipt, error) {
		w := s.work(tx)
		if err := w.store.lockLinks(); err != nil {
			return PartReceipt{}, err
		}
		l, err := w.store.link(id)
		if err != nil {
			return PartReceipt{}, err
		}
		if l.PartedAt != nil {
			return PartReceipt{}, fault.New(fault.Conflict, "This link was undone already.")
		}
		w.store.partLink(l, actor.ID, in.Reason)
		err = w.audit.Record(audit.Event{Action: "part records", Subject: "link", SubjectID: &l.ID,
			Detail: map[string]any{"client_a": l.ClientA, "client_b": l.ClientB, "reason": in.Reason}})
		if err != nil {
			return PartReceipt{}, err
		}
		return w.part(l)
	})
}

func (w *work) part(l ClientLink) (PartReceipt, error) {
	out := PartReceipt{LinkID: l.ID, Cases: []uuid.UUID{}}
	records, err := w.store.recordsOf(l.ClientA)
	if err != nil {
		return out, err
	}
	all := idsOf(records)
	links, err := w.store.openLinks(all)
	if err != nil {
		return out, err
	}
	links = slices.DeleteFunc(links, func(o ClientLink) bool { return o.ID == l.ID })
	people := together(all, links)
	for _, one := range people {
		w.store.isOnePerson(one)
	}
	left, err := w.partCases(all, people, &out)
	if err != nil {
		return out, err
	}
	if left > 0 {
		out.Remark = fmt.Sprintf("%d messages to a referrer told of the other case before. Call the referrer if that matters.", left)
	}
	if err := w.heardOfTheOther(people); err != nil {
		return out, err
	}
	for _, one := range people { // what stood on the other's case together may go on together
		if err := w.joinCases(one, false); err != nil {
			return out, err
		}
	}
	first, err := w.store.casesOf(l.ClientA)
	if err != nil || len(first) == 0 {
		return out, err
	}
	w.store.answerPair(pg.NewID(), l.ClientA, l.ClientB, first[0].ID, l.Evidence, notSamePerson, w.tx.Actor.ID)
	return out, nil
}

// heardOfTheOther closes what a person was to look at since the other had asked not to be contacted, or had died.
func (w *work) heardOfTheOther(people [][]uuid.UUID) error {
	if err := w.tx.Flush(); err != nil {
		return err
	}
	for _, one := range people {
		records, err := w.store.recordsOf(one[0])
		if err != nil {
			return err
		}
		stopped, err := w.store.neverToBeContacted(one[0])
		if err != nil {
			return err
		}
		died := slices.ContainsFunc(records, func(c Client) bool { return c.DeathRecordedAt != nil })
		cases, err := w.store.casesOfAll(one)
		if err != nil {
			return err
		}
		for _, c := range cases {
			for kind, still := range map[string]bool{taskStopHeard: stopped, taskDeath: died} {
				if still {
					continue
				}
				if err := w.jobs.CloseTasks(nil, c.ID, jobs.TaskNotNeeded, kind); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// partCases lets each case that stands on another person's stand alone; it returns how much news of the other had left.
func (w *work) partCases(all []uuid.UUID, people [][]uuid.UUID, out *PartReceipt) (left int, err error) {
	cases, err := w.store.casesOfAll(all)
	if err != nil {
		return 0, err
	}
	whose := func(client uuid.UUID) int {
		return slices.IndexFunc(people, func(one []uuid.UUID) bool { return slices.Contains(one, client) })
	}
	for _, c := range cases {
		if c.StandsOn == nil {
			continue
		}
		on, err := w.store.caseByID(*c.StandsOn)
		if err != nil {
			return left, err
		}
		if whose(on.CaregiverID) == whose(c.CaregiverID) {
			continue
		}
		n, err := w.store.newsLeft(c.ID, on.ID)
		if err != nil {
			return left, err
		}
		left += n
		if err := w.partTwo(c.ID, on.ID); err != nil {
			return left, err
		}
		out.Cases = append(out.Cases, c.ID)
	}
	return left, nil
}

// partTwo locks both in the order of their ids.
func (w *work) partTwo(stands, on uuid.UUID) error {
	if err := w.tx.Flush(); err != nil {
		return err
	}
	low, high := inOrder(stands, on)
	first, err := w.lock(low, ActPart)
	if err != nil {
		return err
	}
	second, err := w.lock(high, ActPart)
	if err != nil {
		return err
	}
	if first.c.ID != stands {
		first, second = second, first
	}
	return first.standAlone(second)
}

// LinksView is who a caregiver is by the links of her record.
type LinksView struct {
	StandsOn *uuid.UUID   `json:"stands_on"` // the case as which this one goes on
	Standing []uuid.UUID  `json:"standing"`  // cases that go on as this one
	Links    []ClientLink `json:"links"`     // those undone too, the newest first
}

// Links shows the links of a case's caregiver, to the hub only. Faults: NotFound.
func (s *Service) Links(ctx context.Context, actor auth.Actor, id uuid.UUID) (LinksView, error) {
	return read(ctx, s, actor, auth.MatchReview, func(w *work) (LinksView, error) {
		v := LinksView{Standing: []uuid.UUID{}, Links: []ClientLink{}}
		c, err := w.store.caseByID(id)
		if err != nil {
			return v, err
		}
		v.StandsOn = c.StandsOn
		standing, err := w.store.standing(c.ID)
		if err != nil {
			return v, err
		}
		for _, other := range standing {
			v.Standing = append(v.Standing, other.ID)
		}
		links, err := w.store.linksOf(c.CaregiverID)
		v.Links = append(v.Links, links...)
		if err != nil {
			return v, err
		}
		return v, w.audit.Viewed("read links", c.ID)
	})
}
