package ui

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
)

// entry is one place in the navigation; its word is the key "nav.<Word>".
type entry struct{ Path, Word string }

// nav is where a role goes in a day's work, the first being where it begins.
func nav(role auth.Role) []entry {
	switch role {
	case auth.Referrer:
		return []entry{{"/refer", "refer"}, {"/referrals", "our_referrals"}, {"/uploads", "upload"}}
	case auth.TriageCoordinator, auth.TriageSupervisor:
		items := []entry{{"/queue", "queue"}, {"/take", "take"}, {"/cases", "all_cases"}, {"/search", "search"}, {"/board", "board"}}
		if auth.May(role, auth.RulesRead) {
			items = append(items, entry{"/rulesets", "rulesets"})
		}
		if auth.May(role, auth.ReportRead) {
			items = append(items, entry{"/overview", "overview"})
		}
		return items
	case auth.AgencyCoordinator, auth.AgencyManager, auth.HomeVisitor:
		items := []entry{{"/today", "today"}}
		if auth.May(role, auth.PoolRead) {
			items = append(items, entry{"/pool", "pool"})
		}
		items = append(items, entry{"/cases", "caseload"})
		if auth.May(role, auth.WalkInEnroll) {
			items = append(items, entry{"/walk-ins", "walk_ins"})
		}
		return append(items, entry{"/capacity", "capacity"})
	case auth.ProgramManager:
		return []entry{{"/overview", "overview"}, {"/rulesets", "rulesets"}, {"/messages", "messages"}}
	case auth.Administrator:
		return []entry{{"/organizations", "organizations"}, {"/users", "users"}, {"/calendars", "calendars"}, {"/messages", "messages"}, {"/overview", "overview"}, {"/rulesets", "rulesets"},
			{"/history", "history"}}
	case auth.PrivacyOfficer:
		return []entry{{"/complaints", "complaints"}, {"/history", "history"}}
	}
	return nil
}

// Start is where a role begins.
func Start(role auth.Role) string {
	if items := nav(role); len(items) > 0 {
		return items[0].Path
	}
	return "/account"
}

func asset(ctx context.Context, name string) string { return Of(ctx).ground.asset(name) }

func (g *Ground) asset(name string) string {
	if g.Static == nil {
		return ""
	}
	return g.Static.URL(name)
}

// place is where somebody works: the site when there is one, so that a shared computer shows which unit it sends for.
func place(ctx context.Context) string {
	s := Of(ctx).Session
	if s.Site != "" {
		return s.Site + ", " + s.Org
	}
	return s.Org
}

func undoes(f *Flash) bool { return f.Undo != uuid.Nil }

func newKey() string { return uuid.NewString() }
