package referral

import (
	"slices"
	"time"

	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/messages"
	"doorstep/referral/contact"
)

// toHerDelay leaves time to undo, or to hear of a loss, before a machine writes to her.
const toHerDelay = 2 * time.Minute

// writeToHer promises her a mail where a machine may write to her at all, in words that are approved in her language. Whether it still may is asked once more as it leaves.
func (m *moving) writeToHer(template string) error {
	f, err := m.family()
	if err != nil {
		return err
	}
	her, err := m.reachable(m.c, f)
	if err != nil || forPeople(m.c, f) || her.Safety || !m.everByMail(her, f) {
		return err
	}
	if _, approved, err := messages.InUse(m.tx, template, "email", f.client.reads()); err != nil || !approved {
		return err // the person whose task this is speaks to her
	}
	return m.jobs.Queue(jobs.Message{CaseID: m.c.ID, ClientID: m.c.CaregiverID, Audience: "client", Channel: "email", Template: template,
		NotBefore: m.tx.Now.Add(toHerDelay)})
}

// everByMail: at some hour a machine may write to her, by some way.
func (m *moving) everByMail(her contact.Family, f *family) bool {
	return slices.ContainsFunc(f.ways(m.svc.contactDays), func(w contact.Way) bool {
		return contact.Ever(m.tx.Now, her, w, contact.Purpose{By: contact.Machine, Channel: contact.Write}).Allowed
	})
}

// forPeople reports whether what is said to her is a person's to say, whatever way there is: after a loss or a death, also with a
// sibling who lives, and once her case has ended.
func forPeople(c Case, f *family) bool {
	return !c.open() || f.bereft() || (&moving{was: c}).forAPerson(f) != nil
}

// ClientAddress looks up where a message to her goes as it leaves, as the hub, and locks nothing. A loss, a death, an end and a
// safety flag leave it to people; for the rest the gate is asked. Faults: jobs.ErrNothingToDo: nothing may leave to her now, on whatever case of hers the
// reason stands; *jobs.Blocked with the gate's reason.
func (s *Service) ClientAddress(tx *pg.Tx, message jobs.Message) (string, error) {
	st := &store{tx}
	c, err := st.liveCase(message.CaseID)
	if err != nil {
		return "", err
	}
	f, err := st.family(c)
	if err != nil {
		return "", err
	}
	grieves, err := st.grieves(c.CaregiverID)
	if err != nil {
		return "", err
	}
	if forPeople(c, &f) || grieves || f.safetyFlag(s.work(tx).rulesAnyway()) || message.Channel != "email" {
		return "", jobs.ErrNothingToDo
	}
	return s.MessageAddress(tx, message)
}
