package city

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/cmd/doorstep/community"
	"doorstep/internal/pg"
	"doorstep/jobs/channel"
	"doorstep/referral"
	"doorstep/triage"
)

// Options says where and how large.
type Options struct {
	URL       string // of the login role, on a migrated database that has the shipped rules and no network
	OwnerURL  string // of the schema's owner, who keeps the planner's statistics fresh: a year in a minute is too fast for autovacuum
	Keys      *pg.Keyring
	Send      func(context.Context, channel.Mail) error
	BaseURL   string          // of the links in mails
	Referrals int             // of the year; 3,000 is the size that the network is made for
	LastDay   civil.Date      // the year ends with it
	Safety    *triage.RuleSet // finds alarms while no rules are live
	Log       *slog.Logger
	Out       io.Writer // how far it is, once a month
}

// Result is what a load did.
type Result struct {
	Network  community.Network
	Manager  auth.Actor // of the hub
	From, To civil.Date // the year, To not included
	UseCases int
	Done     map[string]int // use cases by name
	Refused  map[string]int // conflicts by name and sentence
	Took     time.Duration
}

// Load makes the network and lets it live through its year.
func Load(ctx context.Context, o Options) (Result, error) {
	began := time.Now()
	c, err := open(ctx, o)
	if c != nil {
		defer c.close()
	}
	if err != nil {
		return Result{}, err
	}
	for day := c.year.first; !day.After(c.year.last); day = day.AddDays(1) {
		if err := c.live(ctx, day); err != nil {
			return Result{}, fmt.Errorf("the city on %s: %w", day, err)
		}
		if lived := day.DaysSince(c.year.first); slices.Contains([]int{20, 60, 150, 364}, lived) {
			if err := c.analyze(ctx); err != nil {
				return Result{}, err
			}
		}
		if day.Day == 1 || day == c.year.last {
			c.progress(day, time.Since(began))
		}
	}
	r := Result{Network: c.network, Manager: c.manager, From: c.year.first, To: c.year.last.AddDays(1), Took: time.Since(began)}
	total := c.tally()
	r.Done, r.Refused = total.done, total.refused
	for _, n := range r.Done {
		r.UseCases += n
	}
	return r, nil
}

// city is one load under way.
type city struct {
	options  Options
	owner    *sql.DB
	year     year
	network  community.Network
	lanes    []*lane
	work     *work
	entries  []entry
	next     int       // the first entry that has not come in
	today    [][]entry // by source
	lives    []*life
	atTime   map[int64]*life     // by the instant of receipt, in microseconds: how the desk's lists are read
	byCase   map[uuid.UUID]*life // as the desk has seen them
	spots    map[string]auth.Actor
	desk     []auth.Actor // coordinators
	lead     auth.Actor   // their supervisor
	manager  auth.Actor
	agencies []*agency
	programs map[uuid.UUID]*program
}

// program is one program as everybody in the city knows it.
type program struct {
	community.Plan
	id     uuid.UUID
	number int
	agency int
	closed bool // it ends; its families are asked what they want
}

// agency is one agency at work.
type agency struct {
	number          int
	front, manager  auth.Actor
	visitors        []auth.Actor
	runs            []*program
	caseload        map[int]*life        // by number
	maybe           []referral.OfferView // of today, and what comes of them
	claims, refuses []answer
	givesBack       []*life
}

// atOnce is how many work at the same time. A small city has so little to do a day that more connections, each of which learns
// every statement anew, cost more than they bring.
func atOnce(referrals int) int {
	if referrals < 1000 {
		return 2
	}
	return 6
}

func open(ctx context.Context, o Options) (*city, error) {
	y, err := newYear(o.LastDay)
	if err != nil {
		return nil, err
	}
	c := &city{options: o, year: y, entries: y.entries(o.Referrals), lives: make([]*life, o.Referrals+walkIns(o.Referrals)), atTime: map[int64]*life{},
		byCase: map[uuid.UUID]*life{}, spots: map[string]auth.Actor{}, programs: map[uuid.UUID]*program{}}
	if c.owner, err = sql.Open("pgx", o.OwnerURL); err != nil {
		return c, fmt.Errorf("open the city's database as its owner: %w", err)
	}
	if c.lanes, err = lanes(ctx, o, atOnce(o.Referrals)); err != nil {
		return c, err
	}
	if c.work, err = newWork(ctx, o); err != nil {
		return c, err
	}
	first := c.lanes[0]
	first.at(y.at(y.first, 0))
	all := network(o.Referrals)
	if c.network, err = community.Build(ctx, first.db, y.first, all); err != nil {
		return c, err
	}
	return c, c.meet(ctx, accounts.NewService(first.db), all)
}

