package referral

import (
	"strings"

	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/messages"
)

// noTemplate says in the ledger why nothing left: nobody has approved words in her language, so a person speaks to her, with an interpreter
// where she needs one.
const noTemplate = "no_template"

// reads is the language in which somebody would be written to: what they read, else what they speak, "" when nobody asked.
func (c Client) reads() string {
	for _, tag := range []*string{c.ReadLanguage, c.SpokenLanguage} {
		if tag != nil && *tag != "" {
			base, _, _ := strings.Cut(*tag, "-")
			return strings.ToLower(base)
		}
	}
	return ""
}

// WordsToHer is what a message says to her, in her language and as it is approved at the moment at which it leaves. Read it as the hub. Faults:
// *jobs.Blocked when no words in her language are approved now.
func (s *Service) WordsToHer(tx *pg.Tx, m jobs.Message, safe messages.Safe) (subject, text string, err error) {
	st := &store{tx}
	c, err := st.liveCase(m.CaseID)
	if err != nil {
		return "", "", err
	}
	f, err := st.family(c)
	if err != nil {
		return "", "", err
	}
	w, ok, err := messages.InUse(tx, m.Template, m.Channel, f.client.reads())
	if err == nil && !ok {
		err = &jobs.Blocked{Reason: noTemplate}
	}
	w = w.Fill(safe)
	return w.Subject, w.Body, err
}
