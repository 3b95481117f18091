package referral

import (
	"time"

	"doorstep/internal/pg"
	"doorstep/jobs"
)

// toHerDelay leaves time to undo, or to hear of a loss, before a machine writes to her.
const toHerDelay = 2 * time.Minute

// writeToHer promises her a mail where a machine may write to her at all. Whether it still may is asked once more as it leaves.
func (m *moving) writeToHer(template string) error {
	f, err := m.family()
	if err != nil {
		return err
	}
	if mailTo(m.c, f) == "" {
		return nil
	}
	return m.jobs.Queue(jobs.Message{CaseID: m.c.ID, ClientID: m.c.CaregiverID, Audience: "client", Channel: "email", Template: template,
		NotBefore: m.tx.Now.Add(toHerDelay)})
}

// forPeople reports whether what is said to her is a person's to say, whatever way there is: after a loss or a death, also with a
// sibling who lives, and once her case has ended.
func forPeople(c Case, f *family) bool {
	return !c.open() || len(f.died) > 0 || (&moving{was: c}).forAPerson(f) != nil
}

// mailTo is the address to which a machine may write to her now; empty when to none. A hold, a refusal and a safety flag leave it to
// people, too.
func mailTo(c Case, f *family) string {
	if forPeople(c, f) || c.HeldSince != nil || f.client.DoNotContact || !mayContact(f.consents) || f.safetyFlag() {
		return ""
	}
	for _, way := range f.contacts {
		if way.safeFor("email", false) {
			return way.Value
		}
	}
	return ""
}

// ClientAddress looks up where a message to her goes as it leaves, as the hub, and locks nothing. jobs.ErrNothingToDo: nothing may leave
// to her now, on whatever case of hers the reason stands.
func (s *Service) ClientAddress(tx *pg.Tx, message jobs.Message) (string, error) {
	st := &store{tx}
	c, err := st.caseByID(message.CaseID)
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
	to := mailTo(c, &f)
	if to == "" || grieves || message.Channel != "email" {
		return "", jobs.ErrNothingToDo
	}
	return to, nil
}
