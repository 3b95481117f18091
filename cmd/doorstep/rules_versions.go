package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"doorstep/auth"
	"doorstep/config"
	"doorstep/rulebook"
)

type rulesList struct{}

// Run prints a line a version, newest first.
func (rulesList) Run(p *process) error {
	a, err := p.app(config.Command())
	if err != nil {
		return err
	}
	defer a.close()
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "VERSION\tSTATUS\tSINCE\tAUTHOR\tHASH\tWHAT CHANGED")
	for after := ""; ; {
		page, err := a.rules.List(p.ctx, reader(), after)
		if err != nil {
			return err
		}
		for _, v := range page.Items {
			_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%.12s\t%s\n", v.Version, v.Status, since(v).Format(time.DateOnly), or(v.Author, "the program"), v.Hash, or(v.Title, "as shipped"))
		}
		if after = page.Next; after == "" {
			return w.Flush()
		}
	}
}

// since is when a version came to the status that it has.
func since(v rulebook.Version) time.Time {
	switch {
	case v.RetiredAt != nil:
		return *v.RetiredAt
	case v.EffectiveAt != nil:
		return *v.EffectiveAt
	}
	return v.CreatedAt
}

type rulesShow struct {
	Version string `arg:"" help:"Number of the version."`
	As      string `help:"E-mail address of the person who opens the newest finished simulation."`
	Out     string `type:"path" help:"Write the files of the version into this new folder, to be changed there."`
}

// Run prints a version, its gate and its history. Who signs later must have opened the simulation here or elsewhere.
func (c rulesShow) Run(p *process) error {
	a, err := p.app(config.Command())
	if err != nil {
		return err
	}
	defer a.close()
	actor := reader()
	if c.As != "" {
		if actor, err = a.accounts.ActAs(p.ctx, c.As, auth.RulesRead); err != nil {
			return fmt.Errorf("--as: %w", err)
		}
	}
	v, err := versionOf(p, a, actor, c.Version)
	if err != nil {
		return err
	}
	if finished, ok := newestFinished(v); ok && c.As != "" {
		s, err := a.rules.OpenSimulation(p.ctx, actor, finished.ID)
		if err != nil {
			return err
		}
		printSimulation(p, s)
		if v, err = versionOf(p, a, actor, c.Version); err != nil { // what is seen is seen now
			return err
		}
	}
	printVersion(p, v)
	if c.Out == "" {
		return nil
	}
	if err := writeFiles(c.Out, v.Files); err != nil {
		return err
	}
	p.say("\nIts %d files are in %s, to be changed there. Examples go into %s.\n", len(v.Files), c.Out, filepath.Join(c.Out, "examples"))
	return nil
}

// writeFiles makes a folder that does not exist yet: nobody's changes are written over.
func writeFiles(dir string, files map[string]string) error {
	if err := os.Mkdir(dir, 0o750); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: give --out the name of a folder that is not", dir)
	} else if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(dir, "examples"), 0o750); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func printVersion(p *process, v rulebook.Full) {
	p.say("Version %d (%s) of pack %s, %s\nby %s: %s\n", v.Version.Version, v.Status, v.Pack, v.Hash, or(v.Author, "the program itself"), or(v.Title, "as shipped"))
	if v.Note != "" {
		p.say("%s\n", v.Note)
	}
	for _, problem := range v.Problems {
		p.say("This program refuses it: %s\n", problem)
	}
	for _, r := range v.Releases {
		p.say("%s on %s by %s", r.Kind, r.ReleasedAt.Format(time.DateTime), r.ReleasedBy)
		if r.ApprovedBy != "" {
			p.say(", approved by %s", r.ApprovedBy)
		}
		if r.Community != "" {
			p.say(", for the community %s", r.Community)
		}
		if r.Reason != "" {
			p.say(": %s", r.Reason)
		}
		p.say("\n")
	}
	for _, s := range v.Simulations {
		p.say("simulation %s: %s, %d of %d families of %d days, against version %d\n", s.ID, s.State, s.Done, s.Total, s.Days, s.Against)
	}
	for _, s := range v.Gate {
		if s.Done {
			p.say("[x] %s %s\n", s.Step, s.Who)
		} else {
			p.say("[ ] %s: %s\n", s.Step, s.Need)
		}
	}
}

// newestFinished is the simulation that a person who looks at a version wants to see.
func newestFinished(v rulebook.Full) (rulebook.SimulationRow, bool) {
	for _, s := range v.Simulations {
		if s.State == "done" {
			return s, true
		}
	}
	return rulebook.SimulationRow{}, false
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

type rulesDraft struct {
	person
	Dir   string `arg:"" type:"existingdir" help:"Folder with the files of the pack."`
	Title string `required:"" help:"What changed, in one line."`
	Note  string `help:"Why it changed."`
}

// Run keeps the folder's text as a new version.
func (c rulesDraft) Run(p *process) error {
	source, _, err := goodFolder(p, c.Dir)
	if err != nil {
		return err
	}
	a, actor, err := c.signed(p, auth.RulesDraft)
	if err != nil {
		return err
	}
	defer a.close()
	r, err := a.rules.Draft(p.ctx, actor, rulebook.DraftForm{Title: c.Title, Note: c.Note, Files: source.Files})
	if err != nil {
		return err
	}
	p.say("Version %d is a draft: %s\n", r.Version, r.Hash)
	return nil
}
