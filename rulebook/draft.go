package rulebook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/triage"
)

// DraftForm is a new version as it is proposed: the whole text, not a change of one.
type DraftForm struct {
	Title   string            `json:"title" validate:"required,max=200"` // what changed
	Note    string            `json:"note" validate:"max=4000"`          // why
	BasedOn *uuid.UUID        `json:"based_on"`                          // nil: the version that is live
	Files   map[string]string `json:"files" validate:"required,min=1,max=40"`
}

// CheckForm is a text to look at.
type CheckForm struct {
	Files map[string]string `json:"files" validate:"required,min=1,max=40"`
}

// Checked says what is wrong with a text, or what is in it.
type Checked struct {
	Hash     string           `json:"hash"`
	Problems []triage.Problem `json:"problems"` // by file and line
	Summary  *Summary         `json:"summary"`  // nil when there are problems
}

// Summary counts what a rule set holds.
type Summary struct {
	Pack        string `json:"pack"`
	Questions   int    `json:"questions"`
	Alarms      int    `json:"alarms"`
	Tiers       int    `json:"tiers"`
	Triggers    int    `json:"triggers"`
	Programs    int    `json:"programs"`
	Connections int    `json:"connections"`
	Clocks      int    `json:"clocks"`
	Local       int    `json:"local_policy"` // entries that no publication backs
}

// Check compiles a text and stores nothing. Faults: Forbidden, Invalid for names that are no file names.
func (s *Service) Check(_ context.Context, actor auth.Actor, form CheckForm) (Checked, error) {
	if err := may(actor, auth.RulesDraft); err != nil {
		return Checked{}, err
	}
	if err := fileNames(form.Files); err != nil {
		return Checked{}, err
	}
	return CheckSource(triage.Source{Files: form.Files}.WithForms())
}

// CheckSource is Check for whoever has the text at hand.
func CheckSource(source triage.Source) (Checked, error) {
	out := Checked{Hash: source.Hash(), Problems: []triage.Problem{}}
	set, err := triage.Compile(source)
	var problems triage.Problems
	switch {
	case errors.As(err, &problems):
		out.Problems = problems
		return out, nil
	case err != nil:
		return out, fmt.Errorf("compile: %w", err)
	}
	d := set.Describe(source)
	sum := Summary{Pack: d.Name, Questions: len(d.Questions), Alarms: len(d.Alarms), Tiers: len(d.Tiers), Programs: len(d.Programs),
		Connections: len(d.Connections), Clocks: len(d.Clocks), Local: len(d.Local)}
	sum.Triggers = d.Triggers
	out.Summary = &sum
	return out, nil
}

// Draft stores a new version. It is never changed: who wants another text writes another version. Faults: Forbidden, Invalid
// with every problem of the text by file and line, Conflict for a text that is live or a draft already.
func (s *Service) Draft(ctx context.Context, actor auth.Actor, form DraftForm) (Receipt, error) {
	if err := signs(actor, auth.RulesDraft); err != nil {
		return Receipt{}, err
	}
	if err := form.problems(); err != nil {
		return Receipt{}, err
	}
	source := triage.Source{Files: form.Files}.WithForms()
	set, err := triage.Compile(source)
	if err != nil {
		return Receipt{}, refusedText(err)
	}
	text, err := json.Marshal(source)
	if err != nil {
		return Receipt{}, fmt.Errorf("store the draft: %w", err)
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		store := store{tx}
		row := ruleSet{ID: pg.NewID(), Pack: set.Name(), Hash: source.Hash(), Status: draft, Source: text, Title: strings.TrimSpace(form.Title),
			Note: strings.TrimSpace(form.Note), BasedOn: form.BasedOn, CreatedAt: tx.Now, CreatedBy: actor.ID}
		if err := store.baseOf(&row); err != nil {
			return Receipt{}, err
		}
		if row.Version, err = store.insertDraft(row); err != nil {
			return Receipt{}, err
		}
		return Receipt{row.ID, row.Version, row.Hash, row.Status}, audit.NewStore(tx).Record(audit.Event{Action: "draft rules",
			Subject: "rule_set", SubjectID: &row.ID, To: draft, Detail: map[string]any{"version": row.Version, "hash": row.Hash, "based_on": row.BasedOn}})
	})
}

func (f DraftForm) problems() error {
	var wrong []fault.Field
	if t := strings.TrimSpace(f.Title); t == "" || len(t) > 200 {
		wrong = append(wrong, fault.Field{Pointer: "/title", Code: "required", Detail: "Say in one line what changed, in at most 200 characters."})
	}
	if len(f.Note) > 4000 {
		wrong = append(wrong, fault.Field{Pointer: "/note", Code: "max", Detail: "At most 4000 characters."})
	}
	if err := fault.Problems(wrong); err != nil {
		return err
	}
	return fileNames(f.Files)
}

var fileName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,60}\.yaml$`)

func fileNames(files map[string]string) error {
	var wrong []fault.Field
	if len(files) == 0 || len(files) > 40 {
		wrong = append(wrong, fault.Field{Pointer: "/files", Code: "required", Detail: "1 to 40 files of the pack, each name with its text."})
	}
	for name := range files {
		if !fileName.MatchString(name) {
			wrong = append(wrong, fault.Field{Pointer: "/files", Code: "name", Detail: "A file of a pack is named like triggers.yaml: small letters, digits, - and _."})
			break
		}
	}
	return fault.Problems(wrong)
}

// refusedText names every problem of a text, each at its file.
func refusedText(err error) error {
	var problems triage.Problems
	if !errors.As(err, &problems) {
		return fmt.Errorf("compile: %w", err)
	}
	fields := make([]fault.Field, 0, len(problems))
	for _, p := range problems {
		fields = append(fields, fault.Field{Pointer: "/files/" + strings.ReplaceAll(p.File, "/", "~1"), Code: "rule", Detail: p.String()})
	}
	f := fault.Wrap(fault.Invalid, err, "The rules are refused: %d problem(s), each with its file and line.", len(problems))
	f.Fields = fields
	return f
}
