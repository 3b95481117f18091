package ruleset

import (
	"context"
	"math"
	"strconv"

	"doorstep/rulebook"
	"doorstep/web/words"
)

// share is a share in whole percent, or that it may not be shown.
func share(ctx context.Context, s *float64) string {
	if s == nil {
		return words.T(ctx, "ruleset.few")
	}
	return strconv.FormatFloat(math.Round(*s*1000)/10, 'f', -1, 64) + " %"
}

// shifted says before, after and the interval of their difference.
func shifted(ctx context.Context, s rulebook.Shift) string {
	if s.Live == nil || s.Draft == nil || s.Low == nil || s.High == nil {
		return words.T(ctx, "ruleset.few")
	}
	return words.T(ctx, "ruleset.shift", "live", share(ctx, s.Live), "draft", share(ctx, s.Draft), "low", points(*s.Low), "high", points(*s.High))
}

func points(d float64) string {
	text := strconv.FormatFloat(math.Round(d*1000)/10, 'f', -1, 64)
	if d > 0 {
		text = "+" + text
	}
	return text
}

func counted(ctx context.Context, n *int) string {
	if n == nil {
		return words.T(ctx, "ruleset.few")
	}
	return strconv.Itoa(*n)
}
