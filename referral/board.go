package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/providers"
)

// BoardRow is one open program with its room, as the hub's desk sees it.
type BoardRow struct {
	ProgramID      uuid.UUID        `json:"program_id"`
	Program        string           `json:"program"`
	Agency         string           `json:"agency"`
	PackCode       string           `json:"pack_code"`
	Intake         providers.Intake `json:"intake"`
	Funded         int              `json:"funded"`
	Promised       int              `json:"promised"` // claimed, not enrolled yet
	InUse          int              `json:"in_use"`
	Free           int              `json:"free"`
	Offered        int              `json:"offered"` // places on which an offer stands
	Waiting        int              `json:"waiting"` // families that chose to wait for it
	NextInLine     *uuid.UUID       `json:"next_in_line"`
	ConfirmedAt    *time.Time       `json:"confirmed_at"` // nil: nobody ever said
	AgreementValid bool             `json:"agreement_valid"`
}

// Board lists every open program with its places, who waits and when its number was confirmed. It names no family but the case that is
// next in line.
func (s *Service) Board(ctx context.Context, actor auth.Actor) (Page[BoardRow], error) {
	return read(ctx, s, actor, auth.CaseTriage, func(w *work) (Page[BoardRow], error) {
		out := Page[BoardRow]{Items: []BoardRow{}}
		if !actor.SeesAll() { // an agency's own programs are no board
			return out, nil
		}
		_, cal, err := w.desk()
		if err != nil {
			return out, err
		}
		places, err := w.providers.Places("", cal.Day(w.tx.Now))
		if err != nil {
			return out, err
		}
		lines, err := w.store.lines()
		if err != nil {
			return out, err
		}
		var shown []uuid.UUID
		for _, p := range places {
			l := lines[p.ProgramID]
			if l.NextInLine != nil {
				shown = append(shown, *l.NextInLine)
			}
			out.Items = append(out.Items, BoardRow{p.ProgramID, p.Name, p.OrgName, p.PackCode, p.Intake, p.Funded, p.Promised, p.InUse, p.Free,
				l.Offered, p.Waiting, l.NextInLine, p.ConfirmedAt, p.AgreementValid})
		}
		return out, w.audit.Listed("look at the board", shown)
	})
}
