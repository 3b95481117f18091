package referral

import (
	"fmt"
	"strconv"
	"strings"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/fault"
)

// A row is corrected as the form that it came from, sent once more with other words in it: so all that is checked of a referral is
// checked of a correction, dates against each other too.

// slot is where one field of such a form stands: text or a number.
type slot struct {
	text   *string
	number **int
}

func (s slot) known() bool { return s.text != nil || s.number != nil }

func (s slot) read() string {
	switch {
	case s.text != nil:
		return *s.text
	case *s.number != nil:
		return strconv.Itoa(**s.number)
	}
	return ""
}

// fill puts the changes about one row into its form; places says where in the request each field stands.
func (a *amendment) fill(subject string, id uuid.UUID, of func(field string) slot) (places map[string]int) {
	places = map[string]int{}
	for i, change := range a.changes {
		if change.Subject != subject || change.ID != nil && *change.ID != id {
			continue
		}
		at := fmt.Sprintf("/changes/%d", i)
		into := of(change.Field)
		switch _, twice := places[change.Field]; {
		case !into.known():
			a.check.refuse(at+"/field", "unknown", "There is no such field that can be corrected here.")
			continue
		case twice:
			a.check.refuse(at+"/field", "twice", "This field is named twice.")
		case into.text != nil:
			*into.text = change.To
		case change.To == "":
			*into.number = nil
		default:
			n, err := strconv.Atoi(change.To)
			if err != nil {
				a.check.refuse(at+"/to", "type", "A whole number.")
				continue
			}
			*into.number = &n
		}
		places[change.Field] = i
	}
	return places
}

// report adds the problems that the changed form has and the row as it was had not: a child that has grown too old for a referral may
// still get its name right.
func (a *amendment) report(places map[string]int, before, after []fault.Field) {
	for _, p := range after {
		old := false
		for _, q := range before {
			old = old || p.Pointer == q.Pointer && p.Code == q.Code
		}
		if old {
			continue
		}
		at, named := places[p.Pointer[strings.LastIndexByte(p.Pointer, '/')+1:]]
		for _, i := range places {
			if !named && (at == 0 || i < at) {
				at = i
			}
		}
		p.Pointer = fmt.Sprintf("/changes/%d/to", at)
		a.check.problems = append(a.check.problems, p)
	}
}

// again is an empty checker of the same day.
func (a *amendment) again() *checker { return &checker{now: a.check.now, today: a.check.today} }

func dayText(d *civil.Date) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
