package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"cloud.google.com/go/civil"

	"doorstep/auth"
	"doorstep/cmd/doorstep/community"
	"doorstep/internal/pg"
)

// loadNetwork makes the parties of an empty installation, and what they have lived through.
type loadNetwork = func(*house, context.Context, *app) (community.Network, error)

// community lets load make the synthetic network on the first start and reads its keys back on a later one. Real installations
// keep no key in plain text; a demo whose keys were shown once and lost would be of no use.
func (h *house) community(ctx context.Context, a *app, load loadNetwork) (community.Network, error) {
	path := filepath.Join(h.dir, "community.json")
	var network community.Network
	kept, err := os.ReadFile(path)
	if err == nil {
		if err := json.Unmarshal(kept, &network); err != nil {
			return network, fmt.Errorf("read the demo's keys (--fresh starts over): %w", err)
		}
		return network, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return network, fmt.Errorf("read the demo's keys: %w", err)
	}
	if network, err = load(h, ctx, a); err != nil {
		return network, fmt.Errorf("load the synthetic community (--fresh starts over): %w", err)
	}
	text, err := json.Marshal(network)
	if err != nil {
		return network, fmt.Errorf("keep the demo's keys: %w", err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return network, fmt.Errorf("keep the demo's keys: %w", err)
	}
	return network, nil
}

// small is a network of three agencies without any family.
func (h *house) small(ctx context.Context, a *app) (community.Network, error) {
	today, err := a.today(ctx)
	if err != nil {
		return community.Network{}, err
	}
	return community.Load(ctx, a.db, today)
}

// network is what a demo begins with. The city's year ends yesterday, so that nothing of it lies ahead. It runs the programs of
// the default rules, so that by others it would wait for people all year.
func (d demoCommand) network(p *process) loadNetwork {
	chosen, err := d.pack(p)
	usual, _ := rulePack(nil)
	if d.Small || d.Tour || err != nil || chosen != usual {
		return (*house).small
	}
	out := p.stdout
	if d.JSON {
		out = p.stderr
	}
	return func(h *house, ctx context.Context, a *app) (community.Network, error) {
		today, err := a.today(ctx)
		if err != nil {
			return community.Network{}, err
		}
		_, _ = fmt.Fprintf(out, "A made-up city lives through a year first, which takes a minute or two and is kept. --small does without.\n")
		result, err := h.city(ctx, a, cityReferrals, today.AddDays(-1), out)
		return result.Network, err
	}
}

// today is the date by the business clock.
func (a *app) today(ctx context.Context) (today civil.Date, err error) {
	err = a.db.InTx(ctx, auth.System("demo"), func(tx *pg.Tx) error {
		today = civil.DateOf(tx.Now)
		return nil
	})
	return today, err
}

// ready is what demo --json prints, on one line, once requests are answered.
type ready struct {
	Address  string              `json:"address"`
	Door     string              `json:"door"` // where a browser picks who to be
	Dir      string              `json:"dir"`
	Redis    string              `json:"redis"`        // redis-server or miniredis
	Database string              `json:"database_url"` // as commands in another terminal take it
	Programs []community.Program `json:"programs"`
	Keys     []community.Key     `json:"keys"`
}

// firstKeys leaves one key of each role and site: an agency has more people than a table should.
func firstKeys(all []community.Key) []community.Key {
	var out []community.Key
	for _, k := range all {
		if !slices.ContainsFunc(out, func(o community.Key) bool { return o.OrgID == k.OrgID && o.Role == k.Role && o.Site == k.Site }) {
			out = append(out, k)
		}
	}
	return out
}

// announce prints where Doorstep answers and with which keys.
func (d demoCommand) announce(out io.Writer, address string, h *house, network community.Network) error {
	if d.JSON {
		return json.NewEncoder(out).Encode(ready{address, address + "/demo", h.dir, h.redis.Kind(), h.url(), network.Programs, network.Keys})
	}
	_, _ = fmt.Fprintf(out, "Doorstep answers at %s (data in %s, queue on %s). Everybody here is invented.\n\n", address, h.dir, h.redis.Kind())
	example := ""
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ORGANIZATION\tSITE OR PERSON\tROLE\tAPI KEY")
	for _, k := range firstKeys(network.Keys) {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", k.Organization, cmp.Or(k.Email, k.Site), k.Role, k.Text)
		if k.Role == auth.Referrer && example == "" {
			example = k.Text
		}
	}
	_, _ = fmt.Fprintln(w, "\nPROGRAM\tID")
	for _, p := range network.Programs {
		_, _ = fmt.Fprintf(w, "%s\t%s\n", p.Name, p.ID)
	}
	_ = w.Flush()
	_, _ = fmt.Fprintf(out, "\nTry: curl -s -H 'Authorization: Bearer %s' %s/api/v1/referrals\n", example, address)
	_, err := fmt.Fprintf(out, "Commands in another terminal, such as doorstep rules list, work on it after:\n  export DATABASE_URL='%s' SEAL_KEYS=\"$(cat '%s')\"\nOpen %s/demo in a browser and pick who you are. Ctrl-C ends it.\n",
		h.url(), h.keyFile(), address)
	return err
}
