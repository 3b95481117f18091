package web_test

import (
	"net/http"
	"strings"
	"testing"
)

const (
	sheetHead = "stage,given_name,family_name,date_of_birth,consent,due_on\r\n"
	goodRow   = "prenatal,Example,Person Sheet,1999-05-04,yes_in_person,2026-07-20\r\n"
)

// sheet uploads a file as a program does.
func (w *world) sheet(key, file string) call {
	return call{method: "POST", path: "/api/v1/imports", key: key, body: file, header: http.Header{"Content-Type": {"text/csv"}}}
}

// imported is an upload of the hospital.
func (w *world) imported() string {
	w.t.Helper()
	return w.must(201, w.sheet(w.hospital, sheetHead+goodRow))["id"].(string)
}

// The same file once more is the same upload; what is wrong is told at once and by row; nothing is sent until it is asked.
func TestAFileOverTheAPI(t *testing.T) {
	w := newWorld(t)
	first := w.must(201, w.sheet(w.hospital, sheetHead+goodRow+"prenatal,Secret,Person,1999-99-04,,2026-07-20\r\n"))
	if first["status"] != "ready" || first["ready"] != 1.0 || first["refused"] != 1.0 || len(first["problems"].([]any)) != 2 || first["earlier"] != false {
		t.Errorf("got %v", first)
	}
	id := first["id"].(string)
	if again := w.must(201, w.sheet(w.hospital, sheetHead+goodRow+"prenatal,Secret,Person,1999-99-04,,2026-07-20\r\n")); again["id"] != id || again["earlier"] != true {
		t.Errorf("once more: %v", again)
	}
	at := func(path string) call { return call{method: "GET", path: "/api/v1/imports" + path, key: w.hospital} }
	if got := w.must(200, at("/"+id+"/rows"))["items"].([]any); len(got) != 2 {
		t.Errorf("rows: %v", got)
	}
	if got := w.must(200, at(""))["items"].([]any); len(got) != 1 {
		t.Errorf("list: %v", got)
	}
	w.must(400, at("/"+id+"/rows?after=x"))
	for range 2 {
		if sent := w.must(200, call{method: "POST", path: "/api/v1/imports/" + id + "/send", key: w.hospital}); sent["status"] != "sending" {
			t.Errorf("sending: %v", sent)
		}
	}
	w.must(409, call{method: "POST", path: "/api/v1/imports/" + id + "/delete", key: w.hospital})
	other := w.must(201, w.sheet(w.hospital, sheetHead+strings.Replace(goodRow, "Sheet", "Other", 1)))["id"].(string)
	w.must(200, call{method: "POST", path: "/api/v1/imports/" + other + "/delete", key: w.hospital})
	w.must(404, at("/"+other))

	w.must(422, w.sheet(w.hospital, "PK\x03\x04"))
	w.must(422, w.sheet(w.hospital, "a,b\r\n"))
	w.must(413, w.sheet(w.hospital, sheetHead+strings.Repeat(goodRow, 2001)))
	w.must(413, w.sheet(w.hospital, sheetHead+strings.Repeat("x", 6<<20)))
	wrong := w.sheet(w.hospital, sheetHead)
	wrong.header = http.Header{"Content-Type": {"application/json"}}
	w.must(415, wrong)
	if log := w.log.String(); strings.Contains(log, "Secret") || strings.Contains(log, "Sheet") {
		t.Error("the log names a family")
	}
}
