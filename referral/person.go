package referral

import (
	"cloud.google.com/go/civil"

	"doorstep/referral/match"
)

// asks is the person of a submission, for candidates.
func (r received) asks() asked {
	return asked{person: personOf(r.client, r.contacts, r.addresses, r.infants), role: r.role, episode: r.episode}
}

// personOf puts what is known of a client into the shape that is scored.
func personOf(c Client, contacts []ContactMethod, addresses []Address, infants []Infant) match.Person {
	p := match.Person{Given: c.GivenName, Family: c.FamilyName, Born: matchDate(c.DateOfBirth)}
	for _, m := range contacts {
		if m.Channel == "phone" {
			p.Phones = append(p.Phones, match.Phone{Number: m.Value.Unshown()})
		}
	}
	for _, a := range addresses {
		p.Addresses = append(p.Addresses, match.Address{Street: a.Street.Unshown(), Zip: text(a.Zip)})
	}
	for _, child := range infants {
		p.Children = append(p.Children, matchDate(child.BornOn))
	}
	return p
}

// sameHome compares two addresses as the search for the same person does: a unit is left out.
func sameHome(a, b Address) bool {
	return match.SameHome(match.Address{Street: a.Street.Unshown(), Zip: text(a.Zip)}, match.Address{Street: b.Street.Unshown(), Zip: text(b.Zip)})
}

func matchDate(d *civil.Date) match.Date {
	if d == nil {
		return match.Date{}
	}
	return match.Date{Year: d.Year, Month: int(d.Month), Day: d.Day}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
