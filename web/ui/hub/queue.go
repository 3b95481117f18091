package hub

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// Queue is one tab of what people at the hub must do, with the chosen case beside it.
func (p Pages) Queue(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("tab", "after", "case")
	if err != nil {
		return ui.Body{}, err
	}
	tab := referral.Tab(q["tab"])
	if tab == "" {
		tab = referral.TabReview
	}
	l := listing{tab: tab, after: q["after"]}
	if l.QueueView, err = p.Referrals.Queue(r.Context(), r.Actor, tab, q["after"]); err != nil {
		return ui.Body{}, err
	}
	alarms, err := p.Referrals.Alarms(r.Context(), r.Actor)
	if err != nil {
		return ui.Body{}, err
	}
	l.alarms = alarms.Items
	if id, err := uuid.Parse(q["case"]); err == nil {
		v, err := p.Referrals.Case(r.Context(), r.Actor, id)
		if err != nil {
			return ui.Body{}, err
		}
		d, err := p.desk(r, v, from{string(tab), l.next(id)})
		if err != nil {
			return ui.Body{}, err
		}
		l.chosen = &d
		others, err := p.Referrals.LookAt(r.Context(), r.Actor, id)
		if err != nil {
			return ui.Body{}, err
		}
		l.others = others.Items
	}
	return ui.Body{Title: r.T("hub.queue"), Nav: "/queue", Content: queue(l)}, nil
}

type listing struct {
	referral.QueueView
	tab    referral.Tab
	after  string
	alarms []referral.AlarmView
	chosen *desk
	others []referral.Onlooker // who else has it open
}

// next is the item behind id, or the one before the last; "" when it is alone.
func (l listing) next(id uuid.UUID) string {
	for i, row := range l.Items {
		switch {
		case row.ID != id:
		case i+1 < len(l.Items):
			return l.Items[i+1].ID.String()
		case i > 0:
			return l.Items[i-1].ID.String()
		default:
			return ""
		}
	}
	if len(l.Items) > 0 {
		return l.Items[0].ID.String()
	}
	return ""
}

func (l listing) path() string { return "/queue?tab=" + string(l.tab) }

func (l listing) isChosen(id uuid.UUID) bool { return l.chosen != nil && l.chosen.ID == id }

func queueTabs(ctx context.Context, l listing) (out []ui.Tab) {
	for _, tab := range referral.Tabs() {
		n := l.Counts[tab]
		out = append(out, ui.Tab{Label: words.Code(ctx, "queue_tab", string(tab)), Path: "/queue?tab=" + string(tab), Current: tab == l.tab, Count: &n})
	}
	return append(out, sideTabs(ctx, "", &l.Asked, &l.Matches, &l.Tasks)...)
}

// sideTabs are what stands beside the cases of the queue.
func sideTabs(ctx context.Context, current string, asked, matches, tasks *int) []ui.Tab {
	return []ui.Tab{
		{Label: words.T(ctx, "hub.requests"), Path: "/queue/requests", Current: current == "/queue/requests", Count: asked},
		{Label: words.T(ctx, "hub.matches"), Path: "/matches", Current: current == "/matches", Count: matches},
		{Label: words.T(ctx, "hub.tasks"), Path: "/queue/tasks", Current: current == "/queue/tasks", Count: tasks},
	}
}

// reasons is why a case stands here, in words.
func reasons(ctx context.Context, row referral.QueueRow) string {
	var out []string
	for _, r := range row.ReviewReasons {
		out = append(out, words.Code(ctx, "review_reason", r))
	}
	if len(out) == 0 {
		return words.Code(ctx, "step", row.NextStep)
	}
	return strings.Join(out, "; ")
}

type snoozeForm struct {
	from
	Cases []string `form:"cases"`
	Days  int      `form:"days"`
}

// Snooze puts the ticked cases off, or brings them back.
func (p Pages) Snooze(r *ui.Request, f snoozeForm) (ui.Next, error) {
	cases, err := ids(f.Cases)
	if err != nil {
		return ui.Next{}, err
	}
	if len(cases) == 0 && r.Actor.SeesAll() {
		return ui.Next{}, fault.Problems([]fault.Field{{Pointer: "/cases", Code: "required", Detail: r.T("hub.tick_first")}})
	}
	if _, err := p.Referrals.Snooze(r.Context(), r.Actor, referral.SnoozeForm{Cases: cases, Days: f.Days}); err != nil {
		return ui.Next{}, err
	}
	key := "hub.snoozed"
	if f.Days == 0 {
		key = "hub.woken"
	}
	to := queuePath(referral.TabReview, "")
	if len(cases) > 0 {
		to = f.to(cases[0])
	}
	return ui.Next{To: to, Flash: ui.Flash{Key: key}}, nil
}

// SnoozeAgain is the queue after a form that put nothing off.
func (p Pages) SnoozeAgain(r *ui.Request) (ui.Body, error) { return p.Queue(r) }

// Requests is the inbox of what families asked for on their own pages.
func (p Pages) Requests(r *ui.Request) (ui.Body, error) {
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	page, err := p.Referrals.FamilyRequests(r.Context(), r.Actor)
	return ui.Body{Title: r.T("hub.requests"), Nav: "/queue", Content: requests(page.Items)}, err
}
