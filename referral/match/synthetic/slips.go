package synthetic

import (
	"slices"
	"strings"

	"doorstep/referral/match"
)

// chance is true in so many of a hundred cases.
func (p *Population) chance(percent int) bool { return p.r.IntN(100) < percent }

// Again is the same person as another form describes her, and what happened to it on the way.
func (p *Population) Again(who Person) (Person, []string) {
	b := who
	b.Phones, b.Addresses, b.Children = slices.Clone(who.Phones), slices.Clone(who.Addresses), slices.Clone(who.Children)
	var slips []string
	happens := func(percent int, slip string, change func()) {
		if p.chance(percent) {
			was, phones, homes, children := b.Person, slices.Clone(b.Phones), slices.Clone(b.Addresses), slices.Clone(b.Children)
			change()
			if was.Given != b.Given || was.Family != b.Family || was.Born != b.Born || !slices.Equal(phones, b.Phones) ||
				!slices.Equal(homes, b.Addresses) || !slices.Equal(children, b.Children) {
				slips = append(slips, slip)
			}
		}
	}
	p.nameSlips(&b, happens)
	happens(2, "day and month swapped", func() {
		if d, can := b.Born.Swapped(); can {
			b.Born = d
		}
	})
	happens(3, "digit of the birth date", func() { b.Born = p.digitOff(b.Born) })
	happens(1, "year only", func() { b.Born.Month, b.Born.Day = 1, 1 })
	happens(5, "no birth date", func() { b.Born = match.Date{} })
	happens(2, "digit of the phone", func() { b.Phones[0].Number = p.mistypeDigit(b.Phones[0].Number) })
	happens(20, "new phone", func() { b.Phones[0] = match.Phone{Number: p.number(), Holders: 1} })
	happens(12, "no phone", func() { b.Phones = nil })
	happens(20, "moved", func() { b.Addresses[0] = p.home(); b.Addresses[0].Holders = 1 })
	happens(20, "no address", func() { b.Addresses = nil })
	happens(20, "no child", func() { b.Children = nil })
	return b, slips
}

func (p *Population) nameSlips(b *Person, happens func(int, string, func())) {
	from := p.names[b.Group]
	reversed, dropped, other := 2, 0, 6
	switch b.Group {
	case "vietnamese", "chinese":
		reversed, other = 6, 2
	case "spanish":
		dropped = 30
	case "hyphenated":
		dropped = 30
	}
	happens(9, "nickname or spelling", func() {
		first, rest, more := strings.Cut(b.Given, " ")
		if b.Given = spelling(p.r, from.given, first); more {
			b.Given += " " + rest
		}
	})
	happens(15, "second given name dropped", func() { b.Given, _, _ = strings.Cut(b.Given, " ") })
	if b.Group == "arabic" || b.Group == "chinese" || b.Group == "spanish" {
		happens(6, "another spelling of the surname", func() { b.Family = spelling(p.r, from.family, b.Family) })
	}
	happens(dropped, "one surname dropped", func() {
		parts := strings.FieldsFunc(b.Family, func(r rune) bool { return r == ' ' || r == '-' })
		b.Family = parts[p.r.IntN(len(parts))]
		if b.Group == "spanish" { // the mother's, nearly always
			b.Family = parts[0]
		}
	})
	happens(10, "hyphen", func() { b.Family = strings.NewReplacer(" ", "-", "-", " ").Replace(b.Family) })
	happens(other, "another surname", func() { b.Family = p.family(b.Group) })
	happens(4, "typo in the given name", func() { b.Given = p.mistype(b.Given) })
	happens(4, "typo in the surname", func() { b.Family = p.mistype(b.Family) })
	happens(60, "accents lost", func() { b.Given, b.Family = bare(b.Given), bare(b.Family) })
	happens(10, "capitals", func() { b.Given, b.Family = strings.ToUpper(b.Given), strings.ToUpper(b.Family) })
	happens(reversed, "given and family name swapped", func() { b.Given, b.Family = b.Family, b.Given })
}

// mistype leaves a letter out, writes one twice, takes its neighbour on the keyboard, or changes two around.
func (p *Population) mistype(s string) string {
	letters := []rune(s)
	if len(letters) < 3 {
		return s
	}
	i := 1 + p.r.IntN(len(letters)-2)
	switch p.r.IntN(4) {
	case 0:
		return string(slices.Delete(letters, i, i+1))
	case 1:
		return string(slices.Insert(letters, i, letters[i]))
	case 2:
		letters[i], letters[i+1] = letters[i+1], letters[i]
		return string(letters)
	}
	for _, row := range []string{"qwertyuiopo", "asdfghjklk", "zxcvbnmn"} {
		if at := strings.IndexRune(row, letters[i]); at >= 0 && at < len(row)-1 {
			letters[i] = rune(row[at+1])
			break
		}
	}
	return string(letters)
}

func (p *Population) mistypeDigit(number string) string {
	b := []byte(number)
	i := len(b) - 1 - p.r.IntN(7)
	b[i] = '0' + (b[i]-'0'+1+byte(p.r.IntN(9)))%10
	return string(b)
}

func (p *Population) digitOff(d match.Date) match.Date {
	switch p.r.IntN(3) {
	case 0:
		d.Year += []int{-10, -1, 1, 10}[p.r.IntN(4)]
	case 1:
		d.Month = 1 + d.Month%9
	default:
		d.Day = d.Day/10*10 + 1 + d.Day%8
	}
	return d
}

// bare takes the accents off, as a form of a system that knows none.
func bare(s string) string {
	return strings.NewReplacer("á", "a", "Á", "A", "é", "e", "í", "i", "ó", "o", "ú", "u", "ñ", "n", "Đ", "D", "đ", "d", "ễ", "e", "ầ", "a", "ê", "e", "ạ", "a",
		"ỳ", "y", "ũ", "u", "õ", "o", "ặ", "a", "ù", "u", "ỗ", "o", "ồ", "o", "ô", "o", "ươ", "uo", "ư", "u", "ơ", "o", "ả", "a", "ọ", "o", "ị", "i", "à", "a",
		"ế", "e", "ằ", "a", "ý", "y", "â", "a").Replace(s)
}
