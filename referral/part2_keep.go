package referral

import (
	"context"
	"encoding/json"
	"fmt"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Part2Form is a record that the hub was given by a treatment program, with the consent that came with it.
type Part2Form struct {
	Consent Part2Elements `json:"consent"`
	Text    string        `json:"text" validate:"required,max=8000"`
}

// Part2Receipt answers what was done in the compartment, with the notice. Receipts are kept for repeats, so nothing that is in it stands here.
type Part2Receipt struct {
	ConsentID uuid.UUID  `json:"consent_id"`
	RecordID  *uuid.UUID `json:"record_id,omitempty"`
	Notice    string     `json:"notice"`
}

// part2Content is a record as it is sealed: the payload of a referral, or a text.
type part2Content struct {
	Payload *Submission `json:"payload,omitempty"`
	Text    string      `json:"text,omitempty"`
}

// KeepPart2 puts a record and its consent into the compartment. It moves nothing, and the case's history, which its agency reads, does
// not show it; the audit does. Faults: NotFound; Invalid.
func (s *Service) KeepPart2(ctx context.Context, actor auth.Actor, id uuid.UUID, in Part2Form) (Part2Receipt, error) {
	return s.part2Change(ctx, actor, id, in, "keep part 2 record", func(w *work, c Case) (Part2Receipt, error) {
		check, err := w.familyDates()
		if err != nil {
			return Part2Receipt{}, err
		}
		signed, expires := check.part2("/consent", &in.Consent)
		if err := fault.Problems(check.problems); err != nil {
			return Part2Receipt{}, err
		}
		return w.keepPart2(c, in.Consent, signed, expires, nil, part2Content{Text: in.Text})
	})
}

// part2Change is the frame of what changes the compartment: permission, form, the case's lock, the change, its audit row. Only the hub
// comes here, whatever role a key claims.
func (s *Service) part2Change(ctx context.Context, actor auth.Actor, id uuid.UUID, form any, action string, change func(*work, Case) (Part2Receipt, error)) (Part2Receipt, error) {
	if err := actor.Require(auth.Part2Write); err != nil {
		return Part2Receipt{}, err
	}
	if !actor.SeesAll() {
		return Part2Receipt{}, noSuchCase()
	}
	if err := s.checkForm(form); err != nil {
		return Part2Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Part2Receipt, error) {
		w := s.work(tx)
		c, err := w.store.lockCase(id)
		if err != nil {
			return Part2Receipt{}, err
		}
		out, err := change(w, c)
		if err != nil {
			return out, err
		}
		out.Notice = Part2Notice
		return out, w.audit.Record(audit.Event{Action: action, CaseID: &c.ID, Subject: "part2", SubjectID: &out.ConsentID})
	})
}

// keepPart2 seals and queues both rows, as the hub, which may put in and not look.
func (w *work) keepPart2(c Case, in Part2Elements, signed, expires civil.Date, referral *uuid.UUID, content part2Content) (Part2Receipt, error) {
	elements, err := json.Marshal(in)
	if err != nil {
		return Part2Receipt{}, fmt.Errorf("keep a consent of case %s: %w", c.ID, err)
	}
	text, err := json.Marshal(content)
	if err != nil {
		return Part2Receipt{}, fmt.Errorf("keep a record of case %s: %w", c.ID, err)
	}
	consent := part2Consent{ID: pg.NewID(), CaseID: c.ID, ClientID: c.CaregiverID, SignedOn: signed, ExpiresOn: expires,
		TakenByOrg: w.tx.Actor.OrgID, TakenBy: w.tx.Actor.ID, GivenAt: w.tx.Now}
	consent.ElementsSealed = w.tx.Keys().Seal("part2_consents", "elements_sealed", consent.ID, elements)
	record := part2Record{ID: pg.NewID(), CaseID: c.ID, ClientID: c.CaregiverID, ConsentID: consent.ID, ReferralID: referral, KeptAt: w.tx.Now, KeptBy: w.tx.Actor.ID}
	record.ContentSealed = w.tx.Keys().Seal("part2_records", "content_sealed", record.ID, text)
	return Part2Receipt{ConsentID: consent.ID, RecordID: &record.ID}, w.tx.Insert(&consent, &record)
}

// keepPayload puts what a treatment program sent into the compartment, whole, in the place of the referral's own payload.
func (m *moving) keepPayload(in Submission, referral uuid.UUID, today civil.Date) error {
	check := &checker{now: m.tx.Now, today: today}
	signed, expires := check.part2("/part2", in.Part2)
	out, err := m.keepPart2(m.c, *in.Part2, signed, expires, &referral, part2Content{Payload: &in})
	if err != nil {
		return err
	}
	return m.audit.Record(audit.Event{Action: "keep part 2 record", CaseID: &m.c.ID, Subject: "part2", SubjectID: &out.ConsentID})
}
