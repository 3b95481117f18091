package referral

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/triage"
)

// What a preview says of a program. It is no decision: a person asks and she chooses.
const (
	ProgramLikely       = "likely"
	ProgramNeedsAnswers = "needs_answers"
	ProgramAskedByUs    = "person_asks" // the rules leave it to a person
	ProgramNoMatch      = "no_match"
)

// PreviewView is what a referral would meet, worked out without keeping anything of it.
type PreviewView struct {
	Problems []fault.Field // all that Receive would refuse
	Warnings []fault.Field
	Programs []LikelyProgram
	Earlier  []EarlierReferral // of the actor's own organization, that may be about her
	Known    bool              // others may have sent her; who is not told
}

// LikelyProgram is one kind of program, at its best agency, which is not told.
type LikelyProgram struct {
	Name     string
	Says     string
	Needs    []string // what is still to be asked, in words
	Why      []string
	Openings bool
	WaitDays *int
}

// EarlierReferral is one that the actor's organization sent before.
type EarlierReferral struct {
	ID         uuid.UUID
	Reference  string
	ReceivedAt time.Time
}

// Preview reads a form before it is sent: what is wrong with it, which programs are likely, and whether we may have this family
// already. It keeps nothing and reserves nothing; that somebody looked for a person is written down.
func (s *Service) Preview(ctx context.Context, actor auth.Actor, in Submission) (PreviewView, error) {
	return read(ctx, s, actor, writesReferrals(actor), func(w *work) (PreviewView, error) {
		out := PreviewView{}
		if err := w.tx.AsHub("preview: programs, rules and who is on record are the hub's; of another's referral it is told only that there is one"); err != nil {
			return out, err
		}
		_, cal, err := w.desk()
		if err != nil {
			return out, err
		}
		day := cal.Day(w.tx.Now)
		r, err := in.check(s.shape, w.tx.Now, day, s.safety.Instruments())
		out.Warnings = r.warnings
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				return out, err
			}
			out.Problems = problemsOf(err)
		}
		if out.Programs, err = w.likely(r, cal); err != nil {
			return out, err
		}
		return out, w.earlier(r, &out)
	})
}

func problemsOf(err error) []fault.Field {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Fields
	}
	return nil
}

// likely asks the live rules. Rules that fail, or none, say nothing: the referral is taken all the same.
func (w *work) likely(r received, cal providers.Calendar) ([]LikelyProgram, error) {
	live := w.liveRules()
	if live == nil || r.stage == "" {
		return nil, nil
	}
	day := cal.Day(w.tx.Now)
	facts, err := r.family().facts(r.stage, day)
	if err != nil {
		return nil, err
	}
	facts.Origins = nil
	open, err := w.providers.Places(r.zip(), day)
	if err != nil {
		return nil, err
	}
	d, err := live.rules.Decide(facts, places(open, r.zip() != "", cal))
	if err != nil {
		return nil, nil //nolint:nilerr // no preview is no reason to stop a referral
	}
	var out []LikelyProgram
	var seen []string
	for _, v := range d.Programs {
		if slices.Contains(seen, v.Code) {
			continue // its best agency came first
		}
		seen = append(seen, v.Code)
		out = append(out, likelyOf(v, d.Missing))
	}
	slices.SortStableFunc(out, func(a, b LikelyProgram) int { return sureness(a.Says) - sureness(b.Says) })
	return out, nil
}

func sureness(says string) int {
	return slices.Index([]string{ProgramLikely, ProgramNeedsAnswers, ProgramAskedByUs, ProgramNoMatch}, says)
}

func likelyOf(v triage.ProgramVerdict, missing []triage.MissingAnswer) LikelyProgram {
	p := LikelyProgram{Name: v.Name, Openings: v.HasPlace, WaitDays: v.ExpectedWaitDays}
	switch v.Verdict {
	case triage.Eligible:
		p.Says = ProgramLikely
	case triage.NeedsAnswer:
		p.Says = ProgramNeedsAnswers
	case triage.ByPerson:
		p.Says = ProgramAskedByUs
	default:
		p.Says = ProgramNoMatch
	}
	if v.InArea == triage.No {
		p.Says = ProgramNoMatch
		p.Why = append(p.Why, "The ZIP code is outside its area.")
	}
	for _, r := range v.Reasons {
		if r.Met == triage.No || p.Says == ProgramLikely && r.Met == triage.Yes {
			p.Why = append(p.Why, r.Text)
		}
		for _, name := range r.Missing {
			for _, m := range missing {
				if m.Name == name && p.Says == ProgramNeedsAnswers && !slices.Contains(p.Needs, m.Label) {
					p.Needs = append(p.Needs, m.Label)
				}
			}
		}
	}
	return p
}

// earlier looks for her among those on record, once there is enough to tell her from others.
func (w *work) earlier(r received, out *PreviewView) error {
	if r.client.GivenName == "" || r.client.FamilyName == "" || r.client.DateOfBirth == nil {
		return nil
	}
	found, err := w.candidates(r.asks())
	if err != nil || len(found) == 0 {
		return err
	}
	var clients []uuid.UUID
	for _, c := range found {
		clients = append(clients, c.ClientID)
	}
	if w.tx.Actor.SeesAll() { // its list of referrals is everybody's: it will see the pair
		out.Known = true
		return w.audit.Listed("look for earlier referrals", nil)
	}
	own, err := w.store.sentBefore(w.tx.Actor.OrgID, clients)
	if err != nil {
		return err
	}
	var cases []uuid.UUID
	of := map[uuid.UUID]bool{}
	for _, o := range own {
		of[o.ClientID] = true
		cases = append(cases, o.CaseID)
		out.Earlier = append(out.Earlier, EarlierReferral{o.ID, o.Reference, o.ReceivedAt})
	}
	for _, id := range clients {
		out.Known = out.Known || !of[id]
	}
	return w.audit.Listed("look for earlier referrals", cases)
}
