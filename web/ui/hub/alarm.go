package hub

import (
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
)

// Alarm is one alarm without an outcome.
func (p Pages) Alarm(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("alarm")
	if err != nil {
		return ui.Body{}, err
	}
	f, err := fromOf(r)
	if err != nil {
		return ui.Body{}, err
	}
	all, err := p.Referrals.Alarms(r.Context(), r.Actor)
	if err != nil {
		return ui.Body{}, err
	}
	for _, a := range all.Items {
		if a.ID != id {
			continue
		}
		v, err := p.Referrals.Case(r.Context(), r.Actor, a.CaseID)
		return ui.Body{Title: r.T("hub.title_of", "what", r.T("hub.write_outcome"), "ref", ui.Ref(a.CaseID)), Nav: "/queue", Content: alarmPage(a, v, f)}, err
	}
	return ui.Body{}, fault.New(fault.NotFound, "This alarm has an outcome already, or there is no such alarm.")
}

// Acknowledge says that a person has it.
func (p Pages) Acknowledge(r *ui.Request, f placeForm) (ui.Next, error) {
	id, err := r.ID("alarm")
	if err != nil {
		return ui.Next{}, err
	}
	done, err := p.Referrals.AcknowledgeAlarm(r.Context(), r.Actor, id)
	if err != nil {
		return ui.Next{}, err
	}
	n := did(done.CaseID, f.from, "hub.alarm_seen", false)
	n.To = f.from.with("/alarms/" + id.String())
	return n, nil
}

type outcomeForm struct {
	from
	Outcome string `form:"outcome"`
	Remarks string `form:"remarks"`
}

// Outcome writes what was done.
func (p Pages) Outcome(r *ui.Request, f outcomeForm) (ui.Next, error) {
	id, err := r.ID("alarm")
	if err != nil {
		return ui.Next{}, err
	}
	done, err := p.Referrals.RecordAlarmOutcome(r.Context(), r.Actor, id, referral.AlarmOutcome{Outcome: f.Outcome, Remarks: f.Remarks})
	if err != nil {
		return ui.Next{}, err
	}
	return did(done.CaseID, f.from, "hub.alarm_ended", false), nil
}
