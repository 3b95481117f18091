package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/config"
	"doorstep/importer"
	"doorstep/referral"
)

type importReferrals struct {
	File string `arg:"" type:"existingfile" help:"CSV, at most 64 MB and 20,000 rows, with the columns of the template on the page Upload."`
	Org  string `required:"" help:"Id of the hospital or clinic that refers them."`
	Send bool   `help:"Send the rows that are ready. Without it the file is kept and checked, and nothing is sent."`
}

// Run takes the file, checks it and says what is wrong with which row; with --send the worker sends what is ready. Whoever may run commands on the
// server acts as the system on behalf of the organization. The same file once more says how far it is: no row is sent twice.
func (i importReferrals) Run(p *process) error {
	id, err := uuid.Parse(i.Org)
	if err != nil {
		return errors.New("--org is not an id of an organization")
	}
	file, err := os.Open(i.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	a, err := p.app(config.Serve())
	if err != nil {
		return err
	}
	defer a.close()
	actor := auth.System("import")
	org, err := a.providers.Organization(p.ctx, actor, id)
	if err != nil {
		return fmt.Errorf("find organization %s: %w", id, err)
	}
	actor.OrgID, actor.OrgKind = org.ID, org.Kind
	v, err := importer.Referrals(p.ctx, a.referrals, actor, file, importer.ForCommand())
	if err == nil {
		v, err = importer.Check(p.ctx, a.referrals, actor, v, 0)
	}
	if err != nil {
		return fmt.Errorf("the file was not taken: %w", err)
	}
	if i.Send && v.Status == referral.ImportReady && v.ToSend() > 0 {
		if v, err = a.referrals.SendImport(p.ctx, actor, v.ID); err != nil {
			return err
		}
	}
	for _, f := range v.Problems {
		at := ""
		if f.Column != "" {
			at = f.Column + ": "
		}
		_, _ = fmt.Fprintf(p.stdout, "%s: %s%s: %d rows: %v\n", f.Outcome, at, f.Code, f.Count, f.Rows)
	}
	_, _ = fmt.Fprintf(p.stdout, "import  %s, %s\nready   %d\nmaybe   %d\nalready %d\nrefused %d\nsent    %d\n", v.ID, v.Status, v.Ready, v.Maybe, v.Already, v.Refused, v.Sent)
	if v.Status == referral.ImportSending {
		_, _ = fmt.Fprintln(p.stdout, "The worker sends them. Run the same command again to see how far it is.")
	}
	if v.Refused > 0 {
		return fmt.Errorf("%d rows were refused", v.Refused)
	}
	return nil
}
