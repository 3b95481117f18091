package triage

import "strings"

// SetAside keeps a share of a program's funded places for some families.
type SetAside struct {
	Code  string `json:"code"`
	Share int    `json:"share"` // percent of the funded places, 1 to 100
	Text  string `json:"text"`  // a sentence for staff: for whom, and how much
	Citation
}

// setAside is a compiled one; its rule says for whom.
type setAside struct {
	info SetAside
	rule rule
}

// places is how many of the funded places it keeps: at least its share, so a
// part of a place counts as one.
func (s *setAside) places(funded int) int { return (funded*s.info.Share + 99) / 100 }

// standing of one family in the set-asides of one program.
type asideStanding struct {
	code string   // the set-aside she counts in, "" when in none
	left int      // places still kept for families of set-asides she is not in
	hers bool     // her own still keeps a place
	kept []string // texts of those that still keep places from her
	open []waiting
}

// waiting is a rule with the answers it waits for.
type waiting struct {
	rule string
	vars []int
}

// standIn counts. A family counts in one set-aside: the first, as written, that
// takes her and still keeps a place, else the first that takes her.
func (v *verdict) standIn(p *Place) asideStanding {
	var s asideStanding
	for i := range v.program.asides {
		a, out := &v.program.asides[i], v.asides[i]
		left := max(0, a.places(p.Funded)-p.SetAsideUsed[a.info.Code])
		if out.met == Yes {
			if s.code == "" || left > 0 && !s.hers {
				s.code, s.hers = a.info.Code, left > 0
			}
			continue
		}
		s.left += left
		if left > 0 {
			s.kept = append(s.kept, a.info.Text)
			if len(out.missing) > 0 {
				s.open = append(s.open, waiting{a.info.Code, out.missing})
			}
		}
	}
	return s
}

// keepPlaces takes the places kept for others out of her view of a program.
func (c *candidate) keepPlaces(rs *RuleSet, v *verdict) {
	pv := &c.verdict
	if len(v.asides) == 0 {
		return
	}
	s := v.standIn(c.place)
	pv.SetAside = s.code
	switch {
	case !pv.HasPlace:
		return
	case c.place.Funded <= 0:
		pv.note("Some of its places are kept for certain families. How many is not known, so ask the program.")
		return
	case s.hers || c.place.Free > s.left:
		return
	}
	pv.HasPlace = false
	note := "Its free places are kept for others. " + strings.Join(s.kept, " ")
	var ask []int
	for _, w := range s.open {
		ask = append(ask, w.vars...)
	}
	if len(ask) > 0 {
		note += " She may be one of them: ask about " + rs.labels(ask) + "."
	}
	pv.note(note)
	c.open = s.open
}

// note adds to the notes without touching those that other places share.
func (pv *ProgramVerdict) note(text string) {
	pv.Notes = append(pv.Notes[:len(pv.Notes):len(pv.Notes)], text)
}

func (c *compiler) setAsides(f *parsedFile, p place, texts []setAsideText) []setAside {
	var out []setAside
	total := 0
	for _, t := range texts {
		at := c.enter(f, t.Code)
		if t.Share < 1 || t.Share > 100 {
			c.complain(at.at("share"), "share: %d is not a percentage between 1 and 100", t.Share)
		}
		total += t.Share
		out = append(out, setAside{
			info: SetAside{Code: t.Code, Share: t.Share, Text: t.Text, Citation: t.Citation},
			rule: c.rule(at, ruleText{ID: t.Code, When: t.When, Text: t.Text, Justification: t.Justification, Citation: t.Citation}, unknownAsks),
		})
	}
	if total > 100 {
		c.complain(p.at("set_asides"), "set_asides: their shares come to %d percent", total)
	}
	return out
}
