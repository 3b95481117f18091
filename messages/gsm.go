package messages

import "strings"

// The alphabet of text messages (3GPP TS 23.038, 6.2.1): of Spanish it has é, ñ, ü, ¿ and ¡, and no á, í, ó or ú. One letter outside of it
// makes the whole message UCS-2, of which less than half fits.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmTwo   = "^{}\\[~]|€\f" // these take two places
)

// The encodings of a text message.
const (
	GSM7 = "GSM-7"
	UCS2 = "UCS-2"
)

// size is how long a text message is.
type size struct {
	Encoding string
	Segments int
	Outside  []string // letters that force UCS-2, each once
}

func measure(text string) size {
	s := size{Encoding: GSM7}
	for _, r := range text {
		if !strings.ContainsRune(gsmBasic+gsmTwo, r) {
			s.Encoding = UCS2
			if !strings.Contains(strings.Join(s.Outside, ""), string(r)) {
				s.Outside = append(s.Outside, string(r))
			}
		}
	}
	whole, part := 160, 153
	if s.Encoding == UCS2 {
		whole, part = 70, 67
	}
	var widths []int
	total := 0
	for _, r := range text {
		n := 1
		if s.Encoding == GSM7 && strings.ContainsRune(gsmTwo, r) || s.Encoding == UCS2 && r > 0xFFFF {
			n = 2
		}
		widths, total = append(widths, n), total+n
	}
	switch {
	case total == 0:
	case total <= whole:
		s.Segments = 1
	default: // a letter of two places is not cut in half
		left := 0
		for _, n := range widths {
			if left < n {
				s.Segments, left = s.Segments+1, part
			}
			left -= n
		}
	}
	return s
}
