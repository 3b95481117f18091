package referral

import (
	"context"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// fastestHand is how many seconds a person needs at the least for six questions. A program that fills in forms takes less.
const fastestHand = 4

// reachWithout is in how many business days somebody tries to reach her when no rule set is live.
const reachWithout = 1

// SendHerForm takes what she wrote as a referral, with her own consent, and answers with what she takes along. What she typed is gone with it.
// Sent twice it is sent once. trap is a field that people do not see. Faults: Invalid, with a code; NotFound when the visit is over; TooMany.
func (s *Service) SendHerForm(ctx context.Context, token, address, trap string) (HerReceipt, error) {
	if err := s.count(ctx, "send", address); err != nil {
		return HerReceipt{}, err
	}
	var out HerReceipt
	err := s.db.InTx(ctx, visitor(), func(tx *pg.Tx) error {
		w := s.work(tx)
		row, form, err := w.herForm(token)
		switch {
		case err != nil:
			return err
		case form.Sent != nil:
			out = *form.Sent
			return nil
		case trap != "":
			return refused("/website", "leave_empty")
		case row.Age < fastestHand:
			return refused("", "too_fast")
		case form.Missing() != "":
			return refused("", "incomplete")
		case !form.Agree && !form.Else:
			return refused("/agree", "agree")
		}
		if out, err = w.takeHerForm(form); err != nil {
			return err
		}
		return w.sealVisit(row.ID, out, true)
	})
	return out, err
}

func refused(pointer, code string) error {
	return fault.Problems([]fault.Field{{Pointer: pointer, Code: code, Detail: code}})
}

// takeHerForm is Receive for a form that nobody's key vouches for. Its organization is the hub; its source says that it is hers.
func (w *work) takeHerForm(form HerForm) (HerReceipt, error) {
	hub, cal, err := w.desk()
	if err != nil {
		return HerReceipt{}, err
	}
	in := form.submission()
	r, err := in.check(w.svc.shape, w.tx.Now, cal.Day(w.tx.Now), w.svc.safety.Instruments())
	if err != nil {
		return HerReceipt{}, err
	}
	r.channel = "page"
	w.tx.Actor.OrgID = hub.ID // what she wrote is kept by the hub
	source := hub
	source.Kind = auth.OrgKind(sourceHerself)
	if form.Else {
		source.Kind = auth.OrgKind(sourceFriend)
	}
	got, err := w.receive(in, r, source, cal)
	if err != nil {
		return HerReceipt{}, err
	}
	out := HerReceipt{Reference: got.Reference, Friend: form.Else, After: form.Who == "loss", Ways: form.Ways, Language: form.PageLanguage,
		Open: form.Open, ReachBy: cal.AddBusinessDays(w.tx.Now, reachWithout)}
	if live := w.liveRules(); live != nil { // by its own source's clock, and never by what the network knew of her before
		hers := live.rules.FirstAttempt(string(source.Kind), "", false)
		out.ReachBy = firstAttemptBy(live.rules.Clocks().FirstAttempt, hers, cal, w.tx.Now, nil)
	}
	if got.Alarm != nil {
		out.AlarmBy = &got.Alarm.SeenBy
	}
	return out, w.audit.Record(audit.Event{Action: "public form", Subject: "referral", SubjectID: &got.ID, Detail: map[string]any{"source": string(source.Kind)}})
}
