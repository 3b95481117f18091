package messages_test

import (
	"slices"
	"strings"
	"testing"

	"doorstep/messages"
)

func codes(r messages.Report) (out []string) {
	for _, f := range r.Findings {
		out = append(out, f.Field+" "+f.Code)
	}
	return out
}

func TestCheck(t *testing.T) {
	names := []string{"North Families", "Example Clinic", "NFP"}
	for name, c := range map[string]struct {
		way  string
		w    messages.Words
		want []string
	}{
		"a plain mail":                 {"email", messages.Words{"en", "Hello from {sender}", "We will call you soon."}, nil},
		"a plain mail in Spanish":      {"email", messages.Words{"es", "Hola", "Le llamamos pronto."}, nil},
		"a text message needs no more": {"sms", messages.Words{"en", "", "{sender}: we will call you soon."}, nil},
		"nothing":                      {"email", messages.Words{"en", " ", "\n"}, []string{"subject required", "body required"}},
		"what she is in touch for":     {"sms", messages.Words{"en", "", "Your Baby and your pregnancy."}, []string{"body word", "body word"}},
		"the same in Spanish":          {"email", messages.Words{"es", "Su bebé", "Le llama la clínica."}, []string{"subject word", "body word"}},
		"without the accent":           {"sms", messages.Words{"es", "", "Hola de salud."}, []string{"body word"}},
		"Spanish in an English text":   {"sms", messages.Words{"en", "", "We call you soon. You say hi to us. We say hi to you. Embarazada."}, []string{"body word"}},
		"an agency":                    {"sms", messages.Words{"en", "", "north  families will call."}, []string{"body name"}},
		"a program's short name":       {"sms", messages.Words{"en", "", "The NFP will call."}, []string{"body name"}},
		"not a part of a word":         {"sms", messages.Words{"en", "", "We nfpx will call."}, nil},
		"a name that we do not fill":   {"sms", messages.Words{"en", "", "Hi {given_name} and {sender}."}, []string{"body variable"}},
		"a link":                       {"sms", messages.Words{"en", "", "See www.hub.example now."}, []string{"body address"}},
		"an address without a prefix":  {"sms", messages.Words{"en", "", "See doorstep.org now."}, []string{"body address"}},
		"too much for a text message":  {"sms", messages.Words{"en", "", strings.Repeat("We call. ", 60)}, []string{"body segments"}},
		"a hard text":                  {"email", messages.Words{"en", "Hi", "Notwithstanding institutional considerations, representatives anticipate communicating."}, []string{"body reading"}},
		"a hard text in Spanish":       {"email", messages.Words{"es", "Hola", "Próximamente nuestras representantes institucionales restablecerán comunicaciones confidenciales."}, []string{"body reading"}},
		"a subject of two lines":       {"email", messages.Words{"en", "Hi\nBcc: x", "We will call."}, []string{"subject too_long"}},
	} {
		if got := codes(messages.Check(c.way, c.w, names)); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestSize(t *testing.T) {
	for name, c := range map[string]struct {
		body     string
		encoding string
		segments int
		outside  string
	}{
		"160 letters":               {strings.Repeat("a", 160), messages.GSM7, 1, ""},
		"161 letters":               {strings.Repeat("a", 161), messages.GSM7, 2, ""},
		"307 letters":               {strings.Repeat("a", 307), messages.GSM7, 3, ""},
		"letters of two places":     {strings.Repeat("€", 80), messages.GSM7, 1, ""},
		"a letter that is not cut":  {strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), messages.GSM7, 3, ""},
		"Spanish that GSM-7 has":    {"¿Mañana? ¡Sí que é!", messages.UCS2, 1, "í"},
		"71 letters with an accent": {"ó" + strings.Repeat("a", 70), messages.UCS2, 2, "ó"},
		"70 letters with an accent": {"ó" + strings.Repeat("a", 69), messages.UCS2, 1, "ó"},
		"the sender is counted":     {"{sender}" + strings.Repeat("a", 152), messages.GSM7, 1, ""},
		"and may be too much":       {"{sender}" + strings.Repeat("a", 153), messages.GSM7, 2, ""},
	} {
		r := messages.Check(messages.Text, messages.Words{Language: "en", Body: c.body}, nil)
		if r.Encoding != c.encoding || r.Segments != c.segments || strings.Join(r.Outside, "") != c.outside {
			t.Errorf("%s: %s, %d, %q", name, r.Encoding, r.Segments, r.Outside)
		}
	}
}

// What is put in is closed: nothing in braces but the list is ever filled.
func TestFill(t *testing.T) {
	got := messages.Words{Language: "en", Subject: "{sender}", Body: "{sender} {given_name} {{sender}}"}.Fill(messages.Safe{Sender: "Doorstep"})
	if got.Subject != "Doorstep" || got.Body != "Doorstep {given_name} {Doorstep}" {
		t.Errorf("got %+v", got)
	}
}
