package e2e_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"doorstep/auth"
)

// heard is one thing that a screen reader says.
type heard struct {
	role, name, hint string
	state            []string
}

func (h heard) String() string {
	said := h.role + ": " + h.name
	if len(h.state) > 0 {
		said += " [" + strings.Join(h.state, ", ") + "]"
	}
	if h.hint != "" {
		said += " (" + h.hint + ")"
	}
	return said
}

// reading is the page as a screen reader reads it from top to bottom.
func (b *tab) reading() (out []heard) {
	b.t.Helper()
	var tree accessibility.GetFullAXTreeResult
	b.run(chromedp.Func(func(ctx context.Context, t *chromedp.Target) (err error) {
		tree, err = cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		return err
	}))
	nodes := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range tree.Nodes {
		nodes[n.NodeID] = n
	}
	var walk func(n *accessibility.Node, inside string)
	walk = func(n *accessibility.Node, inside string) {
		role, name := word(n.Role), strings.Join(strings.Fields(word(n.Name)), " ")
		said := !n.Ignored && !slices.Contains([]string{"none", "generic", "RootWebArea", "paragraph", "InlineTextBox", "LabelText", "Legend", "list", "listitem",
			"ListMarker", "form", "DescriptionList", "LayoutTable", "time", "strong", "Section", "MenuListPopup"}, role) &&
			!(role == "StaticText" && (strings.Contains(inside, name) || len(out) > 0 && out[len(out)-1].name == name)) && // its own name, once more
			!(role == "group" && name == "" && opens(n, nodes)) // what opens is named by what one presses
		if said {
			h := heard{role: role, name: name, hint: word(n.Description)}
			for _, p := range n.Properties {
				if v := word(p.Value); slices.Contains([]string{"checked", "expanded", "invalid", "disabled", "current", "level"}, p.Name.String()) && v != "false" {
					h.state = append(h.state, p.Name.String()+" "+v)
				}
			}
			out, inside = append(out, h), name
		}
		for _, id := range n.ChildIDs {
			if c := nodes[id]; c != nil {
				walk(c, inside)
			}
		}
	}
	if len(tree.Nodes) > 0 {
		walk(tree.Nodes[0], "")
	}
	return out
}

// opens reports whether a group is what a disclosure shows and hides.
func opens(n *accessibility.Node, nodes map[accessibility.NodeID]*accessibility.Node) bool {
	return slices.ContainsFunc(n.ChildIDs, func(id accessibility.NodeID) bool {
		c := nodes[id]
		return c != nil && (word(c.Role) == "DisclosureTriangle" || c.Ignored && opens(c, nodes))
	})
}

func word(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var some any
	if json.Unmarshal(v.Value, &some) != nil {
		return ""
	}
	text, is := some.(string)
	if !is {
		return string(v.Value)
	}
	return text
}

// What a page says aloud: nothing to press or to fill in is without a name, and no two things to press are called the same, since whoever hears
// them out of their place must know whose they are. READING=1 prints it, to be read to oneself: make reading.
func TestReading(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for range 2 {
		l.offer(l.refer(nil))
	}
	mine := l.refer(nil)
	l.offer(mine)
	l.claim(mine)
	other := l.refer(nil)
	l.offer(other)
	l.claim(other)
	agency := l.browser().as(l.seed.User(l.net.Agencies[0], auth.AgencyCoordinator))
	ward := l.browser().as(l.seed.User(l.net.Hospital, auth.Referrer))
	for _, page := range []struct {
		tab  *tab
		path string
	}{{ward, "/refer"}, {agency, "/pool"}, {agency, "/today?view=upcoming&whose=team"}} {
		page.tab.visit(page.path)
		all := page.tab.reading()
		if len(all) < 20 {
			t.Fatalf("%s says %d things", page.path, len(all))
		}
		seen := map[string]bool{}
		for _, h := range all {
			if env("READING") != "" {
				t.Log(page.path, h)
			}
			press := slices.Contains([]string{"button", "link", "DisclosureTriangle"}, h.role)
			if h.name == "" && (press || slices.Contains([]string{"textbox", "radio", "checkbox", "combobox", "group", "region", "article"}, h.role)) {
				t.Errorf("%s: a %s without a name", page.path, h.role)
			}
			if press && !strings.HasPrefix(h.name, "(410)") && seen[h.name] { // two sisters may have one number
				t.Errorf("%s: two are called %q", page.path, h.name)
			}
			seen[h.name] = seen[h.name] || press
		}
	}
}
