package referral

import (
	"context"
	"encoding/json"
	"slices"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/triage"
)

// NoFitLetter is what a letter to a family says for which no program fits now. It names no program: whoever finds the letter learns nothing
// of her but that she asked for help.
type NoFitLetter struct {
	CaseID    uuid.UUID  `json:"case_id"`
	GivenName string     `json:"given_name"`
	Language  *string    `json:"language"` // in which she reads, when that is known
	On        civil.Date `json:"on"`       // the day on which the case ended
	Rules     []string   `json:"rules"`    // which rules of programs stood in the way, by id; the words for her are the page's
	Area      bool       `json:"area"`     // a program does not come to where she lives
	MaySend   bool       `json:"may_send"` // by post: she said that letters are safe. Else it is handed over.
	Written   civil.Date `json:"written"`
}

// NoFitLetter makes it. Faults: Conflict when the case did not end so, and where a letter may hurt: after a loss, and with a safety flag,
// a person speaks with her. NotFound.
func (s *Service) NoFitLetter(ctx context.Context, actor auth.Actor, id uuid.UUID) (NoFitLetter, error) {
	return read(ctx, s, actor, auth.FamilyLetter, func(w *work) (NoFitLetter, error) {
		c, err := w.store.caseByID(id)
		if err != nil {
			return NoFitLetter{}, err
		}
		f, err := w.familyBehind(c)
		switch {
		case err != nil:
			return NoFitLetter{}, err
		case c.Status != Closed || *c.Disposition != NoProgramFits:
			return NoFitLetter{}, fault.New(fault.Conflict, "This letter is for a case that ended because no program fits.")
		case f.bereft() || f.client.DeathRecordedAt != nil:
			return NoFitLetter{}, fault.New(fault.Conflict, "After a loss no letter goes out. A person speaks with the family.")
		case f.safetyFlag(w.rulesAnyway()), f.client.DoNotContact:
			return NoFitLetter{}, fault.New(fault.Conflict, "A letter may hurt her, or she wants none. Tell her by the way that she called safe, if there is one.")
		}
		_, cal, err := w.desk()
		if err != nil {
			return NoFitLetter{}, err
		}
		out := NoFitLetter{CaseID: c.ID, GivenName: f.client.GivenName, Language: f.client.ReadLanguage, On: cal.Day(*c.ClosedAt), Written: cal.Day(w.tx.Now),
			Rules: []string{}}
		out.MaySend = slices.ContainsFunc(f.addresses, func(a Address) bool { return a.SafeMail == yes })
		if err := w.barsOf(&out); err != nil {
			return out, err
		}
		return out, w.audit.Record(audit.Event{Action: "print no-fit letter", CaseID: &c.ID, Subject: "case", SubjectID: &c.ID})
	})
}

// barsOf reads off the newest decision what stood in the way.
func (w *work) barsOf(out *NoFitLetter) error {
	row, err := w.store.latestDecision(out.CaseID)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	var d triage.Decision
	if err == nil {
		err = json.Unmarshal(row.Outcome, &d)
	}
	if err != nil {
		return wrap(err, "read the newest decision of case %s", out.CaseID)
	}
	for _, p := range d.Programs {
		out.Area = out.Area || p.InArea == triage.No
		for _, r := range p.Reasons {
			if r.Met == triage.No && !slices.Contains(out.Rules, r.RuleID) {
				out.Rules = append(out.Rules, r.RuleID)
			}
		}
	}
	return nil
}
