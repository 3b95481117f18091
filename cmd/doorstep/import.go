package main

import (
	"fmt"
	"os"

	"github.com/google/uuid"

	"doorstep/config"
	"doorstep/importer"
)

type importCommand struct {
	Caseload  importCaseload  `cmd:"" help:"Bring the families that a program serves already, from a CSV file."`
	Referrals importReferrals `cmd:"" help:"Bring the referrals of a hospital or clinic, from a CSV file."`
}

type importCaseload struct {
	File    string `arg:"" type:"existingfile" help:"CSV with the columns given_name, family_name, date_of_birth, due_on, child_born_on, enrolled_on, zip, phone, consent (yes or no) and name_hash. Without consent only a hash of the name and the birth date are kept."`
	Program string `required:"" help:"Id of the program that serves them."`
}

// Run brings the rows one by one, says which were refused and why, and fails when one was. Whoever may run commands on the server acts
// as the system on behalf of the program's agency. The same file once more adds nothing.
func (i importCaseload) Run(p *process) error {
	program, err := uuid.Parse(i.Program)
	if err != nil {
		return fmt.Errorf("--program is not an id of a program")
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
	got, err := importer.Caseload(p.ctx, a.referrals, a.providers, program, file)
	for _, x := range got.Problems {
		at := ""
		if x.Column != "" {
			at = x.Column + ": "
		}
		_, _ = fmt.Fprintf(p.stdout, "line %d: %s%s\n", x.Line, at, x.Reason)
	}
	_, _ = fmt.Fprintf(p.stdout, "enrolled %d\nlisted   %d\nalready  %d\nto the hub %d\nrefused  %d\n", got.Enrolled, got.Listed, got.Already, got.Referred, got.Refused)
	if err != nil {
		return fmt.Errorf("the import stopped; run it again, what is in stays in: %w", err)
	}
	if got.Refused > 0 {
		return fmt.Errorf("%d rows were refused", got.Refused)
	}
	return nil
}
