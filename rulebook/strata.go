package rulebook

import (
	"slices"
	"strings"

	"doorstep/triage"
)

// unknownGroup is the group of those of whom a property is not known.
const unknownGroup = "unknown"

// properties are what families are compared by, in the order in which it is shown.
func properties() []string { return []string{"race_ethnicity", "language", "area", "age", "insurance"} }

// strata puts one family into one group of each property. Groups do not overlap: who named several of race or ethnicity is
// counted once, as more than one.
func strata(c PastCase, areas []triage.Area) map[string]string {
	f := c.Facts
	language, _, _ := strings.Cut(strings.ToLower(f.SpokenLanguage), "-")
	return map[string]string{
		"race_ethnicity": oneRace(c.RaceEthnicity),
		"language":       orUnknown(language),
		"area":           areaOf(f.ZIP, areas),
		"age":            ageBand(f.AgeYears),
		"insurance":      orUnknown(f.Insurance),
	}
}

func oneRace(said []string) string {
	switch {
	case len(said) == 0, slices.Contains(said, "prefer_not_to_say"):
		return unknownGroup
	case len(said) > 1:
		return "more_than_one"
	}
	return said[0]
}

// areaOf is the first named area of the pack that holds her ZIP code, and the code itself where the pack names no areas.
func areaOf(zip string, areas []triage.Area) string {
	five, _, _ := strings.Cut(zip, "-")
	if five == "" || len(areas) == 0 {
		return orUnknown(five)
	}
	for _, a := range areas {
		if slices.Contains(a.Zips, five) {
			return a.Name
		}
	}
	return "elsewhere"
}

// ageBand are the bands that disparity is reported by: domain practice is under 20 and 35 and over.
func ageBand(years *int) string {
	switch {
	case years == nil:
		return unknownGroup
	case *years < 20:
		return "under 20"
	case *years < 35:
		return "20 to 34"
	}
	return "35 and over"
}

func orUnknown(s string) string {
	if s == "" {
		return unknownGroup
	}
	return s
}
