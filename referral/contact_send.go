package referral

import (
	"strings"

	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/referral/contact"
)

// MessageAddress is where a message to her goes, looked up when it leaves: the gate is asked then, as a machine, whatever it said when
// the message was queued. It runs as the hub and locks nothing; the send's own lock keeps a stop from slipping in behind it.
// Faults: *jobs.Blocked with the gate's reason; jobs.ErrNothingToDo for a message that is not to her.
//
// Beside it stands FeedbackAddress, which needs no gate: it leads to the site that referred her, never to her, and names nobody.
func (s *Service) MessageAddress(tx *pg.Tx, m jobs.Message) (string, error) {
	if m.Audience != "client" {
		return "", jobs.ErrNothingToDo
	}
	w := s.work(tx)
	c, err := w.store.liveCase(m.CaseID) // a hold or a loss is written where her case goes on
	if err != nil {
		return "", err
	}
	f, err := w.store.family(c)
	if err != nil {
		return "", err
	}
	her, err := w.reachable(c, &f)
	if err != nil {
		return "", err
	}
	channel := map[string]contact.Channel{"email": contact.Write, "sms": contact.Text, "letter": contact.Letter}[m.Channel]
	reason := contact.WrongWay
	try := func(way contact.Way, texts ...contact.Private) string {
		answer := contact.May(tx.Now, her, way, contact.Purpose{By: contact.Machine, Channel: channel})
		if answer.Reason != "" && (reason == contact.WrongWay || answer.Reason != contact.WrongWay) {
			reason = answer.Reason
		}
		var lines []string
		for _, text := range texts {
			lines = append(lines, answer.Reveal(way, text))
		}
		return strings.TrimSpace(strings.Join(lines, "\n"))
	}
	for _, x := range f.contacts {
		if to := try(x.way(s.contactDays), x.Value); to != "" {
			return to, nil
		}
	}
	for _, x := range f.addresses {
		if to := try(x.way(s.contactDays), x.Street, x.City); to != "" {
			return to, nil
		}
	}
	return "", &jobs.Blocked{Reason: string(reason)}
}
