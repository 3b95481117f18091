package ruleset

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/rulebook"
	"doorstep/web/ui"
)

// Pages are the pages of this package.
type Pages struct{ Rules *rulebook.Service }

// List is every version, newest first.
func (p Pages) List(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("after")
	if err != nil {
		return ui.Body{}, err
	}
	page, err := p.Rules.List(r.Context(), r.Actor, q["after"])
	return ui.Body{Title: r.T("ruleset.title"), Nav: "/rulesets", Content: list(page, q["after"])}, err
}

// version is one rule set, with what changed and what its reader may do.
type version struct {
	rulebook.Full
	diff       *rulebook.Difference
	mayDraft   bool
	mayRelease bool
}

func (v version) path(rest string) string { return "/rulesets/" + v.ID.String() + rest }

// simulated is the finished simulation that counts for the gate: the newest.
func (v version) simulated() uuid.UUID {
	for _, s := range v.Simulations {
		if s.State == "done" {
			return s.ID
		}
	}
	return uuid.Nil
}

// ready reports whether every step of the gate is done.
func (v version) ready() bool {
	return len(v.Gate) > 0 && !slices.ContainsFunc(v.Gate, func(s rulebook.Step) bool { return !s.Done })
}

// done reports whether a step and those before it are done.
func (v version) done(step string) bool {
	for _, s := range v.Gate {
		if !s.Done {
			return false
		}
		if s.Step == step {
			return true
		}
	}
	return false
}

func (p Pages) version(r *ui.Request) (version, error) {
	id, err := r.ID("rule set")
	if err != nil {
		return version{}, err
	}
	full, err := p.Rules.Show(r.Context(), r.Actor, id)
	if err != nil {
		return version{}, err
	}
	v := version{Full: full, mayDraft: auth.May(r.Actor.Role, auth.RulesDraft), mayRelease: auth.May(r.Actor.Role, auth.RulesRelease)}
	if full.BasedOn != nil {
		diff, err := p.Rules.Diff(r.Context(), r.Actor, id, uuid.Nil)
		if err != nil {
			return version{}, err
		}
		v.diff = &diff
	}
	return v, nil
}

// Show is one version.
func (p Pages) Show(r *ui.Request) (ui.Body, error) {
	v, err := p.version(r)
	return ui.Body{Title: r.T("ruleset.version", "n", strconv.Itoa(v.Version.Version)), Nav: "/rulesets", Content: show(v)}, err
}

// SimulateForm says how far back.
type SimulateForm struct {
	Days int `form:"days"`
}

// Simulate asks the workers.
func (p Pages) Simulate(r *ui.Request, f SimulateForm) (ui.Next, error) {
	id, err := r.ID("rule set")
	if err != nil {
		return ui.Next{}, err
	}
	receipt, err := p.Rules.Simulate(r.Context(), r.Actor, id, rulebook.SimulationForm{Days: f.Days})
	return ui.Next{To: "/simulations/" + receipt.ID.String(), Flash: ui.Flash{Key: "ruleset.asked"}}, err
}

// NoteForm is an equity note.
type NoteForm struct {
	Simulation string `form:"simulation_id"`
	Words      string `form:"words"`
}

// Note keeps it.
func (p Pages) Note(r *ui.Request, f NoteForm) (ui.Next, error) {
	id, err := r.ID("rule set")
	if err != nil {
		return ui.Next{}, err
	}
	_, err = p.Rules.WriteNote(r.Context(), r.Actor, id, rulebook.NoteForm{SimulationID: idOf(f.Simulation), Words: f.Words})
	return ui.Next{To: "/rulesets/" + id.String(), Flash: ui.Flash{Key: "ruleset.noted"}}, err
}

// ApproveForm is the yes of a second person.
type ApproveForm struct {
	Simulation string `form:"simulation_id"`
	Community  string `form:"community"`
}

// Approve keeps it.
func (p Pages) Approve(r *ui.Request, f ApproveForm) (ui.Next, error) {
	id, err := r.ID("rule set")
	if err != nil {
		return ui.Next{}, err
	}
	_, err = p.Rules.Approve(r.Context(), r.Actor, id, rulebook.ApproveForm{SimulationID: idOf(f.Simulation), Community: f.Community})
	return ui.Next{To: "/rulesets/" + id.String(), Flash: ui.Flash{Key: "ruleset.approved"}}, err
}

