package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"doorstep/rulebook"
)

// printSimulation is the result for people: the two sides first, then programs, then groups.
func printSimulation(p *process, s rulebook.Simulation) {
	r := s.Result
	p.say("Version %d against version %d, %d days: %d of %d families would go somewhere else.\n", s.Version, s.Against, s.Days, r.Elsewhere, r.Families)
	if !s.Current {
		p.say("Version %d is not live any more: this simulation proves nothing now.\n", s.Against)
	}
	if r.LiveFails {
		p.say("This program cannot use version %d, so a person decides for everyone now.\n", s.Against)
	}
	if r.NotKept > 0 {
		p.say("%d families are left out: too little was kept when they were decided.\n", r.NotKept)
	}
	if r.Errors > 0 {
		p.say("For %d families one of the versions failed.\n", r.Errors)
	}
	p.say("\nenter a program  %d\nleave a program  %d\nreached sooner   %d\nreached later    %d\nalarms new       %d\nalarms gone      %d\n",
		r.Enter, r.Leave, r.Sooner, r.Later, r.AlarmsNew, r.AlarmsGone)
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	line("\nNOW GOES TO\tWOULD GO TO\tFAMILIES")
	for _, f := range r.Flows {
		line("%s\t%s\t%d", f.From, f.To, f.Families)
	}
	line("\nPROGRAM\tNOW\tWOULD BE\tFREE PLACES TODAY")
	for _, n := range r.Programs {
		free := "closed"
		if n.Free != nil {
			free = strconv.Itoa(*n.Free)
			if n.Draft > *n.Free {
				free += ", too few"
			}
		}
		line("%s (%s)\t%d\t%d\t%s", or(n.Name, n.ProgramID), n.Code, n.Live, n.Draft, free)
	}
	line("\nRULE HOLDS FOR\tNOW\tWOULD BE")
	for _, rule := range r.Rules {
		line("%s\t%d\t%d", rule.ID, rule.Live, rule.Draft)
	}
	_ = w.Flush()
	p.say("\nBy group: of each, how many families go to a program without waiting for a person, how many are called\nfirst (an alarm, or time is short), and how many are ahead of the last step of the order.\n")
	for _, g := range r.Groups {
		printGroups(line, g)
	}
	_ = w.Flush()
	p.say("\n%s\n", r.Method)
	for _, n := range s.Notes {
		p.say("\nEquity note by %s: %s\n", n.WrittenBy, n.Words)
	}
}

func printGroups(line func(string, ...any), g rulebook.Stratum) {
	line("\nBY %s\tFAMILIES\tPROGRAM\tTHEN\tCHANGE (95 %%)\tFIRST\tTHEN\tCHANGE (95 %%)\tAHEAD\tTHEN\tCHANGE (95 %%)", strings.ToUpper(strings.ReplaceAll(g.By, "_", " or ")))
	unknown := "1 to 10 families"
	if g.UnknownShare != nil {
		unknown = percent(g.UnknownShare)
	}
	if g.TooManyUnknown {
		line("Too many unknown to say (%s).", unknown)
		return
	}
	for _, row := range g.Rows {
		families := "hidden"
		if row.Families != nil {
			families = strconv.Itoa(*row.Families)
		}
		line("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", row.Group, families, percent(row.Route.Live), percent(row.Route.Draft), interval(row.Route),
			percent(row.Urgent.Live), percent(row.Urgent.Draft), interval(row.Urgent),
			percent(row.Ahead.Live), percent(row.Ahead.Draft), interval(row.Ahead))
	}
	line("Not known of %s.", unknown)
}

func percent(share *float64) string {
	if share == nil {
		return "hidden"
	}
	return fmt.Sprintf("%.1f %%", *share*100)
}

func interval(s rulebook.Shift) string {
	if s.Difference == nil {
		return "hidden"
	}
	return fmt.Sprintf("%+.1f (%+.1f to %+.1f)", *s.Difference*100, *s.Low*100, *s.High*100)
}
