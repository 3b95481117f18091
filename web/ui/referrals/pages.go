package referrals

import (
	"context"
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// Pages are the pages of this package.
type Pages struct {
	Referrals *referral.Service
	// Known is what a list may say of a draft: initials and the year of birth, which the form knows how to read.
	Known func(r *ui.Request, typed url.Values) (initials, born string)
}

const drafts = "drafts"

// parts are the tabs, what needs the reader first.
func parts() []string {
	return []string{referral.PartNeedsUs, referral.PartOpen, referral.PartEnrolled, referral.PartClosed, drafts}
}

type listing struct {
	referral.Page[referral.OwnRow]
	part, after string
	drafts      []draft
	counts      map[string]int // nil: more than can be counted at a look
}

type draft struct {
	referral.DraftView
	initials, born string
}

// who names it in the list; a draft may be kept before a name is known.
func (d draft) who(ctx context.Context) string {
	if d.initials == "" {
		return words.T(ctx, "referrals.no_name")
	}
	return d.initials
}

// List is one part of the list; the open ones at first.
func (p Pages) List(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("part", "after")
	if err != nil {
		return ui.Body{}, err
	}
	l := listing{part: q["part"], after: q["after"]}
	if l.part == "" {
		l.part = referral.PartOpen
	}
	if l.part == drafts {
		l.drafts, err = p.drafts(r)
	} else {
		l.Page, err = p.Referrals.OwnReferrals(r.Context(), r.Actor, l.part, l.after)
	}
	if err != nil {
		return ui.Body{}, err
	}
	if l.counts, err = p.counts(r, l); err != nil {
		return ui.Body{}, err
	}
	if n, counted := l.counts[l.part]; counted && l.after == "" && n <= len(l.Items) {
		l.Next = "" // a page is found by looking through all parts: what is behind it is not of this one
	}
	return ui.Body{Title: r.T("referrals.title"), Nav: "/referrals", Content: list(l)}, nil
}

// counts are for the tabs.
func (p Pages) counts(r *ui.Request, l listing) (map[string]int, error) {
	out, err := p.Referrals.OwnCounts(r.Context(), r.Actor)
	if err != nil || out == nil {
		return nil, err
	}
	if l.part != drafts && auth.May(r.Actor.Role, auth.ReferralCreate) {
		kept, err := p.Referrals.Drafts(r.Context(), r.Actor)
		if err != nil {
			return nil, err
		}
		out[drafts] = len(kept)
	} else {
		out[drafts] = len(l.drafts)
	}
	return out, nil
}

// sheetPages bounds a table that is saved: its reader may cut it by the part.
const sheetPages = 40

// Sheet is one part of the list as a table, with the words that the list shows.
func (p Pages) Sheet(r *ui.Request) (ui.Sheet, error) {
	q, err := r.Query("part")
	if err != nil {
		return ui.Sheet{}, err
	}
	part := q["part"]
	if part == "" {
		part = referral.PartOpen
	}
	out := ui.Sheet{Name: "our-referrals-" + part, Rows: [][]string{{r.T("referrals.reference"), r.T("referrals.family"), r.T("referrals.sent"), r.T("referrals.status"),
		r.T("referrals.next"), r.T("referrals.by"), r.T("referrals.sent_by")}}}
	after := ""
	for range sheetPages {
		page, err := p.Referrals.OwnReferrals(r.Context(), r.Actor, part, after)
		if err != nil {
			return out, err
		}
		for _, row := range page.Items {
			by := ""
			if row.NextBy != nil {
				by = row.NextBy.In(r.Zone).Format("2006-01-02 15:04")
			}
			out.Rows = append(out.Rows, []string{row.Reference, row.Name, row.ReceivedAt.In(r.Zone).Format("2006-01-02 15:04"), statusOf(r.Context(), row), row.NextText, by, row.SentBy})
		}
		if after = page.Next; after == "" {
			break
		}
	}
	return out, nil
}

func statusOf(ctx context.Context, row referral.OwnRow) string {
	if row.WithdrawnAt != nil {
		return words.T(ctx, "referrals.withdrawn")
	}
	return words.Code(ctx, "milestone", row.Status)
}

func (p Pages) drafts(r *ui.Request) ([]draft, error) {
	if err := r.Actor.Require(auth.ReferralRead); err != nil {
		return nil, err
	}
	kept, err := p.Referrals.Drafts(r.Context(), r.Actor)
	var out []draft
	for _, d := range kept {
		initials, born := p.Known(r, url.Values(d.Answers))
		out = append(out, draft{d, initials, born})
	}
	return out, err
}

type status struct {
	referral.OwnReferral
	steps []referral.Milestone
}

func (p Pages) status(r *ui.Request) (status, error) {
	var s status
	id, err := r.ID("referral")
	if err != nil {
		return s, err
	}
	if s.OwnReferral, err = p.Referrals.OwnReferral(r.Context(), r.Actor, id); err != nil {
		return s, err
	}
	s.steps, err = p.Referrals.ReferralTimeline(r.Context(), r.Actor, id)
	return s, err
}

func (p Pages) page(r *ui.Request, title string, content func(status) templ.Component) (ui.Body, error) {
	s, err := p.status(r)
	if err != nil {
		return ui.Body{}, err
	}
	return ui.Body{Title: title, Nav: "/referrals", Content: content(s)}, nil
}

// Show is where one stands.
func (p Pages) Show(r *ui.Request) (ui.Body, error) {
	return p.page(r, r.T("referrals.one"), show)
}

// Sent is what is said after it was sent.
func (p Pages) Sent(r *ui.Request) (ui.Body, error) {
	return p.page(r, r.T("referrals.sent_title"), sent)
}

// Handout is a page for her, to print in the language she reads.
func (p Pages) Handout(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("in")
	if err != nil {
		return ui.Body{}, err
	}
	in, known := words.Read(q["in"])
	if !known {
		in = words.English
	}
	return p.page(r, r.T("referrals.handout"), func(s status) templ.Component { return handout(s, in) })
}

// Withdraw asks why.
func (p Pages) Withdraw(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(auth.ReferralWithdraw); err != nil {
		return ui.Body{}, err
	}
	return p.page(r, r.T("referrals.withdraw"), withdraw)
}

// WithdrawForm is the reason.
type WithdrawForm struct {
	Reason string `form:"reason"`
}

// DoWithdraw takes it back.
func (p Pages) DoWithdraw(r *ui.Request, f WithdrawForm) (ui.Next, error) {
	id, err := own(r, auth.ReferralWithdraw)
	if err != nil {
		return ui.Next{}, err
	}
	if f.Reason == "" {
		return ui.Next{}, missing("/reason", r.T("referrals.need_reason"))
	}
	_, err = p.Referrals.Withdraw(r.Context(), r.Actor, id, referral.WithdrawForm{Reason: f.Reason})
	return ui.Next{To: back(id), Flash: ui.Flash{Key: "referrals.withdrawn_said"}}, err
}

// Phone asks for another way to reach her.
func (p Pages) Phone(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(auth.ReferralAdd); err != nil {
		return ui.Body{}, err
	}
	return p.page(r, r.T("referrals.phone"), phone)
}

// PhoneForm is a number, and what is safe about it.
type PhoneForm struct {
	Value     string `form:"contact_method.value"`
	Call      string `form:"contact_method.safe_call"`
	Text      string `form:"contact_method.safe_text"`
	Voicemail string `form:"contact_method.safe_voicemail"`
	Remarks   string `form:"contact_method.remarks"`
}

// DoPhone passes it on.
func (p Pages) DoPhone(r *ui.Request, f PhoneForm) (ui.Next, error) {
	id, err := own(r, auth.ReferralAdd)
	if err != nil {
		return ui.Next{}, err
	}
	if f.Value == "" {
		return ui.Next{}, missing("/contact_method/value", r.T("referrals.need_phone"))
	}
	_, err = p.Referrals.AddWayHeard(r.Context(), r.Actor, id, referral.HeardWayForm{ContactMethod: &referral.SubmittedContact{Channel: "phone", Value: f.Value,
		SafeCall: f.Call, SafeText: f.Text, SafeVoicemail: f.Voicemail, Remarks: f.Remarks}})
	return ui.Next{To: back(id), Flash: ui.Flash{Key: "referrals.phone_said"}}, err
}

// Note asks what the triage team should know.
func (p Pages) Note(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(auth.ReferralAdd); err != nil {
		return ui.Body{}, err
	}
	return p.page(r, r.T("referrals.note"), note)
}

// NoteForm is a note.
type NoteForm struct {
	Text string `form:"text"`
}

// DoNote sends it.
func (p Pages) DoNote(r *ui.Request, f NoteForm) (ui.Next, error) {
	id, err := own(r, auth.ReferralAdd)
	if err != nil {
		return ui.Next{}, err
	}
	if f.Text == "" {
		return ui.Next{}, missing("/text", r.T("referrals.need_text"))
	}
	_, err = p.Referrals.TellTriage(r.Context(), r.Actor, id, referral.NoteForm{Text: strings.TrimSpace(f.Text)})
	return ui.Next{To: back(id), Flash: ui.Flash{Key: "referrals.note_said"}}, err
}

// missing says in the page's words what the use case would say in general ones.
func missing(pointer, detail string) error {
	return fault.Problems([]fault.Field{{Pointer: pointer, Code: "required", Detail: detail}})
}

func own(r *ui.Request, p auth.Permission) (uuid.UUID, error) {
	if err := r.Actor.Require(p); err != nil {
		return uuid.Nil, err
	}
	return r.ID("referral")
}

func back(id uuid.UUID) string { return "/referrals/" + id.String() }
