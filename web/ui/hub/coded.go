package hub

import (
	"context"

	"doorstep/web/ui"
	"doorstep/web/words"
)

// coded is a list of codes with their words.
func coded(ctx context.Context, area string, codes ...string) (out []ui.Option) {
	for _, c := range codes {
		out = append(out, ui.Option{Value: c, Label: word(ctx, area, c)})
	}
	return out
}

// word names each area as a literal, so that a test finds words that nobody says.
func word(ctx context.Context, area, code string) string {
	switch area {
	case "offer_reason":
		return words.Code(ctx, "offer_reason", code)
	case "send_on_reason":
		return words.Code(ctx, "send_on_reason", code)
	case "enrollment_end":
		return words.Code(ctx, "enrollment_end", code)
	case "yes_no":
		return words.Code(ctx, "yes_no", code)
	case "disposition":
		return words.Code(ctx, "disposition", code)
	case "hold_kind":
		return words.Code(ctx, "hold_kind", code)
	case "hold_reason":
		return words.Code(ctx, "hold_reason", code)
	case "correct_reason":
		return words.Code(ctx, "correct_reason", code)
	case "alarm_outcome":
		return words.Code(ctx, "alarm_outcome", code)
	case "attempt_channel":
		return words.Code(ctx, "attempt_channel", code)
	case "attempt_outcome":
		return words.Code(ctx, "attempt_outcome", code)
	case "choice":
		return words.Code(ctx, "choice", code)
	case "said_how":
		return words.Code(ctx, "said_how", code)
	case "new_way":
		return words.Code(ctx, "new_way", code)
	case "resume_said":
		return words.Code(ctx, "resume_said", code)
	case "stop_said":
		return words.Code(ctx, "stop_said", code)
	case "heard_how":
		return words.Code(ctx, "heard_how", code)
	case "told_by":
		return words.Code(ctx, "told_by", code)
	case "way_end":
		return words.Code(ctx, "way_end", code)
	}
	return code
}
