package main

import (
	"errors"
	"fmt"
	"time"

	"doorstep/config"
)

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"Recompute the chain of the history, and fail when it is broken."`
}

type auditVerify struct{}

// Run prints what was found. Head and count belong into a place outside the database: they are what a later run is compared
// with, since a chain that was rebuilt from end to end is whole again.
func (auditVerify) Run(p *process) error {
	a, err := p.app(config.Command())
	if err != nil {
		return err
	}
	defer a.close()
	r, err := a.sealer.Verify(p.ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "events   %d\nsealed   %d\nunsealed %d\nhead     %x\nverified %s\n",
		r.Events, r.Sealed, r.Unsealed, r.Head, time.Now().UTC().Format(time.RFC3339))
	if r.Broken != nil {
		return errors.New("the history is broken: " + *r.Broken)
	}
	return err
}