// NoFields is a button.
type NoFields struct{}

// GoLive is the page before a version goes live, by release or by a roll-back.
func (p Pages) GoLive(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(auth.RulesRelease); err != nil { // Show is for more roles than this page
		return ui.Body{}, err
	}
	v, err := p.version(r)
	return ui.Body{Title: r.T("ruleset.release"), Nav: "/rulesets", Content: goLive(v)}, err
}

// Release makes a draft live.
func (p Pages) Release(r *ui.Request, _ NoFields) (ui.Next, error) {
	id, err := r.ID("rule set")
	if err != nil {
		return ui.Next{}, err
	}
	receipt, err := p.Rules.Release(r.Context(), r.Actor, id)
	return ui.Next{To: "/rulesets/" + id.String(), Flash: ui.Flash{Key: "ruleset.live_now", Args: []string{"n", strconv.Itoa(receipt.Version)}}}, err
}

// RollBackForm says why.
type RollBackForm struct {
	Reason string `form:"reason"`
}

// RollBack makes a version live again.
func (p Pages) RollBack(r *ui.Request, f RollBackForm) (ui.Next, error) {
	id, err := r.ID("rule set")
	if err != nil {
		return ui.Next{}, err
	}
	receipt, err := p.Rules.RollBack(r.Context(), r.Actor, id, rulebook.RollbackForm{Reason: f.Reason})
	return ui.Next{To: "/rulesets/" + id.String(), Flash: ui.Flash{Key: "ruleset.live_now", Args: []string{"n", strconv.Itoa(receipt.Version)}}}, err
}

// Simulation is one simulation; to open a finished one is a step of the gate.
func (p Pages) Simulation(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("simulation")
	if err != nil {
		return ui.Body{}, err
	}
	s, err := p.Rules.OpenSimulation(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("ruleset.simulation"), Nav: "/rulesets", Content: simulation(s)}, err
}

// Edit is one file of a version, as the beginning of another version.
func (p Pages) Edit(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(auth.RulesDraft); err != nil { // Show is for more roles than this page
		return ui.Body{}, err
	}
	v, err := p.version(r)
	if err != nil {
		return ui.Body{}, err
	}
	q, err := r.Query("file")
	if err != nil {
		return ui.Body{}, err
	}
	names := slices.Sorted(maps.Keys(own(v.Files)))
	file := q["file"]
	if file == "" && len(names) > 0 {
		file = names[len(names)-1] // triggers.yaml, where most changes are
	}
	if _, known := v.Files[file]; !known {
		return ui.Body{}, fault.New(fault.NotFound, "There is no such file in this version.")
	}
	return ui.Body{Title: r.T("ruleset.edit"), Nav: "/rulesets", Content: edit(v, names, file)}, nil
}

// own are the files that the community writes; the shared ones come with the program.
func own(files map[string]string) map[string]string {
	out := map[string]string{}
	for name, text := range files {
		if !strings.Contains(name, "/") {
			out[name] = text
		}
	}
	return out
}

// DraftForm is one changed file and why.
type DraftForm struct {
	File  string `form:"file"`
	Text  string `form:"text,raw"`
	Title string `form:"title"`
	Note  string `form:"note"`
}

// Draft keeps the version with that file changed as a new one.
func (p Pages) Draft(r *ui.Request, f DraftForm) (ui.Next, error) {
	id, err := r.ID("rule set")
	if err != nil {
		return ui.Next{}, err
	}
	if err := r.Actor.Require(auth.RulesDraft); err != nil {
		return ui.Next{}, err
	}
	v, err := p.Rules.Show(r.Context(), r.Actor, id)
	if err != nil {
		return ui.Next{}, err
	}
	files := own(v.Files)
	if _, known := files[f.File]; !known {
		return ui.Next{}, fault.New(fault.NotFound, "There is no such file in this version.")
	}
	files[f.File] = strings.ReplaceAll(f.Text, "\r\n", "\n") // browsers send lines their own way
	receipt, err := p.Rules.Draft(r.Context(), r.Actor, rulebook.DraftForm{Title: f.Title, Note: f.Note, BasedOn: &id, Files: files})
	return ui.Next{To: "/rulesets/" + receipt.ID.String(), Flash: ui.Flash{Key: "ruleset.drafted", Args: []string{"n", strconv.Itoa(receipt.Version)}}}, err
}

func idOf(text string) uuid.UUID {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil
	}
	return id
}
