package family

import (
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// Open is where the hub opens a page for her.
func (p Pages) Open(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Body{}, err
	}
	v, err := p.Referrals.FamilyPageOf(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("family_hub.page_title"), Nav: "/cases", Content: openPage(v)}, err
}

type openForm struct {
	Word     string `form:"word"`
	Said     string `form:"said"`
	SheAsked string `form:"she_asked"`
}

// TakeOpen opens it and shows its address, once.
func (p Pages) TakeOpen(r *ui.Request, f openForm) (ui.Body, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Body{}, err
	}
	link, err := p.Referrals.OpenFamilyPage(r.Context(), r.Actor, id, referral.FamilyPageForm{Word: f.Word, Said: f.Said, SheAsked: f.SheAsked == "yes"})
	return ui.Body{Title: r.T("family_hub.page_title"), Nav: "/cases", Content: opened(link, address(r))}, err
}

func address(r *ui.Request) string { return r.Echo().Scheme() + "://" + r.Echo().Request().Host }

// TakeShut shuts it.
func (p Pages) TakeShut(r *ui.Request, _ nothing) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	_, err = p.Referrals.ShutFamilyPage(r.Context(), r.Actor, id)
	return ui.Next{To: "/cases/" + id.String() + "/family-page", Flash: ui.Flash{Key: "family_hub.shut_done"}}, err
}

// Letter is the letter for a family for which no program fits, ready to print.
func (p Pages) Letter(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("case")
	if err == nil {
		_, err = r.Query()
	}
	if err != nil {
		return ui.Body{}, err
	}
	l, err := p.Referrals.NoFitLetter(r.Context(), r.Actor, id)
	if err != nil {
		return ui.Body{}, err
	}
	return ui.Body{Title: r.T("letter.title"), Nav: "/cases", Content: letter(l, reasons(r, l), address(r))}, nil
}

// reasons are the rules that stood in the way, in words for her, each once. A rule without such words is one of a program's own: what it asks about
// may be nobody's business who finds this letter.
func reasons(r *ui.Request, l referral.NoFitLetter) (out []string) {
	seen, ctx := map[string]bool{}, r.Context()
	add := func(text string) {
		if !seen[text] {
			seen[text] = true
			out = append(out, text)
		}
	}
	if l.Area {
		add(r.T("letter.area"))
	}
	own := false
	for _, rule := range l.Rules {
		if key := "letter_why." + rule; r.T(key) != key {
			add(words.Code(ctx, "letter_why", rule))
		} else {
			own = true
		}
	}
	if own || len(out) == 0 {
		add(r.T("letter.own_rule"))
	}
	return out
}

// Request is what she asked for on her page.
func (p Pages) Request(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("request")
	if err != nil {
		return ui.Body{}, err
	}
	v, err := p.Referrals.FamilyRequest(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("family_hub.request_title"), Nav: "/queue", Content: request(v)}, err
}

// TakeRequest says that the reader answers for it.
func (p Pages) TakeRequest(r *ui.Request, _ nothing) (ui.Next, error) {
	id, err := r.ID("request")
	if err != nil {
		return ui.Next{}, err
	}
	_, err = p.Referrals.TakeFamilyRequest(r.Context(), r.Actor, id)
	return ui.Next{To: "/family-requests/" + id.String(), Flash: ui.Flash{Key: "family_hub.request_mine"}}, err
}

// SettleRequest says how it ended.
func (p Pages) SettleRequest(r *ui.Request, f endForm) (ui.Next, error) {
	id, err := r.ID("request")
	if err != nil {
		return ui.Next{}, err
	}
	if _, err = p.Referrals.SettleFamilyRequest(r.Context(), r.Actor, id, referral.RequestEnd{As: f.As}); fault.KindOf(err) == fault.Invalid {
		err = fault.Problems([]fault.Field{{Pointer: "/as", Code: "required", Detail: r.T("family_hub.end_missing")}})
	}
	return ui.Next{To: "/queue/requests", Flash: ui.Flash{Key: "family_hub.request_settled"}}, err
}

// Complaint is what somebody says went wrong.
func (p Pages) Complaint(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("request")
	if err != nil {
		return ui.Body{}, err
	}
	v, err := p.Referrals.Complaint(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("family_hub.complaint_title"), Nav: "/complaints", Content: complaint(v)}, err
}

// Complaints lists the privacy officer's tasks.
func (p Pages) Complaints(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("after")
	if err != nil {
		return ui.Body{}, err
	}
	if err := r.Actor.Require(auth.ComplaintRead); err != nil {
		return ui.Body{}, err
	}
	tasks, err := p.Referrals.Tasks(r.Context(), r.Actor, q["after"])
	return ui.Body{Title: r.T("family_hub.complaints_title"), Nav: "/complaints", Content: complaints(tasks, q["after"])}, err
}

type endForm struct {
	As string `form:"as"`
}

// TakeEnd says how a complaint ended.
func (p Pages) TakeEnd(r *ui.Request, f endForm) (ui.Next, error) {
	id, err := r.ID("request")
	if err != nil {
		return ui.Next{}, err
	}
	if err := p.Referrals.EndComplaint(r.Context(), r.Actor, id, referral.TaskEnd{As: f.As}); err != nil {
		if fault.KindOf(err) == fault.Invalid {
			return ui.Next{}, fault.Problems([]fault.Field{{Pointer: "/as", Code: "required", Detail: r.T("family_hub.end_missing")}})
		}
		return ui.Next{}, err
	}
	return ui.Next{To: "/complaints", Flash: ui.Flash{Key: "family_hub.ended"}}, nil
}
