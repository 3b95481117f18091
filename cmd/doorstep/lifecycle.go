package main

import (
	"io"

	"doorstep/referral"
)

type lifecycleCommand struct{}

// Run prints the table of moves as a page.
func (lifecycleCommand) Run(p *process) error {
	_, err := io.WriteString(p.stdout, referral.LifecycleMarkdown())
	return err
}
