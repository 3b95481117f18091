package family

import (
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
)

// Mine is the page of one family: first her word, then what happens.
func (p Pages) Mine(r *ui.Request) (ui.Body, error) {
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	at := "/c/" + r.Param("token")
	her, err := p.Referrals.HerPage(r.Context(), r.Param("token"), r.Visit())
	if fault.KindOf(err) == fault.Unauthenticated {
		if err = p.Referrals.KnownPage(r.Context(), r.Param("token")); err == nil {
			return page(askWord(at)), nil
		}
	}
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return page(shut()), nil
	case err != nil:
		return ui.Body{}, err
	}
	r.KeepVisit(r.Visit())
	zoned(r, her.Zone)
	return page(mine(at, her)), nil
}

type wordForm struct {
	Word string `form:"word"`
}

// TakeWord takes her word.
func (p Pages) TakeWord(r *ui.Request, f wordForm) (ui.Next, error) {
	at := "/c/" + r.Param("token")
	visit, err := p.Referrals.EnterHerPage(r.Context(), r.Param("token"), f.Word, r.Address())
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return ui.Next{To: at}, nil
	case err != nil:
		return ui.Next{}, said(r, err)
	}
	r.KeepVisit(visit)
	return ui.Next{To: at}, nil
}

// Ask is the page of one request. Without her word it is that of the word.
func (p Pages) Ask(kind string) ui.View {
	return func(r *ui.Request) (ui.Body, error) {
		body, err := p.Mine(r)
		if err != nil {
			return body, err
		}
		if _, err := p.Referrals.HerPage(r.Context(), r.Param("token"), r.Visit()); err != nil {
			return body, nil //nolint:nilerr // Mine says what it is
		}
		return page(ask("/c/"+r.Param("token"), kind)), nil
	}
}

type askForm struct {
	Text string `form:"text"`
}

// TakeAsk writes a request down.
func (p Pages) TakeAsk(kind string) func(*ui.Request, askForm) (ui.Next, error) {
	return func(r *ui.Request, f askForm) (ui.Next, error) {
		at := "/c/" + r.Param("token")
		err := p.Referrals.AskOnPage(r.Context(), r.Param("token"), r.Visit(), referral.HerRequest{Kind: kind, Text: f.Text})
		switch fault.KindOf(err) {
		case fault.NotFound, fault.Unauthenticated:
			return ui.Next{To: at}, nil
		}
		if err != nil {
			return ui.Next{}, said(r, err)
		}
		return ui.Next{To: at, Flash: ui.Flash{Key: "family.asked"}}, nil
	}
}

// Wrong is where somebody says what went wrong.
func (p Pages) Wrong(r *ui.Request) (ui.Body, error) {
	_, err := r.Query()
	return page(wrong(r.Path(), r.Path() != "/wrong")), err
}

type wrongForm struct {
	Text    string `form:"text"`
	Reach   string `form:"reach"`
	Website string `form:"website"`
}

// TakeWrong gives it to the privacy officer.
func (p Pages) TakeWrong(r *ui.Request, f wrongForm) (ui.Next, error) {
	err := p.Referrals.TellWrong(r.Context(), r.Address(), r.Param("token"), r.Visit(), referral.Wrong{Text: f.Text, Reach: f.Reach, Trap: f.Website})
	if err != nil {
		return ui.Next{}, said(r, err)
	}
	return ui.Next{To: "/wrong/told"}, nil
}

// Told says that it arrived.
func (p Pages) Told(r *ui.Request) (ui.Body, error) {
	_, err := r.Query()
	return page(told()), err
}
