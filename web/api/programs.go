package api

import (
	"context"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/auth"
	"doorstep/providers"
	"doorstep/referral"
)

type programView struct {
	ID            uuid.UUID  `json:"id"`
	OrgID         uuid.UUID  `json:"org_id"`
	Name          string     `json:"name"`
	Model         string     `json:"model"`
	Track         string     `json:"track"`
	PackCode      string     `json:"pack_code"`
	Languages     []string   `json:"languages"`
	ResponseHours *int       `json:"response_hours"`
	Zips          []string   `json:"zips"`
	ClosedAt      *time.Time `json:"closed_at"`
}

type statementView struct {
	ID            uuid.UUID        `json:"id"`
	ProgramID     uuid.UUID        `json:"program_id"`
	EffectiveFrom civil.Date       `json:"effective_from"`
	Funded        int              `json:"funded"`
	Intake        providers.Intake `json:"intake"`
	ConfirmedAt   time.Time        `json:"confirmed_at"`
}

// Program shows one program.
func Program(s *providers.Service) echo.HandlerFunc {
	return At("program", func(ctx context.Context, actor auth.Actor, id uuid.UUID) (programView, error) {
		p, err := s.Program(ctx, actor, id)
		return viewOf(p), err
	})
}

func viewOf(p providers.Program) programView {
	return programView{p.ID, p.OrgID, p.Name, p.Model, p.Track, p.PackCode, orEmpty(p.Languages), p.ResponseHours, orEmpty(p.Zips), p.ClosedAt}
}

type roomView struct {
	Program     programView      `json:"program"`
	Funded      int              `json:"funded"`
	Promised    int              `json:"promised"`
	InUse       int              `json:"in_use"`
	Free        int              `json:"free"`
	Intake      providers.Intake `json:"intake"`
	ConfirmedAt *time.Time       `json:"confirmed_at"`
}

// Rooms lists the open programs with their room. They are few, so they have one page.
func Rooms(s *providers.Service) echo.HandlerFunc {
	return List(func(ctx context.Context, actor auth.Actor, _ string) (referral.Page[roomView], error) {
		rooms, err := s.Rooms(ctx, actor)
		out := referral.Page[roomView]{Items: []roomView{}}
		for _, r := range rooms {
			out.Items = append(out.Items, roomView{viewOf(r.Program), r.Funded, r.Promised, r.InUse, r.Free, r.Intake, r.ConfirmedAt})
		}
		return out, err
	})
}

// StateCapacity adds a capacity statement.
func StateCapacity(s *providers.Service) echo.HandlerFunc {
	return On("program", func(ctx context.Context, actor auth.Actor, id uuid.UUID, form providers.CapacityForm) (statementView, error) {
		said, err := s.StateCapacity(ctx, actor, id, form)
		return statementView{said.ID, said.ProgramID, said.EffectiveFrom, said.Funded, said.Intake, said.ConfirmedAt}, err
	})
}

// orEmpty: a list is [] in JSON, never null.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
