package ui

import (
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
	"doorstep/web/kit"
)

// keyField is the idempotency key that each form carries: pressing twice, or again after a lost answer, does it once.
const keyField = "_key"

// decode reads the fields into an F: text, []string, bool ("yes") and int, by the tag form:"name". Text is trimmed, but for form:"name,raw". A field that
// the page does not have, or that comes twice, is Malformed: it did not come from our page.
func decode[F any](c echo.Context) (form F, sent url.Values, err error) {
	sent, err = kit.Form(c)
	if err != nil {
		return form, nil, err
	}
	known := map[string]bool{keyField: true}
	err = fill(reflect.ValueOf(&form).Elem(), sent, known)
	for name := range sent {
		if !known[name] && err == nil {
			err = fault.New(fault.Malformed, "The form is not as this page sends it. Open the page again.")
		}
	}
	return form, sent, err
}

func fill(v reflect.Value, sent url.Values, known map[string]bool) error {
	for i := range v.NumField() {
		field, into := v.Type().Field(i), v.Field(i)
		name, option, _ := strings.Cut(field.Tag.Get("form"), ",")
		if name == "" && into.Kind() == reflect.Struct {
			if err := fill(into, sent, known); err != nil {
				return err
			}
			continue
		}
		if name == "" {
			continue
		}
		known[name] = true
		values := sent[name]
		if into.Kind() == reflect.Slice {
			into.Set(reflect.ValueOf(append([]string(nil), values...)))
			continue
		}
		if len(values) > 1 {
			return fault.New(fault.Malformed, "The form is not as this page sends it. Open the page again.")
		}
		if err := set(into, sent.Get(name), option == "raw"); err != nil {
			return fault.Problems([]fault.Field{{Pointer: "/" + strings.ReplaceAll(name, ".", "/"), Code: "type", Detail: "Write a whole number."}})
		}
	}
	return nil
}

func set(into reflect.Value, text string, raw bool) error {
	if !raw {
		text = strings.TrimSpace(text)
	}
	switch into.Kind() {
	case reflect.String:
		into.SetString(text)
	case reflect.Bool:
		into.SetBool(text == "yes")
	case reflect.Int:
		if text == "" {
			return nil
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		into.SetInt(int64(n))
	}
	return nil
}

// FormKey is the idempotency key that a form was sent with, or "".
func FormKey(c echo.Context) string {
	values, err := kit.Form(c)
	if err != nil {
		return "" // the handler says what is wrong
	}
	return values.Get(keyField)
}
