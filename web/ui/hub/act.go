package hub

import (
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
)

// page is a view of one case on which something is done to it.
func (p Pages) page(need auth.Permission, title string, content func(desk) ui.Body) ui.View {
	return func(r *ui.Request) (ui.Body, error) {
		if err := r.Actor.Require(need); err != nil {
			return ui.Body{}, err
		}
		d, err := p.open(r)
		if err != nil {
			return ui.Body{}, err
		}
		b := content(d)
		b.Title, b.Nav = r.T("hub.title_of", "what", r.T(title), "ref", ui.Ref(d.ID)), "/queue"
		return b, nil
	}
}

// Gone answers a form that only a button of another page sends, when it came without what the button says.
func (p Pages) Gone(what string) ui.View {
	return func(*ui.Request) (ui.Body, error) {
		return ui.Body{}, fault.New(fault.NotFound, "There is no such %s.", what)
	}
}

// did leads on after a move, with the bar that says what was done.
func did(id uuid.UUID, f from, key string, undo bool) ui.Next {
	n := ui.Next{To: f.to(id), Flash: ui.Flash{Key: key, Args: []string{"ref", ui.Ref(id)}}}
	if undo {
		n.Flash.Undo = id
	}
	return n
}

// Offer is where somebody chooses another program than the rules put first, and sees who waits for it.
func (p Pages) Offer(r *ui.Request) (ui.Body, error) {
	return p.page(auth.CaseOffer, "hub.choose_other", func(d desk) ui.Body { return ui.Body{Content: offerPage(d)} })(r)
}

type offerForm struct {
	from
	Version  int      `form:"version"`
	Programs []string `form:"programs"`
	Kind     string   `form:"kind"`
	Reason   string   `form:"reason"`
	Note     string   `form:"note"`
}

// TakeOffer offers the case: the suggestion with one press, or what was chosen instead.
func (p Pages) TakeOffer(r *ui.Request, f offerForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	programs, err := ids(f.Programs)
	if err != nil {
		return ui.Next{}, err
	}
	form := referral.OfferForm{Version: f.Version, Programs: programs, Kind: f.Kind, Reason: f.Reason, Note: f.Note}
	if form.Kind == "" {
		form.Kind = "direct"
		if len(programs) > 1 {
			form.Kind = "pool"
		}
	}
	if f.Reason != "" && f.Note == "" && r.Actor.SeesAll() { // the report names the reason; who reads the case next needs the words
		return ui.Next{}, fault.Problems([]fault.Field{{Pointer: "/note", Code: "required", Detail: r.T("hub.note_needed")}})
	}
	if _, err := p.Referrals.Offer(r.Context(), r.Actor, id, form); err != nil {
		return ui.Next{}, err
	}
	return did(id, f.from, "hub.offered", false), nil
}

// Review is where somebody sends a case on to outreach and says why.
func (p Pages) Review(r *ui.Request) (ui.Body, error) {
	return p.page(auth.CaseReview, "hub.send_on", func(d desk) ui.Body { return ui.Body{Content: reviewPage(d)} })(r)
}

type reasonForm struct {
	from
	Version int    `form:"version"`
	Reason  string `form:"reason"`
}

// TakeReview sends it on.
func (p Pages) TakeReview(r *ui.Request, f reasonForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	if _, err := p.Referrals.Review(r.Context(), r.Actor, id, referral.ReviewForm{Version: f.Version, Reason: f.Reason}); err != nil {
		return ui.Next{}, err
	}
	return did(id, f.from, "hub.sent_on", false), nil
}

// End is where a case is closed.
func (p Pages) End(r *ui.Request) (ui.Body, error) {
	return p.page(auth.CaseTriage, "hub.end", func(d desk) ui.Body { return ui.Body{Content: endPage(d)} })(r)
}

type endForm struct {
	from
	Disposition   string `form:"disposition"`
	EnrollmentEnd string `form:"enrollment_end"`
	Changeable    string `form:"changeable"`
}

