package fault

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/go-playground/validator/v10"
)

// Shape checks the validator tags of forms and says what is wrong in JSON pointers. Build it once; it is safe for
// concurrent use.
type Shape struct {
	v     *validator.Validate
	rules map[string]string
}

// NewShape returns a checker that names fields as JSON does.
func NewShape() *Shape {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	return &Shape{v: v, rules: map[string]string{}}
}

// Rule teaches the checker a tag for text: holds says whether it fits, detail what to write instead. Teach before the first Check.
func (s *Shape) Rule(tag, detail string, holds func(string) bool) {
	s.rules[tag] = detail
	if err := s.v.RegisterValidation(tag, func(f validator.FieldLevel) bool { return holds(f.Field().String()) }); err != nil {
		panic(err) // a tag that the library keeps for itself: a mistake of the caller's code
	}
}

// Check returns every broken tag of form, in the order of the struct; nil when the shape is right.
func (s *Shape) Check(form any) []Field {
	var broken validator.ValidationErrors
	if err := s.v.Struct(form); !errors.As(err, &broken) {
		return nil
	}
	fields := make([]Field, 0, len(broken))
	for _, b := range broken {
		fields = append(fields, Field{Pointer: pointer(b.Namespace()), Code: b.Tag(), Detail: s.sentence(b)})
	}
	return fields
}

var index = regexp.MustCompile(`\[([^\]]*)\]`)

// pointer turns the validator's "Submission.infants[0].born_on" into "/infants/0/born_on".
func pointer(namespace string) string {
	_, path, _ := strings.Cut(namespace, ".")
	return "/" + strings.ReplaceAll(index.ReplaceAllString(path, ".$1"), ".", "/")
}

func (s *Shape) sentence(b validator.FieldError) string {
	if detail, taught := s.rules[b.Tag()]; taught {
		return detail
	}
	switch b.Tag() {
	case "required", "required_if", "required_with":
		return "This is needed."
	case "max":
		return fmt.Sprintf("At most %s.", b.Param())
	case "min":
		return fmt.Sprintf("At least %s.", b.Param())
	case "oneof":
		return "One of: " + strings.ReplaceAll(b.Param(), " ", ", ") + "."
	case "datetime":
		if b.Param() == "2006-01-02" {
			return "A date as YYYY-MM-DD."
		}
		return "A time as in 2026-01-31T09:00:00Z."
	case "email":
		return "An e-mail address."
	case "len":
		return fmt.Sprintf("Exactly %s characters.", b.Param())
	case "numeric":
		return "Digits only."
	case "uuid":
		return "An id as this service gave it."
	}
	return fmt.Sprintf("Does not fit the rule %q.", b.Tag())
}
