package referral

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/providers"
)

// The parts of a source's own list, by what its class may hear.
const (
	PartNeedsUs  = "needs_us" // the hub asks the source for another way to reach her
	PartOpen     = "open"
	PartEnrolled = "enrolled"
	PartClosed   = "closed" // or withdrawn
)

// partScan bounds how many of a source's referrals one page reads: a page may be short, and the next one goes on behind it.
const partScan = 500

// OwnRow is a line of a source's own list. The name is the source's own: it sent it.
type OwnRow struct {
	ReferralView
	Name    string // as it was sent: the given name and a letter of the surname; empty for a treatment program's record
	SentBy  string
	SaidNo  bool // she does not want to be contacted through this referral
	NeedsUs bool
	Needs   string // what the hub needs of its source: one of the codes below; empty: nothing
}

// What a source can do for a family of its own, the first of these that holds.
const (
	NeedsWay     = "way"     // the hub or the agency that has the family asks for another way to reach them
	NeedsBounced = "bounced" // no safe way works any more
	NeedsConsent = "consent" // the link that was to ask them is not answered
)

// OwnReferrals lists the actor's own referrals in one part, newest first.
func (s *Service) OwnReferrals(ctx context.Context, actor auth.Actor, part, after string) (Page[OwnRow], error) {
	return read(ctx, s, actor, auth.ReferralRead, func(w *work) (Page[OwnRow], error) {
		out := Page[OwnRow]{Items: []OwnRow{}}
		before, id, err := parseTimeCursor(after)
		if err != nil {
			return out, err
		}
		if part != PartNeedsUs && part != PartOpen && part != PartEnrolled && part != PartClosed {
			return out, fault.New(fault.Invalid, "There is no such part of the list.")
		}
		rows, err := w.store.referralList(actor.OrgID, before, id, partScan+1)
		if err != nil {
			return out, err
		}
		cases, said, asked, err := w.standings(rows)
		if err != nil {
			return out, err
		}
		var shown []uuid.UUID
		for i, r := range rows {
			if i == partScan || len(out.Items) == pageSize {
				last := rows[i-1]
				out.Next = pg.Cursor{Key: last.ReceivedAt.Format(time.RFC3339Nano), ID: last.ID.String()}.String()
				break
			}
			c := cases[r.CaseID]
			v := OwnRow{ReferralView: viewReferral(r, c, said[c.ID])}
			v.needs(r, c, said[c.ID], asked)
			if v.part() == part || part == PartNeedsUs && v.NeedsUs {
				if err := w.asSent(r, &v); err != nil {
					return out, err
				}
				out.Items = append(out.Items, v)
				shown = append(shown, r.CaseID)
			}
		}
		return out, w.audit.Listed("list own referrals", shown)
	})
}

// needs says what of this referral waits for its source. asked is by case what the hub's own rows say.
func (v *OwnRow) needs(r Referral, c Case, said []Consent, asked map[uuid.UUID]string) {
	if !mayBeAsked(r, c, said) {
		return
	}
	v.Needs = asked[c.ID]
	if v.Needs == NeedsConsent && r.Consent != "send_link" { // who sent what the law asks for owes no answer
		v.Needs = ""
	}
	v.NeedsUs = v.Needs != ""
}

// countScan bounds how many referrals are counted for the tabs of a list.
const countScan = 2000

// OwnCounts counts the actor's own referrals in each part, by what its class may hear; nil for a source with more than can be counted at a look.
func (s *Service) OwnCounts(ctx context.Context, actor auth.Actor) (map[string]int, error) {
	return read(ctx, s, actor, auth.ReferralRead, func(w *work) (map[string]int, error) {
		rows, err := w.store.referralHeads(actor.OrgID, countScan+1)
		if err != nil || len(rows) > countScan {
			return nil, err
		}
		cases, said, asked, err := w.standings(rows)
		if err != nil {
			return nil, err
		}
		out := map[string]int{}
		for _, r := range rows {
			c := cases[r.CaseID]
			v := OwnRow{ReferralView: viewReferral(r, c, said[c.ID])}
			out[v.part()]++
			if v.needs(r, c, said[c.ID], asked); v.NeedsUs {
				out[PartNeedsUs]++
			}
		}
		return out, nil
	})
}

