package synthetic

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"doorstep/referral/match"
)

// Person is one who does not exist.
type Person struct {
	match.Person
	Group string
}

// Population is people who live in one city, and how many share what.
type Population struct {
	People []Person

	r       *rand.Rand
	names   map[string]culture
	phones  map[string]int
	homes   map[match.Address]int
	bearers map[string]int
}

// shelters are homes that many share, with one telephone in the hall; one woman in a hundred stays in one.
const shelters = 5

// New makes n people.
func New(n int, seed uint64) *Population {
	p := &Population{r: rand.New(rand.NewPCG(seed, 0)), names: readNames(), phones: map[string]int{}, homes: map[match.Address]int{}, bearers: map[string]int{}}
	for range n {
		p.People = append(p.People, p.person())
	}
	for _, who := range p.People {
		p.bearers[who.Given+" "+who.Family]++
		for _, x := range who.Phones {
			p.phones[x.Number]++
		}
		for _, x := range who.Addresses {
			p.homes[x]++
		}
	}
	for i := range p.People {
		p.count(&p.People[i])
	}
	return p
}

// count writes beside each value how many people share it.
func (p *Population) count(who *Person) {
	who.Namesakes = p.bearers[who.Given+" "+who.Family]
	for i, x := range who.Phones {
		who.Phones[i].Holders = p.phones[x.Number]
	}
	for i, x := range who.Addresses {
		x.Holders = 0
		who.Addresses[i].Holders = p.homes[x]
	}
}

func (p *Population) person() Person {
	groups := Groups()
	who := Person{Group: groups[p.r.IntN(len(groups))]}
	who.Given, who.Family = p.given(who.Group), p.family(who.Group)
	who.Born = p.day(1981, 30)
	who.Phones, who.Addresses = []match.Phone{{Number: p.number()}}, []match.Address{p.home()}
	if p.r.IntN(100) == 0 {
		hall := p.r.IntN(shelters)
		who.Phones[0].Number = fmt.Sprintf("+155500000%02d", hall)
		who.Addresses[0] = match.Address{Street: fmt.Sprintf("%d Harbor Way", 100+hall), Zip: "21201"}
	}
	if p.r.IntN(2) == 0 {
		who.Children = []match.Date{p.day(2025, 2)}
	}
	return who
}

func (p *Population) given(group string) string {
	name := common(p.r, p.names[group].given)
	switch {
	case group == "vietnamese" && p.r.IntN(2) == 0:
		return "Thị " + name
	case group == "spanish" && p.r.IntN(3) == 0:
		if second := common(p.r, p.names[group].given); second != name {
			return name + " " + second
		}
	}
	return name
}

func (p *Population) family(group string) string {
	from := p.names[group].family
	name := common(p.r, from)
	second := common(p.r, from)
	switch {
	case second == name:
	case group == "spanish" && p.r.IntN(4) > 0:
		return name + " " + second
	case group == "hyphenated":
		return name + "-" + second
	}
	return name
}

func (p *Population) day(from, years int) match.Date {
	return match.Date{Year: from + p.r.IntN(years), Month: 1 + p.r.IntN(12), Day: 1 + p.r.IntN(28)}
}

func (p *Population) number() string { return fmt.Sprintf("+1555%07d", 1_000_000+p.r.IntN(9_000_000)) }

func (p *Population) home() match.Address {
	ends := []string{"Street", "Avenue", "Road", "Court", "Lane"}
	names := strings.Fields("Alder Birch Cedar Dogwood Elm Fir Gum Hazel Ivy Juniper Katsura Laurel Maple Nutmeg Oak Pine Quince Redbud Spruce Tupelo Umber Viburnum Willow Yew Zelkova")
	return match.Address{Street: fmt.Sprintf("%d %s %s", 1+p.r.IntN(3000), names[p.r.IntN(len(names))], ends[p.r.IntN(len(ends))]),
		Zip: fmt.Sprintf("212%02d", 1+p.r.IntN(30))}
}
