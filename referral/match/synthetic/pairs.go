package synthetic

import (
	"slices"
	"strings"

	"doorstep/referral/match"
)

// Pair is two descriptions, whether they are of one person, and Kinds: what was done to the second, or who the two are.
type Pair struct {
	A, B  Person
	Same  bool
	Group string
	Kinds []string
}

// Pairs makes n pairs, half of them of one person. Of the others all but a few are hard: relatives and namesakes, who are far
// rarer among those whom a hub compares.
func (p *Population) Pairs(n int) []Pair {
	var out []Pair
	for i := range n {
		a := p.People[p.r.IntN(len(p.People))]
		pair := Pair{A: a, Group: a.Group}
		if i%2 == 0 {
			pair.Same = true
			pair.B, pair.Kinds = p.Again(a)
		} else {
			pair.Kinds = make([]string, 1)
			pair.Kinds[0], pair.A, pair.B = p.other(i/2, a)
		}
		out = append(out, pair)
	}
	return out
}

// other is somebody else who is easily taken for a.
func (p *Population) other(i int, a Person) (kind string, first, second Person) {
	b := a
	b.Phones, b.Addresses = slices.Clone(a.Phones), slices.Clone(a.Addresses)
	b.Children = nil
	switch i % 8 {
	case 0:
		kind = "twins"
		b.Given = p.another(a)
		a, b = atHome(a, 2), atHome(b, 2)
	case 1:
		kind = "sisters"
		b.Given = p.another(a)
		b.Born = match.Date{Year: a.Born.Year + 1 + p.r.IntN(6), Month: 1 + p.r.IntN(12), Day: 1 + p.r.IntN(28)}
		a, b = atHome(a, 2), atHome(b, 2)
	case 2:
		kind = "mother and daughter"
		if p.chance(70) {
			b.Given = p.another(a)
		}
		b.Born = match.Date{Year: a.Born.Year - 16 - p.r.IntN(20), Month: 1 + p.r.IntN(12), Day: 1 + p.r.IntN(28)}
		a, b = atHome(a, 2), atHome(b, 2)
	case 3:
		kind = "namesakes"
		b = p.person()
		b.Group, b.Given, b.Family = a.Group, a.Given, a.Family
		a.Namesakes++
		b.Namesakes = a.Namesakes
	case 4:
		kind = "birthday and group shared"
		b = p.person()
		b.Group, b.Given, b.Family, b.Born = a.Group, p.given(a.Group), p.family(a.Group), a.Born
		if b.Given == a.Given && b.Family == a.Family {
			b.Given = p.another(a)
		}
	case 5:
		kind = "one shelter"
		b.Given, b.Family, b.Born = p.another(a), p.family(a.Group), p.day(1981, 30)
		a, b = atHome(a, 40), atHome(b, 40)
	case 6:
		kind = "twin infants"
		return kind, p.infant(a, 1), p.infant(a, 2)
	default:
		kind = "strangers"
		b = p.People[p.r.IntN(len(p.People))]
		if b.Given == a.Given && b.Family == a.Family {
			b.Given = p.another(a)
		}
	}
	return kind, a, p.leaveOut(b)
}

// another given name of the group that shares no word with hers; of one in five one that begins like it.
func (p *Population) another(a Person) string {
	for {
		name := p.given(a.Group)
		hers := strings.Fields(a.Given)
		if slices.ContainsFunc(strings.Fields(name), func(w string) bool { return w != "Thị" && slices.Contains(hers, w) }) {
			continue
		}
		if !p.chance(20) || name[0] == a.Given[0] {
			return name
		}
	}
}

// atHome says that the phone and home of two relatives are at least theirs together.
func atHome(a Person, holders int) Person {
	a.Phones, a.Addresses = slices.Clone(a.Phones), slices.Clone(a.Addresses)
	for i := range a.Phones {
		a.Phones[i].Holders = max(a.Phones[i].Holders, holders)
	}
	for i := range a.Addresses {
		a.Addresses[i].Holders = max(a.Addresses[i].Holders, holders)
	}
	return a
}

// infant is a child of a's as a birth form names it: seldom by a name yet.
func (p *Population) infant(a Person, order int) Person {
	child := a
	child.Born, child.Children, child.Namesakes, child.BirthOrder = match.Date{Year: 2026, Month: 1 + a.Born.Month%9, Day: a.Born.Day}, nil, 0, order
	sex := p.r.IntN(2)
	child.Given = []string{"Baby Girl", "BabyBoy"}[sex]
	switch p.r.IntN(3) {
	case 0:
		child.Given, child.BirthOrder = child.Given+" "+string(rune('A'+order-1)), 0
	case 1:
		child.Given = p.given(a.Group)
		if order == 2 {
			child.Given = p.another(child)
		}
	}
	return atHome(child, 3)
}

// leaveOut drops things from a form of somebody else as often as from a second form of one person.
func (p *Population) leaveOut(b Person) Person {
	if p.chance(5) {
		b.Born = match.Date{}
	}
	if p.chance(12) {
		b.Phones = nil
	}
	if p.chance(20) {
		b.Addresses = nil
	}
	return b
}

// Labelled is the pair as it is scored.
func (p Pair) Labelled() match.Labelled {
	return match.Labelled{A: p.A.Person, B: p.B.Person, Same: p.Same, Group: p.Group, Notes: p.Kinds}
}
