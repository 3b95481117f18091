package referral

import (
	"context"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// mostViews a person keeps: more are a list of their own to look through.
const mostViews = 12

// ViewForm names a filter of the list of cases. Filter is the query of its address.
type ViewForm struct {
	Name   string `json:"name" validate:"required,max=60"`
	Filter string `json:"filter" validate:"max=300"`
}

// SavedView is one of the actor's own.
type SavedView struct {
	ID     uuid.UUID `json:"id"`
	Name   string    `json:"name"`
	Filter string    `json:"filter"`
}

// ReadCaseFilter is the filter that a query means. Fault: Invalid, also for a name that no filter has.
func ReadCaseFilter(query string) (CaseFilter, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return CaseFilter{}, fault.New(fault.Invalid, "This filter is not one that the list of cases has.")
	}
	f := CaseFilter{Status: Status(values.Get("status")), Owner: values.Get("owner"), Program: values.Get("program"), Area: values.Get("area"),
		Language: values.Get("language"), Due: values.Get("due")}
	problems := f.problems()
	for name := range values {
		switch name {
		case "status", "owner", "program", "area", "language", "due":
		default:
			problems = append(problems, fault.Field{Pointer: "/filter", Code: "unknown", Detail: "The list of cases has no such filter."})
		}
	}
	return f, fault.Problems(problems)
}

// Query is the filter as it stands in an address, its parts in one order; "" when it narrows nothing.
func (f CaseFilter) Query() string {
	values := url.Values{}
	for name, value := range map[string]string{"status": string(f.Status), "owner": f.Owner, "program": f.Program, "area": f.Area, "language": f.Language, "due": f.Due} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values.Encode()
}

// SaveView keeps a filter for the actor alone. A name that they have already gets the new filter. Faults: Invalid; Conflict with twelve already.
func (s *Service) SaveView(ctx context.Context, actor auth.Actor, in ViewForm) (SavedView, error) {
	if err := actor.Require(auth.CaseTriage); err != nil {
		return SavedView{}, err
	}
	in.Name = strings.TrimSpace(in.Name)
	if err := s.checkForm(in); err != nil {
		return SavedView{}, err
	}
	f, err := ReadCaseFilter(in.Filter)
	if err != nil {
		return SavedView{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (SavedView, error) {
		w := s.work(tx)
		have, err := w.store.savedViews()
		if err != nil {
			return SavedView{}, err
		}
		row := savedView{ID: pg.NewID(), OwnerID: actor.ID, Name: in.Name, Filter: f.Query(), SavedAt: tx.Now}
		for _, v := range have {
			if v.Name == row.Name {
				row.ID = v.ID
				tx.Queue(`UPDATE saved_views SET filter = $2, saved_at = $3 WHERE id = $1`, row.ID, row.Filter, tx.Now)
				return SavedView{row.ID, row.Name, row.Filter}, nil
			}
		}
		if len(have) >= mostViews {
			return SavedView{}, fault.New(fault.Conflict, "You have %d views already. Delete one first.", mostViews)
		}
		return SavedView{row.ID, row.Name, row.Filter}, tx.Insert(&row)
	})
}

// SavedViews are the actor's own, by name.
func (s *Service) SavedViews(ctx context.Context, actor auth.Actor) (Page[SavedView], error) {
	return read(ctx, s, actor, auth.CaseTriage, func(w *work) (Page[SavedView], error) {
		out := Page[SavedView]{Items: []SavedView{}}
		rows, err := w.store.savedViews()
		for _, v := range rows {
			out.Items = append(out.Items, SavedView{v.ID, v.Name, v.Filter})
		}
		return out, err
	})
}

// DropView forgets one of the actor's own. NotFound.
func (s *Service) DropView(ctx context.Context, actor auth.Actor, id uuid.UUID) (struct{}, error) {
	if err := actor.Require(auth.CaseTriage); err != nil {
		return struct{}{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (struct{}, error) {
		had, err := s.work(tx).store.dropView(id)
		if err == nil && !had {
			err = fault.New(fault.NotFound, "There is no such view.")
		}
		return struct{}{}, err
	})
}
