package referral

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/triage"
)

// atHub is a family at the hub as a pass sees her: the facts of her newest decision, and what may have changed since without one.
type atHub struct {
	ID            uuid.UUID
	Version       int
	Status        Status
	ReviewReasons Texts
	ReceivedAt    time.Time
	NextDueAt     *time.Time
	DateOfBirth   *civil.Date
	Chosen        string // ids of the programs that she named, in her order
	Waits         string // ids of the programs in whose lines she stands
	Zip           string // of where she lives now
	Died          bool
	Frozen        JSON
	Digest        *string

	facts  triage.Facts
	unread bool // her facts cannot be read any more
}

// renewed is a decision that says something new, ready to be kept.
type renewed struct {
	id             uuid.UUID
	version, band  int
	windowClosesOn *civil.Date
	rankKey        string
	frozen
	digest    string
	firstSafe *triage.Date // the first of her last safe days ahead
	watch     *time.Time
	unasked   bool // a question of safety waits to be put
	triage    bool // a rule had put her where she stands, and would not now
}

// thaw brings the facts to this day; it returns the ZIP code that places are seen from.
func (a *atHub) thaw(day civil.Date) (zip string, err error) {
	if err := json.Unmarshal(a.Frozen, &a.facts); err != nil {
		return "", wrap(err, "read the facts of case %s", a.ID)
	}
	a.facts.Today = triage.Date(day)
	a.facts.DrawSeed = a.ID.String() // the release before froze none, and ties went to the lowest id
	if a.DateOfBirth != nil {
		age := yearsBetween(*a.DateOfBirth, day)
		a.facts.AgeYears = &age
	}
	a.facts.ZIP = a.Zip
	a.facts.PreferredPrograms = nil
	for id := range strings.FieldsSeq(a.Chosen) {
		if !slices.Contains(a.facts.PreferredPrograms, id) {
			a.facts.PreferredPrograms = append(a.facts.PreferredPrograms, id)
		}
	}
	return a.facts.ZIP, nil
}

// renew decides her anew; nil when that says nothing new, or when the rules fail on her, which is no reason to touch her case.
func (a *atHub) renew(rules *triage.RuleSet, seen []triage.Place) (*renewed, error) {
	if a.unread || slices.Contains(a.ReviewReasons, reviewLoss) || slices.Contains(a.ReviewReasons, reviewNoChild) {
		return nil, nil // a person has her: no day that passes brings back the clock of a child who is not there
	}
	seen = besideHer(seen, strings.Fields(a.Waits))
	d, err := rules.Decide(a.facts, seen)
	if err != nil {
		return nil, nil //nolint:nilerr // her last decision stands
	}
	digest := d.Digest()
	if a.Digest != nil && *a.Digest == digest {
		return nil, nil
	}
	c := Case{ID: a.ID, Band: d.Band, WindowClosesOn: (*civil.Date)(d.EarliestWindow), ReceivedAt: a.ReceivedAt, NextDueAt: a.NextDueAt}
	if slices.Contains(a.ReviewReasons, reviewAlarm) {
		c.Band = 0
	}
	r := &renewed{id: a.ID, version: a.Version, band: c.Band, windowClosesOn: c.WindowClosesOn, rankKey: c.rankKey(), digest: digest,
		firstSafe: firstSafeDay(d), unasked: unasked(&d, &a.facts, a.Died), triage: a.wouldMove(&d)}
	r.frozen, err = freeze(a.ID, a.facts, seen, d)
	return r, err
}

// wouldMove: rules alone put her where she stands, and would put her elsewhere today.
func (a *atHub) wouldMove(d *triage.Decision) bool {
	switch a.Status {
	case Review:
		return byRulesAlone(a.ReviewReasons) && !slices.Equal(a.ReviewReasons, d.ReviewReasons)
	case Waitlisted:
		return !slices.Equal(d.ReviewReasons, []string{reviewNoPlace})
	}
	return false
}

// byRulesAlone: no person, no alarm and no gate holds the case in review, only what the rules said.
func byRulesAlone(reasons []string) bool {
	for _, r := range reasons {
		switch r {
		case triage.ReviewAreaUnknown, triage.ReviewNeedsAnswer, triage.ReviewByPersonOnly, triage.ReviewNoProgramFits:
		default:
			return false
		}
	}
	return len(reasons) > 0
}
