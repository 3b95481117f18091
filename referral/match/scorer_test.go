package match

import (
	"math"
	"slices"
	"testing"
)

func ana() Person {
	return Person{Given: "Ana", Family: "Morales Ruiz", Born: Date{1998, 4, 12}, Phones: []Phone{{Number: "+14105550142", Holders: 1}},
		Addresses: []Address{{Street: "12 Main Street", Zip: "21201", Holders: 1}}, Namesakes: 1}
}

func TestVerdicts(t *testing.T) {
	s := Default()
	for _, c := range []struct {
		name   string
		change func(*Person)
		want   Verdict
	}{
		{"the same", func(*Person) {}, Link},
		{"name and birth date, all else new", func(p *Person) {
			p.Phones, p.Addresses = []Phone{{Number: "4105559999"}}, []Address{{Street: "9 Elm Ct", Zip: "21230"}}
		}, Link},
		{"likewise under a name that fifty bear", func(p *Person) {
			p.Phones, p.Addresses, p.Namesakes = []Phone{{Number: "4105559999"}}, []Address{{Street: "9 Elm Ct", Zip: "21230"}}, 50
		}, Ask},
		{"one surname, month and day swapped", func(p *Person) { p.Family, p.Born = "Morales", Date{1998, 12, 4} }, Link},
		{"another surname, the same number and home", func(p *Person) { p.Family = "Baker" }, Link},
		{"another surname, nothing else", func(p *Person) { p.Family, p.Phones, p.Addresses = "Baker", nil, nil }, Ask},
		{"names in each other's place", func(p *Person) { p.Given, p.Family = p.Family, p.Given }, Link},
		{"no birth date", func(p *Person) { p.Born = Date{} }, Ask},
		{"her twin", func(p *Person) { p.Given = "Luz" }, Ask},
		{"her sister", func(p *Person) { p.Given, p.Born = "Luz", Date{2001, 7, 30} }, New},
		{"her mother of the same name", func(p *Person) { p.Born = Date{1975, 9, 1} }, Ask},
		{"a namesake", func(p *Person) { p.Born, p.Phones, p.Addresses = Date{1985, 9, 1}, nil, nil }, New},
		{"a stranger of her birthday", func(p *Person) { p.Given, p.Family, p.Phones, p.Addresses = "Joy", "Baker", nil, nil }, New},
		{"not named yet", func(p *Person) { p.Given = "Baby Girl" }, Ask},
		{"a child born in another month", func(p *Person) { p.Children = []Date{{2026, 6, 1}} }, Ask},
	} {
		a, b := ana(), ana()
		a.Children = []Date{{2026, 3, 1}}
		c.change(&b)
		there, back := s.Score(a, b), s.Score(b, a)
		if there.Verdict != c.want || back.Verdict != c.want {
			t.Errorf("%s: got %s and %s, want %s: %v", c.name, there.Verdict, back.Verdict, c.want, there)
		}
	}
}

func TestInfantsOfOneBirthAreNeverLinked(t *testing.T) {
	s := Default()
	a, b := ana(), ana()
	for _, names := range [][2]string{{"Baby Girl A", "Baby Girl B"}, {"BabyBoy 1", "BabyBoy 2"}, {"Luz", "Sol"}, {"Baby Girl", "Baby Boy"}, {"Baby Girl", "Luz"}, {"Twin A", "Twin B"}} {
		a.Given, b.Given = names[0], names[1]
		if got := s.Score(a, b); got.Verdict == Link {
			t.Errorf("%v were linked: %v", names, got)
		}
	}
	a.Given, b.Given, a.BirthOrder, b.BirthOrder = "Luz", "Luz", 1, 2
	if got := s.Score(a, b); got.Verdict == Link {
		t.Errorf("first and second were linked: %v", got)
	}
}

func TestWhatManyShareWeighsLittle(t *testing.T) {
	s := Default()
	a, b := ana(), ana()
	alone := s.Score(a, b)
	a.Phones[0].Holders, a.Addresses[0].Holders = 300, 300
	crowd := s.Score(a, b)
	if alone.Bits-crowd.Bits < 10 {
		t.Errorf("a shelter's number and home weigh %.2f bits of %.2f", crowd.Bits, alone.Bits)
	}
	for _, p := range crowd.Parts {
		if (p.Field == PhoneNumber || p.Field == Home) && p.Bits != 0 {
			t.Errorf("%s of three hundred people weighs %.2f, want nothing", p.Field, p.Bits)
		}
	}
}

func TestThePartsAddUp(t *testing.T) {
	s := Default()
	a, b := ana(), ana()
	b.Given, b.Born, b.Phones[0].Number, b.Namesakes = "Anna", Date{1998, 12, 4}, "4105550124", 9
	got := s.Score(a, b)
	sum := 0.0
	for _, p := range got.Parts {
		sum += p.Bits
	}
	if math.Abs(sum-got.Bits) > 0.001 || len(got.Parts) != 6 {
		t.Errorf("got %v, whose parts add up to %.2f", got, sum)
	}
}

func TestNothingKnownIsNoEvidence(t *testing.T) {
	if got := Default().Score(Person{}, ana()); got.Bits != 0 || len(got.Parts) != 0 || got.Verdict != New {
		t.Errorf("got %v", got)
	}
}

func TestOfTwoLinksAPersonChooses(t *testing.T) {
	of := func(bits float64, v Verdict) Score { return Score{Bits: bits, Verdict: v} }
	self := func(s *Score) *Score { return s }
	got := Judge([]Score{of(12, Ask), of(3, New), of(30, Link), of(25, Link)}, self)
	if want := []float64{30, 25, 12}; !slices.EqualFunc(got, want, func(s Score, bits float64) bool { return s.Bits == bits && s.Verdict == Ask }) {
		t.Errorf("got %v", got)
	}
	if got := Judge([]Score{of(12, Ask), of(30, Link)}, self); got[0].Verdict != Link {
		t.Errorf("one link among doubts does not stand: %v", got)
	}
}

func TestWeightsAreChecked(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":         `link: 22`,
		"thresholds":      `{"link": 5, "ask": 9}`,
		"chance of none":  `{"link": 9, "ask": 5, "fields": [{"field": "phone", "levels": [{"level": "exact", "m": 0, "u": 0.5}]}]}`,
		"chance of a lot": `{"link": 9, "ask": 5, "fields": [{"field": "phone", "levels": [{"level": "exact", "m": 0.5, "u": 2}]}]}`,
	} {
		if _, err := ReadWeights([]byte(text)); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
	w, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range w.Fields {
		if f.How == "" {
			t.Errorf("%s does not say how it was found", f.Field)
		}
	}
}
