package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"doorstep/cmd/doorstep/community"
)

// intake sends referrals to the measured address, from three parts of the city in turn so that several agencies get them.
type intake struct {
	to    api
	key   string
	areas []referrals
}

func (b *bench) newIntake() (intake, error) {
	in := intake{to: newAPI(b.w.BaseURL), key: b.w.key("Harbor Hospital", "referrer")}
	zone, err := time.LoadLocation(community.Zone)
	if err != nil {
		return in, fmt.Errorf("find the community's time zone: %w", err)
	}
	for _, zip := range []string{"21201", "21202", "21225"} {
		area, err := newReferrals(time.Now().In(zone), zip)
		if err != nil {
			return in, err
		}
		in.areas = append(in.areas, area)
	}
	return in, nil
}

func (in intake) send(ctx context.Context, n int) error {
	_, err := in.to.post(ctx, in.key, "/referrals", in.areas[n%len(in.areas)].next())
	return err
}

// recordIntake captures one referral. The one before it lets the process compile the rules and prepare its statements.
func (b *bench) recordIntake(ctx context.Context, in intake) (*script, error) {
	in.to = newAPI(b.w.RecordedURL)
	if err := in.send(ctx, 0); err != nil {
		return nil, err
	}
	b.w.Recorder.take()
	begun := time.Now()
	answer, err := in.to.post(ctx, in.key, "/referrals", in.areas[0].next())
	if err != nil {
		return nil, err
	}
	var receipt struct{ Reference string }
	if err := json.Unmarshal(answer, &receipt); err != nil {
		return nil, fmt.Errorf("read the receipt: %w", err)
	}
	return newScript(b.w.Recorder.take(), begun, []string{receipt.Reference}, nil), nil
}

// intakes measures intake against its own statements and against the seven trips, and leaves families to be claimed.
func (b *bench) intakes(ctx context.Context) error {
	in, err := b.newIntake()
	if err != nil {
		return err
	}
	sent, err := b.recordIntake(ctx, in)
	if err != nil {
		return err
	}
	b.say("intake sends %s", sent)
	own := newContest(func(ctx context.Context) error { return in.send(ctx, int(b.turn.Add(1))) },
		func(ctx context.Context) error { return b.play(ctx, sent) },
		func(ctx context.Context) error { return seven(ctx, b.pool) })
	if err := own.run(ctx, b.o.Round, 0, b.o.Rounds, nil); err != nil {
		return err
	}
	b.ratios("intake over HTTP / the statements it sends, bare pgx", own, 1, aimOfReplay)
	b.ratios("intake over HTTP / seven-trip transaction, bare pgx", own, 2, 0)
	most := slices.Max(levels())
	took := func(way int, share float64) float64 {
		return median(own.over(most, func(s []sample) float64 { return ms(s[way].at(share)) }))
	}
	b.line(fmt.Sprintf("intake over HTTP, p50 at %d connections", most), fmt.Sprintf("%.1f ms (bare pgx %.1f ms)", took(0, .5), took(1, .5)), "", true)
	b.line(fmt.Sprintf("intake over HTTP, p99 at %d connections", most), fmt.Sprintf("%.1f ms (bare pgx %.1f ms)", took(0, .99), took(1, .99)),
		"<= 60 ms", took(0, .99) <= 60)
	return nil
}
