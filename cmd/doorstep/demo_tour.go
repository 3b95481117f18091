package main

import (
	"context"
	"io"

	"doorstep/cmd/doorstep/community"
	"doorstep/cmd/doorstep/tour"
)

// runTour tells the lives against the address, on a clock that it may move.
func runTour(ctx context.Context, address string, network community.Network, clock *movableClock, h *house, a *app, out io.Writer) error {
	return tour.Run(ctx, tour.World{
		BaseURL: address,
		Orgs:    tourOrgs(network),
		Out:     out,
		Now:     clock.Now,
		Advance: clock.Advance,
		Mail: func() []tour.Mail {
			var all []tour.Mail
			for _, m := range h.mail.Messages() {
				all = append(all, tour.Mail{To: m.To[0], Subject: m.Subject, Body: m.Body})
			}
			return all
		},
		Traces: func(ctx context.Context) ([]tour.Trace, error) { return h.traces(ctx, a) },
	})
}

// tourOrgs turns the community's list of keys into organizations with a key a role.
func tourOrgs(n community.Network) []tour.Org {
	var orgs []tour.Org
	at := map[string]int{}
	for _, k := range n.Keys {
		id := k.OrgID.String()
		i, known := at[id]
		if !known {
			i = len(orgs)
			at[id] = i
			orgs = append(orgs, tour.Org{ID: id, Name: k.Organization, Kind: string(k.Kind), Keys: map[string]string{}})
			for _, p := range n.Programs {
				if p.AgencyID == k.OrgID {
					orgs[i].Programs = append(orgs[i].Programs, tour.Program{ID: p.ID.String(), Name: p.Name, Code: p.Code})
				}
			}
		}
		if _, first := orgs[i].Keys[string(k.Role)]; !first {
			orgs[i].Keys[string(k.Role)] = k.Text
		}
		if k.Role == "home_visitor" && k.UserID != nil {
			orgs[i].Visitors = append(orgs[i].Visitors, k.UserID.String())
		}
	}
	return orgs
}
