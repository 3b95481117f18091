package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"doorstep/config"
	"doorstep/triage"
)

// readPack reads and compiles the pack of that name: a folder of YAML files when it is written with a slash, else one that
// the binary carries. Everything wrong with it is in the error, by file and line.
func readPack(name string) (triage.Source, *triage.RuleSet, error) {
	source, err := triage.Embedded(name)
	if strings.ContainsAny(name, `/\`) {
		source, err = triage.Load(os.DirFS(name))
	}
	if err != nil {
		return source, nil, fmt.Errorf("RULE_PACK: %w", err)
	}
	set, err := triage.Compile(source)
	if err != nil {
		return source, nil, fmt.Errorf("RULE_PACK %s: %w", name, err)
	}
	return source, set, nil
}

// rulePack is RULE_PACK for commands that make every other setting themselves.
func rulePack(environ []string) (string, error) {
	c, err := config.Read(slices.DeleteFunc(slices.Clone(environ), func(v string) bool { return !strings.HasPrefix(v, "RULE_PACK=") }), nil)
	return c.RulePack, err
}
