package triage

import "fmt"

// Answer is what a family or referrer told us about one question. The zero
// value is Unknown: not asked, skipped or declined. Unknown is never "no".
type Answer uint8

// The three answers, written "unknown", "yes" and "no" in JSON and YAML.
const (
	Unknown Answer = iota
	Yes
	No
)

// String writes yes, no or unknown.
func (a Answer) String() string {
	switch a {
	case Yes:
		return "yes"
	case No:
		return "no"
	default:
		return "unknown"
	}
}

// MarshalText writes yes, no or unknown.
func (a Answer) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads yes, no, unknown or the empty string (unknown).
func (a *Answer) UnmarshalText(b []byte) error {
	switch string(b) {
	case "yes":
		*a = Yes
	case "no":
		*a = No
	case "unknown", "":
		*a = Unknown
	default:
		return fmt.Errorf("answer %q is not yes, no or unknown", b)
	}
	return nil
}

func answerOf(b bool) Answer {
	if b {
		return Yes
	}
	return No
}
