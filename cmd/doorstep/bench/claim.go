package bench

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// offered is a family that waits for one agency's answer: the ids that a claim of it names.
type offered struct{ caseID, offer, client, episode, program, org string }

func (o offered) ids() []string {
	return []string{o.caseID, o.offer, o.client, o.episode, o.program, o.org}
}

// supply hands each family out once.
type supply struct {
	families []offered
	next     atomic.Int64
}

func (s *supply) take() (offered, error) {
	n := s.next.Add(1) - 1
	if n >= int64(len(s.families)) {
		return offered{}, errors.New("no family is left to claim")
	}
	return s.families[n], nil
}

// newSupply reads who is offered, the programs in turn: claims of one program wait for each other, claims of several do not.
func (b *bench) newSupply(ctx context.Context) (*supply, error) {
	rows, err := b.owner.Query(ctx, `SELECT c.id::text, o.id::text, c.caregiver_id::text, c.episode_id::text, o.program_id::text, o.org_id::text
		FROM offers o JOIN cases c ON c.id = o.case_id WHERE o.ended_at IS NULL
		ORDER BY row_number() OVER (PARTITION BY o.program_id ORDER BY o.id), o.program_id`)
	if err != nil {
		return nil, fmt.Errorf("look for offered families: %w", err)
	}
	families, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o offered, err error) {
		return o, row.Scan(&o.caseID, &o.offer, &o.client, &o.episode, &o.program, &o.org)
	})
	if err != nil {
		return nil, fmt.Errorf("read offered families: %w", err)
	}
	return &supply{families: families}, nil
}

func (b *bench) claim(ctx context.Context, to api, o offered) error {
	_, err := to.post(ctx, b.w.key(o.org, "agency_coordinator"), "/cases/"+o.caseID+"/claim", []byte(`{"program_id":"`+o.program+`"}`))
	return err
}

// recordClaim captures one claim, after one that nobody looks at.
func (b *bench) recordClaim(ctx context.Context, s *supply) (*script, error) {
	to := newAPI(b.w.RecordedURL)
	for {
		family, err := s.take()
		if err != nil {
			return nil, err
		}
		warm := s.next.Load() > 1
		b.w.Recorder.take()
		begun := time.Now()
		if err := b.claim(ctx, to, family); err != nil {
			return nil, err
		}
		if warm {
			return newScript(b.w.Recorder.take(), begun, nil, family.ids()), nil
		}
	}
}

// claims measures claims of what the intakes left.
func (b *bench) claims(ctx context.Context) error {
	s, err := b.newSupply(ctx)
	if err != nil {
		return err
	}
	sent, err := b.recordClaim(ctx, s)
	if err != nil {
		return err
	}
	b.say("claim sends %s", sent)
	to := newAPI(b.w.BaseURL)
	own := newContest(func(ctx context.Context) error {
		family, err := s.take()
		if err != nil {
			return err
		}
		return b.claim(ctx, to, family)
	}, func(ctx context.Context) error {
		family, err := s.take()
		if err != nil {
			return err
		}
		return b.play(ctx, sent, family.ids()...)
	}, func(ctx context.Context) error { return seven(ctx, b.pool) })
	left := len(s.families) - int(s.next.Load())
	each := left / own.loads(b.o.Rounds)
	if err := own.run(ctx, b.o.Round/2, each, b.o.Rounds, b.emptyPrograms); err != nil {
		return err
	}
	b.ratios("claim over HTTP / the statements it sends, bare pgx", own, 1, aimOfReplay)
	b.ratios("claim over HTTP / seven-trip transaction, bare pgx", own, 2, 0)
	return nil
}

// emptyPrograms ends the claims of a round: a program that holds a thousand families at once does not exist, and counting
// them would slow both sides alike.
func (b *bench) emptyPrograms(ctx context.Context) error {
	_, err := b.owner.Exec(ctx, `UPDATE claims SET ended_at = claimed_at, ended_as = 'released' WHERE ended_at IS NULL`)
	if err != nil {
		return fmt.Errorf("end the claims of a round: %w", err)
	}
	return nil
}

// openWide gives every program room for all that is coming.
func (b *bench) openWide(ctx context.Context) error {
	from := time.Now().AddDate(0, 0, -1).Format(time.DateOnly)
	for _, p := range b.w.Network.Programs {
		body := fmt.Appendf(nil, `{"effective_from":%q,"funded":100000,"intake":"open"}`, from)
		if _, err := newAPI(b.w.BaseURL).post(ctx, b.w.key(p.AgencyID.String(), "agency_manager"), "/programs/"+p.ID.String()+"/capacity", body); err != nil {
			return err
		}
	}
	return nil
}
