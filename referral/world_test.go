package referral_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/referral"
	"doorstep/rulebook"
	"doorstep/triage"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

// clock is business time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

func (c *clock) forward(d time.Duration) { c.set(c.Now().Add(d)) }

// tuesday is 10:00 on a working day in Baltimore, with nothing special near.
func tuesday() time.Time { return time.Date(2026, 10, 6, 14, 0, 0, 0, time.UTC) }

// pack is the shipped rules, compiled once for all tests: they are immutable.
var pack = sync.OnceValues(func() (*triage.RuleSet, error) {
	source, err := triage.Embedded("baltimore")
	if err != nil {
		return nil, err
	}
	return triage.Compile(source)
})

// agency is one agency with one program and two of its people.
type agency struct {
	seed.Org
	Program       uuid.UUID
	desk, visitor auth.Actor
}

// world is the smallest network in which every use case can run.
type world struct {
	testing.TB
	*seed.Seed
	db        *pg.DB
	owner     *sql.DB // past row-level security: to arrange and to look
	clock     *clock
	cases     *referral.Service
	queue     *jobs.Queue
	hub       seed.Org
	desk      auth.Actor // triage coordinator of the hub
	lead      auth.Actor // triage supervisor of the hub
	hospital  auth.Actor // its API key
	clinic    auth.Actor
	first     agency // of the route: it speaks her language
	second    agency
	firstOrg  seed.Org // of the hospital
	secondOrg seed.Org // of the clinic
}

// newWorld has a live rule set; newWorldWithoutRules has none.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := newWorldWithoutRules(t)
	w.importPack()
	return w
}

func newWorldWithoutRules(t testing.TB) *world {
	t.Helper()
	urls := dbtest.New(t)
	w := &world{TB: t, clock: &clock{now: tuesday()}}
	var err error
	w.owner, err = sql.Open("pgx", urls.OwnerURL)
	w.must(err)
	t.Cleanup(func() { _ = w.owner.Close() })
	keys, err := pg.ParseKeys(pg.NewKey(1))
	w.must(err)
	w.db, err = pg.Open(t.Context(), pg.Options{URL: urls.AppURL, Clock: w.clock, Keys: keys, MaxConns: 32})
	w.must(err)
	t.Cleanup(func() { _ = w.db.Close() })
	safety, err := pack()
	w.must(err)
	w.cases = referral.New(w.db, rulebook.NewService(w.db), safety)
	w.queue = jobs.NewQueue(w.db)
	w.Seed = seed.New(t, w.db)
	w.hub = w.Hub(seed.Org{})
	w.desk, w.lead = w.User(w.hub, auth.TriageCoordinator), w.User(w.hub, auth.TriageSupervisor)
	w.firstOrg, w.secondOrg = w.Hospital(seed.Org{}), w.Clinic(seed.Org{})
	_, w.hospital = w.Key(w.firstOrg, auth.Integration)
	_, w.clinic = w.Key(w.secondOrg, auth.Integration)
	w.first, w.second = w.newAgency(50, "en"), w.newAgency(50, "es")
	return w
}

// newAgency runs one program for families with a need in their life.
func (w *world) newAgency(funded int, language string) agency {
	w.Helper()
	a := agency{Org: w.Agency(seed.Org{})}
	a.Program = w.Program(seed.Program{OrgID: a.ID, PackCode: "hfa_traditional", Funded: &funded, Languages: []string{language}}).ID
	a.desk, a.visitor = w.User(a.Org, auth.AgencyCoordinator), w.User(a.Org, auth.HomeVisitor)
	return a
}

