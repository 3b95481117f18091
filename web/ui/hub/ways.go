package hub

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// way is what the form of one way to her is about: one that is known, or a new one of a kind.
type way struct {
	ID    string // of a known way; of a new one its kind: phone, email, address
	Kind  string
	Label string
	Uses  []string // what may be safe or not about it
}

func (w way) isNew() bool { return w.ID == w.Kind }

// usesOf are the uses of a kind of way. Nobody is asked whether a phone is safe for letters.
func usesOf(kind string) []string {
	switch kind {
	case "phone":
		return []string{"call", "text", "voicemail"}
	case "email":
		return []string{"email"}
	}
	return []string{"mail", "visit"}
}

// Ways is where what she says about being reached is written down.
func (p Pages) Ways(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(auth.CaseContact); err != nil {
		return ui.Body{}, err
	}
	id, err := r.ID("case")
	if err != nil {
		return ui.Body{}, err
	}
	q, err := r.Query("way")
	if err != nil {
		return ui.Body{}, err
	}
	v, err := p.Referrals.Case(r.Context(), r.Actor, id)
	if err != nil {
		return ui.Body{}, err
	}
	if v.Family == nil {
		return ui.Body{}, fault.New(fault.NotFound, "There is no such case.")
	}
	d := desk{CaseView: v}
	known := d.known(r.Context())
	content := waysPage(d, known)
	if one, ok := pick(r.Context(), known, ui.Valued(r.Context(), "way", q["way"])); ok {
		content = wayPage(d, one)
	}
	nav := "/queue"
	if !r.Actor.SeesAll() {
		nav = "/today"
	}
	return ui.Body{Title: r.T("hub.title_of", "what", r.T("hub.ways"), "ref", ui.Ref(id)), Nav: nav, Content: content}, nil
}

// known are the ways on record, also those that are shut: what she says may open them.
func (d desk) known(ctx context.Context) (out []way) {
	for _, c := range d.Family.Contacts {
		label := words.Code(ctx, "channel", c.Channel)
		if c.Value != nil {
			label = ui.Phone(*c.Value)
		}
		out = append(out, way{c.ID.String(), c.Channel, label, usesOf(c.Channel)})
	}
	for _, a := range d.Family.Addresses {
		out = append(out, way{a.ID.String(), "address", ui.Address(ctx, a), usesOf("address")})
	}
	return out
}

func pick(ctx context.Context, known []way, id string) (way, bool) {
	for _, w := range known {
		if w.ID == id {
			return w, true
		}
	}
	switch id {
	case "phone", "email", "address":
		return way{id, id, word(ctx, "new_way", id), usesOf(id)}, true
	}
	return way{}, false
}

type wayForm struct {
	Way       string `form:"way"`
	Value     string `form:"value"`
	Street    string `form:"street"`
	City      string `form:"city"`
	Zip       string `form:"zip"`
	ToldBy    string `form:"told_by"`
	Call      string `form:"safe_call"`
	Text      string `form:"safe_text"`
	Voicemail string `form:"safe_voicemail"`
	Email     string `form:"safe_email"`
	Mail      string `form:"safe_mail"`
	Visit     string `form:"safe_to_visit"`
	AskFor    string `form:"ask_for"`
	CodeWord  string `form:"code_word"`
	Answers   string `form:"who_may_answer"`
	Remarks   string `form:"remarks"`
}

// SayWay writes what is said of a way, or a new way.
func (p Pages) SayWay(r *ui.Request, f wayForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	switch f.Way {
	case "phone", "email":
		_, err = p.Referrals.AddWay(r.Context(), r.Actor, id, referral.WayForm{ToldBy: f.ToldBy, ContactMethod: &referral.SubmittedContact{Channel: f.Way, Value: f.Value,
			SafeCall: f.Call, SafeText: f.Text, SafeVoicemail: f.Voicemail, SafeEmail: f.Email,
			AskFor: f.AskFor, CodeWord: f.CodeWord, WhoMayAnswer: f.Answers, Remarks: f.Remarks}})
	case "address":
		_, err = p.Referrals.AddWay(r.Context(), r.Actor, id, referral.WayForm{ToldBy: f.ToldBy, Address: &referral.SubmittedAddress{Street: f.Street, City: f.City, Zip: f.Zip,
			SafeMail: f.Mail, SafeToVisit: f.Visit, AskFor: f.AskFor, CodeWord: f.CodeWord, WhoMayAnswer: f.Answers, Remarks: f.Remarks}})
	default:
		known, _ := uuid.Parse(f.Way)
		_, err = p.Referrals.ChangeWay(r.Context(), r.Actor, id, referral.WayChange{WayID: known, ToldBy: f.ToldBy,
			Safe:   referral.SafeUses{Call: f.Call, Text: f.Text, Voicemail: f.Voicemail, Email: f.Email, Mail: f.Mail, Visit: f.Visit},
			AskFor: f.AskFor, CodeWord: f.CodeWord, WhoMayAnswer: f.Answers, Remarks: f.Remarks})
	}
	return kept(id), flat(err)
}

type endWayForm struct {
	Way string `form:"way"`
	As  string `form:"as"`
}

// EndWay takes a way out of use.
func (p Pages) EndWay(r *ui.Request, f endWayForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	known, _ := uuid.Parse(f.Way)
	_, err = p.Referrals.EndWay(r.Context(), r.Actor, id, referral.WayEnd{WayID: known, As: f.As})
	return kept(id), flat(err)
}

type stopForm struct {
	Said string `form:"said"`
	How  string `form:"how"`
}

// StopContact writes that she wants no contact.
func (p Pages) StopContact(r *ui.Request, f stopForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	_, err = p.Referrals.StopContact(r.Context(), r.Actor, id, referral.StopForm{Said: f.Said, How: f.How})
	return kept(id), err
}

// ResumeContact writes her own later word, which whoever writes it heard.
func (p Pages) ResumeContact(r *ui.Request, f stopForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	_, err = p.Referrals.ResumeContact(r.Context(), r.Actor, id, referral.ResumeForm{Said: f.Said, How: f.How, HeardBy: r.Actor.ID})
	return kept(id), err
}

// kept leads back to the ways, where what stands now is seen.
func kept(id uuid.UUID) ui.Next {
	return ui.Next{To: "/cases/" + id.String() + "/ways", Flash: ui.Flash{Key: "hub.way_said", Args: []string{"ref", ui.Ref(id)}}}
}

// flat names the fields as the form has them: the use cases nest what this page asks side by side.
func flat(err error) error {
	var wrong *fault.Error
	if !errors.As(err, &wrong) || len(wrong.Fields) == 0 {
		return err
	}
	fields := make([]fault.Field, len(wrong.Fields))
	for i, f := range wrong.Fields {
		f.Pointer = strings.NewReplacer("/contact_method/", "/", "/address/", "/", "/way_id", "/way", "/safe/visit", "/safe_to_visit", "/safe/", "/safe_").Replace(f.Pointer)
		fields[i] = f
	}
	return fault.Problems(fields)
}
