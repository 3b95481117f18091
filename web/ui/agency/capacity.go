package agency

import (
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/providers"
	"doorstep/web/ui"
)

// stale is after how many days a statement is asked for again: what families are offered depends on it.
const stale = 7

// Capacity is the room of each program, with how fresh its word is.
func (p Pages) Capacity(r *ui.Request) (ui.Body, error) {
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	rooms, err := p.rooms(r)
	return ui.Body{Title: r.T("agency.capacity"), Nav: "/capacity", Content: capacity(sorted(rooms), auth.May(r.Actor.Role, auth.CapacityState))}, err
}

// CapacityForm is what a program has room for from today on. A step of one is a button of its own, for phones.
type CapacityForm struct {
	Funded string `form:"funded"`
	Intake string `form:"intake"`
	Step   string `form:"step"`
}

// State writes it down.
func (p Pages) State(r *ui.Request, form CapacityForm) (ui.Next, error) {
	if err := r.Actor.Require(auth.CapacityState); err != nil {
		return ui.Next{}, err
	}
	id, err := r.ID("program")
	if err != nil {
		return ui.Next{}, err
	}
	program, err := p.Providers.Program(r.Context(), r.Actor, id)
	if err != nil {
		return ui.Next{}, err
	}
	in := providers.CapacityForm{EffectiveFrom: civil.DateOf(r.Now.In(r.Zone)), Funded: number(form.Funded, form.Step), Intake: providers.Intake(form.Intake)}
	_, err = p.Providers.StateCapacity(r.Context(), r.Actor, id, in)
	return ui.Next{To: "/capacity#p-" + program.ID.String(), Flash: ui.Flash{Key: "agency.capacity_done"}}, err
}

// days is how old a program's word is, in days.
func days(now time.Time, room providers.Room) int {
	if room.ConfirmedAt == nil {
		return 0
	}
	return int(now.Sub(*room.ConfirmedAt).Hours() / 24)
}

func fieldOf(id uuid.UUID, what string) string { return what + "-" + id.String() }
