package main

import (
	"fmt"
	"os"
	"path/filepath"

	"doorstep/triage"
)

type rulesCheck struct {
	Dir string `arg:"" type:"existingdir" help:"Folder with the files of the pack."`
}

// Run prints every problem, or what is in the pack.
func (c rulesCheck) Run(p *process) error {
	_, checked, err := goodFolder(p, c.Dir)
	if err != nil {
		return err
	}
	s := checked.Summary
	p.say("%s is good.\nquestions    %d\nalarms       %d\ntiers        %d\ntriggers     %d\nprograms     %d\nconnections  %d\nclocks       %d\n",
		s.Pack, s.Questions, s.Alarms, s.Tiers, s.Triggers, s.Programs, s.Connections, s.Clocks)
	p.say("local policy %d (no publication backs them)\nhash         %s\n", s.Local, checked.Hash)
	return nil
}

type rulesTest struct {
	Dir string `arg:"" type:"existingdir" help:"Folder of the pack; its examples stand in examples/*.yaml."`
}

// Run prints a line an example, and under it what is not as expected.
func (c rulesTest) Run(p *process) error {
	rules, err := compiled(c.Dir)
	if err != nil {
		return err
	}
	examples, err := triage.Examples(os.DirFS(c.Dir))
	if err != nil {
		return err
	}
	if len(examples) == 0 {
		return fmt.Errorf("%s has no examples: put one family a file into %s", c.Dir, filepath.Join(c.Dir, "examples"))
	}
	wrong := 0
	for _, e := range examples {
		d, err := e.Decide(rules)
		differences := e.Differences(d)
		if err != nil {
			differences = []string{err.Error()}
		}
		said := "ok   "
		if len(differences) > 0 {
			said = "WRONG"
			wrong++
		}
		p.say("%s %s: %s\n", said, e.File, e.About)
		for _, line := range differences {
			p.say("      %s\n", line)
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d examples do not come out as expected", wrong, len(examples))
	}
	p.say("All %d hold.\n", len(examples))
	return nil
}

type rulesExplain struct {
	Dir   string `arg:"" type:"existingdir" help:"Folder of the pack."`
	Facts string `arg:"" type:"existingfile" help:"YAML with the facts of one made-up family, or an example."`
}

// Run prints the decision in the words that staff read.
func (c rulesExplain) Run(p *process) error {
	rules, err := compiled(c.Dir)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(c.Facts)
	if err != nil {
		return err
	}
	family, err := triage.ReadFacts(text)
	if err != nil {
		return err
	}
	d, err := family.Decide(rules)
	if err != nil {
		return err
	}
	for _, line := range d.Explain() {
		p.say("%s\n", line)
	}
	return nil
}

type rulesDiff struct {
	From string `arg:"" help:"Number of a version, or a folder."`
	To   string `arg:"" help:"Number of a version, or a folder."`
}

// Run prints one change a paragraph.
func (c rulesDiff) Run(p *process) error {
	from, err := textOf(p, c.From)
	if err != nil {
		return err
	}
	to, err := textOf(p, c.To)
	if err != nil {
		return err
	}
	changes := triage.Diff(from, to)
	for _, change := range changes {
		p.say("%s\n", change)
	}
	if len(changes) == 0 {
		p.say("No rule, number or text differs.\n")
	}
	return nil
}
