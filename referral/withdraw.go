package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// WithdrawForm says why a referrer takes its referral back.
type WithdrawForm struct {
	Reason string `json:"reason" validate:"required,oneof=sent_in_error family_asked duplicate"`
}

// WithdrawReceipt tells a referrer that its referral is withdrawn, and nothing of the case: it may go on with what she agreed to.
type WithdrawReceipt struct {
	ID          uuid.UUID `json:"id"`
	Reference   string    `json:"reference"`
	WithdrawnAt time.Time `json:"withdrawn_at"`
	Text        string    `json:"text"`
}

const withdrawnText = "This referral is withdrawn, and you will hear no more of it. What the family agreed to with others goes on."

// Withdraw takes back one of the actor's own referrals. The case ends with its last one, unless somebody reached her, she said
// yes, an agency has her or an alarm is open: then a person at the hub looks. That the family asked for it is the referrer's word
// and not hers, so it writes no refusal of contact. Faults: NotFound for any other's; Conflict when it was withdrawn before.
func (s *Service) Withdraw(ctx context.Context, actor auth.Actor, id uuid.UUID, in WithdrawForm) (WithdrawReceipt, error) {
	if err := actor.Require(auth.ReferralWithdraw); err != nil {
		return WithdrawReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return WithdrawReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (WithdrawReceipt, error) {
		w := s.work(tx)
		r, err := w.store.referral(id)
		if err == nil && r.OrgID != actor.OrgID {
			err = fault.New(fault.NotFound, "There is no such referral.")
		}
		if err != nil {
			return WithdrawReceipt{}, err
		}
		m, err := w.lockLive(r.CaseID, ActWithdraw)
		if err != nil {
			return WithdrawReceipt{}, err
		}
		if r, err = w.store.referral(id); err != nil { // as it is under the lock
			return WithdrawReceipt{}, err
		}
		if r.WithdrawnAt != nil {
			return WithdrawReceipt{}, fault.New(fault.Conflict, "This referral was withdrawn at %s.", r.WithdrawnAt.Format("2006-01-02 15:04 MST"))
		}
		return WithdrawReceipt{r.ID, r.Reference, tx.Now, withdrawnText}, m.withdraw(r, in.Reason)
	})
}

func (m *moving) withdraw(r Referral, reason string) error {
	m.store.withdrawReferral(r.ID)
	m.jobs.WithdrawNews(r.ID)
	m.detail["referral"], m.detail["reason"] = r.ID, reason
	if err := m.tx.Flush(); err != nil { // who is told of the end is read below
		return err
	}
	if m.c.Status == Closed { // nothing moves
		return m.audit.Record(audit.Event{Action: string(ActWithdraw), CaseID: &m.c.ID, Subject: "referral", SubjectID: &r.ID, Detail: m.detail})
	}
	goesOn, err := m.goesOnWithout()
	if err != nil {
		return err
	}
	if goesOn {
		err = m.tellWithdrawn(r, reason)
	} else {
		err = m.end(m.c.CaregiverID, WithdrawnByReferrer, "", nil)
	}
	if err != nil {
		return err
	}
	return m.save()
}

// goesOnWithout: the case stands on more than the referral that was withdrawn just now.
func (m *moving) goesOnWithout() (bool, error) {
	if m.c.ReachedAt != nil || m.c.SaidYesAt != nil || m.c.Status.served() {
		return true, nil
	}
	referrals, err := m.store.referralsOf(m.c.ID)
	if err != nil {
		return false, err
	}
	if _, other := find(referrals, func(r Referral) bool { return r.WithdrawnAt == nil }); other {
		return true, nil
	}
	return m.alarmOpen()
}

// tellWithdrawn asks the hub's desk to look; urgently, and by its own name, when the family is said to have asked for it: somebody
// asks her what she wants.
func (m *moving) tellWithdrawn(r Referral, reason string) error {
	hub, err := m.hub()
	if err != nil {
		return err
	}
	kind, urgent := taskWithdrawn, false
	if reason == "family_asked" {
		kind, urgent = taskFamilyAsked, true
	}
	return m.ask(hub.ID, auth.TriageCoordinator, kind, r.ID, urgent)
}
