package tour

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// life is one family's story: every line is a step that was checked.
type life struct {
	ctx context.Context
	w   World
}

// failed ends a life at its first wrong step; Run turns it into an error.
type failed struct{ error }

func (l *life) fail(format string, args ...any) { panic(failed{fmt.Errorf(format, args...)}) }

// say prints a step that was seen to hold.
func (l *life) say(format string, args ...any) {
	fmt.Fprintf(l.w.Out, "   %s  %s\n", l.w.Now().In(l.zone()).Format("Mon 02 Jan 15:04"), fmt.Sprintf(format, args...))
}

func (l *life) want(holds bool, format string, args ...any) {
	if !holds {
		l.fail(format, args...)
	}
}

func (l *life) zone() *time.Location {
	z, err := time.LoadLocation(zone)
	if err != nil {
		l.fail("time zone: %w", err)
	}
	return z
}

// answer is a JSON object as the service sent it.
type answer map[string]any

func (a answer) text(path string) string {
	var at any = map[string]any(a)
	for _, name := range strings.Split(path, ".") {
		m, ok := at.(map[string]any)
		if !ok {
			return ""
		}
		at = m[name]
	}
	if at == nil {
		return ""
	}
	return fmt.Sprint(at)
}

func (a answer) list(name string) []answer {
	var out []answer
	items, _ := a[name].([]any)
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// do sends one request and demands its status.
func (l *life) do(method, key, path string, body any, status int) answer {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			l.fail("%s %s: %w", method, path, err)
		}
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(l.ctx, method, l.w.BaseURL+"/api/v1"+path, reader)
	if err != nil {
		l.fail("%s %s: %w", method, path, err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		l.fail("%s %s: %w", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		l.fail("%s %s: %w", method, path, err)
	}
	if response.StatusCode != status {
		l.fail("%s %s answered %d, not %d: %s", method, path, response.StatusCode, status, text)
	}
	out := answer{}
	if len(text) > 0 && text[0] == '{' {
		if err := json.Unmarshal(text, &out); err != nil {
			l.fail("%s %s: %w", method, path, err)
		}
	} else if len(text) > 0 {
		var items []any
		if err := json.Unmarshal(text, &items); err != nil {
			l.fail("%s %s: %w", method, path, err)
		}
		out["items"] = items
	}
	return out
}

func (l *life) post(key, path string, body any) answer { return l.do("POST", key, path, body, 200) }
func (l *life) get(key, path string) answer            { return l.do("GET", key, path, nil, 200) }

// refused demands a refusal and returns its problem document.
func (l *life) refused(status int, method, key, path string, body any) answer {
	return l.do(method, key, path, body, status)
}

// org finds an organization of the community by a word of its name.
func (l *life) org(word string) Org {
	for _, o := range l.w.Orgs {
		if strings.Contains(o.Name, word) || o.Kind == word {
			return o
		}
	}
	l.fail("the community has no %q", word)
	return Org{}
}

// program finds the program that follows a code of the rule pack, and its agency.
func (l *life) program(code string) (Org, Program) {
	for _, o := range l.w.Orgs {
		for _, p := range o.Programs {
			if p.Code == code {
				return o, p
			}
		}
	}
	l.fail("the community has no program %q", code)
	return Org{}, Program{}
}

// wait moves the clock on by so much, with all work done that falls due.
func (l *life) wait(d time.Duration) { l.until(l.w.Now().Add(d)) }

func (l *life) until(t time.Time) {
	if err := l.w.Advance(l.ctx, t); err != nil {
		l.fail("move the clock to %s: %w", t.Format(time.RFC3339), err)
	}
}

// nextWeekday is the next such day at this local hour.
func (l *life) nextWeekday(day time.Weekday, hour int) time.Time {
	t := l.w.Now().In(l.zone())
	for {
		t = time.Date(t.Year(), t.Month(), t.Day()+1, hour, 0, 0, 0, l.zone())
		if t.Weekday() == day {
			return t
		}
	}
}

// mails counts the messages about a reference so far, and demands that none says what may not be said.
func (l *life) mails(reference string) []Mail {
	var out []Mail
	for _, m := range l.w.Mail() {
		if !strings.Contains(m.Subject+m.Body, reference) {
			continue
		}
		for _, word := range []string{"pregnan", "baby", "infant", "birth", "depress", "harm", "risk", "Nurse", "Healthy"} {
			if strings.Contains(strings.ToLower(m.Subject+m.Body), strings.ToLower(word)) {
				l.fail("a message about %s says %q", reference, word)
			}
		}
		out = append(out, m)
	}
	return out
}

// tasks are the open tasks of a kind that a role sees on a case.
func (l *life) tasks(key, kind, caseID string) []answer {
	var out []answer
	for _, t := range l.get(key, "/tasks").list("items") {
		if t.text("kind") == kind && t.text("case_id") == caseID {
			out = append(out, t)
		}
	}
	return out
}
