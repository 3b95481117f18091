package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"doorstep/web"
)

// spec checks answers against openapi.yaml.
type spec struct {
	doc    *openapi3.T
	router routers.Router
}

func loadSpec(t *testing.T) *spec {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(readFile(t, "api/openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &spec{doc, router}
}

// check is nil for an answer that openapi.yaml allows, and for one at an address that it does not know: those are refusals
// of the router, whose shape is checked elsewhere.
func (s *spec) check(r *http.Request, answer *httptest.ResponseRecorder) error {
	route, params, err := s.router.FindRoute(r)
	if err != nil || strings.HasPrefix(answer.Header().Get("Content-Type"), "application/yaml") {
		return nil
	}
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 answer.Code, Header: answer.Header(),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	return openapi3filter.ValidateResponse(r.Context(), in.SetBodyBytes(answer.Body.Bytes()))
}

// operation is what openapi.yaml says of a route, nil when nothing.
func (s *spec) operation(r web.Route) *openapi3.Operation {
	item := s.doc.Paths.Value(strings.ReplaceAll(r.Path, ":id", "{id}"))
	if item == nil {
		return nil
	}
	return item.GetOperation(r.Method)
}

// example is the body that openapi.yaml shows for a route.
func (s *spec) example(t *testing.T, r web.Route) string {
	t.Helper()
	op := s.operation(r)
	if op == nil || op.RequestBody == nil {
		return ""
	}
	media := op.RequestBody.Value.Content.Get("application/json")
	if media == nil { // a file
		return ""
	}
	text, err := json.Marshal(media.Example)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestDescriptionAndRoutesAgree(t *testing.T) {
	w := newWorld(t)
	var described []string
	for path, item := range w.spec.doc.Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+strings.ReplaceAll(path, "{id}", ":id"))
		}
	}
	for _, r := range w.options.Routes() {
		if r.Page { // for people
			continue
		}
		name := r.Method + " " + r.Path
		at := slices.Index(described, name)
		if at < 0 {
			t.Errorf("openapi.yaml does not describe %s", name)
			continue
		}
		described = slices.Delete(described, at, at+1)
		op := w.spec.operation(r)
		if said, _ := op.Extensions["x-permission"].(string); said != string(r.Permission) {
			t.Errorf("%s needs %q, openapi.yaml says %q", name, r.Permission, said)
		}
		if public := op.Security != nil && len(*op.Security) == 0; public != (r.Kind == web.Public) {
			t.Errorf("%s: openapi.yaml and routes.go disagree on whether it is public", name)
		}
		if op.RequestBody != nil && !r.Stream {
			media := op.RequestBody.Value.Content.Get("application/json")
			if err := media.Schema.Value.VisitJSON(media.Example); err != nil {
				t.Errorf("%s: the example does not fit its schema: %v", name, err)
			}
		}
	}
	if len(described) > 0 {
		t.Errorf("openapi.yaml describes what is not there: %q", described)
	}
}
