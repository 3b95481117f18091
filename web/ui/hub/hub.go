package hub

import (
	"slices"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/triage"
	"doorstep/web/ui"
)

// Pages are the pages of this package.
type Pages struct{ Referrals *referral.Service }

// from is where in the queue a form was opened, so that the next item opens when it is done. Both are ids of ours.
type from struct {
	Tab  string `form:"tab"`
	Next string `form:"next"`
}

// to leads on: to the next item of the tab, else to the case.
func (f from) to(id uuid.UUID) string {
	if !slices.Contains(referral.Tabs(), referral.Tab(f.Tab)) {
		return "/cases/" + id.String()
	}
	return queuePath(referral.Tab(f.Tab), f.Next)
}

func queuePath(tab referral.Tab, id string) string {
	path := "/queue?tab=" + string(tab)
	if next, err := uuid.Parse(id); err == nil {
		path += "&case=" + next.String()
	}
	return path
}

// with adds the place in the queue to an address of ours.
func (f from) with(path string) string {
	if f.Tab == "" {
		return path
	}
	path += "?tab=" + f.Tab
	if f.Next != "" {
		path += "&next=" + f.Next
	}
	return path
}

// fromOf is the place in the queue in the page's own address.
func fromOf(r *ui.Request) (from, error) {
	q, err := r.Query("tab", "next")
	return from{q["tab"], q["next"]}, err
}

// desk is what a person at the hub sees of one case: what is owed, what may be done, and why the rules sent it there.
type desk struct {
	referral.CaseView
	from  from
	why   *referral.Explanation // nil: no rules have read it
	board map[string]referral.BoardRow
	alone bool // on the case's own page, which names her already
}

// Desk is the part of a case's page that is the hub's. It is nothing for anybody else.
func (p Pages) Desk(r *ui.Request, v referral.CaseView) (templ.Component, error) {
	if !r.Actor.SeesAll() {
		return nil, nil
	}
	d, err := p.desk(r, v, from{})
	d.alone = true
	return deskOf(d), err
}

// Alarms are what stands above everything on a case's page at the hub. It is nothing for anybody else.
func (p Pages) Alarms(r *ui.Request, v referral.CaseView) (templ.Component, error) {
	if !r.Actor.SeesAll() {
		return templ.NopComponent, nil
	}
	return alarms(desk{CaseView: v, alone: true}), nil
}

func (p Pages) desk(r *ui.Request, v referral.CaseView, f from) (desk, error) {
	d := desk{CaseView: v, from: f}
	why, err := p.Referrals.Decision(r.Context(), r.Actor, v.ID)
	switch {
	case err == nil:
		d.why = &why
	case fault.KindOf(err) != fault.NotFound:
		return d, err
	}
	d.board, err = p.board(r)
	return d, err
}

func (p Pages) board(r *ui.Request) (map[string]referral.BoardRow, error) {
	page, err := p.Referrals.Board(r.Context(), r.Actor)
	out := make(map[string]referral.BoardRow, len(page.Items))
	for _, row := range page.Items {
		out[row.ProgramID.String()] = row
	}
	return out, err
}

// open reads one case with what the hub needs to act on it.
func (p Pages) open(r *ui.Request) (desk, error) {
	id, err := r.ID("case")
	if err != nil {
		return desk{}, err
	}
	f, err := fromOf(r)
	if err != nil {
		return desk{}, err
	}
	v, err := p.Referrals.Case(r.Context(), r.Actor, id)
	if err != nil {
		return desk{}, err
	}
	return p.desk(r, v, f)
}

func (d desk) path(rest string) string { return "/cases/" + d.ID.String() + rest }

func (d desk) version() int {
	if d.Version == nil {
		return 0
	}
	return *d.Version
}

func (d desk) may(a referral.Action) bool { return slices.Contains(d.Allowed, a) }

// noFit: the case ended since no program fits, which a letter can say.
func (d desk) noFit() bool {
	return d.Status == referral.Closed && d.Disposition != nil && *d.Disposition == referral.NoProgramFits
}

// alarmed reports whether an alarm has no outcome: then nothing else is offered.
func (d desk) alarmed() bool {
	return slices.ContainsFunc(d.Alarms, func(a referral.AlarmView) bool { return a.Outcome == nil })
}

// route is the programs that can take her now, in the order of the rules.
func (d desk) route() []string {
	if d.why == nil {
		return nil
	}
	return d.why.Decision.Route
}

// name is a program as people call it.
func (d desk) name(program string) string {
	if row, ok := d.board[program]; ok {
		return row.Program + ", " + row.Agency
	}
	if d.why != nil {
		for _, v := range d.why.Decision.Programs {
			if v.ProgramID == program {
				return v.Name
			}
		}
	}
	return ui.Ref(uuid.Must(uuid.Parse(program)))
}

// suggested is the program that the rules put first and that she lets know who she is; "" when she must be asked first, no place is free, or a hold stands.
func (d desk) suggested() string {
	route := d.route()
	if len(route) == 0 || d.Family == nil || d.Family.DoNotContact || d.HeldSince != nil || d.alarmed() || d.Status == referral.Offered || !d.may(referral.ActOffer) {
		return ""
	}
	if d.Family.Sharing["any"] || d.Family.Sharing[route[0]] {
		return route[0]
	}
	return ""
}

// shared are the programs that she named, by name.
func (d desk) shared() (out []string) {
	if d.Family == nil {
		return nil
	}
	for program, may := range d.Family.Sharing {
		if may && program != "any" {
			out = append(out, d.name(program))
		}
	}
	slices.Sort(out)
	return out
}

// others are the programs that a person may choose against the rules' order, those that can take her first.
func (d desk) others() []triage.ProgramVerdict {
	if d.why == nil {
		return nil
	}
	return d.why.Decision.Programs
}

func ids(values []string) (out []uuid.UUID, err error) {
	for _, v := range values {
		if v == "" {
			continue
		}
		id, err := uuid.Parse(v)
		if err != nil {
			return nil, fault.Problems([]fault.Field{{Pointer: "/programs", Code: "unknown", Detail: "One of these is not a program of this network."}})
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, nil
}