// mayBeAsked: its source may know that nobody reaches her.
func mayBeAsked(r Referral, c Case, said []Consent) bool {
	return r.WithdrawnAt == nil && c.open() && mayHear(r.ReferrerClass, milestoneReached) && !feedbackRefused(said)
}

// asSent reads whom a referral named, and who wrote it, from its own sealed words.
func (w *work) asSent(r Referral, v *OwnRow) error {
	var in Submission
	payload, err := w.tx.Keys().Open("referrals", "payload_sealed", r.ID, r.PayloadSealed)
	if err == nil && len(payload) > 0 {
		err = json.Unmarshal(payload, &in)
	}
	v.Name, v.SentBy, v.SaidNo = in.Client.GivenName, in.Referrer.Name, r.Consent == "she_said_no"
	for _, letter := range in.Client.FamilyName {
		v.Name += " " + string(letter) + "."
		break
	}
	return wrap(err, "reopen referral %s", r.ID)
}

func (v OwnRow) part() string {
	switch {
	case v.WithdrawnAt != nil, v.Status == milestoneClosed, v.Status == milestoneNotReached:
		return PartClosed
	case v.Status == milestoneBeingServed:
		return PartEnrolled
	}
	return PartOpen
}

// standings are the live cases behind these referrals, what she said of news, and which of them wait for their source. It leaves the
// transaction the hub's: call it last.
func (w *work) standings(rows []Referral) (map[uuid.UUID]Case, map[uuid.UUID][]Consent, map[uuid.UUID]string, error) {
	var ids, live []uuid.UUID
	for _, r := range rows {
		ids = append(ids, r.CaseID)
	}
	if len(ids) == 0 {
		return nil, nil, nil, nil
	}
	cases, err := w.store.casesByID(ids)
	if err != nil {
		return nil, nil, nil, err
	}
	var hosts []uuid.UUID
	for _, c := range cases {
		if c.StandsOn != nil {
			hosts = append(hosts, *c.StandsOn)
		} else {
			live = append(live, c.ID)
		}
	}
	said, err := w.newsAnswers(append(live, hosts...)...)
	if err != nil {
		return nil, nil, nil, err
	}
	if len(hosts) > 0 {
		found, err := w.store.casesByID(hosts)
		if err != nil {
			return nil, nil, nil, err
		}
		for id, c := range cases {
			if c.StandsOn != nil {
				cases[id] = found[*c.StandsOn]
			}
		}
	}
	asked, err := w.store.askedOfReferrer(append(live, hosts...))
	return cases, said, asked, err
}

// OwnReferral is one for its page: what Referral tells, with what the page may do about it.
type OwnReferral struct {
	OwnRow
	Alarm *AlarmPromise // while nobody at the hub has seen what this referral raised
}

// OwnReferral shows one of the actor's own referrals. Faults: NotFound for any other.
func (s *Service) OwnReferral(ctx context.Context, actor auth.Actor, id uuid.UUID) (OwnReferral, error) {
	out := OwnReferral{}
	v, err := s.Referral(ctx, actor, id)
	if err != nil {
		return out, err
	}
	out.ReferralView = v
	return read(ctx, s, actor, auth.ReferralRead, func(w *work) (OwnReferral, error) {
		r, err := w.store.referral(id)
		if err != nil {
			return out, err
		}
		if err := w.asSent(r, &out.OwnRow); err != nil {
			return out, err
		}
		cases, said, asked, err := w.standings([]Referral{r})
		if err != nil {
			return out, err
		}
		c := cases[r.CaseID]
		out.needs(r, c, said[c.ID], asked)
		out.Alarm, err = w.unseen(r)
		return out, err
	})
}

// unseen is the promise about an alarm of this referral that nobody has answered: its sender was told of it when it was sent.
func (w *work) unseen(r Referral) (*AlarmPromise, error) {
	alarms, err := w.store.alarms(r.CaseID)
	if err != nil {
		return nil, err
	}
	_, cal, err := w.desk()
	if err != nil {
		return nil, err
	}
	for _, a := range alarms {
		if a.ReferralID == r.ID && a.AcknowledgedAt == nil && a.Outcome == nil {
			return &AlarmPromise{a.SeenByDue, alarmText(a.SeenByDue, cal.IsOpen(providers.UrgentHours, a.RaisedAt), cal)}, nil
		}
	}
	return nil, nil
}
