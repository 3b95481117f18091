package match

import "slices"

// prepared is a person with names and numbers brought into the form in which they are compared.
type prepared struct {
	Person
	given, givenAsFamily  []string
	family, familyAsGiven []string
	compact               []string // of streets
}

func prepare(p Person) prepared {
	out := prepared{Person: p}
	var sex string
	var order int
	g, f := words(p.Given), words(p.Family)
	out.given, sex, order = placeholder(g)
	out.family, out.givenAsFamily, out.familyAsGiven = surname(f), surname(out.given), f
	if out.Sex == "" {
		out.Sex = sex
	}
	if out.BirthOrder == 0 {
		out.BirthOrder = order
	}
	out.Phones = slices.Clone(p.Phones)
	for i := range out.Phones {
		out.Phones[i].Number = digits(out.Phones[i].Number)
	}
	for _, a := range p.Addresses {
		out.compact = append(out.compact, street(a.Street))
	}
	return out
}

// compare puts each field of two people into its level.
func (n names) compare(a, b prepared) []Comparison {
	given, family, order := n.both(a, b)
	out := []Comparison{{Field: GivenName, Level: given}, {Field: FamilyName, Level: family}, {Field: NameOrder, Level: order}}
	if (given == Exact || given == Variant) && (family == Exact || family == Part) {
		out = append(out, Comparison{Namesakes, Counted, max(a.Namesakes, b.Namesakes)})
	}
	return append(out, Comparison{Field: DateOfBirth, Level: born(a.Born, b.Born)}, phones(a.Phones, b.Phones), homes(a, b),
		Comparison{Field: ChildBorn, Level: children(a.Children, b.Children)},
		Comparison{Field: SexField, Level: same(a.Sex, b.Sex, "")}, Comparison{Field: Order, Level: same(a.BirthOrder, b.BirthOrder, 0)})
}

// both compares given and family name where they stand, and crosswise if they do not agree so at all.
func (n names) both(a, b prepared) (given, last, order Level) {
	given, last = n.given(a.given, b.given), family(a.family, b.family)
	if given != Different || last != Different || len(a.given) == 0 || len(b.given) == 0 {
		return given, last, Straight
	}
	g, f := n.given(a.given, b.familyAsGiven), family(a.family, b.givenAsFamily)
	if g != Different && f != Different {
		return g, f, Swapped
	}
	return given, last, Straight
}

func born(a, b Date) Level {
	if a == (Date{}) || b == (Date{}) {
		return Missing
	}
	swapped, can := a.Swapped()
	switch {
	case a.NewYear() || b.NewYear():
		if a.Year == b.Year {
			return Year
		}
	case a == b:
		return Exact
	case can && swapped == b:
		return Swapped
	case oneSlip(a.String(), b.String()):
		return Digit
	}
	return Different
}

// phones takes the best pair, and of equal ones the number with the fewest holders.
func phones(a, b []Phone) Comparison {
	out := Comparison{Field: PhoneNumber, Level: Missing}
	for _, p := range a {
		for _, q := range b {
			holders := max(p.Holders, q.Holders)
			switch {
			case p.Number == "" || q.Number == "":
			case p.Number == q.Number:
				if out.Level != Exact || holders < out.Holders {
					out.Level, out.Holders = Exact, holders
				}
			case out.Level == Exact:
			case oneSlip(p.Number, q.Number):
				out.Level = Digit
			case out.Level == Missing:
				out.Level = Different
			}
		}
	}
	return out
}

// children compares birth dates. One mother has no two births between two days and five months apart: those are two mothers.
func children(a, b []Date) Level {
	level := Missing
	for _, x := range a {
		for _, y := range b {
			switch days := x.daysFrom(y); {
			case x == (Date{}) || y == (Date{}):
			case days <= 1: // twins around midnight
				return Exact
			case days < shortestGap:
				level = Clash
			}
		}
	}
	return level
}

// shortestGap is in days: less than the shortest time between two births of one mother.
const shortestGap = 150

func same[T comparable](a, b, unknown T) Level {
	switch {
	case a == unknown || b == unknown:
		return Missing
	case a == b:
		return Exact
	}
	return Different
}
