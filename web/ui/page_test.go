package ui_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/a-h/templ"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/web/ui"
)

type form struct {
	Name    string   `form:"client.given_name"`
	Word    string   `form:"word,raw"`
	Ways    []string `form:"ways"`
	Agreed  bool     `form:"agreed"`
	Version int      `form:"version"`
}

// page is a form with one field, as a handler of echo answers it.
func page(t *testing.T, body string, header http.Header, do func(*ui.Request, form) (ui.Next, error)) *httptest.ResponseRecorder {
	t.Helper()
	ground, err := ui.NewGround()
	if err != nil {
		t.Fatal(err)
	}
	ground.Secure = true
	view := func(*ui.Request) (ui.Body, error) {
		return ui.Body{Title: "A page", Content: templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			for _, c := range []templ.Component{ui.ErrorSummary(), ui.Text(ui.Field{Name: "client.given_name", Label: "Name", Value: "before"}),
				ui.Checks(ui.Choice{Name: "ways", Label: "Ways", Options: []ui.Option{{Value: "call", Label: "Call"}, {Value: "text", Label: "Text"}}})} {
				if err := c.Render(ctx, w); err != nil {
					return err
				}
			}
			return nil
		})}, nil
	}
	method := http.MethodPost
	if do == nil {
		method = http.MethodGet
	}
	r := httptest.NewRequestWithContext(t.Context(), method, "/cases/x?y=z", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, values := range header {
		r.Header[name] = values
	}
	answer := httptest.NewRecorder()
	c := echo.New().NewContext(r, answer)
	ui.Begin(c, ground, accounts.Session{ID: uuid.New(), Actor: auth.Actor{Kind: "user", Role: auth.TriageCoordinator}, Zone: "America/New_York",
		Now: time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC)})
	handler := ui.Show(view)
	if do != nil {
		handler = ui.Save(view, do)
	}
	if err := handler(c); err != nil {
		status := map[fault.Kind]int{fault.Conflict: 409, fault.Stale: 412, fault.Unauthenticated: 401, fault.Malformed: 400, fault.Unavailable: 503}[fault.KindOf(err)]
		if err := ui.Fail(c, max(status, 400), err, "ref-1"); err != nil {
			t.Fatal(err)
		}
	}
	return answer
}

func TestAFormThatNeedsACorrectionIsShownAgain(t *testing.T) {
	var got form
	answer := page(t, "client.given_name=+Ana+%3Cb%3E+&word=+x+&ways=text&agreed=yes&version=7&_key=k", nil, func(_ *ui.Request, f form) (ui.Next, error) {
		got = f
		return ui.Next{}, fault.Problems([]fault.Field{{Pointer: "/client/given_name", Code: "odd", Detail: "This is no name."}, {Pointer: "/elsewhere", Code: "x", Detail: "And this."}})
	})
	if got.Name != "Ana <b>" || got.Word != " x " || len(got.Ways) != 1 || !got.Agreed || got.Version != 7 {
		t.Errorf("read %+v", got)
	}
	shown := answer.Body.String()
	if answer.Code != 422 {
		t.Errorf("answered %d", answer.Code)
	}
	for _, want := range []string{`<a href="#f-client-given_name">This is no name.</a>`, `And this.`, `aria-invalid="true"`, `value=" Ana &lt;b&gt; "`, `value="text" checked`,
		"<title>Error: ", `aria-describedby="f-client-given_name-error"`} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page has no %s:\n%s", want, shown)
		}
	}
	if strings.Contains(shown, `value="call" checked`) || strings.Contains(shown, "before") {
		t.Error("what was not typed is shown")
	}
}

