package triage

import "testing"

// What a shipped rule turns on can be said, or it is never supposed.
func TestEveryLeverOfTheShippedPacksHasWords(t *testing.T) {
	for _, pack := range Shipped() {
		src, err := Embedded(pack)
		if err != nil {
			t.Fatal(err)
		}
		rs, err := Compile(src)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rs.programs {
			for _, l := range rs.programs[i].levers {
				fact := rs.words.facts[l.fact]
				for _, val := range l.values {
					if supposition(fact, val) == "" {
						t.Errorf("%s, %s: no words for %s = %s", pack, rs.programs[i].info.Code, fact.Name, written(val))
					}
				}
			}
		}
	}
}
