package referral

import (
	"regexp"
	"slices"

	"golang.org/x/text/language"

	"doorstep/internal/fault"
)

// Wording is one version of the words by which she is asked. A version is never changed: new words are a new version, and a consent
// names the one that she heard.
type Wording struct {
	Version string        `json:"version"`
	Texts   []WordingText `json:"texts"`
}

// WordingText is what is read to her about one scope, in English and, since version 2026-02, in Spanish. In any other language a member of
// staff who speaks it or a qualified interpreter says the words, and the consent names the language.
type WordingText struct {
	Scope   string `json:"scope"`
	Text    string `json:"text"`
	Spanish string `json:"text_es,omitempty"`
}

// Wordings is the catalogue, newest first.
func Wordings() []Wording {
	english := []WordingText{
		{Scope: "receive", Text: "We would like to send your name and how to reach you to the home visiting hub. The hub helps you find a program. You can say no, and your care here stays the same."},
		{Scope: "contact", Text: "May a person from the hub call you or visit you? You choose the number and the times that are safe."},
		{Scope: "share", Text: "May the hub tell a home visiting program who you are? You can name the programs, or say yes to any of them. You can take this back at any time."},
		{Scope: "feedback", Text: "May the hub tell the place that sent you how it goes: that you were reached, that visits began, that it ended? Not what you talk about."},
		{Scope: "feedback_reason", Text: "If it ends, may the hub also tell that place why it ended?"},
		{Scope: "texts", Text: "May we send you texts at this number? They name no program. You can stop them at any time by answering STOP."},
		{Scope: "email", Text: "May we send you e-mail at this address? You can stop it at any time."},
		{Scope: "program", Text: "The program reads you its own consent form before visits begin. Only when you agree to it are you enrolled."},
		{Scope: "connection", Text: "May we send your name and how to reach you to this other service, so that it can help you?"},
	}
	both := slices.Clone(english)
	for i, spanish := range []string{
		"Quisiéramos enviar su nombre y la forma de comunicarnos con usted al centro de visitas al hogar. El centro le ayuda a encontrar un programa. Puede decir que no, y su atención aquí sigue igual.",
		"¿Puede una persona del centro llamarle o visitarle? Usted elige el número y las horas que son seguras.",
		"¿Puede el centro decirle a un programa de visitas al hogar quién es usted? Puede nombrar los programas, o decir que sí a cualquiera. Puede retirar su permiso en cualquier momento.", //nolint:misspell // Spanish
		"¿Puede el centro contarle al lugar que le envió cómo va: que hablamos con usted, que empezaron las visitas, que terminó? No lo que usted cuenta.",
		"Si termina, ¿puede el centro decirle también a ese lugar por qué terminó?",
		"¿Podemos enviarle mensajes de texto a este número? No nombran ningún programa. Puede pararlos en cualquier momento si responde STOP.", //nolint:misspell // Spanish
		"¿Podemos enviarle correo electrónico a esta dirección? Puede pararlo en cualquier momento.",                                           //nolint:misspell // Spanish
		"El programa le lee su propio permiso antes de que empiecen las visitas. Solo cuando usted está de acuerdo queda inscrita.",
		"¿Podemos enviar su nombre y la forma de comunicarse con usted a este otro servicio, para que pueda ayudarle?",
	} {
		both[i].Spanish = spanish
	}
	return []Wording{{"2026-02", both}, {"2026-01", english}}
}

func knownWording(version string) bool {
	return slices.ContainsFunc(Wordings(), func(w Wording) bool { return w.Version == version })
}

// formNumber is how a program writes the version of its own paper: a code, not a text.
var formNumber = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$`)

// newShape knows the tags of this package's forms beside the usual ones.
func newShape() *fault.Shape {
	s := fault.NewShape()
	s.Rule("wording", "A version of the wording that GET /api/v1/consent-wordings lists.", knownWording)
	s.Rule("form_number", "The number of the program's own form: at most 40 letters, digits and . _ / -.", formNumber.MatchString)
	s.Rule("language", "Not a language tag. Write for example en, es, ht or ar.", func(tag string) bool {
		_, err := language.Parse(tag)
		return err == nil
	})
	return s
}

// canonical is the one spelling of a language tag that was checked; what is empty stays so.
func canonical(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	return t.String()
}