func TestWhatBecomesAPageOfItsOwn(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		code int
		want []string
	}{
		"conflict": {fault.New(fault.Conflict, "Ana in your team claimed it."), 409, []string{"This cannot be done now", "Ana in your team claimed it.", `href="/cases/x/claim"`}},
		"stale": {&fault.Error{Kind: fault.Stale, Message: "Somebody changed this case.", Fields: []fault.Field{{Pointer: "/version", Detail: "claim, by Ana"}}}, 412,
			[]string{"This changed while you had it open", "Claimed by an agency · Ana", `href="/cases/x/claim"`}},
		"busy":    {fault.New(fault.Unavailable, "secret cause"), 503, []string{"Try again in a moment", "ref-1"}},
		"unknown": {io.ErrUnexpectedEOF, 400, []string{"ref-1"}},
	} {
		answer := page(t, "", http.Header{"Referer": {"http://example.com/cases/x/claim"}}, func(*ui.Request, form) (ui.Next, error) { return ui.Next{}, test.err })
		if answer.Code != test.code {
			t.Errorf("%s: %d", name, answer.Code)
		}
		for _, want := range test.want {
			if !strings.Contains(answer.Body.String(), want) {
				t.Errorf("%s: no %q in\n%s", name, want, answer.Body)
			}
		}
		for _, never := range []string{"secret cause", "unexpected EOF"} {
			if strings.Contains(answer.Body.String(), never) {
				t.Errorf("%s says %q", name, never)
			}
		}
	}
	for body, code := range map[string]int{"other=1": 400, "word=1&word=2": 400, "version=x": 422} {
		if answer := page(t, body, nil, func(*ui.Request, form) (ui.Next, error) { return ui.Next{To: "/"}, nil }); answer.Code != code {
			t.Errorf("%s: %d", body, answer.Code)
		}
	}
}

// What was done is said once on the next page, in a cookie that no script reads; nobody is led elsewhere.
func TestWhereAFormLeads(t *testing.T) {
	id := uuid.New()
	answer := page(t, "", nil, func(*ui.Request, form) (ui.Next, error) {
		return ui.Next{To: "//evil.example/x", Flash: ui.Flash{Key: "cases.taken_back", Undo: id}}, nil
	})
	cookies := answer.Result().Cookies()
	if answer.Code != 303 || answer.Header().Get("Location") != "/" || len(cookies) != 1 {
		t.Fatalf("%d %v", answer.Code, answer.Header())
	}
	said := cookies[0]
	if said.Name != "__Host-said" || !said.HttpOnly || !said.Secure || said.SameSite != http.SameSiteLaxMode || said.Path != "/" || said.Domain != "" {
		t.Errorf("%+v", said)
	}
	next := page(t, "", http.Header{"Cookie": {said.Name + "=" + said.Value}}, nil)
	if shown := next.Body.String(); !strings.Contains(shown, "The last step was taken back.") || !strings.Contains(shown, `action="/cases/`+id.String()+`/undo"`) {
		t.Errorf("not said:\n%s", shown)
	}
	if gone := next.Result().Cookies(); len(gone) != 1 || gone[0].MaxAge >= 0 {
		t.Errorf("said again and again: %v", gone)
	}
	if odd := page(t, "", http.Header{"Cookie": {said.Name + "=AAAA"}}, nil); odd.Code != 200 {
		t.Errorf("a cookie that nobody wrote: %d", odd.Code)
	}
	for path, want := range map[string]string{"/cases?status=x": "/cases?status=x", "https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/", "cases": "/", "/a\nb": "/", "": "/"} {
		if got := ui.Local(path); got != want {
			t.Errorf("%q leads to %q", path, got)
		}
	}
	out := page(t, "", http.Header{"Hx-Request": {"true"}}, func(*ui.Request, form) (ui.Next, error) { return ui.Next{}, fault.New(fault.Unauthenticated, "x") })
	if to, _ := url.Parse(out.Header().Get("HX-Redirect")); out.Code != 204 || to == nil || to.Path != "/sign-in" && to.Path != "/sign-in/role" {
		t.Errorf("a part of a page without a session: %d %v", out.Code, out.Header())
	}
}

func TestDatesAsPeopleWriteThem(t *testing.T) {
	today := civil.Date{Year: 2026, Month: 3, Day: 3}
	for text, want := range map[string]string{"3/27/98": "1998-03-27", "03-27-1998": "1998-03-27", "03271998": "1998-03-27", "1998-03-27": "1998-03-27", "27 Mar 1998": "1998-03-27",
		"March 27, 1998": "1998-03-27", "27 de marzo de 1998": "1998-03-27", " 27  MARZO 1998 ": "1998-03-27", "Sept 5 2026": "2026-09-05", "3/14/27": "2027-03-14", "3/14/29": "1929-03-14",
		"2/30/2026": "no", "13/1/2026": "no", "tomorrow": "no", "3/27": "no", "1/1/1850": "no", "27 Xxx 1998": "no", "ma 3 2026": "no", "": "none"} {
		got := "no"
		if d, ok := ui.ReadDate(text, today); ok && d == nil {
			got = "none"
		} else if ok {
			got = d.String()
		}
		if got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}
