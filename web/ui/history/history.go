package history

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
)

// Pages are the pages of this package.
type Pages struct {
	History   *audit.Service
	Referrals *referral.Service
}

// search is what a reader asked for, as they wrote it.
type search struct {
	Actor, Case, Kind, Action, From, To, After string
}

// listing is the page: what was asked, and what was found.
type listing struct {
	search
	audit.History
	chain   audit.Chain
	problem string
	unasked bool // the form is shown again, and nothing was read
	discl   bool // the reader may see what was told of a family
}

// path is the address of this search without its page.
func (s search) path(base string) string {
	v := url.Values{}
	for name, value := range map[string]string{"actor": s.Actor, "case": s.Case, "kind": s.Kind, "action": s.Action, "from": s.From, "to": s.To} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return base
	}
	return base + "?" + v.Encode()
}

func (p Pages) asked(r *ui.Request) (search, audit.Filter, error) {
	q, err := r.Query("actor", "case", "kind", "action", "from", "to", "after")
	if err != nil {
		return search{}, audit.Filter{}, err
	}
	s := search{q["actor"], q["case"], q["kind"], q["action"], q["from"], q["to"], q["after"]}
	f := audit.Filter{Actor: s.Actor, Case: s.Case, Kind: s.Kind, Action: s.Action}
	for _, end := range []struct {
		name, text string
		into       **time.Time
		more       int
	}{{"from", s.From, &f.From, 0}, {"to", s.To, &f.To, 1}} {
		day, ok := ui.ReadDate(end.text, civil.DateOf(r.Now.In(r.Zone)))
		if !ok {
			return s, f, fault.Problems([]fault.Field{{Pointer: "/" + end.name, Code: "date", Detail: r.T("history.date_wrong")}})
		}
		if day != nil {
			at := day.AddDays(end.more).In(r.Zone)
			*end.into = &at
		}
	}
	return s, f, nil
}

// List is the history, newest first.
func (p Pages) List(r *ui.Request) (ui.Body, error) {
	l := listing{discl: auth.May(r.Actor.Role, auth.DisclosureRead)}
	var err error
	if l.chain, err = p.History.Chain(r.Context(), r.Actor); err != nil {
		return ui.Body{}, err
	}
	var f audit.Filter
	if l.search, f, err = p.asked(r); err == nil {
		l.History, err = p.History.Read(r.Context(), r.Actor, f, l.After)
	}
	var wrong *fault.Error
	if errors.As(err, &wrong) && wrong.Kind == fault.Invalid { // a search that means nothing is said beside its form
		l.problem = wrong.Message
		if len(wrong.Fields) > 0 {
			l.problem = wrong.Fields[0].Detail
		}
		err = nil
	}
	return ui.Body{Title: r.T("history.title"), Nav: "/history", Content: list(l)}, err
}

// SearchForm is a search as people write it.
type SearchForm struct {
	Actor  string `form:"actor"`
	Case   string `form:"case"`
	Kind   string `form:"kind"`
	Action string `form:"action"`
	From   string `form:"from"`
	To     string `form:"to"`
}

// Search leads to the address of what was asked for, in which a person and a family stand by their ids.
func (p Pages) Search(r *ui.Request, f SearchForm) (ui.Next, error) {
	found, err := p.History.Find(r.Context(), r.Actor, audit.FindForm{Actor: f.Actor, Case: f.Case})
	if err != nil {
		return ui.Next{}, err
	}
	s := search{Kind: f.Kind, Action: f.Action, From: f.From, To: f.To}
	if found.ActorID != nil {
		s.Actor = found.ActorID.String()
	}
	if found.CaseID != nil {
		s.Case = found.CaseID.String()
	}
	return ui.Next{To: s.path("/history")}, nil
}

// Again is the form with what names nobody.
func (p Pages) Again(r *ui.Request) (ui.Body, error) {
	l := listing{unasked: true}
	var err error
	l.chain, err = p.History.Chain(r.Context(), r.Actor)
	return ui.Body{Title: r.T("history.title"), Nav: "/history", Content: list(l)}, err
}

// who is the person of the search as people name them.
func (l listing) who() string {
	if l.Email != "" {
		return l.Email
	}
	return l.Actor
}

// family is the family of the search as people name it.
func (l listing) family() string {
	if l.CaseID != nil {
		return ui.Ref(*l.CaseID)
	}
	return l.Case
}

// File is what a search found, as a table. It is in the history, too.
func (p Pages) File(r *ui.Request) (ui.Sheet, error) {
	_, f, err := p.asked(r)
	if err != nil && r.Actor.Require(auth.AuditRead) == nil {
		return ui.Sheet{}, err
	}
	entries, err := p.History.Export(r.Context(), r.Actor, f)
	if err != nil {
		return ui.Sheet{}, err
	}
	rows := [][]string{{"id", "recorded_at", "kind", "actor_kind", "actor_id", "actor", "role", "organization", "action", "case", "subject", "subject_id", "from", "to", "detail"}}
	for _, e := range entries {
		row := []string{e.ID.String(), e.RecordedAt.UTC().Format(time.RFC3339Nano), e.Kind, e.ActorKind, e.ActorID.String(), e.Actor, e.ActorRole, e.Org, e.Action, "", e.Subject, "", e.From, e.To, string(e.Detail)}
		if e.CaseID != nil {
			row[9] = e.CaseID.String()
		}
		if e.SubjectID != nil {
			row[11] = e.SubjectID.String()
		}
		rows = append(rows, row)
	}
	return ui.Sheet{Name: "history-" + civil.DateOf(r.Now.In(r.Zone)).String(), Rows: rows}, nil
}

// Check is the page from which the whole chain is checked.
func (p Pages) Check(r *ui.Request) (ui.Body, error) {
	chain, err := p.History.Chain(r.Context(), r.Actor)
	return ui.Body{Title: r.T("history.check"), Nav: "/history", Content: checkPage(chain)}, err
}

// NoFields is a button.
type NoFields struct{}

// Verify recomputes the whole chain and says what it found.
func (p Pages) Verify(r *ui.Request, _ NoFields) (ui.Next, error) {
	v, err := p.History.Verify(r.Context(), r.Actor)
	if err != nil {
		return ui.Next{}, err
	}
	flash := ui.Flash{Key: "history.sound", Args: []string{"n", strconv.FormatInt(v.Sealed, 10), "head", grouped(v.Head)}}
	if v.Broken != "" {
		flash = ui.Flash{Key: "history.broken", Args: []string{"what", v.Broken}}
	}
	return ui.Next{To: "/history/check", Flash: flash}, nil
}

// told is what was told of a family.
type told struct {
	referral.DisclosureList
	ref, path string
	years     int
	after     string
}

// Disclosures lists what was told of a family outside the hub, to print.
func (p Pages) Disclosures(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Body{}, err
	}
	q, err := r.Query("years", "after")
	if err != nil {
		return ui.Body{}, err
	}
	t := told{ref: ui.Ref(id), path: "/cases/" + id.String() + "/disclosures", years: 3, after: q["after"]}
	if q["years"] == "6" {
		t.years, t.path = 6, t.path+"?years=6"
	}
	t.DisclosureList, err = p.Referrals.Disclosures(r.Context(), r.Actor, id, t.years, t.after)
	return ui.Body{Title: r.T("history.told"), Nav: "/history", Content: toldPage(t)}, err
}

// grouped breaks a long number into parts of eight, which can be written down and wrap on a phone.
func grouped(text string) string {
	var parts []string
	for len(text) > 8 {
		parts, text = append(parts, text[:8]), text[8:]
	}
	return strings.Join(append(parts, text), " ")
}
