package seed

import (
	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/pg"
	"doorstep/providers"
)

// Program is a program to build, and what was built. Zero fields get defaults: Healthy Start, English, ZIP code 21201,
// ten funded places, open.
type Program struct {
	ID            uuid.UUID // set by the builder
	OrgID         uuid.UUID // the agency
	Name          string
	PackCode      string
	Languages     []string
	Zips          []string
	ResponseHours *int
	Funded        *int
	Intake        providers.Intake
	From          civil.Date // of the capacity statement
}

// Program builds a program and states its capacity.
func (s *Seed) Program(p Program) Program {
	s.t.Helper()
	if p.PackCode == "" {
		p.PackCode = "healthy_start"
	}
	if p.Name == "" {
		p.Name = p.PackCode + " " + pg.NewID().String()[24:]
	}
	if p.Languages == nil {
		p.Languages = []string{"en"}
	}
	if p.Zips == nil {
		p.Zips = []string{"21201"}
	}
	if p.Funded == nil {
		p.Funded = new(10)
	}
	if p.Intake == "" {
		p.Intake = providers.IntakeOpen
	}
	if !p.From.IsValid() {
		p.From = *Date(2020, 1, 1)
	}
	var err error
	p.ID, err = s.providers.AddProgram(s.t.Context(), system(), p.OrgID, providers.ProgramForm{
		Name: p.Name, Model: p.PackCode, Track: "standard", PackCode: p.PackCode, Languages: p.Languages,
		ResponseHours: p.ResponseHours, Zips: p.Zips,
	})
	s.check("program", err)
	_, err = s.providers.StateCapacity(s.t.Context(), system(), p.ID, providers.CapacityForm{EffectiveFrom: p.From, Funded: p.Funded, Intake: p.Intake})
	s.check("capacity", err)
	return p
}
