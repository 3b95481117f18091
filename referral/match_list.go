package referral

import (
	"context"
	"encoding/json"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/referral/contact"
)

// matchPage is how many pairs a page holds: each shows two people.
const matchPage = 20

// MatchView is a pair that may be one person, both records side by side, with what each field says in bits.
type MatchView struct {
	ID       uuid.UUID     `json:"id"`
	CaseID   uuid.UUID     `json:"case_id"` // of the newcomer, which goes on as its own meanwhile
	AskedAt  time.Time     `json:"asked_at"`
	Evidence Evidence      `json:"evidence"`
	Records  [2]RecordView `json:"records"`
}

// RecordView is one record of a pair.
type RecordView struct {
	ClientID    uuid.UUID    `json:"client_id"`
	GivenName   string       `json:"given_name"`
	FamilyName  string       `json:"family_name"`
	DateOfBirth *civil.Date  `json:"date_of_birth"`
	Phones      []string     `json:"phones"`
	Addresses   []HomeView   `json:"addresses"`
	Children    []civil.Date `json:"children_born_on"`
	Cases       []CaseRow    `json:"cases"`
}

// HomeView is where she lives.
type HomeView struct {
	Street *string `json:"street"`
	Zip    *string `json:"zip"`
}

// Matches lists the pairs that a coordinator is asked about, the oldest first. It is the identity review: a list of its own, and no
// part of triage.
func (s *Service) Matches(ctx context.Context, actor auth.Actor, after string) (Page[MatchView], error) {
	return read(ctx, s, actor, auth.MatchReview, func(w *work) (Page[MatchView], error) {
		out := Page[MatchView]{Items: []MatchView{}}
		since, id, err := parseTimeCursor(after)
		if err != nil {
			return out, err
		}
		questions, err := w.store.openQuestions(since, id, matchPage+1)
		if err != nil {
			return out, err
		}
		if len(questions) > matchPage {
			questions = questions[:matchPage]
			last := questions[matchPage-1]
			out.Next = pg.Cursor{Key: last.AskedAt.Format(time.RFC3339Nano), ID: last.ID.String()}.String()
		}
		var clients, shown []uuid.UUID
		for _, q := range questions {
			clients = append(clients, q.ClientA, q.ClientB)
		}
		records, err := w.store.records(clients...)
		if err != nil {
			return out, err
		}
		for _, q := range questions {
			v := MatchView{ID: q.ID, CaseID: q.CaseID, AskedAt: q.AskedAt}
			if err := json.Unmarshal(q.Evidence, &v.Evidence); err != nil {
				return out, wrap(err, "read the evidence of pair %s", q.ID)
			}
			for i, client := range []uuid.UUID{q.ClientA, q.ClientB} {
				r := records[client]
				v.Records[i] = r.view(w.tx.Now, w.svc.contactDays)
				for _, c := range r.cases {
					shown = append(shown, c.ID)
				}
			}
			out.Items = append(out.Items, v)
		}
		return out, w.audit.Listed("list pairs", shown)
	})
}

// view shows a record to the hub, which compares numbers and homes.
func (r record) view(now time.Time, days int) RecordView {
	show := func(way contact.Way, text contact.Private) *string {
		return opened(contact.Show(now, contact.Family{}, way, contact.Hub), way, text)
	}
	v := RecordView{ClientID: r.client.ID, GivenName: r.client.GivenName, FamilyName: r.client.FamilyName, DateOfBirth: r.client.DateOfBirth,
		Phones: []string{}, Addresses: []HomeView{}, Children: []civil.Date{}, Cases: []CaseRow{}}
	for _, m := range r.contacts {
		if number := show(m.way(days), m.Value); m.Channel == "phone" && number != nil {
			v.Phones = append(v.Phones, *number)
		}
	}
	for _, a := range r.addresses {
		v.Addresses = append(v.Addresses, HomeView{show(a.way(days), a.Street), a.Zip})
	}
	for _, child := range r.children {
		if child.BornOn != nil {
			v.Children = append(v.Children, *child.BornOn)
		}
	}
	for _, c := range r.cases {
		v.Cases = append(v.Cases, CaseRow{c.ID, c.Status, c.Stage, c.NextStep, c.NextDueAt, c.ReceivedAt})
	}
	return v
}
