package referral

import (
	"context"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
)

// Asked is what was asked of a family, as it counts now: of several sources and of corrections one answer. What was not answered is
// not in it.
type Asked struct {
	Answers    map[string]string `json:"answers"` // yes or no
	Screenings []AskedScreening  `json:"screenings"`
}

// AskedScreening is one form; items are its raw values in printed order, nil where nothing was answered.
type AskedScreening struct {
	ID         uuid.UUID   `json:"id"`
	Instrument string      `json:"instrument"`
	Version    string      `json:"version"`
	Language   string      `json:"language"`
	Items      []*int      `json:"items"`
	GivenOn    *civil.Date `json:"given_on"`
	DoneToday  *string     `json:"done_today"`
}

// Asked shows it to the hub, to be compared with the paper and corrected, and records the view. Faults: NotFound.
func (s *Service) Asked(ctx context.Context, actor auth.Actor, id uuid.UUID) (Asked, error) {
	return read(ctx, s, actor, auth.CaseTriage, func(w *work) (Asked, error) {
		c, err := w.store.caseByID(id)
		if err != nil {
			return Asked{}, err
		}
		f, err := w.store.family(c)
		if err != nil {
			return Asked{}, err
		}
		out := Asked{Answers: f.answers, Screenings: []AskedScreening{}}
		for _, x := range f.screenings {
			items, err := x.items()
			if err != nil {
				return out, err
			}
			out.Screenings = append(out.Screenings, AskedScreening{x.ID, x.Instrument, x.Version, x.Language, items, x.GivenOn, x.DoneToday})
		}
		return out, w.audit.Viewed("read answers", c.ID)
	})
}
