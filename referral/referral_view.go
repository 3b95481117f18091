package referral

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// ReferralView is a referral as its own referrer may see it: where it stands by its class, and what happens next.
type ReferralView struct {
	ID         uuid.UUID  `json:"id"`
	Reference  string     `json:"reference"`
	Stage      string     `json:"stage"`
	ReceivedAt time.Time  `json:"received_at"`
	Status     string     `json:"status"`
	NextText   string     `json:"next_text"` // empty where the class may not know
	NextBy     *time.Time `json:"next_by"`
	WhatNext   []string   `json:"what_next,omitempty"` // sentences, on one referral only; none where the class may not know

	WithdrawnAt *time.Time `json:"withdrawn_at"` // from then on it shows no news
	Reason      *string    `json:"reason"`       // why it was closed, where she let this referrer know
}

// Milestone is one line of a referral's timeline.
type Milestone struct {
	Status string    `json:"status"`
	At     time.Time `json:"at"`
}

// Referral shows one of the actor's own referrals. Faults: NotFound for any other.
func (s *Service) Referral(ctx context.Context, actor auth.Actor, id uuid.UUID) (ReferralView, error) {
	return read(ctx, s, actor, auth.ReferralRead, func(w *work) (ReferralView, error) {
		r, c, err := w.ownReferral(id)
		if err != nil {
			return ReferralView{}, err
		}
		said, err := w.newsAnswers(c.ID)
		if err != nil {
			return ReferralView{}, err
		}
		v := viewReferral(r, c, said[c.ID])
		if !feedbackRefused(said[c.ID]) {
			v.WhatNext, err = w.whatNext(r, c)
		}
		if err != nil {
			return v, err
		}
		return v, w.audit.Viewed("read referral", c.ID)
	})
}

// ReferralTimeline is what became of it so far, in the words of the referrer's class.
func (s *Service) ReferralTimeline(ctx context.Context, actor auth.Actor, id uuid.UUID) ([]Milestone, error) {
	return read(ctx, s, actor, auth.ReferralRead, func(w *work) ([]Milestone, error) {
		r, c, err := w.ownReferral(id)
		if err != nil {
			return nil, err
		}
		said, err := w.newsAnswers(c.ID)
		if err != nil {
			return nil, err
		}
		quiet := r.WithdrawnAt != nil || feedbackRefused(said[c.ID])
		out := []Milestone{{milestoneReceived, r.ReceivedAt}}
		add := func(status string, at *time.Time) {
			if at != nil && !quiet && mayHear(r.ReferrerClass, status) {
				out = append(out, Milestone{status, latest(*at, r.ReceivedAt)}) // what was before it came would tell that others sent her
			}
		}
		add(milestoneReached, c.ReachedAt)
		add(milestoneBeingServed, c.EnrolledAt)
		if c.Status == Closed {
			add(ReferrerStatus(c, r.ReferrerClass), c.ClosedAt)
		}
		return out, w.audit.Viewed("read referral timeline", c.ID)
	})
}

// Referrals lists the actor's own referrals, newest first.
func (s *Service) Referrals(ctx context.Context, actor auth.Actor, after string) (Page[ReferralView], error) {
	return read(ctx, s, actor, auth.ReferralRead, func(w *work) (Page[ReferralView], error) {
		out := Page[ReferralView]{Items: []ReferralView{}}
		before, id, err := parseTimeCursor(after)
		if err != nil {
			return out, err
		}
		rows, err := w.store.referralList(actor.OrgID, before, id, pageSize+1)
		if err != nil {
			return out, err
		}
		if len(rows) > pageSize {
			rows = rows[:pageSize]
			last := rows[pageSize-1]
			out.Next = pg.Cursor{Key: last.ReceivedAt.Format(time.RFC3339Nano), ID: last.ID.String()}.String()
		}
		var ids, live []uuid.UUID
		for _, r := range rows {
			ids = append(ids, r.CaseID)
		}
		cases, err := w.store.casesByID(ids)
		if err != nil {
			return out, err
		}
		for id, c := range cases {
			if c.StandsOn != nil {
				if cases[id], err = w.store.caseByID(*c.StandsOn); err != nil {
					return out, err
				}
			}
			live = append(live, cases[id].ID)
		}
		said, err := w.newsAnswers(live...)
		if err != nil {
			return out, err
		}
		for _, r := range rows {
			c := cases[r.CaseID]
			out.Items = append(out.Items, viewReferral(r, c, said[c.ID]))
		}
		return out, w.audit.Listed("list referrals", ids)
	})
}

// newsAnswers reads as the hub, since what she said to one referrer of news holds for each: call it last.
func (w *work) newsAnswers(live ...uuid.UUID) (map[uuid.UUID][]Consent, error) {
	if err := w.tx.AsHub("what she said of news to any referrer; the referrals were read in the referrer's own role"); err != nil {
		return nil, err
	}
	return w.store.feedbackAnswers(live)
}

func (w *work) ownReferral(id uuid.UUID) (Referral, Case, error) {
	r, err := w.store.referral(id)
	if err != nil {
		return r, Case{}, err
	}
	c, err := w.liveCase(r.CaseID)
	return r, c, err
}

// liveCase is a case, or the one on which it stands.
func (w *work) liveCase(id uuid.UUID) (Case, error) {
	c, err := w.store.caseByID(id)
	if err == nil && c.StandsOn != nil {
		c, err = w.store.caseByID(*c.StandsOn)
	}
	return c, err
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func viewReferral(r Referral, c Case, said []Consent) ReferralView {
	v := ReferralView{ID: r.ID, Reference: r.Reference, Stage: r.Stage, ReceivedAt: r.ReceivedAt, Status: milestoneReceived, WithdrawnAt: r.WithdrawnAt}
	if r.WithdrawnAt != nil || feedbackRefused(said) {
		return v
	}
	v.Status = ReferrerStatus(c, r.ReferrerClass)
	if mayHear(r.ReferrerClass, milestoneReached) {
		v.NextText, v.NextBy = stepText(c.NextStep), c.NextDueAt
		if v.Status == milestoneClosed && mayHearReason(said) && tellable(*c.Disposition) {
			v.Reason = c.Disposition
		}
	}
	return v
}

// tellable ends may be told to a referrer with her yes. A loss, a death, danger, and that she wants no contact never are.
func tellable(disposition string) bool {
	return slices.Contains([]string{Served, SaidNoForNow, NoProgramFits, NoPlaceInTime, AlreadyServed, OtherJurisdiction, InformationGiven}, disposition)
}

func parseTimeCursor(s string) (*time.Time, uuid.UUID, error) {
	cursor, err := pg.ParseCursor(s)
	if err != nil || cursor.ID == "" {
		return nil, uuid.Nil, err
	}
	at, err := time.Parse(time.RFC3339Nano, cursor.Key)
	id, err2 := uuid.Parse(cursor.ID)
	if err != nil || err2 != nil {
		return nil, uuid.Nil, fault.New(fault.Invalid, "This page address is not one that the service gave. Start from the first page.")
	}
	return &at, id, nil
}
