package agency

import (
	"errors"
	"net/http"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/web/ui"
)

// pooled is the pool as one agency sees it.
type pooled struct {
	referral.Page[referral.OfferView]
	after   string
	rooms   map[uuid.UUID]providers.Room
	claimed *referral.CaseView // who was claimed just now, in full
}

func (l pooled) of(kind string) (out []referral.OfferView) {
	for _, o := range l.Items {
		if o.Kind == kind {
			out = append(out, o)
		}
	}
	return out
}

// Pool is what is offered to the agency, in the order of the rules: what only this agency was asked first.
func (p Pages) Pool(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("after", "claimed")
	if err != nil {
		return ui.Body{}, err
	}
	l := pooled{after: q["after"]}
	if l.Page, err = p.Referrals.Pool(r.Context(), r.Actor, l.after); err != nil {
		return ui.Body{}, err
	}
	if l.rooms, err = p.rooms(r); err != nil {
		return ui.Body{}, err
	}
	if id := optionalID(q["claimed"]); id != nil {
		v, err := p.Referrals.Case(r.Context(), r.Actor, *id)
		switch {
		case err == nil && v.Family != nil:
			l.claimed = &v
		case err != nil && !errors.Is(err, fault.NotFound):
			return ui.Body{}, err
		}
	}
	return ui.Body{Title: r.T("agency.pool"), Nav: "/pool", Content: pool(l)}, nil
}

// ClaimForm is one press of a button; the reason comes only from the page that asks for it.
type ClaimForm struct {
	Program string `form:"program_id"`
	Why     string `form:"out_of_order"`
	Asked   bool   `form:"asked"` // the page that asks for the reason was seen
}

// Claim takes a family. Who was late sees who is next instead.
func (p Pages) Claim(r *ui.Request, form ClaimForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	in := referral.ClaimForm{ProgramID: optionalID(form.Program), InOrder: true, OutOfOrder: form.Why}
	_, err = p.Referrals.Claim(r.Context(), r.Actor, id, in)
	if errors.Is(err, fault.Conflict) {
		return ui.Next{}, &ui.Instead{Err: err, Status: http.StatusConflict, View: p.late(id, err)}
	}
	if outOfOrder(err) && !form.Asked { // a question, not yet a mistake
		return ui.Next{}, &ui.Instead{Err: err, Status: http.StatusUnprocessableEntity, View: p.WhyFirst}
	}
	return ui.Next{To: "/pool?claimed=" + id.String(), Flash: ui.Flash{Key: "agency.claimed", Args: []string{"ref", ui.Ref(id)}, Undo: id}}, err
}

func outOfOrder(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && len(f.Fields) == 1 && f.Fields[0].Pointer == "/out_of_order"
}

// conflict is a claim that came to nothing.
type conflict struct {
	id    uuid.UUID
	text  string
	ours  bool // a colleague has her
	next  *referral.OfferView
	rooms map[uuid.UUID]providers.Room
}

// late says what happened to a claim, and offers the next in line: the case itself is not named to whom it does not concern.
func (p Pages) late(id uuid.UUID, why error) ui.View {
	return func(r *ui.Request) (ui.Body, error) {
		c := conflict{id: id}
		var f *fault.Error
		if errors.As(why, &f) {
			c.text = r.InZone(f.Message)
		}
		v, err := p.Referrals.Case(r.Context(), r.Actor, id)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return ui.Body{}, err
		}
		c.ours = err == nil && v.Family != nil
		page, err := p.Referrals.Pool(r.Context(), r.Actor, "")
		if err != nil {
			return ui.Body{}, err
		}
		if c.rooms, err = p.rooms(r); err != nil {
			return ui.Body{}, err
		}
		for _, kind := range kinds() {
			for _, o := range (pooled{Page: page}).of(kind) {
				if c.next == nil && o.CaseID != id && c.rooms[o.ProgramID].Free > 0 {
					c.next = &o
				}
			}
		}
		return ui.Body{Title: r.T("agency.late"), Nav: "/pool", Content: tooLate(c)}, nil
	}
}

// kinds are the kinds of offer in the order in which they stand on the page.
func kinds() []string { return []string{"direct", "pool", "transfer"} }

// WhyFirst asks why a family is claimed before another.
func (p Pages) WhyFirst(r *ui.Request) (ui.Body, error) {
	v, err := p.shown(r, auth.CaseClaim)
	if err != nil {
		return ui.Body{}, err
	}
	return ui.Body{Title: r.T("agency.why_first"), Nav: "/pool", Content: why(v.ID)}, nil
}
