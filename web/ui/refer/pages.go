package refer

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
)

// New is the empty form.
func (p Pages) New(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(p.at().may); err != nil {
		return ui.Body{}, err
	}
	w, err := p.place(r)
	if err != nil {
		return ui.Body{}, err
	}
	return ui.Body{Title: r.T(p.at().title), Nav: p.at().form, Content: page(w, uuid.NewString(), nil)}, nil
}

// Draft is the form of one that was begun.
func (p Pages) Draft(r *ui.Request) (ui.Body, error) {
	d, err := p.draft(r)
	if err != nil {
		return ui.Body{}, err
	}
	if d.SentAs != nil {
		return ui.Body{Title: r.T(p.at().title), Nav: p.at().form, Content: sentAlready(p.at(), *d.SentAs)}, nil
	}
	d.Answers["draft"] = []string{d.ID.String()}
	r.Refill(url.Values(d.Answers))
	w, err := p.place(r)
	if err != nil {
		return ui.Body{}, err
	}
	return ui.Body{Title: r.T(p.at().title), Nav: p.at().form, Content: page(w, d.ID.String(), &d)}, nil
}

func (p Pages) draft(r *ui.Request) (referral.DraftView, error) {
	if err := r.Actor.Require(p.at().may); err != nil {
		return referral.DraftView{}, err
	}
	id, err := r.ID("draft")
	if err != nil {
		return referral.DraftView{}, err
	}
	return p.Referrals.Draft(r.Context(), r.Actor, id)
}

// Continue keeps what was typed and leads to the check of answers, or back to the form with everything that needs a correction.
func (p Pages) Continue(r *ui.Request, f Form) (ui.Next, error) {
	if err := r.Actor.Require(p.at().may); err != nil {
		return ui.Next{}, err
	}
	id, err := p.keep(r, f)
	if err != nil {
		return ui.Next{}, err
	}
	if f.Later {
		return ui.Next{To: p.at().drafts, Flash: ui.Flash{Key: "refer.kept"}}, nil
	}
	if _, err := p.look(r, f); err != nil {
		return ui.Next{}, err
	}
	return ui.Next{To: p.at().draft + id.String() + "/check"}, nil
}

// keep saves the draft under the id that its page brought.
func (p Pages) keep(r *ui.Request, f Form) (uuid.UUID, error) {
	id, err := uuid.Parse(f.Draft)
	if err != nil {
		return id, fault.New(fault.Invalid, "%s", r.T("refer.open_again"))
	}
	values, err := r.Sent()
	if err != nil {
		return id, err
	}
	typed := referral.DraftAnswers{}
	for name, sent := range values {
		if name != "_key" && name != "draft" && name != "later" && len(sent) > 0 && sent[0] != "" {
			typed[name] = sent
		}
	}
	_, err = p.Referrals.SaveDraft(r.Context(), r.Actor, id, typed)
	return id, err
}

// look is the preview of a form that may be sent; all that may not is one fault.
func (p Pages) look(r *ui.Request, f Form) (referral.PreviewView, error) {
	_, problems, seen, err := p.preview(r, f)
	if err != nil {
		return seen, err
	}
	return seen, fault.Problems(together(problems, seen.Problems))
}

func (p Pages) submission(r *ui.Request, f Form) (referral.Submission, []fault.Field) {
	in, problems := f.Submission(today(r), r.T)
	if p.AtHub {
		in.Referrer.Name = f.Who
	} else {
		in.Referrer.Name = r.Session.Name
	}
	return in, problems
}

// together names each place once, in the words of the page where it has some.
func together(own, others []fault.Field) []fault.Field {
	named := map[string]bool{"/stage": true}
	for _, f := range own {
		named[f.Pointer] = true
	}
	for _, f := range others {
		if f.Pointer == "/birth" || f.Pointer == "/client" {
			continue // what is missing in it is named
		}
		if !named[f.Pointer] {
			named[f.Pointer] = true
			own = append(own, f)
		}
	}
	return own
}

// Live keeps the draft as it is typed and shows what is known of it so far.
func (p Pages) Live(r *ui.Request, f Form) (templ.Component, error) {
	if err := r.Actor.Require(p.at().may); err != nil {
		return nil, err
	}
	l := liveView{}
	if f.Named() {
		switch _, err := p.keep(r, f); {
		case err == nil:
			l.saved = true
		case fault.KindOf(err) == fault.Conflict || fault.KindOf(err) == fault.NotFound || fault.KindOf(err) == fault.Invalid:
			l.lost = true
		default:
			return nil, err
		}
	}
	_, _, seen, err := p.preview(r, f)
	if err != nil {
		return nil, err
	}
	l.PreviewView = seen
	return live(l), nil
}

// Check shows the answers before they are sent.
func (p Pages) Check(r *ui.Request) (ui.Body, error) {
	d, err := p.draft(r)
	if err != nil {
		return ui.Body{}, err
	}
	if d.SentAs != nil {
		return ui.Body{Title: r.T(p.at().title), Nav: p.at().form, Content: sentAlready(p.at(), *d.SentAs)}, nil
	}
	f := Read(url.Values(d.Answers))
	w, err := p.place(r)
	if err != nil {
		return ui.Body{}, err
	}
	in, problems, seen, err := p.preview(r, f)
	if err != nil {
		return ui.Body{}, err
	}
	c := checkView{PreviewView: seen, place: w, id: d.ID, form: f, in: in}
	c.open = together(problems, seen.Problems)
	return ui.Body{Title: r.T("refer.check"), Nav: p.at().form, Content: check(c)}, nil
}

// Send sends it. What is wrong by now is said on the form.
func (p Pages) Send(r *ui.Request, _ struct{}) (ui.Next, error) {
	d, err := p.draft(r)
	if err != nil {
		return ui.Next{}, err
	}
	if p.AtHub {
		return p.take(r, d)
	}
	if d.SentAs != nil {
		return ui.Next{To: "/referrals/" + d.SentAs.String() + "/sent"}, nil
	}
	in, problems := p.submission(r, Read(url.Values(d.Answers)))
	if err := fault.Problems(problems); err != nil {
		return ui.Next{}, err
	}
	receipt, err := p.Referrals.SendDraft(r.Context(), r.Actor, d.ID, in)
	if err != nil {
		return ui.Next{}, err
	}
	next := ui.Next{To: "/referrals/" + receipt.ID.String() + "/sent", Flash: ui.Flash{Key: "refer.sent_said"}}
	if receipt.Resent {
		next.Flash.Key = "refer.resent_said"
	}
	return next, nil
}

// Drop throws a draft away.
func (p Pages) Drop(r *ui.Request, _ struct{}) (ui.Next, error) {
	d, err := p.draft(r)
	if err != nil {
		return ui.Next{}, err
	}
	return ui.Next{To: p.at().drafts, Flash: ui.Flash{Key: "refer.dropped"}}, p.Referrals.DropDraft(r.Context(), r.Actor, d.ID)
}
