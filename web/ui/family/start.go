package family

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
)

func page(content templ.Component) ui.Body {
	return ui.Body{Public: true, Family: true, Content: content}
}

// Begin is the note about safety before the first question.
func (p Pages) Begin(r *ui.Request) (ui.Body, error) {
	_, err := r.Query()
	return page(begin()), err
}

// TakeBegin begins a visit.
func (p Pages) TakeBegin(r *ui.Request, _ nothing) (ui.Next, error) {
	token, err := p.Referrals.BeginHerForm(r.Context(), r.Address())
	if err != nil {
		return ui.Next{}, said(r, err)
	}
	r.KeepVisit(token)
	return ui.Next{To: "/start/who"}, nil
}

// Over says that the answers are gone.
func (p Pages) Over(r *ui.Request) (ui.Body, error) {
	_, err := r.Query()
	return page(over()), err
}

// AskFirst tells a friend to ask her before.
func (p Pages) AskFirst(r *ui.Request) (ui.Body, error) {
	_, err := r.Query()
	return page(askFirst()), err
}

// step shows one page of the form, or what became of it meanwhile.
func (p Pages) step(show func(referral.HerForm) templ.Component) ui.View {
	return func(r *ui.Request) (ui.Body, error) {
		if _, err := r.Query(); err != nil {
			return ui.Body{}, err
		}
		form, err := p.Referrals.HerForm(r.Context(), r.Visit())
		switch {
		case fault.KindOf(err) == fault.NotFound:
			r.KeepVisit("")
			return page(over()), nil
		case err != nil:
			return ui.Body{}, err
		}
		r.KeepVisit(r.Visit()) // 15 minutes from now
		if form.Zone != nil {
			r.Zone = form.Zone
		}
		if form.Sent != nil {
			return page(done(*form.Sent)), nil
		}
		return page(show(form)), nil
	}
}

// keep writes one step down and leads on.
func (p Pages) keep(r *ui.Request, step string, change func(*referral.HerAnswers)) (ui.Next, error) {
	answers, err := p.Referrals.KeepHerStep(r.Context(), r.Visit(), step, change)
	switch fault.KindOf(err) {
	case fault.NotFound:
		return ui.Next{To: "/start/over"}, nil
	case fault.Conflict: // it was sent
		return ui.Next{To: "/start/done"}, nil
	}
	if err != nil {
		return ui.Next{}, said(r, err)
	}
	form, err := p.Referrals.HerForm(r.Context(), r.Visit())
	if err != nil {
		return ui.Next{}, err
	}
	to := after(step, answers)
	if to != "now" && form.Missing() == "" {
		to = "check"
	}
	return ui.Next{To: "/start/" + to}, nil
}

// after is the page behind a step. After a loss nobody asks for a date.
func after(step string, a referral.HerAnswers) string {
	switch {
	case step == "reach" && a.Danger == "yes":
		return "now"
	case step == "else":
		return "name"
	case step == "language" && a.Who == "loss":
		return "check"
	}
	order := append(referral.HerSteps(), "check")
	return order[min(slices.Index(order, step)+1, len(order)-1)]
}

type whoForm struct {
	Who string `form:"who"`
}

// TakeWho is the first question.
func (p Pages) TakeWho(r *ui.Request, f whoForm) (ui.Next, error) {
	if f.Who == "else" {
		next, err := p.keep(r, "", func(a *referral.HerAnswers) { a.Else, a.Agreed = true, false })
		if err == nil && next.To != "/start/over" && next.To != "/start/done" {
			next.To = "/start/else"
		}
		return next, err
	}
	return p.keep(r, "who", func(a *referral.HerAnswers) { a.Who, a.Else, a.Agreed, a.Helper = f.Who, false, false, "" })
}

type elseForm struct {
	Who    string `form:"who"`
	Agreed string `form:"agreed"`
	Helper string `form:"helper"`
}

// TakeElse is what a friend or doula answers first. Without her yes nothing goes on, and nothing is kept.
func (p Pages) TakeElse(r *ui.Request, f elseForm) (ui.Next, error) {
	if f.Agreed == "no" {
		if err := p.Referrals.Leave(r.Context(), r.Visit()); err != nil {
			return ui.Next{}, err
		}
		r.KeepVisit("")
		return ui.Next{To: "/start/ask-first"}, nil
	}
	return p.keep(r, "else", func(a *referral.HerAnswers) {
		a.Else, a.Who, a.Agreed, a.Helper = true, f.Who, f.Agreed == "yes", f.Helper
	})
}