// TakeEnd closes it.
func (p Pages) TakeEnd(r *ui.Request, f endForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	form := referral.CloseForm{Disposition: f.Disposition, EnrollmentEnd: f.EnrollmentEnd}
	if f.Changeable != "" {
		form.Changeable = new(f.Changeable == "yes")
	}
	if _, err := p.Referrals.Close(r.Context(), r.Actor, id, form); err != nil {
		return ui.Next{}, err
	}
	return did(id, f.from, "hub.ended", true), nil
}

// Holds is where a hold is placed.
func (p Pages) Holds(r *ui.Request) (ui.Body, error) {
	return p.page(auth.CaseTriage, "hub.hold", func(d desk) ui.Body { return ui.Body{Content: holdPage(d)} })(r)
}

// HoldsAgain is the same page for whoever may place a hold.
func (p Pages) HoldsAgain(r *ui.Request) (ui.Body, error) {
	return p.page(auth.CaseHold, "hub.hold", func(d desk) ui.Body { return ui.Body{Content: holdPage(d)} })(r)
}

type holdForm struct {
	from
	Kind     string `form:"kind"`
	Reason   string `form:"reason_code"`
	ReviewOn string `form:"review_on"`
}

// TakeHold places it.
func (p Pages) TakeHold(r *ui.Request, f holdForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	day, err := dateIn(r, "/review_on", f.ReviewOn)
	if err != nil {
		return ui.Next{}, err
	}
	form := referral.HoldForm{Kind: f.Kind, ReasonCode: f.Reason}
	if day != nil {
		form.ReviewOn = day.String()
	}
	if _, err := p.Referrals.PlaceHold(r.Context(), r.Actor, id, form); err != nil {
		return ui.Next{}, err
	}
	return did(id, f.from, "hub.hold_placed", false), nil
}

type liftForm struct {
	from
	Case   string `form:"case"`
	Reason string `form:"reason"`
}

// Lift ends one hold, of the hub or of an agency that placed it: one address for both.
func (p Pages) Lift(r *ui.Request, f liftForm) (ui.Next, error) {
	id, err := r.ID("hold")
	if err != nil {
		return ui.Next{}, err
	}
	done, err := p.Referrals.LiftHold(r.Context(), r.Actor, id, referral.LiftForm{Reason: f.Reason})
	if err != nil {
		return ui.Next{}, err
	}
	return did(done.CaseID, f.from, "hub.lifted", false), nil
}

// Correct is where a supervisor puts right how a case was closed.
func (p Pages) Correct(r *ui.Request) (ui.Body, error) {
	return p.page(auth.CaseCorrect, "hub.correct", func(d desk) ui.Body { return ui.Body{Content: correctPage(d)} })(r)
}

type correctForm struct {
	Version     int    `form:"version"`
	Disposition string `form:"disposition"`
	Reason      string `form:"reason"`
}

// TakeCorrect opens it again, or names the end that was meant.
func (p Pages) TakeCorrect(r *ui.Request, f correctForm) (ui.Next, error) {
	id, err := r.ID("case")
	if err != nil {
		return ui.Next{}, err
	}
	form := referral.CorrectForm{Version: f.Version, Reason: f.Reason, Disposition: f.Disposition}
	if f.Disposition == "reopen" {
		form.Reopen, form.Disposition = true, ""
	}
	if _, err := p.Referrals.Correct(r.Context(), r.Actor, id, form); err != nil {
		return ui.Next{}, err
	}
	return did(id, from{}, "hub.corrected", false), nil
}

// dateIn reads one box for a date.
func dateIn(r *ui.Request, pointer, text string) (*civil.Date, error) {
	day, ok := ui.ReadDate(text, civil.DateOf(r.Now.In(r.Zone)))
	if !ok {
		if err := r.Actor.Require(auth.CaseRead); err != nil {
			return nil, err
		}
		return nil, fault.Problems([]fault.Field{{Pointer: pointer, Code: "date", Detail: r.T("hub.bad_date")}})
	}
	return day, nil
}

// morning is nine o'clock of a day, where the reader is.
func morning(r *ui.Request, d *civil.Date) *time.Time {
	if d == nil {
		return nil
	}
	at := time.Date(d.Year, d.Month, d.Day, 9, 0, 0, 0, r.Zone).UTC()
	return &at
}
