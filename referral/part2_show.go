package referral

import (
	"context"
	"encoding/json"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
)

// Part2View is what the compartment holds of the caregiver of a case, by every record that is linked with hers. A record whose consent was revoked or is over stays shut.
type Part2View struct {
	Notice   string             `json:"notice"`
	Records  []Part2RecordView  `json:"records"`
	Consents []Part2ConsentView `json:"consents"`
}

// Part2RecordView is one record, open or with why it is not.
type Part2RecordView struct {
	ID        uuid.UUID       `json:"id"`
	ConsentID uuid.UUID       `json:"consent_id"`
	KeptAt    time.Time       `json:"kept_at"`
	Content   json.RawMessage `json:"content"`  // null while withheld
	Withheld  string          `json:"withheld"` // empty, consent_revoked or consent_expired
}

// Part2ConsentView is one consent with its elements: a copy goes with each disclosure.
type Part2ConsentView struct {
	ID        uuid.UUID     `json:"id"`
	Elements  Part2Elements `json:"elements"`
	GivenAt   time.Time     `json:"given_at"`
	ExpiresOn civil.Date    `json:"expires_on"`
	RevokedAt *time.Time    `json:"revoked_at"`
}

// Part2 opens the compartment for the hub's desk. The consent is checked now, not when the record came in; each look is a view row.
// Faults: NotFound, also for whoever is not of the hub.
func (s *Service) Part2(ctx context.Context, actor auth.Actor, id uuid.UUID) (Part2View, error) {
	return read(ctx, s, actor, auth.Part2Read, func(w *work) (Part2View, error) {
		out := Part2View{Notice: Part2Notice, Records: []Part2RecordView{}, Consents: []Part2ConsentView{}}
		if !actor.SeesAll() {
			return out, noSuchCase()
		}
		c, err := w.store.caseByID(id)
		if err != nil {
			return out, err
		}
		_, cal, err := w.desk()
		if err != nil {
			return out, err
		}
		clients, err := w.clientsOf(c)
		if err != nil {
			return out, err
		}
		var consents []part2Consent
		var records []part2Record
		err = w.inCompartment(func(in compartment) (err error) {
			if consents, err = in.consents(clients); err != nil {
				return err
			}
			records, err = in.records(clients)
			return err
		})
		if err != nil {
			return out, err
		}
		over := map[uuid.UUID]string{}
		for _, x := range consents {
			v, err := w.viewPart2Consent(x)
			if err != nil {
				return out, err
			}
			over[x.ID] = x.over(cal.Day(w.tx.Now))
			out.Consents = append(out.Consents, v)
		}
		for _, x := range records {
			v := Part2RecordView{ID: x.ID, ConsentID: x.ConsentID, KeptAt: x.KeptAt, Withheld: over[x.ConsentID]}
			if v.Withheld == "" {
				if v.Content, err = w.tx.Keys().Open("part2_records", "content_sealed", x.ID, x.ContentSealed); err != nil {
					return out, err
				}
			}
			out.Records = append(out.Records, v)
		}
		return out, w.audit.Viewed("read part 2 record", c.ID)
	})
}

// clientsOf are the records of the caregiver of a case. Hub only.
func (w *work) clientsOf(c Case) ([]uuid.UUID, error) {
	records, err := w.store.recordsOf(c.CaregiverID)
	return idsOf(records), err
}

func (w *work) viewPart2Consent(c part2Consent) (Part2ConsentView, error) {
	v := Part2ConsentView{ID: c.ID, GivenAt: c.GivenAt, ExpiresOn: c.ExpiresOn, RevokedAt: c.RevokedAt}
	plain, err := w.tx.Keys().Open("part2_consents", "elements_sealed", c.ID, c.ElementsSealed)
	if err != nil {
		return v, err
	}
	return v, wrap(json.Unmarshal(plain, &v.Elements), "read the elements of consent %s", c.ID)
}
