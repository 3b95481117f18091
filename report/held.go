package report

import "time"

// interval is one hold. Nil until: it is still open.
type interval struct {
	From  time.Time
	Until *time.Time
}

// held is how long at least one of the holds, which come by their beginning, was open between two moments.
func held(holds []interval, from, to time.Time) time.Duration {
	var sum time.Duration
	for _, h := range holds {
		begin, end := h.From, to
		if begin.Before(from) {
			begin = from
		}
		if h.Until != nil && h.Until.Before(end) {
			end = *h.Until
		}
		if end.After(begin) {
			sum += end.Sub(begin)
			from = end // what is counted is not counted again for a hold beside it
		}
	}
	return sum
}
