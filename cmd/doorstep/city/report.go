package city

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"doorstep/report"
)

// Report prints the throughput report of the city's year as its manager reads it.
func Report(ctx context.Context, out io.Writer, reports *report.Service, r Result) error {
	for _, by := range []report.By{report.BySource, report.ByAgency, report.ByProgram} {
		t, err := reports.Throughput(ctx, r.Manager, r.From, r.To, by)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, "\nThroughput by %s, cases received from %s until %s\n", by, t.From, t.To)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
		_, _ = fmt.Fprintln(w, "received\ttriaged\treached\tsaid yes\tclaimed\tfirst visit\tcompleted\tstill open\tmedian hours to reach\tto claim\tto visit\t  \t")
		for _, g := range append(t.Rows, t.Total) {
			_, _ = fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t  %s\n", g.Received, g.Triaged, g.Reached, g.SaidYes, g.Claimed, g.FirstVisit, g.Completed,
				g.StillOpen, hours(g.Steps[1].MedianHours), hours(g.Steps[3].MedianHours), hours(g.Steps[4].MedianHours), g.Name)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return unmet(ctx, out, reports, r)
}

func unmet(ctx context.Context, out io.Writer, reports *report.Service, r Result) error {
	u, err := reports.UnmetNeed(ctx, r.Manager, r.From, r.To)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "\nUnmet need: %d families wait now, %d were closed because no place came in time, %d because no program fits.\n", u.Waiting, u.NoPlace, u.NoProgram)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(w, "waiting\tfound a place\tno place in time\t  \t")
	for _, p := range u.Programs {
		name := p.Name
		if p.Closed {
			name += " (closed)"
		}
		_, _ = fmt.Fprintf(w, "%d\t%d\t%d\t  %s\n", p.Waiting, p.Found, p.NoPlace, name)
	}
	return w.Flush()
}

func hours(h *float64) string {
	if h == nil {
		return "-"
	}
	return fmt.Sprintf("%.0f", *h)
}
