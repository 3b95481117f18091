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

// mailTo is the address to which a machine may write to her now; empty when to none. A hold, a refusal, a death, a loss that a person has
// not looked at and a safety flag leave it to people.
func mailTo(c Case, f *family) string {
	switch {
	case c.HeldSince != nil, !c.open(), f.client.DoNotContact, !mayContact(f.consents), f.safetyFlag():
		return ""
	case (&moving{was: c}).forAPerson(f) != nil, len(f.died) > 0:
		return "" // with a sibling who lives a person speaks too, never a machine
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
