package match

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

//go:embed weights.json
var weightsFile []byte

// Weights is the file of weights: for each field and level how often it is met between two descriptions of one person (M) and
// of two people (U), with how that was found, and the thresholds in bits.
type Weights struct {
	Version       int       `json:"version"`
	Read          string    `json:"read"`
	How           string    `json:"how"`
	Link          float64   `json:"link"` // bits, at or above which a link may be made without a person
	Ask           float64   `json:"ask"`  // bits, at or above which a person is asked
	ThresholdsHow string    `json:"thresholds_how"`
	Fields        []Weighed `json:"fields"`
}

// Weighed is one field of the file.
type Weighed struct {
	Field  Field    `json:"field"`
	How    string   `json:"how"`
	Levels []Chance `json:"levels"`
}

// Chance is one level of a field.
type Chance struct {
	Level Level   `json:"level"`
	M     float64 `json:"m"`
	U     float64 `json:"u"`
}

// Bits is what the level weighs, to a hundredth, so that the parts of a score that people see add up to it.
func (c Chance) Bits() float64 { return hundredth(math.Log2(c.M / c.U)) }

func hundredth(x float64) float64 { return math.Round(x*100) / 100 }

// Shipped are the weights that come with Doorstep.
func Shipped() (Weights, error) { return ReadWeights(weightsFile) }

// ReadWeights reads a file of weights and says what is wrong with it.
func ReadWeights(text []byte) (Weights, error) {
	var w Weights
	if err := json.Unmarshal(text, &w); err != nil {
		return w, fmt.Errorf("read the weights: %w", err)
	}
	if w.Ask >= w.Link {
		return w, errors.New("read the weights: to ask must take fewer bits than to link")
	}
	if len(w.Fields) == 0 {
		return w, errors.New("read the weights: there are no fields")
	}
	for i, f := range w.Fields {
		if !slices.Contains(fields(), f.Field) || slices.ContainsFunc(w.Fields[:i], func(o Weighed) bool { return o.Field == f.Field }) {
			return w, fmt.Errorf("read the weights: field %q is not known, or there twice", f.Field)
		}
		for _, l := range f.Levels {
			if !(l.M > 0 && l.M <= 1 && l.U > 0 && l.U <= 1) {
				return w, fmt.Errorf("read the weights: m and u of %s %s must lie between 0 and 1", f.Field, l.Level)
			}
		}
	}
	return w, nil
}
