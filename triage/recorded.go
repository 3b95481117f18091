package triage

import (
	"errors"
	"fmt"
	"slices"
)

// span is the lowest and highest number that may stand for an item.
func (form *Instrument) span(recorded string) (lo, hi int) {
	if recorded == RecordedLines {
		return 1, form.Max - form.Min + 1
	}
	return form.Min, form.Max
}

// value turns what was written for item i, from 0, into its value, held to the
// form's range.
func (form *Instrument) value(recorded string, i, written int) int {
	lo, hi := form.span(recorded)
	written = max(lo, min(hi, written))
	switch {
	case recorded != RecordedLines:
		return written
	case slices.Contains(form.Reversed, i+1):
		return form.Max - (written - 1)
	default:
		return form.Min + (written - 1)
	}
}

// lowest reports that item i was surely answered with its lowest value. What is
// out of range, or was written down in a way nobody knows, is not sure: an alarm
// too many is looked at and ends, one that is missed does not.
func (form *Instrument) lowest(recorded string, i, written int) bool {
	lo, hi := form.span(recorded)
	return knownRecording(recorded) && written >= lo && written <= hi && form.value(recorded, i, written) == form.Min
}

// mislabelled: an answer that no line of the form can be shows that values were
// written down, so that line 1, the lowest, may be a value above it.
func (form *Instrument) mislabelled(s *Screening) bool {
	return s.Recorded == RecordedLines && slices.ContainsFunc(s.Items, func(v *int) bool { return v != nil && form.CheckItem(s.Recorded, *v) != nil })
}

func knownRecording(recorded string) bool {
	return recorded == "" || recorded == RecordedValues || recorded == RecordedLines
}

// CheckRecorded refuses a way of writing answers down that this form cannot have.
// A yes or no has no line: printed forms differ in which comes first.
func (form *Instrument) CheckRecorded(recorded string) error {
	switch {
	case !knownRecording(recorded):
		return errors.New("recorded is not values or lines")
	case recorded == RecordedLines && form.Max-form.Min < 2:
		return fmt.Errorf("%s is answered yes or no: record %d for yes and %d for no", form.ID, form.Max, form.Min)
	}
	return nil
}

// CheckItem refuses a number that cannot stand for an answer to this form.
func (form *Instrument) CheckItem(recorded string, written int) error {
	if lo, hi := form.span(recorded); written < lo || written > hi {
		return fmt.Errorf("not between %d and %d", lo, hi)
	}
	return nil
}

// Check reports whether items has one place for each question of the form and
// every answered one is in range. Unanswered items (nil) are fine.
func (form *Instrument) Check(recorded string, items []*int) error {
	if err := form.CheckRecorded(recorded); err != nil {
		return err
	}
	if len(items) != form.Items {
		return fmt.Errorf("%s has %d items, not %d", form.ID, form.Items, len(items))
	}
	for i, v := range items {
		if v == nil {
			continue
		}
		if err := form.CheckItem(recorded, *v); err != nil {
			return fmt.Errorf("%s item %d is %w", form.ID, i+1, err)
		}
	}
	return nil
}

// Positive reports whether one of the screenings on a topic reached its form's
// cut-off. A partly answered one counts when no other answer could undo it.
func (rs *RuleSet) Positive(topic string, screenings []Screening) bool {
	return slices.ContainsFunc(screenings, func(s Screening) bool {
		i := slices.IndexFunc(rs.forms, func(form Instrument) bool { return form.ID == s.Instrument })
		return i >= 0 && rs.forms[i].Topic == topic && rs.forms[i].score(&s).Positive == Yes
	})
}
