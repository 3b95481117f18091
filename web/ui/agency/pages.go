package agency

import (
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/web/ui"
)

// Pages are the agency's.
type Pages struct {
	Referrals *referral.Service
	Providers *providers.Service
}

// rooms is the agency's own programs by id.
func (p Pages) rooms(r *ui.Request) (map[uuid.UUID]providers.Room, error) {
	all, err := p.Providers.Rooms(r.Context(), r.Actor)
	out := map[uuid.UUID]providers.Room{}
	for _, room := range all {
		out[room.ID] = room
	}
	return out, err
}

// team is the agency's people by id.
func (p Pages) team(r *ui.Request) ([]referral.Colleague, error) {
	page, err := p.Referrals.Team(r.Context(), r.Actor, "")
	return page.Items, err
}

// shown is the case of the path as this agency may see it.
func (p Pages) shown(r *ui.Request, may auth.Permission) (referral.CaseView, error) {
	if err := r.Actor.Require(may); err != nil {
		return referral.CaseView{}, err
	}
	id, err := r.ID("case")
	if err != nil {
		return referral.CaseView{}, err
	}
	return p.Referrals.Case(r.Context(), r.Actor, id)
}

// ours is shown for what only the agency that has the family does.
func (p Pages) ours(r *ui.Request, may auth.Permission) (referral.CaseView, error) {
	v, err := p.shown(r, may)
	if err == nil && v.Family == nil {
		err = fault.New(fault.NotFound, "There is no such case.")
	}
	return v, err
}

// OnOurs is the form of a page about a family of ours: whose it is is asked before a field is looked at.
func OnOurs[F any](p Pages, may auth.Permission, do func(*ui.Request, referral.CaseView, F) (ui.Next, error)) func(*ui.Request, F) (ui.Next, error) {
	return func(r *ui.Request, form F) (ui.Next, error) {
		v, err := p.ours(r, may)
		if err != nil {
			return ui.Next{}, err
		}
		return do(r, v, form)
	}
}

func may(v referral.CaseView, actions ...referral.Action) bool {
	return slices.ContainsFunc(actions, func(a referral.Action) bool { return slices.Contains(v.Allowed, a) })
}

// version is the case as the reader of a form has it before their eyes; 0 before a claim, where how often she moves is not theirs to know.
func version(v referral.CaseView) int {
	if v.Version == nil {
		return 0
	}
	return *v.Version
}

func casePath(id uuid.UUID) string { return "/cases/" + id.String() }

func name(v referral.CaseView) string {
	if v.Family == nil {
		return ui.Ref(v.ID)
	}
	return strings.TrimSpace(v.Family.GivenName + " " + v.Family.FamilyName)
}

func optionalID(text string) *uuid.UUID {
	if id, err := uuid.Parse(text); err == nil {
		return &id
	}
	return nil
}

// moment reads a day and an hour as two fields of a form. field is where a problem belongs.
func moment(r *ui.Request, field, day, clock string) (time.Time, error) {
	today := civil.DateOf(r.Now.In(r.Zone))
	date, ok := ui.ReadDate(day, today)
	at, err := time.Parse("15:04", clock)
	var wrong []fault.Field
	if !ok || date == nil {
		wrong = append(wrong, fault.Field{Pointer: "/" + field, Code: "required", Detail: r.T("agency.day_wrong")})
	}
	if err != nil {
		wrong = append(wrong, fault.Field{Pointer: "/" + field + "_clock", Code: "required", Detail: r.T("agency.clock_wrong")})
	}
	if err := fault.Problems(wrong); err != nil {
		return time.Time{}, err
	}
	return time.Date(date.Year, date.Month, date.Day, at.Hour(), at.Minute(), 0, 0, r.Zone), nil
}

func required(r *ui.Request, field string) error {
	return fault.Problems([]fault.Field{{Pointer: "/" + field, Code: "required", Detail: r.T("agency.choose")}})
}
