package fault_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"doorstep/internal/fault"
)

func TestAKindIsSeenThroughWrapping(t *testing.T) {
	err := fmt.Errorf("claim case: %w", fault.Wrap(fault.Conflict, errors.New("cause"), "Somebody was first."))
	if !errors.Is(err, fault.Conflict) || errors.Is(err, fault.NotFound) || fault.KindOf(err) != fault.Conflict {
		t.Errorf("kind of %v", err)
	}
	if fault.KindOf(errors.New("anything")) != fault.Internal {
		t.Error("what nobody foresaw is internal")
	}
	if fault.Problems(nil) != nil {
		t.Error("no problem is no fault")
	}
}

func TestShapeNamesEveryFieldByItsPointer(t *testing.T) {
	type child struct {
		BornOn string `json:"born_on" validate:"omitempty,datetime=2006-01-02"`
	}
	type form struct {
		Stage    string            `json:"stage" validate:"required,oneof=prenatal postpartum"`
		Children []child           `json:"children" validate:"max=2,dive"`
		Needs    map[string]string `json:"needs" validate:"dive,oneof=yes no"`
	}
	shape := fault.NewShape()
	var got []string
	for _, f := range shape.Check(form{Children: []child{{}, {"tomorrow"}}, Needs: map[string]string{"housing": "maybe"}}) {
		got = append(got, f.Pointer+" "+f.Code)
		if f.Detail == "" {
			t.Errorf("%s says nothing", f.Pointer)
		}
	}
	want := []string{"/stage required", "/children/1/born_on datetime", "/needs/housing oneof"}
	if !slices.Equal(want, got) {
		t.Errorf("%q, not %q", got, want)
	}
	if shape.Check(form{Stage: "prenatal"}) != nil {
		t.Error("a right form has a problem")
	}
}
