package messages

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Report is what a check of one text found.
type Report struct {
	Language   string    `json:"language"`
	Characters int       `json:"characters"` // of the body, with the examples in it
	Encoding   string    `json:"encoding"`   // as a text message: GSM-7 or UCS-2
	Segments   int       `json:"segments"`   // as a text message
	Outside    []string  `json:"outside"`    // the letters that make it UCS-2
	Measure    string    `json:"measure"`    // grade (Flesch-Kincaid, lower is easier) or ease (INFLESZ, higher is easier)
	Reading    float64   `json:"reading"`
	Findings   []Finding `json:"findings"` // nothing: it may be kept and approved
}

// Finding is one thing that must be mended.
type Finding struct {
	Field string `json:"field"` // subject or body
	Code  string `json:"code"`  // required, too_long, segments, variable, word, name, address, reading
	What  string `json:"what"`  // the word, name or number in question
}

// What a template may hold at most.
const (
	longestSubject = 80
	longestBody    = 1500
	mostSegments   = 3
)

// Check says what is wrong with words that leave by a way. names are those of the network, of which none may stand in them. It is the one check:
// page, API and approval ask it.
func Check(way string, w Words, names []string) Report {
	w = w.trimmed()
	full := w.Fill(Example())
	s := measure(full.Body)
	out := Report{Language: w.Language, Characters: utf8.RuneCountInString(full.Body), Encoding: s.Encoding, Segments: s.Segments, Outside: append([]string{}, s.Outside...),
		Measure: "grade", Findings: []Finding{}}
	prose := Read(w.Language, full.Subject+".\n"+full.Body)
	hard := prose.Grade() > HighestGrade
	out.Reading = prose.Grade()
	if w.Language == Spanish {
		out.Measure, out.Reading, hard = "ease", prose.Ease(), prose.Ease() < LowestEase
	}
	found := func(field, code, what string) { out.Findings = append(out.Findings, Finding{field, code, what}) }
	if way == Mail && w.Subject == "" {
		found("subject", "required", "")
	}
	if w.Body == "" {
		found("body", "required", "")
	}
	if utf8.RuneCountInString(full.Subject) > longestSubject || strings.ContainsAny(w.Subject, "\r\n") {
		found("subject", "too_long", strconv.Itoa(longestSubject))
	}
	if out.Characters > longestBody {
		found("body", "too_long", strconv.Itoa(longestBody))
	}
	if way == Text && out.Segments > mostSegments {
		found("body", "segments", strconv.Itoa(mostSegments))
	}
	for _, part := range []struct{ field, text string }{{"subject", w.Subject}, {"body", w.Body}} {
		for _, name := range unknown(part.text) {
			found(part.field, "variable", name)
		}
		for _, word := range telling(part.text) {
			found(part.field, "word", word)
		}
		for _, name := range naming(part.text, names) {
			found(part.field, "name", name)
		}
		for _, address := range opens.FindAllString(part.text, -1) {
			found(part.field, "address", address)
		}
	}
	if hard && w.Body != "" {
		found("body", "reading", strconv.FormatFloat(out.Reading, 'f', 1, 64))
	}
	return out
}

// opens is what a phone makes a link of: opened, it tells more than any word.
var opens = regexp.MustCompile(`(?i)(?:https?://|www\.)\S*|\S+@\S+\.\S+|\b[a-z0-9-]+\.(?:com|org|net|gov|info)\b`)

// tells are the beginnings of words, without accents, that say what she is in touch with us for, or what befell her. They are refused in every
// language: people write in two.
var tells = regexp.MustCompile(`\b(?:pregnan|embaraz|gestac|baby|babies|bebe|newborn|infant|birth|nacimient|recien nacid|parto|partera|postpart|pospart|prenatal|` +
	`maternal|maternity|matern|midwi|health|salud|clinic|hospital|doctor|medic|nurse|enfermer|patient|pacient|home visit|visita[s]? a domicilio|visita[s]? en casa|` +
	`miscarr|stillb|abort|violen|abus|shelter|refugio|treatment|tratamiento)[a-z]*`)

func telling(text string) (found []string) {
	for _, word := range tells.FindAllString(plain(text), -1) {
		if !slices.Contains(found, word) {
			found = append(found, word)
		}
	}
	return found
}

// naming are the names of organizations and programs in a text.
func naming(text string, names []string) (found []string) {
	in := " " + letters.ReplaceAllString(plain(text), " ") + " "
	for _, name := range names {
		bare := strings.TrimSpace(letters.ReplaceAllString(plain(name), " "))
		if bare != "" && strings.Contains(in, " "+bare+" ") && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	return found
}

var letters = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// plain is a text in small letters without the accents of Spanish.
func plain(text string) string {
	return strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n").Replace(strings.ToLower(text))
}
