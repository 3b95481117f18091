package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
)

// hostile is bodies that are no referral, with the status that each must get. A map is an edit of a good referral.
func hostile(t *testing.T) map[string]struct {
	body string
	want int
} {
	good := referralBody(t, nil)
	client := func(key string, value any) string {
		return referralBody(t, func(d map[string]any) { d["client"].(map[string]any)[key] = value })
	}
	with := func(key string, value any) string {
		return referralBody(t, func(d map[string]any) { d[key] = value })
	}
	text := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	nested := func(n int) string { return `{"client":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}" }
	return map[string]struct {
		body string
		want int
	}{
		"nothing":                     {``, 422},
		"an empty object":             {`{}`, 422},
		"null":                        {`null`, 400},
		"a list":                      {`[]`, 400},
		"a number":                    {`1e400`, 400},
		"half a document":             {good[:len(good)/2], 400},
		"trailing garbage":            {good + "x", 400},
		"two documents":               {good + good, 400},
		"XML":                         {`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>`, 400},
		"wrong types everywhere":      {`{"stage":1,"client":[],"contact_methods":{},"pregnancy":"x","consent":true}`, 400},
		"weeks as text":               {text(`"weeks":20`, `"weeks":"20"`), 400},
		"weeks as a fraction":         {text(`"weeks":20`, `"weeks":20.5`), 400},
		"weeks 1e400":                 {text(`"weeks":20`, `"weeks":1e400`), 400},
		"weeks NaN":                   {text(`"weeks":20`, `"weeks":NaN`), 400},
		"weeks beyond 64 bits":        {text(`"weeks":20`, `"weeks":9223372036854775808`), 400},
		"negative weeks":              {text(`"weeks":20`, `"weeks":-3`), 422},
		"negative births":             {text(`"earlier_live_births":0`, `"earlier_live_births":-1`), 422},
		"a key twice":                 {text(`"stage":"prenatal"`, `"stage":"prenatal","stage":"postpartum"`), 400},
		"a key in another case":       {text(`"stage"`, `"STAGE"`), 400},
		"a status of its own":         {with("status", "enrolled"), 400},
		"an organization":             {with("org_id", "01900000-0000-7000-8000-000000000000"), 400},
		"NUL in a name":               {text(`"given_name":"Example"`, `"given_name":"Ex\u0000ample"`), 400},
		"raw NUL":                     {text(`"given_name":"Example"`, "\"given_name\":\"Ex\x00ample\""), 400},
		"half a character":            {text(`"given_name":"Example"`, `"given_name":"\ud83d"`), 400},
		"no UTF-8":                    {text(`"given_name":"Example"`, "\"given_name\":\"\xff\xfe\""), 400},
		"an emoji for a name":         {client("given_name", "🙂🙂"), 422},
		"a name turned around":        {client("given_name", "Exam\u202eple"), 422},
		"a line break in a name":      {client("family_name", "Person\r\nBcc: x@example.org"), 422},
		"a name of spaces":            {client("given_name", "   "), 422},
		"10 000 combining marks":      {client("given_name", "e"+strings.Repeat("\u0301", 10_000)), 422},
		"a very long name":            {client("given_name", strings.Repeat("a", 200_000)), 422},
		"a client of 400 years":       {client("date_of_birth", "1626-03-03"), 422},
		"a client not yet born":       {client("date_of_birth", "2030-01-01"), 422},
		"a 30th of February":          {client("date_of_birth", "1999-02-30"), 422},
		"a year of five digits":       {client("date_of_birth", "11999-02-03"), 422},
		"SQL for a stage":             {with("stage", "prenatal'; DROP TABLE cases; --"), 422},
		"an unknown need":             {with("needs", map[string]string{"<script>alert(1)</script>": "yes"}), 422},
		"400 needs":                   {with("needs", many(400)), 422},
		"an unknown instrument":       {with("screenings", []any{map[string]any{"instrument": "x", "items": []int{1}}}), 422},
		"items out of range":          {with("screenings", []any{map[string]any{"instrument": "phq9", "items": []int{99, -1, 2, 3, 4, 5, 6, 7, 8}}}), 422},
		"1000 infants":                {with("birth", map[string]any{"infants": make([]struct{}, 1000)}), 422},
		"a deep document":             {nested(40), 400},
		"a very deep document":        {nested(100_000), 400},
		"a huge document":             {with("note", strings.Repeat("x", 300<<10)), 413},
		"a hash of small keys":        {"{" + strings.Repeat(`"a":1,`, 20_000) + `"a":1}`, 400},
		"no consent":                  {text(`"consent":{"answer":"yes_in_person","share_with_agencies":"yes"}`, `"consent":{}`), 422},
		"a part 2 record, no consent": {with("sensitivity", "part2"), 422},
		"a phone that calls police":   {text("410-555-0142", "911"), 422},
	}
}

func many(n int) map[string]string {
	out := map[string]string{}
	for i := range n {
		out[fmt.Sprint("need", i)] = "yes"
	}
	return out
}

func TestHostileBodiesAreRefusedWholeAndInWords(t *testing.T) {
	w := newWorld(t)
	w.must(201, call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: referralBody(t, nil)})
	before := w.counts()
	for name, test := range hostile(t) {
		answer := w.send(call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: test.body})
		if answer.Code != test.want {
			t.Errorf("%s: %d, want %d: %.300s", name, answer.Code, test.want, answer.Body)
			continue
		}
		var p struct {
			Detail string
			Errors []struct{ Pointer, Detail string }
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &p); err != nil || p.Detail == "" || answer.Code == 422 && len(p.Errors) == 0 {
			t.Errorf("%s does not say what is wrong: %.300s", name, answer.Body)
		}
		if answer.Body.Len() > 64<<10 {
			t.Errorf("%s is answered with %d bytes", name, answer.Body.Len())
		}
	}
	if after := w.counts(); !maps.Equal(before, after) {
		t.Errorf("something was written: before %v, after %v", before, after)
	}
}

func TestBodiesInOtherClothesAreRefused(t *testing.T) {
	w := newWorld(t)
	good := referralBody(t, nil)
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write([]byte(good))
	_ = zip.Close()
	before := w.counts()
	for name, test := range map[string]struct {
		body   string
		header http.Header
		want   int
	}{
		"gzip":             {packed.String(), http.Header{"Content-Encoding": {"gzip"}}, 415},
		"gzip that is not": {good, http.Header{"Content-Encoding": {"gzip"}}, 415},
		"brotli":           {good, http.Header{"Content-Encoding": {"br"}}, 415},
		"a form":           {"stage=prenatal", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, 415},
		"plain text":       {good, http.Header{"Content-Type": {"text/plain"}}, 415},
		"no type":          {good, http.Header{"Content-Type": {""}}, 415},
		"UTF-16":           {good, http.Header{"Content-Type": {"application/json; charset=utf-16"}}, 415},
		"another site":     {good, http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		"another origin":   {good, http.Header{"Origin": {"https://evil.example"}}, 403},
	} {
		answer := w.send(call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: test.body, header: test.header})
		if answer.Code != test.want {
			t.Errorf("%s: %d, want %d: %.200s", name, answer.Code, test.want, answer.Body)
		}
	}
	if after := w.counts(); !maps.Equal(before, after) {
		t.Errorf("something was written: before %v, after %v", before, after)
	}
}
