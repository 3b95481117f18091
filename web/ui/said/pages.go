package said

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/messages"
	"doorstep/web/ui"
)

const home = "/messages"

// Pages are the pages of this package.
type Pages struct{ Messages *messages.Service }

// Templates lists them.
func (p Pages) Templates(r *ui.Request) (ui.Body, error) {
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	all, err := p.Messages.List(r.Context(), r.Actor)
	return ui.Body{Title: r.T("said.title"), Nav: home, Content: list(all.Items)}, err
}

// sheet is a template with the words as they stand in the form, and what the checks say of them.
type sheet struct {
	messages.Template
	words    map[string]messages.Words // as they are kept
	typed    map[string]messages.Words // as they stand in the form
	reports  []messages.Report
	mayWrite bool
}

func (s sheet) path(rest string) string { return home + "/" + s.ID.String() + rest }

// Template is one of them, to read and to write.
func (p Pages) Template(r *ui.Request) (ui.Body, error) { return p.template(r, nil) }

// Rewrite is Template with the words that need a correction.
func (p Pages) Rewrite(r *ui.Request) (ui.Body, error) {
	values, err := r.Sent()
	if err != nil {
		return ui.Body{}, err
	}
	form := ui.Read[WordsForm](values)
	return p.template(r, &form)
}

func (p Pages) template(r *ui.Request, sent *WordsForm) (ui.Body, error) {
	id, err := r.ID("template")
	if err != nil {
		return ui.Body{}, err
	}
	t, err := p.Messages.Show(r.Context(), r.Actor, id)
	if err != nil {
		return ui.Body{}, err
	}
	s := sheet{Template: t, words: map[string]messages.Words{}, mayWrite: auth.May(r.Actor.Role, auth.TemplateWrite)}
	form := WordsForm{}
	for _, in := range t.Languages {
		w := in.Newest()
		s.words[in.Language] = w
		form.set(w)
	}
	if sent != nil {
		form = *sent
	}
	checked, err := p.Messages.Check(r.Context(), r.Actor, id, form.form())
	s.reports, s.typed = checked.Reports, form.typed()
	return ui.Body{Title: r.T("said.one"), Nav: home, Content: show(s)}, err
}

// WordsForm is both languages side by side.
type WordsForm struct {
	EnSubject string `form:"en.subject"`
	EnBody    string `form:"en.body"`
	EsSubject string `form:"es.subject"`
	EsBody    string `form:"es.body"`
	Check     string `form:"check"`
}

func (f *WordsForm) set(w messages.Words) {
	if w.Language == messages.Spanish {
		f.EsSubject, f.EsBody = w.Subject, w.Body
		return
	}
	f.EnSubject, f.EnBody = w.Subject, w.Body
}

func (f WordsForm) typed() map[string]messages.Words {
	return map[string]messages.Words{messages.English: {Language: messages.English, Subject: f.EnSubject, Body: f.EnBody},
		messages.Spanish: {Language: messages.Spanish, Subject: f.EsSubject, Body: f.EsBody}}
}

func (f WordsForm) form() messages.WordsForm {
	return messages.WordsForm{English: messages.WordsIn{Subject: f.EnSubject, Body: f.EnBody}, Spanish: messages.WordsIn{Subject: f.EsSubject, Body: f.EsBody}}
}

// Write keeps a draft, or only checks it when that was the button.
func (p Pages) Write(r *ui.Request, f WordsForm) (ui.Next, error) {
	id, err := r.ID("template")
	if err != nil {
		return ui.Next{}, err
	}
	if f.Check != "" && r.Actor.Require(auth.TemplateWrite) == nil {
		return ui.Next{}, &ui.Instead{Err: fault.New(fault.Invalid, "Checked, not kept."), Status: http.StatusOK,
			View: func(r *ui.Request) (ui.Body, error) { return p.template(r, &f) }}
	}
	_, err = p.Messages.Write(r.Context(), r.Actor, id, f.form())
	return ui.Next{To: home + "/" + id.String(), Flash: ui.Flash{Key: "said.written"}}, err
}

// Check answers while somebody writes.
func (p Pages) Check(r *ui.Request, f WordsForm) (templ.Component, error) {
	id, err := r.ID("template")
	if err != nil {
		return nil, err
	}
	t, err := p.Messages.Show(r.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	checked, err := p.Messages.Check(r.Context(), r.Actor, id, f.form())
	return reports(sheet{Template: t, reports: checked.Reports, typed: f.typed()}), err
}

// VersionForm names the version that was read.
type VersionForm struct {
	Version string `form:"version_id"`
}

// Approve is the second person's yes.
func (p Pages) Approve(r *ui.Request, f VersionForm) (ui.Next, error) {
	id, err := r.ID("template")
	if err != nil {
		return ui.Next{}, err
	}
	version, err := uuid.Parse(f.Version)
	if err != nil {
		version = uuid.Nil // which nobody finds
	}
	_, err = p.Messages.Approve(r.Context(), r.Actor, version)
	return ui.Next{To: home + "/" + id.String(), Flash: ui.Flash{Key: "said.approved"}}, err
}

// LanguageForm names a language.
type LanguageForm struct {
	Language string `form:"language"`
}

// Stop takes a language out of use.
func (p Pages) Stop(r *ui.Request, f LanguageForm) (ui.Next, error) {
	id, err := r.ID("template")
	if err != nil {
		return ui.Next{}, err
	}
	_, err = p.Messages.Stop(r.Context(), r.Actor, id, messages.StopForm{Language: f.Language})
	return ui.Next{To: home + "/" + id.String(), Flash: ui.Flash{Key: "said.stopped"}}, err
}