// meet turns the network's keys into the people who work with them.
func (c *city) meet(ctx context.Context, door *accounts.Service, all []community.Organization) error {
	at := map[uuid.UUID]*agency{}
	for _, k := range c.network.Keys {
		actor, err := door.Authenticate(ctx, k.Text)
		if err != nil {
			return fmt.Errorf("the key of %s, %s: %w", k.Organization, k.Role, err)
		}
		a := at[k.OrgID]
		if k.Kind == auth.Agency && a == nil {
			a = &agency{number: len(c.agencies), caseload: map[int]*life{}}
			at[k.OrgID], c.agencies = a, append(c.agencies, a)
		}
		switch k.Role {
		case auth.Referrer:
			c.spots[k.Organization+k.Site] = actor
		case auth.TriageCoordinator:
			c.desk = append(c.desk, actor)
		case auth.TriageSupervisor:
			c.lead = actor
		case auth.ProgramManager:
			c.manager = actor
		case auth.AgencyCoordinator:
			a.front = actor
		case auth.AgencyManager:
			a.manager = actor
		case auth.HomeVisitor:
			a.visitors = append(a.visitors, actor)
		}
	}
	var plans []community.Plan
	for _, o := range all {
		plans = append(plans, o.Programs...)
	}
	for n, p := range c.network.Programs {
		a := at[p.AgencyID]
		made := &program{Plan: plans[n], id: p.ID, number: n, agency: a.number}
		a.runs = append(a.runs, made)
		c.programs[p.ID] = made
	}
	return nil
}

func (c *city) analyze(ctx context.Context) error {
	if _, err := c.owner.ExecContext(ctx, `ANALYZE`); err != nil {
		return fmt.Errorf("analyze the city: %w", err)
	}
	return nil
}

func (c *city) close() {
	if c.owner != nil {
		_ = c.owner.Close()
	}
	for _, l := range c.lanes {
		_ = l.db.Close()
	}
	if c.work != nil {
		_ = c.work.db.Close()
	}
}

// parallel runs n tasks, as many at once as there are lanes, and waits for all. Which lane takes which task is chance, and does
// not matter: a task sets its lane's time.
func (c *city) parallel(ctx context.Context, n int, task func(context.Context, *lane, int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for _, l := range c.lanes[:min(n, len(c.lanes))] {
		group.Go(func() error {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := task(ctx, l, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

func (c *city) tally() tally {
	total := tally{map[string]int{}, map[string]int{}}
	for _, l := range c.lanes {
		add(total.done, l.done)
		add(total.refused, l.refused)
	}
	add(total.done, c.work.done)
	return total
}

func (c *city) progress(day civil.Date, took time.Duration) {
	if c.options.Out == nil {
		return
	}
	n := 0
	for _, done := range c.tally().done {
		n += done
	}
	_, _ = fmt.Fprintf(c.options.Out, "%s  %5d referrals, %6d use cases, %4.0f a second\n", day, c.next, n, float64(n)/took.Seconds())
}

// sorted are the lives of a map in the order of their numbers.
func sorted(lives map[int]*life) []*life {
	out := make([]*life, 0, len(lives))
	for _, n := range slices.Sorted(maps.Keys(lives)) {
		out = append(out, lives[n])
	}
	return out
}

var errLost = errors.New("a case of the city is on no list")

// life is one case with what the people who work on it remember.
type life struct {
	entry
	id       uuid.UUID
	status   referral.Status
	contacts map[string]uuid.UUID // by channel, as the record shows them
	hub      tries
	next     civil.Date // when the one who has her works on her again
	evening  bool       // and it is in the evening
	due      time.Time  // by when the record promises the next step
	reviews  int
	choices  int
	asked    []uuid.UUID // programs to which the desk proposed her by hand
	yes      bool        // she said yes to a program
	any      bool        // and to whichever program there is
	agreed   []uuid.UUID // or to these
	waiting  bool        // she said that she waits for a place
	since    civil.Date  // since when

	program *program // that claimed her
	agency  tries
	planned time.Time // the first visit
	misses  int
	visits  int
	stay    stay
	asks    bool // she was asked whether she changes to another program

	touched    time.Time
	referral   uuid.UUID
	birthOn    civil.Date // of a pregnancy; not valid when it ends otherwise, or ended before
	lossOn     civil.Date
	birthKnown bool // it is on the record
	lossKnown  bool
	consoled   bool   // somebody spoke with her about it
	away       bool   // handed over to another jurisdiction
	sent       []sent // to other services
}

// tries is what was done to reach her by one organization.
type tries struct {
	n, evenings int
	channels    map[string]bool
	reached     bool
}
