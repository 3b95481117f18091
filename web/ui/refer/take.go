package refer

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// Pages are the pages of this package: a referrer's own, or, at the hub, the same form for what came by hand.
type Pages struct {
	Referrals *referral.Service
	Providers *providers.Service // asked at the hub alone
	AtHub     bool
}

// place is where the form stands: its addresses, and at the hub who may have sent the family.
type place struct {
	form, live, draft, drafts, title string
	may                              auth.Permission
	hub                              bool
	sources                          []providers.Listed
	begun                            []begun
}

// begun is a draft as a list shows it.
type begun struct {
	id             uuid.UUID
	initials, born string
	saved          time.Time
}

func (p Pages) at() place {
	if p.AtHub {
		return place{form: "/take", live: "/take/live", draft: "/take/", drafts: "/take", title: "refer.take_title", may: auth.ReferralTake, hub: true}
	}
	return place{form: "/refer", live: "/refer/live", draft: "/drafts/", drafts: "/referrals?part=drafts", title: "refer.title", may: auth.ReferralCreate}
}

// place is at with what only the hub shows.
func (p Pages) place(r *ui.Request) (place, error) {
	w := p.at()
	if !w.hub {
		return w, nil
	}
	all, err := p.Providers.Directory(r.Context(), r.Actor)
	if err != nil {
		return w, err
	}
	drafts, err := p.Referrals.Drafts(r.Context(), r.Actor)
	if err != nil {
		return w, err
	}
	for _, d := range drafts {
		initials, born := Known(r, url.Values(d.Answers))
		w.begun = append(w.begun, begun{d.ID, initials, born, d.SavedAt})
	}
	w.sources = all.Items
	return w, nil
}

// herself is the choice for nobody's organization.
const herself = "herself"

// preview is the form as a referral, what is wrong with it in the page's words, and what the service says of it.
func (p Pages) preview(r *ui.Request, f Form) (referral.Submission, []fault.Field, referral.PreviewView, error) {
	in, problems := p.submission(r, f)
	if !p.AtHub {
		seen, err := p.Referrals.Preview(r.Context(), r.Actor, in)
		return in, problems, seen, err
	}
	taken, more := f.taken(r, in)
	seen, err := p.Referrals.PreviewTaken(r.Context(), r.Actor, taken)
	return in, append(more, problems...), seen, err
}

// taken is the form with how it came.
func (f Form) taken(r *ui.Request, in referral.Submission) (referral.TakenForm, []fault.Field) {
	out := referral.TakenForm{How: f.How, Referral: in}
	var problems []fault.Field
	wrong := func(name, key string) {
		problems = append(problems, fault.Field{Pointer: "/" + name, Code: "required", Detail: r.T(key)})
	}
	if f.How == "" {
		wrong("how", "refer.need_how")
	}
	switch id, err := uuid.Parse(f.Source); {
	case f.Source == herself:
	case err != nil:
		wrong("source_id", "refer.need_source")
	default:
		out.SourceID = &id
	}
	at, ok := f.came(r)
	switch {
	case !ok:
		wrong("received_at", "refer.received_wrong")
	case at.IsZero():
		wrong("received_at", "refer.need_received")
	}
	out.ReceivedAt = at
	return out, problems
}

// came is when it came. A call or a visit of which nothing is said is now, which for a draft is when its page was opened; paper lay somewhere before.
func (f Form) came(r *ui.Request) (time.Time, bool) {
	if f.CameOn == "" && f.CameAt == "" {
		if f.How != referral.TakenByPhone && f.How != referral.TakenAtTheHub {
			return time.Time{}, true
		}
		if at, err := time.Parse(time.RFC3339, f.Opened); err == nil && !at.After(r.Now) {
			return at, true
		}
		return r.Now, true
	}
	day, ok := ui.ReadDate(f.CameOn, today(r))
	if !ok || day == nil {
		return time.Time{}, false
	}
	hour, ok := readTime(f.CameAt)
	if !ok {
		return time.Time{}, false
	}
	return time.Date(day.Year, day.Month, day.Day, hour.Hour(), hour.Minute(), 0, 0, r.Zone).UTC(), true
}

// readTime reads 14:30, 2:30 pm and 2pm.
func readTime(text string) (time.Time, bool) {
	text = strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(text), " ", ""), ".", "")
	for _, layout := range []string{"15:04", "3:04pm", "3pm", "15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// take sends a draft of the hub. What came on paper leads to where its scan is kept, everything else to the case.
func (p Pages) take(r *ui.Request, d referral.DraftView) (ui.Next, error) {
	if d.SentAs != nil {
		return ui.Next{To: "/referrals/" + d.SentAs.String() + "/scans"}, nil
	}
	f := Read(url.Values(d.Answers))
	in, problems := p.submission(r, f)
	form, more := f.taken(r, in)
	if err := fault.Problems(append(more, problems...)); err != nil {
		return ui.Next{}, err
	}
	got, err := p.Referrals.TakeDraft(r.Context(), r.Actor, d.ID, form)
	if err != nil {
		return ui.Next{}, below(err)
	}
	next := ui.Next{To: "/cases/" + got.CaseID.String(), Flash: ui.Flash{Key: "refer.taken_said", Args: []string{"ref", got.Reference}}}
	if f.How == referral.TakenByFax || f.How == referral.TakenOnPaper {
		next.To = "/referrals/" + got.ID.String() + "/scans"
	}
	return next, nil
}

// below names the fields of the referral as the page has them.
func below(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		return err
	}
	fields := append([]fault.Field(nil), f.Fields...)
	for i := range fields {
		fields[i].Pointer = strings.TrimPrefix(fields[i].Pointer, "/referral")
	}
	return fault.Problems(fields)
}

func ways(ctx context.Context) []ui.Option {
	return options(func(c string) string { return words.Code(ctx, "came", c) }, referral.TakenByPhone, referral.TakenByFax, referral.TakenOnPaper, referral.TakenAtTheHub)
}

func sources(ctx context.Context, w place) []ui.Option {
	out := []ui.Option{{Label: words.T(ctx, "refer.pick")}, {Value: herself, Label: words.T(ctx, "refer.herself")}}
	for _, o := range w.sources {
		out = append(out, ui.Option{Value: o.ID.String(), Label: o.Name})
	}
	return out
}

// cameRows are how it came, on the page that is checked before it is sent.
func cameRows(ctx context.Context, c checkView) []answered {
	f := c.form
	how, from, when := "", "", ""
	if f.How != "" {
		how = words.Code(ctx, "came", f.How)
	}
	for _, o := range sources(ctx, c.place) {
		if o.Value == f.Source && f.Source != "" {
			from = o.Label
		}
	}
	if at, ok := f.came(ui.Of(ctx)); ok && !at.IsZero() {
		when = ui.When(ctx, at)
	}
	return []answered{{"how", words.T(ctx, "refer.how"), how}, {"source_id", words.T(ctx, "refer.source"), from}, {"received_at", words.T(ctx, "refer.received"), when},
		{"referrer.name", words.T(ctx, "refer.sender"), f.Who}}
}
