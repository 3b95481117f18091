package network

import (
	"strconv"
	"strings"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/rulebook"
	"doorstep/web/ui"
)

// NewProgram is the form for another program of an agency.
func (p Pages) NewProgram(r *ui.Request) (ui.Body, error) {
	o, err := p.party(r)
	if err != nil {
		return ui.Body{}, err
	}
	codes, err := p.codes(r)
	return ui.Body{Title: r.T("network.new_program"), Nav: "/organizations", Content: newProgram(o, codes)}, err
}

// codes are the programs of the live rules: no other code ever lets a family in. There are none before rules are live.
func (p Pages) codes(r *ui.Request) ([]ui.Option, error) {
	live, err := p.Rules.Public(r.Context())
	if rulebook.NoRules(err) {
		return nil, nil
	}
	var out []ui.Option
	for _, program := range live.Rules.Programs {
		out = append(out, ui.Option{Value: program.Code, Label: program.Name + " (" + program.Code + ")"})
	}
	return out, err
}

// ProgramForm is what a page asks of a program.
type ProgramForm struct {
	Name      string `form:"name"`
	Model     string `form:"model"`
	Track     string `form:"track"`
	PackCode  string `form:"pack_code"`
	Languages string `form:"languages"`
	Hours     int    `form:"response_hours"`
	Zips      string `form:"zips"`
}

// AddProgram adds a program with its area.
func (p Pages) AddProgram(r *ui.Request, f ProgramForm) (ui.Next, error) {
	org, err := r.ID("organization")
	if err != nil {
		return ui.Next{}, err
	}
	form := providers.ProgramForm{Name: f.Name, Model: f.Model, Track: f.Track, PackCode: f.PackCode, Languages: listed(f.Languages), Zips: listed(f.Zips)}
	if f.Hours > 0 {
		form.ResponseHours = &f.Hours
	}
	_, err = p.Providers.AddProgram(r.Context(), r.Actor, org, form)
	return ui.Next{To: "/organizations/" + org.String(), Flash: ui.Flash{Key: "network.program_added"}}, err
}

// listed reads what people paste: one a line, or with commas, semicolons or blanks between.
func listed(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" ,;\t\r\n", c) })
}

// Area is a program's ZIP codes.
func (p Pages) Area(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(auth.NetworkKeep); err != nil { // Program is for more roles than this page
		return ui.Body{}, err
	}
	id, err := r.ID("program")
	if err != nil {
		return ui.Body{}, err
	}
	program, err := p.Providers.Program(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("network.area"), Nav: "/organizations", Content: areaPage(program)}, err
}

// AreaForm is a pasted list.
type AreaForm struct {
	Zips string `form:"zips"`
}

// KeepArea replaces the list.
func (p Pages) KeepArea(r *ui.Request, f AreaForm) (ui.Next, error) {
	id, err := r.ID("program")
	if err != nil {
		return ui.Next{}, err
	}
	done, err := p.Providers.SetArea(r.Context(), r.Actor, id, providers.AreaForm{Zips: listed(f.Zips)})
	return ui.Next{To: "/programs/" + id.String() + "/area", Flash: ui.Flash{Key: "network.area_kept",
		Args: []string{"n", strconv.Itoa(done.Zips), "added", strconv.Itoa(done.Added), "removed", strconv.Itoa(done.Removed)}}}, err
}

// Closing says what closing a program moves, and of a closed one how many families have not been moved yet.
func (p Pages) Closing(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("program")
	if err != nil {
		return ui.Body{}, err
	}
	families, err := p.Referrals.BeforeClosing(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("network.close"), Nav: "/organizations", Content: closing(families)}, err
}

// CloseForm closes a program whose name somebody typed.
type CloseForm struct {
	Reason string `form:"reason"`
	Name   string `form:"name"`
}

// Close closes it.
func (p Pages) Close(r *ui.Request, f CloseForm) (ui.Next, error) {
	id, err := r.ID("program")
	if err != nil {
		return ui.Next{}, err
	}
	families, err := p.Referrals.BeforeClosing(r.Context(), r.Actor, id)
	if err != nil {
		return ui.Next{}, err
	}
	var wrong []fault.Field
	if f.Reason == "" {
		wrong = append(wrong, fault.Field{Pointer: "/reason", Code: "required", Detail: r.T("network.reason_missing")})
	}
	if !strings.EqualFold(f.Name, families.Name) {
		wrong = append(wrong, fault.Field{Pointer: "/name", Code: "differs", Detail: r.T("network.name_differs")})
	}
	if err := fault.Problems(wrong); err != nil {
		return ui.Next{}, err
	}
	done, err := p.Referrals.CloseProgram(r.Context(), r.Actor, id, referral.ProgramCloseForm{Reason: f.Reason})
	return ui.Next{To: "/programs/" + id.String() + "/close", Flash: ui.Flash{Key: "network.closed", Args: []string{"n", strconv.Itoa(done.Cases)}}}, err
}
