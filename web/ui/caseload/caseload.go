package caseload

import (
	"io"
	"strconv"
	"strings"

	"doorstep/auth"
	"doorstep/importer"
	"doorstep/referral"
	"doorstep/web/ui"
)

// Pages are the pages of this package.
type Pages struct{ Referrals *referral.Service }

// home is the entry of the navigation that leads here.
func home(r *ui.Request) string {
	if r.Actor.Role == auth.AgencyManager {
		return "/capacity"
	}
	return "/organizations"
}

// Choose says what a file must hold, and takes one.
func (p Pages) Choose(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("program")
	if err != nil {
		return ui.Body{}, err
	}
	_, name, err := p.Referrals.OnBehalf(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("bring.title"), Nav: home(r), Content: choose(name)}, err
}

// Upload keeps the file that was sent.
func (p Pages) Upload(r *ui.Request, file io.Reader) (ui.Next, error) {
	program, err := r.ID("program")
	if err != nil {
		return ui.Next{}, err
	}
	id, err := importer.KeepCaseload(r.Context(), p.Referrals, r.Actor, program, file)
	return ui.Next{To: "/caseload-files/" + id.String()}, err
}

// Look is what a file would make.
func (p Pages) Look(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("caseload")
	if err != nil {
		return ui.Body{}, err
	}
	file, found, err := importer.TryCaseload(r.Context(), p.Referrals, r.Actor, id)
	return ui.Body{Title: r.T("bring.look"), Nav: home(r), Content: look(file, found)}, err
}

// NoFields is a button.
type NoFields struct{}

// Bring makes it.
func (p Pages) Bring(r *ui.Request, _ NoFields) (ui.Next, error) {
	id, err := r.ID("caseload")
	if err != nil {
		return ui.Next{}, err
	}
	file, got, err := importer.BringCaseload(r.Context(), p.Referrals, r.Actor, id)
	return ui.Next{To: "/programs/" + file.ProgramID.String() + "/caseload", Flash: ui.Flash{Key: "bring.brought", Args: []string{"enrolled", strconv.Itoa(got.Enrolled),
		"listed", strconv.Itoa(got.Listed), "hub", strconv.Itoa(got.Referred), "already", strconv.Itoa(got.Already), "refused", strconv.Itoa(got.Refused)}}}, err
}

// Drop forgets the file.
func (p Pages) Drop(r *ui.Request, _ NoFields) (ui.Next, error) {
	id, err := r.ID("caseload")
	if err != nil {
		return ui.Next{}, err
	}
	file, err := p.Referrals.CaseloadFile(r.Context(), r.Actor, id)
	if err == nil {
		err = p.Referrals.DropCaseload(r.Context(), r.Actor, id)
	}
	return ui.Next{To: "/programs/" + file.ProgramID.String() + "/caseload", Flash: ui.Flash{Key: "bring.dropped"}}, err
}

// finding is one problem with every row that has it.
type finding struct {
	column, reason string
	rows           []string
}

// findings gathers problems that are the same. A reason that holds a row of its own is shown as it is.
func findings(all []importer.Problem) (out []finding) {
	at := map[string]int{}
	for _, p := range all {
		key := p.Column + "|" + p.Reason
		i, known := at[key]
		if !known {
			i = len(out)
			at[key], out = i, append(out, finding{column: p.Column, reason: p.Reason})
		}
		out[i].rows = append(out[i].rows, strconv.Itoa(p.Line))
	}
	return out
}

func (f finding) list() string { return strings.Join(f.rows, ", ") }

// toMake is how many rows would make something.
func toMake(o importer.Outcome) int { return o.Enrolled + o.Listed + o.Referred }
