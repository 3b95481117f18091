package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/referral/contact"
)

// learned keeps what a try taught about the way: she was reached by it, it is another person's, or it is not safe.
func (m *moving) learned(f *family, u used, in AttemptForm, at time.Time) error {
	if u.way.ID == uuid.Nil {
		return nil
	}
	switch in.Outcome {
	case "reached":
		f.renewed(u, at)
		if err := m.checked(u, checkReached, at); err != nil {
			return err
		}
		return m.recheckLess(f)
	case "wrong_number": // whoever answered is not to hear of her again
		if err := m.endWay(f, u.way.ID, "wrong_number"); err != nil {
			return err
		}
	case "unsafe_to_continue":
		if err := m.unsafe(f, u, contact.Channel(in.Channel)); err != nil {
			return err
		}
	default:
		return nil
	}
	return m.lookForAWay(f)
}

// unsafe shuts that use of the way until she speaks.
func (m *moving) unsafe(f *family, u used, channel contact.Channel) error {
	change := WayChange{WayID: u.way.ID, ToldBy: "other"}
	switch channel {
	case contact.Call:
		change.Safe.Call = no
	case contact.Text:
		change.Safe.Text = no
	case contact.Voicemail:
		change.Safe.Voicemail = no
	case contact.Write:
		change.Safe.Email = no
	case contact.Letter:
		change.Safe.Mail = no
	case contact.Visit:
		change.Safe.Visit = no
	}
	return m.changeWay(f, change, word{})
}
