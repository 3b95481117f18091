package triage

import (
	"slices"
	"strings"
)

// Whether an end could have been changed by those who served her.
const (
	ChangeableYes = "yes"
	ChangeableNo  = "no"
	ChangeableAsk = "ask" // whoever records the end says which
)

// ReasonCode is one entry of a closed list: why something ended or was refused.
type ReasonCode struct {
	Code string `json:"code" yaml:"code"`
	Text string `json:"text" yaml:"text"` // a line for staff
	// Changeable is set for ends of an enrollment only.
	Changeable string `json:"changeable,omitempty" yaml:"changeable"`
	Citation   `yaml:",inline"`
}

// Reasons are the closed lists of the community, each in the order in which it
// is shown. The lists are kept apart because who said no matters: an agency's
// decline is never hers. None holds why a pregnancy ended.
type Reasons struct {
	AgencyDeclines []ReasonCode `json:"agency_declines" yaml:"agency_declines"`
	// HerChoices are why she says no or not now. She need not give one.
	HerChoices     []ReasonCode `json:"her_choices" yaml:"her_choices"`
	Releases       []ReasonCode `json:"releases" yaml:"releases"` // an agency gives a claimed case back
	EnrollmentEnds []ReasonCode `json:"enrollment_ends" yaml:"enrollment_ends"`
	Dispositions   []ReasonCode `json:"dispositions" yaml:"dispositions"` // how a case closed
}

// Reasons returns the closed lists with their sources.
func (rs *RuleSet) Reasons() Reasons {
	r := rs.reasons
	for _, list := range r.named() {
		*list.codes = slices.Clone(*list.codes)
	}
	return r
}

type namedReasons struct {
	name  string
	codes *[]ReasonCode
}

func (r *Reasons) named() []namedReasons {
	return []namedReasons{
		{"agency_declines", &r.AgencyDeclines}, {"her_choices", &r.HerChoices}, {"releases", &r.Releases},
		{"enrollment_ends", &r.EnrollmentEnds}, {"dispositions", &r.Dispositions},
	}
}

// reasons takes the one reasons section and demands every list in it: without
// one, nobody could decline, release or close.
func (c *compiler) reasons(rs *RuleSet) {
	found := false
	for i := range c.files {
		f := &c.files[i]
		if f.content.Reasons == nil {
			continue
		}
		p := f.entry("reasons", 0)
		if found {
			c.complain(p, "a second reasons section")
		}
		found = true
		rs.reasons = *f.content.Reasons
		for _, list := range rs.reasons.named() {
			c.checkReasons(f, list)
		}
	}
	if !found {
		c.complain(place{file: &c.files[0], line: 1}, "the pack has no reasons")
	}
}

func (c *compiler) checkReasons(f *parsedFile, list namedReasons) {
	if len(*list.codes) == 0 {
		c.complain(f.entry("reasons."+list.name, 0), "the list is empty")
	}
	seen := map[string]bool{}
	for _, r := range *list.codes {
		p := f.entry("reasons."+list.name+"."+r.Code, 0)
		c.cited(p, "", r.Citation)
		c.worded(p, "text", r.Text, true)
		switch {
		case !idShape.MatchString(r.Code):
			c.complain(p, "code %q: use small letters, digits and _", r.Code)
		case seen[r.Code]:
			c.complain(p, "code is used twice in its list")
		}
		seen[r.Code] = true
		known := slices.Contains([]string{ChangeableYes, ChangeableNo, ChangeableAsk}, r.Changeable)
		if ends := list.name == "enrollment_ends"; ends != known || !ends && strings.TrimSpace(r.Changeable) != "" {
			c.complain(p, "changeable is yes, no or ask for an end of an enrollment, and absent elsewhere")
		}
	}
}