type nameForm struct {
	GivenName  string `form:"given_name"`
	FamilyName string `form:"family_name"`
	CallMe     string `form:"call_me"`
}

// TakeName is the second question.
func (p Pages) TakeName(r *ui.Request, f nameForm) (ui.Next, error) {
	return p.keep(r, "name", func(a *referral.HerAnswers) {
		a.GivenName, a.FamilyName, a.CallMe = f.GivenName, f.FamilyName, f.CallMe
	})
}

type reachForm struct {
	Phone  string   `form:"phone"`
	Email  string   `form:"email"`
	Ways   []string `form:"ways"`
	Best   string   `form:"best"`
	Never  string   `form:"never"`
	Danger string   `form:"danger"`
}

// TakeReach is the third question.
func (p Pages) TakeReach(r *ui.Request, f reachForm) (ui.Next, error) {
	return p.keep(r, "reach", func(a *referral.HerAnswers) {
		a.Phone, a.Email, a.Ways, a.Best, a.Never, a.Danger = f.Phone, f.Email, f.Ways, f.Best, f.Never, f.Danger
	})
}

type areaForm struct {
	Zip  string `form:"zip"`
	Area string `form:"area"`
}

// TakeArea is the fourth question.
func (p Pages) TakeArea(r *ui.Request, f areaForm) (ui.Next, error) {
	return p.keep(r, "area", func(a *referral.HerAnswers) { a.Zip, a.Area = f.Zip, f.Area })
}

type languageForm struct {
	Language string `form:"language"`
	Speaks   string `form:"speaks"`
}

// TakeLanguage is the fifth question.
func (p Pages) TakeLanguage(r *ui.Request, f languageForm) (ui.Next, error) {
	return p.keep(r, "language", func(a *referral.HerAnswers) { a.Language, a.Speaks = f.Language, f.Speaks })
}

type dateForm struct {
	Year    int    `form:"year"`
	Month   int    `form:"month"`
	Day     int    `form:"day"`
	NotSure string `form:"not_sure"`
}

// TakeDate is the sixth question.
func (p Pages) TakeDate(r *ui.Request, f dateForm) (ui.Next, error) {
	return p.keep(r, "date", func(a *referral.HerAnswers) {
		a.Year, a.Month, a.Day, a.NotSure = f.Year, f.Month, f.Day, f.NotSure == "yes"
	})
}

type consentForm struct {
	Agree   string `form:"agree"`
	Share   string `form:"share"`
	Texts   string `form:"texts"`
	Mail    string `form:"mail"`
	Website string `form:"website"`
}

// Send takes her consent and sends the form.
func (p Pages) Send(r *ui.Request, f consentForm) (ui.Next, error) {
	next, err := p.keep(r, "", func(a *referral.HerAnswers) {
		a.Agree, a.Share, a.Texts, a.Mail, a.PageLanguage = f.Agree == "yes", f.Share, f.Texts == "yes", f.Mail == "yes", string(r.Lang)
		if f.Share != "yes" && f.Share != "no" {
			a.Share = "not_asked"
		}
	})
	if err != nil || next.To == "/start/over" || next.To == "/start/done" {
		return next, err
	}
	if _, err := p.Referrals.SendHerForm(r.Context(), r.Visit(), r.Address(), f.Website); err != nil {
		return ui.Next{}, said(r, err)
	}
	return ui.Next{To: "/start/done"}, nil
}

// Question is a page of the form, with what was answered so far. The last ones lead back to what is not answered yet.
func (p Pages) Question(of string) ui.View {
	switch of {
	case "else":
		return p.step(somebodyElse)
	case "name":
		return p.step(name)
	case "reach":
		return p.step(reach)
	case "now":
		return p.step(now)
	case "area":
		return p.step(area)
	case "language":
		return p.step(tongue)
	case "date":
		return p.step(date)
	case "check":
		return p.step(whole(check))
	case "consent":
		return p.step(whole(consent))
	}
	return p.step(who)
}

func whole(show func(referral.HerForm) templ.Component) func(referral.HerForm) templ.Component {
	return func(f referral.HerForm) templ.Component {
		switch f.Missing() {
		case "":
			return show(f)
		case "name":
			return name(f)
		case "reach":
			return reach(f)
		case "language":
			return tongue(f)
		case "date":
			return date(f)
		case "agreed":
			return somebodyElse(f)
		}
		return who(f)
	}
}

func zoned(r *ui.Request, zone *time.Location) {
	if zone != nil {
		r.Zone = zone
	}
}
