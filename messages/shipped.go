package messages

import (
	"slices"

	"github.com/google/uuid"
)

// shipped is one template with the words that came with the service. They are drafts: nobody of this hub has read them yet.
type shipped struct {
	id            uuid.UUID
	code, channel string
	words         []Words
}

// catalogue is everything that machines say to families. A template that nothing sends does not stand here, but for text messages, which wait
// for their channel.
func catalogue() []shipped {
	return []shipped{
		{uuid.MustParse("01900000-0000-7000-8000-000000000001"), "still_waiting", Mail, []Words{
			{English, "We have not forgotten you", "Hello,\n\nyou asked us to stay in touch. One of us will call you soon, in the way that you told us is good for you. " +
				"You do not need to do anything.\n\nIf you want no more mail from us, tell us when we call.\n\nThis mail was sent by a machine. Please do not answer it."},
			{Spanish, "Seguimos en contacto", "Hola:\n\nUsted nos pidió seguir en contacto. Pronto le llama una persona, de la forma que usted prefiere. " +
				"No tiene que hacer nada.\n\nSi no quiere más correos, dígalo cuando le llamemos.\n\nEste correo lo envía una máquina. Por favor, no conteste."},
		}},
		{uuid.MustParse("01900000-0000-7000-8000-000000000002"), "still_waiting", Text, []Words{
			{English, "", "{sender}: We have not forgotten you. One of us will call you soon. Reply STOP to end texts."},
			{Spanish, "", "{sender}: Seguimos con usted. Pronto le llama una persona. Para no recibir textos, responda ALTO."},
		}},
	}
}

// draft is the words that came with a template in a language, as a version that nobody has approved, nil when there are none.
func (t shipped) draft(language string) *Version {
	for _, w := range t.words {
		if w.Language == language {
			return &Version{ID: uuid.NewSHA1(t.id, []byte(language)), TemplateID: t.id, Language: language, Version: 1, Subject: w.Subject, Body: w.Body, Status: Draft}
		}
	}
	return nil
}

// idOf is the template of a code by a way, uuid.Nil when there is none.
func idOf(code, channel string) uuid.UUID {
	all := catalogue()
	if i := slices.IndexFunc(all, func(t shipped) bool { return t.code == code && t.channel == channel }); i >= 0 {
		return all[i].id
	}
	return uuid.Nil
}

// shippedVersion is a version that came with the service, nil when id is none.
func shippedVersion(id uuid.UUID) *Version {
	for _, t := range catalogue() {
		for _, language := range Languages() {
			if v := t.draft(language); v != nil && v.ID == id {
				return v
			}
		}
	}
	return nil
}
