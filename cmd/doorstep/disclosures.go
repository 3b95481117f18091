package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/config"
)

type disclosuresCommand struct {
	ID    string `arg:"" name:"client-or-case" help:"Id of the client, or of one of her cases."`
	Years int    `default:"3" enum:"3,6" help:"How far back: ${enum} years."`
}

// Run prints the list that a client may ask for: what was told of her, by whom, to whom, for what and on which basis, over all her
// cases by every linked record, newest first. That it was printed stands in the history as a view.
func (d disclosuresCommand) Run(p *process) error {
	id, err := uuid.Parse(d.ID)
	if err != nil {
		return fmt.Errorf("that is not an id of a client or case")
	}
	a, err := p.app(config.Command())
	if err != nil {
		return err
	}
	defer a.close()
	actor := auth.System("disclosures command")
	newest, err := a.referrals.CaseOf(p.ctx, actor, id)
	if err != nil {
		return fmt.Errorf("find the client: %w", err)
	}
	out := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	n, after, notice := 0, "", ""
	for {
		list, err := a.referrals.Disclosures(p.ctx, actor, newest, d.Years, after)
		if err != nil {
			return fmt.Errorf("list the disclosures: %w", err)
		}
		if n == 0 {
			_, _ = fmt.Fprintf(out, "since %s\nWHEN (UTC)\tTO\tBY\tWHAT\tFOR\tBASIS\tBY WHICH ACT\tCASE\n", list.Since.Format(time.DateOnly))
		}
		for _, t := range list.Items {
			sure := ""
			if t.InDoubt {
				sure = " (may have left)"
			}
			_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s%s\t%s\n", t.At.UTC().Format("2006-01-02 15:04"), t.To, t.By, t.What, t.Purpose, t.Basis, t.Act, sure, t.CaseID)
		}
		n++
		if list.Notice != "" {
			notice = list.Notice
		}
		if after = list.Next; after == "" {
			break
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if notice != "" {
		_, err = fmt.Fprintln(p.stdout, notice)
	}
	return err
}
