package providers

import (
	"regexp"
	"slices"

	"github.com/google/uuid"

	"doorstep/internal/fault"
)

// area is one ZIP code that a program serves.
type area struct {
	ProgramID uuid.UUID
	Zip       string
}

// TableName is gorm's.
func (area) TableName() string { return "program_areas" }

var zip = regexp.MustCompile(`^[0-9]{5}$`)

// areas makes the rows of a service area: sorted, without repeats. A code that is not five digits is Invalid.
func areas(program uuid.UUID, zips []string) ([]area, error) {
	zips = slices.Compact(slices.Sorted(slices.Values(zips)))
	rows := make([]area, len(zips))
	for i, z := range zips {
		if !zip.MatchString(z) {
			return nil, fault.New(fault.Invalid, "%q is not a ZIP code of five digits.", z)
		}
		rows[i] = area{program, z}
	}
	return rows, nil
}
