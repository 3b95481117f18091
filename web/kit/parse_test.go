package kit_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/web/kit"
)

type form struct {
	Name  string            `json:"name"`
	Count *int              `json:"count"`
	Small int8              `json:"small"`
	Yes   bool              `json:"yes"`
	On    *civil.Date       `json:"on"`
	At    *time.Time        `json:"at"`
	ID    *uuid.UUID        `json:"id"`
	Kids  []kid             `json:"kids"`
	Marks []*int            `json:"marks"`
	Needs map[string]string `json:"needs"`
	Inner struct {
		Role string `json:"role"`
	} `json:"inner"`
	Hidden string `json:"-"`
	bare   string //nolint:unused // a document must not reach it
}

type kid struct {
	Order int `json:"order"`
}

func TestParseTakesWhatFits(t *testing.T) {
	body := ` {"name":"Zoë 🙂 \ud83d\ude00 \\ud800","count":9007199254740993,"small":-128,"yes":true,"on":"2026-02-28",
		"at":"2026-01-31T09:00:00Z","id":"01900000-0000-7000-8000-000000000000","kids":[{"order":1},{"order":2}],
		"marks":[0,null,3],"needs":{"housing":"yes","a/b~c":"no"},"inner":{"role":"r"}} `
	var got form
	if err := kit.Parse([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != `Zoë 🙂 😀 \ud800` || *got.Count != 9007199254740993 || got.Small != -128 || !got.Yes || got.On.Day != 28 ||
		len(got.Kids) != 2 || got.Kids[1].Order != 2 || got.Marks[1] != nil || *got.Marks[2] != 3 || got.Needs["a/b~c"] != "no" || got.Inner.Role != "r" {
		t.Errorf("read as %+v", got)
	}
	var empty form
	if err := kit.Parse([]byte(`{"name":null,"count":null,"kids":null,"inner":null,"yes":null,"on":null}`), &empty); err != nil {
		t.Errorf("null must mean left out: %v", err)
	}
	if !reflect.DeepEqual(empty, form{}) {
		t.Errorf("null left something behind: %+v", empty)
	}
}

func TestParseNamesWhatIsWrong(t *testing.T) {
	deep := strings.Repeat(`{"inner":`, 40) + "1" + strings.Repeat("}", 40)
	for name, test := range map[string]struct {
		body string
		want []string // pointer and code of each problem; none: the document as a whole
	}{
		"not JSON":               {`{"name":`, nil},
		"trailing comma":         {`{"name":"a",}`, nil},
		"trailing text":          {`{"name":"a"} x`, nil},
		"two documents":          {`{"name":"a"}{"name":"b"}`, nil},
		"single quotes":          {`{'name':'a'}`, nil},
		"NaN":                    {`{"count":NaN}`, nil},
		"leading zero":           {`{"count":01}`, nil},
		"raw NUL":                {"{\"name\":\"a\x00\"}", nil},
		"raw control":            {"{\"name\":\"a\x01\"}", nil},
		"invalid UTF-8":          {"{\"name\":\"a\xff\"}", nil},
		"overlong UTF-8":         {"{\"name\":\"\xc0\xaf\"}", nil},
		"byte order mark":        {"\ufeff{}", nil},
		"lone high surrogate":    {`{"name":"\ud800"}`, nil},
		"lone low surrogate":     {`{"name":"\udc00"}`, nil},
		"high, high":             {`{"name":"\ud800\ud800"}`, nil},
		"high, then text":        {`{"name":"\ud83dxxxxxxx"}`, nil},
		"surrogate in a key":     {`{"\ud800":1}`, nil},
		"too deep":               {deep, nil},
		"too deep, unknown":      {`{"x":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}", nil},
		"too deep for anyone":    {strings.Repeat("[", 100_000), nil},
		"empty":                  {` `, nil},
		"a list":                 {`[]`, []string{" type"}},
		"null":                   {`null`, []string{" type"}},
		"text":                   {`"name"`, []string{" type"}},
		"escaped NUL":            {`{"name":"a\u0000b","needs":{"x\u0000":"yes"}}`, []string{"/name nul", "/needs/x\x00 nul"}},
		"unknown keys":           {`{"status":"open","inner":{"org_id":1},"kids":[{},{"x":1}]}`, []string{"/status unknown", "/inner/org_id unknown", "/kids/1/x unknown"}},
		"hidden and bare fields": {`{"Hidden":"x","bare":"x","-":"x","":"x"}`, []string{"/Hidden unknown", "/bare unknown", "/- unknown", "/ unknown"}},
		"double key":             {`{"name":"a","name":"b"}`, []string{"/name twice"}},
		"double by escape":       {`{"name":"a","n\u0061me":"b"}`, []string{"/name twice"}},
		"other case":             {`{"NAME":"a","inner":{"Role":"x"}}`, []string{"/NAME unknown", "/inner/Role unknown"}},
		"double in a map":        {`{"needs":{"a":"yes","A":"no"}}`, []string{"/needs/A twice"}},
		"double in the unknown":  {`{"x":{"a":1,"a":2}}`, []string{"/x unknown", "/x/a twice"}},
		"wrong types": {`{"name":1,"count":"1","yes":"true","kids":{},"needs":[],"inner":"x","marks":[1,"2"]}`,
			[]string{"/name type", "/count type", "/yes type", "/kids type", "/needs type", "/inner type", "/marks/1 type"}},
		"wrong values in a map": {`{"needs":{"a":true,"b":{}}}`, []string{"/needs/a type", "/needs/b type"}},
		"numbers that round":    {`{"count":1.0,"small":1e2,"kids":[{"order":1e400}]}`, []string{"/count type", "/small type", "/kids/0/order type"}},
		"numbers out of range":  {`{"count":9223372036854775808,"small":128}`, []string{"/count type", "/small type"}},
		"dates that are none":   {`{"on":"2026-02-30","at":"yesterday","id":"1;drop table"}`, []string{"/on type", "/at type", "/id type"}},
		"dates of other types":  {`{"on":20260228,"at":{},"id":[]}`, []string{"/on type", "/at type", "/id type"}},
		"pointer characters":    {`{"a/b~c":1}`, []string{"/a~1b~0c unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got form
			err := kit.Parse([]byte(test.body), &got)
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Malformed {
				t.Fatalf("want Malformed, got %v", err)
			}
			var problems []string
			for _, p := range f.Fields {
				problems = append(problems, p.Pointer+" "+p.Code)
				if p.Detail == "" {
					t.Errorf("%s says nothing", p.Pointer)
				}
			}
			if !reflect.DeepEqual(problems, test.want) {
				t.Errorf("problems %q, want %q", problems, test.want)
			}
			if !reflect.DeepEqual(got, form{}) {
				t.Errorf("something was read all the same: %+v", got)
			}
		})
	}
}

func TestParseKeepsItsAnswerSmall(t *testing.T) {
	long := `"` + strings.Repeat("k", 100_000) + `":1`
	var many []string
	for i := range 500 {
		many = append(many, `"`+strings.Repeat("x", i%50+1)+strings.Repeat("y", i/50)+`":1`)
	}
	err := kit.Parse([]byte("{"+long+","+strings.Join(many, ",")+"}"), &form{})
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Fields) != 50 || len(f.Fields[0].Pointer) > 100 {
		t.Errorf("%d problems", len(f.Fields))
	}
}

// FuzzParse: what is accepted is JSON, means the same to encoding/json, and comes back equal from its own JSON.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{}`, `{"name":"a","count":1,"kids":[{"order":1}]}`, `{"NAME":1,"name":null}`, `{"needs":{"a":"\ud83d\ude00"}}`,
		`{"marks":[null,1e400]}`, `{"on":"2026-02-28","at":"2026-01-31T09:00:00Z"}`, `[[[[`, "\xff", `{"a":"\u0000"}`, `{"id":"x"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var got, plain, again form
		if err := kit.Parse(body, &got); err != nil {
			if fault.KindOf(err) != fault.Malformed {
				t.Fatalf("%v is no Malformed", err)
			}
			return
		}
		if err := json.Unmarshal(body, &plain); err != nil || !reflect.DeepEqual(got, plain) {
			t.Fatalf("encoding/json reads %+v (%v), we %+v", plain, err, got)
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Skip() // a year of five digits is read by time.Time and not written
		}
		if err := kit.Parse(text, &again); err != nil || !reflect.DeepEqual(got, again) {
			t.Fatalf("%s came back as %+v: %v", text, again, err)
		}
	})
}
