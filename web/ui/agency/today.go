package agency

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/web/ui"
)

// day is the day's work.
type day struct {
	referral.Caseload
	query referral.CaseloadQuery
	who   map[uuid.UUID]string // colleagues by id
}

func views() []referral.CaseloadView {
	return []referral.CaseloadView{referral.DueToday, referral.DueLater, referral.WaitsHer, referral.NowServed, referral.NowClosed}
}

// path is this list, or the same of another view or of others' families.
func (d day) path(view referral.CaseloadView, mine bool) string {
	whose := "team"
	if mine {
		whose = "mine"
	}
	return "/today?view=" + string(view) + "&whose=" + whose
}

// Today is what is due, the first due first. A visitor begins with their own families, everybody else with the team's.
func (p Pages) Today(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("view", "whose", "after")
	if err != nil {
		return ui.Body{}, err
	}
	d := day{who: map[uuid.UUID]string{}, query: referral.CaseloadQuery{View: referral.CaseloadView(cmp.Or(q["view"], string(referral.DueToday))),
		Mine: q["whose"] == "mine" || q["whose"] == "" && r.Actor.Role == auth.HomeVisitor, After: q["after"]}}
	if d.Caseload, err = p.Referrals.Caseload(r.Context(), r.Actor, d.query); err != nil {
		return ui.Body{}, err
	}
	team, err := p.team(r)
	for _, c := range team {
		d.who[c.ID] = c.Name
	}
	return ui.Body{Title: r.T("agency.today"), Nav: "/today", Content: today(d)}, err
}

// cardOf is how a card stands on its page.
type cardOf struct {
	ID       string // of its heading
	From     string // where a try leads back to
	Visitor  string
	Claimed  bool // the reader is taken to it
	Tries    int
	OfTries  int
	Missing  []string
	Progress bool
}

// can is what the gate lets a person do now, with the way by which; Why is its word where it does not.
type can struct {
	Now bool
	Way uuid.UUID
	Why string
}

// no is a use that the gate shuts, with its word why.
type no struct {
	use string
	can
}

// shut are the uses that have no button because the gate says so.
func shut(call, text, visit can) (out []no) {
	for _, one := range []no{{"call", call}, {"text", text}, {"visit", visit}} {
		if !one.Now && one.Why != "" {
			out = append(out, one)
		}
	}
	return out
}

// gate reads the gate's word for one use of any of her ways, phones first as they are shown.
func gate(f *referral.FamilyView, use string) (out can) {
	if f == nil {
		return out
	}
	ask := func(id uuid.UUID, k referral.KeptView) {
		for _, u := range k.Now {
			switch {
			case string(u.Use) != use || out.Now:
			case u.Allowed:
				out = can{Now: true, Way: id}
			case u.Blocked != nil && out.Why == "":
				out.Why = strings.TrimSpace(u.Blocked.Text + " " + u.Blocked.Instead)
			}
		}
	}
	for _, c := range f.Contacts {
		ask(c.ID, c.KeptView)
	}
	for _, a := range f.Addresses {
		ask(a.ID, a.KeptView)
	}
	return out
}

func sorted(rooms map[uuid.UUID]providers.Room) []providers.Room {
	return slices.SortedFunc(maps.Values(rooms), func(a, b providers.Room) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID.String(), b.ID.String()))
	})
}

func join[T any](all []T, say func(T) string) string {
	var out []string
	for _, one := range all {
		out = append(out, say(one))
	}
	return strings.Join(out, ", ")
}

// lastTry is the newest of the tries that this agency sees and that count.
func lastTry(v referral.CaseView) *referral.AttemptView {
	for i := len(v.Attempts) - 1; i >= 0; i-- {
		if v.Attempts[i].TakenBackAt == nil {
			return &v.Attempts[i]
		}
	}
	return nil
}

func planned(v referral.CaseView) *referral.VisitView {
	for i := range v.Visits {
		if v.Visits[i].First && v.Visits[i].Status == "planned" {
			return &v.Visits[i]
		}
	}
	return nil
}

// answers are what she may have said on the telephone. Whose first visit was held needs none planned.
func answers(v referral.CaseView) []string {
	if v.Status == referral.Enrolled {
		return []string{"spoke", "wrong"}
	}
	return []string{"visit", "thinks", "no", "wrong"}
}
