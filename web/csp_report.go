package web

import (
	"encoding/json"
	"regexp"
)

var aDirective = regexp.MustCompile(`^[a-z-]{1,30}$`)

// directive is the rule that a report is about, and nothing else that a stranger may have written into it.
func directive(body []byte) string {
	var r struct {
		Report struct {
			Effective string `json:"effective-directive"`
			Violated  string `json:"violated-directive"`
		} `json:"csp-report"`
	}
	if json.Unmarshal(body, &r) != nil {
		return "unreadable"
	}
	for _, name := range []string{r.Report.Effective, r.Report.Violated} {
		if aDirective.MatchString(name) {
			return name
		}
	}
	return "unknown"
}
