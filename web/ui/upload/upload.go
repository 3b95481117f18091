package upload

import (
	"io"
	"strconv"
	"strings"
	"time"

	"doorstep/auth"
	"doorstep/importer"
	"doorstep/referral"
	"doorstep/web/ui"
)

// Pages are the pages of this package.
type Pages struct{ Referrals *referral.Service }

const home = "/uploads"

// checkWithin: most files are checked before their page is shown.
const checkWithin = 3 * time.Second

// Choose says what a file must hold, takes one, and lists the last ones.
func (p Pages) Choose(r *ui.Request) (ui.Body, error) {
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	before, err := p.Referrals.Imports(r.Context(), r.Actor)
	return ui.Body{Title: r.T("upload.title"), Nav: home, Content: choose(before.Items, importer.ForPage())}, err
}

// Upload reads the file that was sent, and checks it as far as there is time.
func (p Pages) Upload(r *ui.Request, file io.Reader) (ui.Next, error) {
	v, err := importer.Referrals(r.Context(), p.Referrals, r.Actor, file, importer.ForPage())
	if err == nil {
		v, err = importer.Check(r.Context(), p.Referrals, r.Actor, v, checkWithin)
	}
	if err != nil {
		return ui.Next{}, err
	}
	next := ui.Next{To: home + "/" + v.ID.String()}
	if v.Earlier {
		next.Flash = ui.Flash{Key: "upload.earlier", Args: []string{"day", v.UploadedAt.In(r.Zone).Format("January 2, 2006"), "sent", strconv.Itoa(v.Sent)}}
	}
	return next, nil
}

// Show is the one page of an upload, whatever state it is in.
func (p Pages) Show(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("upload")
	if err != nil {
		return ui.Body{}, err
	}
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	v, err := p.Referrals.Import(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("upload.one"), Nav: home, Content: show(v)}, err
}

// nothing is a form without fields.
type nothing struct{}

// Send sends every row that may be sent.
func (p Pages) Send(r *ui.Request, _ nothing) (ui.Next, error) {
	id, err := r.ID("upload")
	if err != nil {
		return ui.Next{}, err
	}
	v, err := p.Referrals.SendImport(r.Context(), r.Actor, id)
	return ui.Next{To: home + "/" + v.ID.String()}, err
}

// Delete throws an upload away.
func (p Pages) Delete(r *ui.Request, _ nothing) (ui.Next, error) {
	id, err := r.ID("upload")
	if err == nil {
		err = p.Referrals.CancelImport(r.Context(), r.Actor, id)
	}
	return ui.Next{To: home, Flash: ui.Flash{Key: "upload.deleted"}}, err
}

// Template is the file to begin with.
func (p Pages) Template(r *ui.Request) (func(io.Writer) error, error) {
	return importer.Template, r.Actor.Require(auth.ReferralCreate)
}

// Problems is the rows that were not sent, with what is wrong beside each.
func (p Pages) Problems(r *ui.Request) (func(io.Writer) error, error) {
	id, err := r.ID("upload")
	if err != nil {
		return nil, err
	}
	_, err = p.Referrals.Import(r.Context(), r.Actor, id)
	return func(to io.Writer) error {
		return importer.WithProblems(r.Context(), p.Referrals, r.Actor, id, to, func(x referral.ImportProblem) string {
			text := problem(r.Context(), x.Code) + ". " + fix(r.Context(), x.Code)
			if x.Column != "" {
				text = x.Column + ": " + text
			}
			return text
		})
	}, err
}

// References is which row became which referral.
func (p Pages) References(r *ui.Request) (func(io.Writer) error, error) {
	id, err := r.ID("upload")
	if err != nil {
		return nil, err
	}
	_, err = p.Referrals.Import(r.Context(), r.Actor, id)
	return func(to io.Writer) error { return importer.References(r.Context(), p.Referrals, r.Actor, id, to) }, err
}

// moving reports whether the page changes by itself.
func moving(v referral.ImportView) bool {
	return v.Status == referral.ImportChecking || v.Status == referral.ImportSending
}

func of(v referral.ImportView, outcome string) (out []referral.ImportFinding) {
	for _, f := range v.Problems {
		if f.Outcome == outcome {
			out = append(out, f)
		}
	}
	return out
}

// ranges writes row numbers as people do: "2-5, 9". The hyphen is one that no line breaks at.
func ranges(f referral.ImportFinding) string {
	var parts []string
	for i := 0; i < len(f.Rows); {
		j := i
		for j+1 < len(f.Rows) && f.Rows[j+1] == f.Rows[j]+1 {
			j++
		}
		part := strconv.Itoa(f.Rows[i])
		if j > i {
			part += "\u2011" + strconv.Itoa(f.Rows[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// known is code when there are words for it.
func known(code string) string {
	switch code {
	case "required", "oneof", "datetime", "year", "age", "in_future", "too_far", "long_past", "too_old", "stage", "phone", "email", "len", "numeric", "number", "range", "max", "min", "characters", "language", "contradiction", "not_asked", "datings_disagree", "fields", "quotes", "before_birth", "sent_before", "row_twice", "maybe_known":
		return code
	}
	return "other"
}
