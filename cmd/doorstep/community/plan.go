package community

import (
	"doorstep/auth"
	"doorstep/providers"
)

// Organization is one party of a network to build, with its sites, its programs and its people: one of each role that its kind
// of organization has, and Staff more of a role.
type Organization struct {
	Name     string
	Kind     auth.OrgKind
	Class    providers.ReferrerClass
	Legal    providers.LegalStatus
	Sites    []Site // the first gives the people's mail addresses their domain
	Programs []Plan
	Staff    map[auth.Role]int
}

// Site is one place of an organization; without Mail it hears nothing back.
type Site struct{ Name, Mail string }

// Plan is a program to build.
type Plan struct {
	Name, Model, Track, Code string
	Languages                []string
	Hours                    int // published answer time
	Funded                   int
	Zips                     []string
}