func (w *world) importPack() {
	w.Helper()
	source, err := triage.Embedded("baltimore")
	w.must(err)
	_, err = rulebook.NewService(w.db).ImportPack(w.Context(), source)
	w.must(err)
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused asserts the kind of a fault.
func (w *world) refused(kind fault.Kind, err error) {
	w.Helper()
	if !errors.Is(err, kind) {
		w.Fatalf("got %v, want %s", err, kind)
	}
}

// invalid asserts that exactly these fields were refused.
func (w *world) invalid(err error, pointers ...string) {
	w.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid || len(f.Fields) != len(pointers) {
		w.Fatalf("got %v, want problems at %v", err, pointers)
	}
	for i, p := range pointers {
		if f.Fields[i].Pointer != p {
			w.Errorf("problem %d is at %s, want %s", i, f.Fields[i].Pointer, p)
		}
	}
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	if _, err := w.owner.ExecContext(w.Context(), query, args...); err != nil {
		w.Fatalf("%s: %v", query, err)
	}
}

// text reads one value as text; no row is "".
func (w *world) text(query string, args ...any) string {
	w.Helper()
	var got sql.NullString
	if err := w.owner.QueryRowContext(w.Context(), query, args...).Scan(&got); err != nil && !errors.Is(err, sql.ErrNoRows) {
		w.Fatalf("%s: %v", query, err)
	}
	return got.String
}

// want asserts one value of the database, as text.
func (w *world) want(want, query string, args ...any) {
	w.Helper()
	if got := w.text(query, args...); got != want {
		w.Errorf("%s: got %q, want %q", query, got, want)
	}
}

// columns are the values of one query, one a row, joined by commas.
func (w *world) list(query string, args ...any) string {
	w.Helper()
	return w.text(`SELECT coalesce(string_agg(v, ','), '') FROM (`+query+`) AS q(v)`, args...)
}

func (w *world) id(query string, args ...any) uuid.UUID {
	w.Helper()
	id, err := uuid.Parse(w.text(query, args...))
	w.must(err)
	return id
}

// status asserts where a case stands.
func (w *world) status(want referral.Status, id uuid.UUID) {
	w.Helper()
	w.want(string(want), `SELECT status FROM cases WHERE id = $1`, id)
}

// stranger makes people of one name whom nobody takes for one: each has a number and a birth date of her own.
var strangersMade atomic.Int64

func stranger() (born, phone string) {
	n := strangersMade.Add(1)
	// Two of those that come near each other differ in two of year, month and day, and no day is a month.
	day := time.Date(1993+int((n+n/120)%8), time.Month(1+n*5%12), 13+int(n*7%15), 0, 0, 0, 0, time.UTC)
	return day.Format(time.DateOnly), fmt.Sprintf("(410) %03d-%04d", 200+n%700, 1000+n*37%9000) // no two that differ by one digit
}

// prenatal is a family that both agencies can serve, who said yes to the hub; the hub reaches her first.
func prenatal() referral.Submission {
	births := 1
	born, phone := stranger()
	return referral.Submission{
		Stage:  "prenatal",
		Client: referral.SubmittedClient{GivenName: "Ana", FamilyName: "Morales " + pg.NewID().String()[24:], DateOfBirth: born, SpokenLanguage: "en"},
		ContactMethods: []referral.SubmittedContact{{Channel: "phone", Value: phone, SafeCall: "yes", SafeText: "yes",
			SafeVoicemail: "no"}},
		Addresses: []referral.SubmittedAddress{{Zip: "21201", SafeToVisit: "yes"}},
		Pregnancy: &referral.SubmittedPregnancy{DueOn: "2027-03-01", EarlierLiveBirths: &births},
		Needs:     map[string]string{"mental_health": "yes"},
		Consent:   referral.SubmittedConsent{Answer: "yes_in_person"},
	}
}

// postpartum is a family just home whom an agency calls first: she agreed to be known to any agency.
func postpartum() referral.Submission {
	in := prenatal()
	in.Stage, in.Pregnancy = "postpartum", nil
	in.Birth = &referral.SubmittedBirth{MotherDischargedOn: "2026-10-05",
		Infants: []referral.SubmittedInfant{{BornOn: "2026-10-02", DischargedOn: "2026-10-05", GivenName: "Luz"}}}
	in.Consent.ShareWithAgencies = "yes"
	return in
}

// selfHarm adds a form whose item about self-harm is positive.
func selfHarm(in referral.Submission) referral.Submission {
	items := make([]*int, 10)
	for i := range items {
		items[i] = new(0)
	}
	items[9] = new(1)
	in.Screenings = []referral.SubmittedScreening{{Instrument: "epds", Items: items, GivenOn: "2026-10-05"}}
	return in
}

// receive sends a referral and returns its receipt and its case.
func (w *world) receive(actor auth.Actor, in referral.Submission) (referral.ReferralReceipt, uuid.UUID) {
	w.Helper()
	r, err := w.cases.Receive(w.Context(), actor, in)
	w.must(err)
	return r, w.caseOf(r)
}

func (w *world) caseOf(r referral.ReferralReceipt) uuid.UUID {
	w.Helper()
	return w.id(`SELECT case_id FROM referrals WHERE id = $1`, r.ID)
}

// outreach is a case in outreach; offered one that was offered directly to the first agency; claimed one that it claimed;
// and so on along the usual way.
func (w *world) outreach() uuid.UUID {
	w.Helper()
	_, id := w.receive(w.hospital, prenatal())
	w.status(referral.Outreach, id)
	return id
}

func (w *world) offered() uuid.UUID {
	w.Helper()
	_, id := w.receive(w.hospital, postpartum())
	w.status(referral.Offered, id)
	return id
}

func (w *world) claimed() uuid.UUID {
	w.Helper()
	id := w.offered()
	w.ok(w.cases.Claim(w.Context(), w.first.desk, id, referral.ClaimForm{}))
	w.status(referral.Claimed, id)
	return id
}

func (w *world) accepted() uuid.UUID {
	w.Helper()
	id := w.claimed()
	w.ok(w.cases.PlanFirstVisit(w.Context(), w.first.visitor, id, w.plan(24*time.Hour)))
	w.status(referral.Accepted, id)
	return id
}

func (w *world) enrolled() uuid.UUID {
	w.Helper()
	id := w.accepted()
	w.clock.forward(25 * time.Hour)
	w.ok(w.cases.Enroll(w.Context(), w.first.visitor, id, w.held(time.Hour)))
	w.status(referral.Enrolled, id)
	return id
}

// plan is a first visit after a while, at home.
func (w *world) plan(after time.Duration) referral.VisitPlan {
	return referral.VisitPlan{PlannedFor: w.clock.Now().Add(after), Place: "home"}
}

// held is the enrollment of a first visit held a while ago.
func (w *world) held(ago time.Duration) referral.EnrollForm {
	return referral.EnrollForm{HeldAt: w.clock.Now().Add(-ago), ConsentHow: "signed"}
}

// ok returns the receipt of a use case that must succeed.
func (w *world) ok(r referral.Receipt, err error) referral.Receipt {
	w.Helper()
	w.must(err)
	return r
}

// call is an attempt by her phone.
func (w *world) call(caseID uuid.UUID, outcome string) referral.AttemptForm {
	w.Helper()
	phone := w.id(`SELECT m.id FROM contact_methods m JOIN cases c ON c.caregiver_id = m.client_id
		WHERE c.id = $1 AND m.channel = 'phone' AND m.ended_at IS NULL`, caseID)
	return referral.AttemptForm{Channel: "call", Outcome: outcome, ContactMethodID: &phone}
}

// work does everything that is due now, as the sweeper, the relay and the workers do, until nothing is left; it returns the
// jobs that it ran.
func (w *world) work() []jobs.Job {
	w.Helper()
	var ran []jobs.Job
	for range 50 {
		_, err := w.queue.Sweep(w.Context(), 200)
		w.must(err)
		leased, err := w.queue.Lease(w.Context(), 200, time.Minute)
		w.must(err)
		if len(leased) == 0 {
			return ran
		}
		for _, job := range leased {
			handler := w.cases.Handlers()[job.Kind]
			if handler == nil { // mail: another package's
				w.must(w.queue.Finish(w.Context(), job, "not_sent_here"))
				continue
			}
			w.must(handler(w.Context(), job))
		}
		ran = append(ran, leased...)
	}
	w.Fatal("the outbox never drained")
	return nil
}

func (w *world) marshal(v any) string {
	w.Helper()
	b, err := json.Marshal(v)
	w.must(err)
	return string(b)
}

// lease takes the one job that is ready.
func (w *world) lease() jobs.Job {
	w.Helper()
	leased, err := w.queue.Lease(w.Context(), 10, time.Minute)
	w.must(err)
	if len(leased) != 1 {
		w.Fatalf("leased %v, want one job", leased)
	}
	return leased[0]
}

// together runs fn n times at once behind one barrier and returns what each said.
func together(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var ready, done sync.WaitGroup
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			errs[i] = fn(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return errs
}
