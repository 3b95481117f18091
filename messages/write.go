package messages

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Write keeps new words as a draft, one in each language in which they differ from the newest. Nothing is sent by them before a second person
// approves. Faults: Forbidden, NotFound, Invalid for every finding of the checks at its field, Conflict when nothing is new.
func (s *Service) Write(ctx context.Context, actor auth.Actor, id uuid.UUID, form WordsForm) (Receipt, error) {
	if err := signs(actor, auth.TemplateWrite); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		st, out := store{tx}, Receipt{ID: id, Changed: []string{}}
		if err := st.lock(id); err != nil {
			return out, err
		}
		t, err := st.template(id, actor.ID)
		if err != nil {
			return out, err
		}
		names, err := st.names()
		if err != nil {
			return out, err
		}
		var wrong []fault.Field
		for i, w := range form.words() {
			if w.Empty() || w == t.Languages[i].Newest() {
				continue
			}
			out.Changed = append(out.Changed, w.Language)
			wrong = append(wrong, fields(Check(t.Channel, w, names))...)
		}
		if err := fault.Problems(wrong); err != nil {
			return out, err
		}
		if len(out.Changed) == 0 {
			return out, fault.New(fault.Conflict, "Nothing is new: these are the words that are kept already.")
		}
		for i, w := range form.words() {
			if w.Empty() || w == t.Languages[i].Newest() {
				continue
			}
			version := st.draft(id, w, t.Languages[i], actor.ID)
			err := audit.NewStore(tx).Record(audit.Event{Action: "write message template", Subject: "message_template", SubjectID: &id, To: Draft,
				Detail: map[string]any{"version": version, "language": w.Language}})
			if err != nil {
				return out, err
			}
		}
		return out, nil
	})
}

// fields are the findings of a check as faults of a form.
func fields(r Report) (out []fault.Field) {
	for _, f := range r.Findings {
		out = append(out, fault.Field{Pointer: "/" + r.Language + "/" + f.Field, Code: f.Code, Detail: f.sentence(r)})
	}
	return out
}

// sentence says a finding to who wrote the text. The words that it quotes are the writer's own, of no family.
func (f Finding) sentence(r Report) string {
	switch f.Code {
	case "required":
		return "Write something here."
	case "too_long":
		return "At most " + f.What + " characters, in one line where it is a subject."
	case "segments":
		return "At most " + f.What + " parts as a text message. Shorten it, or write without the letters that make it UCS-2."
	case "variable":
		return f.What + " is no name of the list. Nothing else can be put in."
	case "word":
		return "“" + f.What + "” tells whoever sees her phone what this is about. Say it another way."
	case "name":
		return "“" + f.What + "” is an organization or program. A message names none."
	case "address":
		return "“" + f.What + "” can be opened. A message holds no address."
	}
	if r.Measure == "ease" {
		return "This is hard to read (INFLESZ " + f.What + ", at least 65 is asked). Use short sentences and short words."
	}
	return "This is hard to read (grade " + f.What + ", at most 6 is asked). Use short sentences and short words."
}
