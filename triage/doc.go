// Package triage decides, from a frozen snapshot of one family, how soon she
// should be reached and which home-visiting programs could serve her, and says
// why in plain words.
//
// It is pure: no clock, no database, no network. Today is a fact. The same
// facts, places and rule set always give the same bytes, so a decision can be
// replayed years later from what was stored with it.
//
// The rules are data. A pack is a few YAML files whose conditions are CEL
// expressions over a fixed vocabulary (see [Vocabulary]); [Compile] checks the
// whole pack and reports every problem by file, rule and line before any family
// is judged by it. A rule cannot mention race, ethnicity, nationality or
// immigration, and one that uses a stand-in such as a ZIP code must say why.
//
// A pack asks only what its rules read, in words of its own, and may count needs
// by points of local policy; points order nothing unless a tier says so. A zone
// is a yes or no that comes from her ZIP code. An old word on free places bars
// nothing and stands behind a fresh one; what is equal in everything is drawn
// (see [Draw]), and whoever has the seed can draw again.
//
// Logic is three-valued. An answer nobody gave is not "no": a verdict is yes,
// no, or "needs an answer" with the names of the answers that would settle it.
//
// Rules order and recommend. They never refuse a family: where no sourced rule
// exists, the verdict is "by person".
package triage
