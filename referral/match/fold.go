package match

import (
	"strings"
	"unicode"
)

// words are the words of a name, in lower case without accents. Hyphens and dots part words; apostrophes do not.
func words(s string) []string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == '‘' || r == 'ʼ' || r == '`' || r == '´':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteString(plain(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// plain writes a letter in those of English where it has a near relation there. The standard library knows no decomposition.
func plain(r rune) string {
	switch r {
	case 'à', 'á', 'â', 'ã', 'ä', 'å', 'ā', 'ă', 'ą', 'ǎ', 'ạ', 'ả', 'ấ', 'ầ', 'ẩ', 'ẫ', 'ậ', 'ắ', 'ằ', 'ẳ', 'ẵ', 'ặ':
		return "a"
	case 'ç', 'ć', 'č', 'ċ':
		return "c"
	case 'đ', 'ď', 'ð':
		return "d"
	case 'è', 'é', 'ê', 'ë', 'ē', 'ė', 'ę', 'ě', 'ẹ', 'ẻ', 'ẽ', 'ế', 'ề', 'ể', 'ễ', 'ệ':
		return "e"
	case 'ğ', 'ģ':
		return "g"
	case 'ì', 'í', 'î', 'ï', 'ī', 'į', 'ı', 'ǐ', 'ị', 'ỉ', 'ĩ':
		return "i"
	case 'ł', 'ļ', 'ľ':
		return "l"
	case 'ñ', 'ń', 'ň', 'ņ':
		return "n"
	case 'ò', 'ó', 'ô', 'õ', 'ö', 'ø', 'ō', 'ő', 'ǒ', 'ơ', 'ọ', 'ỏ', 'ố', 'ồ', 'ổ', 'ỗ', 'ộ', 'ớ', 'ờ', 'ở', 'ỡ', 'ợ':
		return "o"
	case 'ŕ', 'ř':
		return "r"
	case 'ś', 'š', 'ş', 'ș':
		return "s"
	case 'ť', 'ţ', 'ț':
		return "t"
	case 'ù', 'ú', 'û', 'ü', 'ū', 'ů', 'ű', 'ų', 'ǔ', 'ư', 'ụ', 'ủ', 'ũ', 'ứ', 'ừ', 'ử', 'ữ', 'ự':
		return "u"
	case 'ý', 'ÿ', 'ỳ', 'ỵ', 'ỷ', 'ỹ':
		return "y"
	case 'ź', 'ž', 'ż':
		return "z"
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	}
	return string(r)
}

// sound is what is left of a name when what spellings of one sound differ in is taken out: doubled letters, vowels but the
// first letter, and the usual choices between letters when a name is written from another script.
func sound(w string) string {
	w = strings.NewReplacer("ph", "f", "kh", "k", "gh", "g", "dh", "d", "ck", "k", "q", "k", "c", "k", "z", "s").Replace(w)
	var b strings.Builder
	var last rune
	for i, r := range w {
		if r != last && (i == 0 || !strings.ContainsRune("aeiouyh", r)) {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// digits are the last ten digits of a phone number: what of it is the subscriber's, with or without the country's code.
func digits(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	return b.String()[max(0, b.Len()-10):]
}
