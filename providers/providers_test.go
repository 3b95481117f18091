package providers_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/providers"
)

// clock stands still: capacity is read by date.
type clock time.Time

func (c clock) Now() time.Time { return time.Time(c) }

var (
	noon  = clock(time.Date(2026, 10, 6, 16, 0, 0, 0, time.UTC)) // Tuesday, noon in Baltimore
	today = civil.Date{Year: 2026, Month: 10, Day: 6}
)

type world struct {
	*seed.Seed
	db      *pg.DB
	owner   *sql.DB
	service *providers.Service
}

func newWorld(t *testing.T) world {
	t.Helper()
	urls := dbtest.New(t)
	db, err := pg.Open(t.Context(), pg.Options{URL: urls.AppURL, Clock: noon})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	owner, err := sql.Open("pgx", urls.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	return world{seed.New(t, db), db, owner, providers.NewService(db)}
}

func (w world) asHub(t *testing.T, fn func(*providers.Store) error) {
	t.Helper()
	if err := w.db.InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) error { return fn(providers.NewStore(tx)) }); err != nil {
		t.Fatal(err)
	}
}

func (w world) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	if _, err := w.owner.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// taken gives the program open claims and, of other cases, open enrollments. The families behind them are no part of this
// test, so the foreign keys to them are dropped.
func (w world) taken(t *testing.T, p seed.Program, claims, enrollments int) {
	t.Helper()
	w.exec(t, `DO $$ DECLARE f record; BEGIN
		FOR f IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint WHERE contype = 'f'
			AND conrelid IN ('claims'::regclass, 'enrollments'::regclass) LOOP
			EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', f.tab, f.conname);
		END LOOP; END $$`)
	w.exec(t, `INSERT INTO claims (id, case_id, line, program_id, org_id, offer_id, claimed_at, claimed_by)
		SELECT gen_random_uuid(), gen_random_uuid(), 'home_visiting', $1, $2, gen_random_uuid(), clock_timestamp(), gen_random_uuid()
		FROM generate_series(1, $3::int)`, p.ID, p.OrgID, claims)
	w.exec(t, `INSERT INTO enrollments (id, case_id, program_id, org_id, consent_id, state, enrolled_at)
		SELECT gen_random_uuid(), gen_random_uuid(), $1, $2, gen_random_uuid(), 'on_schedule', clock_timestamp()
		FROM generate_series(1, $3::int)`, p.ID, p.OrgID, enrollments)
}

func TestCommunityReadsBackAsItWasAdded(t *testing.T) {
	w := newWorld(t)
	n := w.Community()
	until := *seed.Date(2026, 10, 5)
	late := w.Agency(seed.Org{Name: "Example Late Agency", AgreementUntil: &until, CalendarID: w.Calendar(map[civil.Date]string{today: "Founders' Day"})})
	program := w.Program(seed.Program{OrgID: late.ID, Zips: []string{"21205", "21202", "21205"}, Languages: []string{"en", "es"}, ResponseHours: new(8)})
	w.asHub(t, func(s *providers.Store) error {
		hub, err := s.Hub()
		if err != nil || hub.ID != n.Hub.ID || hub.ReferrerClass != "" || !hub.AgreementValid(today) {
			t.Errorf("hub %+v (%v)", hub, err)
		}
		hospital, err := s.Organization(n.Hospital.ID)
		if err != nil || hospital.ReferrerClass != providers.Clinical || hospital.Kind != auth.Hospital {
			t.Errorf("hospital %+v (%v)", hospital, err)
		}
		org, err := s.Organization(late.ID)
		if err != nil || *org.AgreementUntil != until || org.AgreementValid(today) || !org.AgreementValid(until) {
			t.Errorf("agency %+v (%v)", org, err)
		}
		site, err := s.Site(late.SiteID)
		if err != nil || site.OrgID != late.ID || site.FeedbackEmail != nil {
			t.Errorf("site %+v (%v)", site, err)
		}
		p, err := s.Program(program.ID)
		if err != nil || !slices.Equal(p.Zips, []string{"21202", "21205"}) || !slices.Equal(p.Languages, []string{"en", "es"}) || *p.ResponseHours != 8 {
			t.Errorf("program %+v (%v)", p, err)
		}
		c, err := s.CalendarOfOrg(late.ID)
		if err != nil || c.ID != late.CalendarID || c.IsBusinessDay(time.Time(noon)) || !c.IsBusinessDay(time.Time(noon).AddDate(0, 0, 1)) {
			t.Errorf("calendar %+v (%v)", c, err)
		}
		plain, err := s.Calendar(n.Hub.CalendarID)
		if err != nil || !plain.IsOpen(providers.UrgentHours, time.Time(noon)) || plain.Zone.String() != "America/New_York" {
			t.Errorf("calendar %+v (%v)", plain, err)
		}
		for what, err := range map[string]error{"organization": second(s.Organization(uuid.New())), "site": second(s.Site(uuid.New())),
			"program": second(s.Program(uuid.New())), "calendar": second(s.Calendar(uuid.New())), "org's calendar": second(s.CalendarOfOrg(uuid.New())),
			"room": second(s.Free(uuid.New()))} {
			if !errors.Is(err, fault.NotFound) {
				t.Errorf("a missing %s: %v", what, err)
			}
		}
		return nil
	})
}

func second[T any](_ T, err error) error { return err }

func TestPlacesCountRoomAreaAndAgreement(t *testing.T) {
	w := newWorld(t)
	n := w.Community()
	ended := *seed.Date(2026, 10, 5)
	lapsed := w.Program(seed.Program{OrgID: w.Agency(seed.Org{AgreementUntil: &ended}).ID, Zips: []string{"21230"}, Intake: providers.IntakeWaitlist})
	lastDay := w.Program(seed.Program{OrgID: w.Agency(seed.Org{AgreementUntil: &today}).ID})
	none := w.Program(seed.Program{OrgID: w.Agency(seed.Org{NoAgreement: true}).ID})
	gone := w.Program(seed.Program{OrgID: n.Agencies[0].ID})
	w.exec(t, `UPDATE programs SET closed_at = created_at WHERE id = $1`, gone.ID)
	silent, err := w.service.AddProgram(t.Context(), auth.System("test"), n.Agencies[0].ID, providers.ProgramForm{
		Name: "Silent", Model: "x", Track: "x", PackCode: "x", Languages: []string{"en"}, Zips: []string{"21201"}})
	if err != nil {
		t.Fatal(err)
	}
	// Of four statements the one of the latest day that has come holds, and of that day the last word.
	busy := n.Programs[0]
	for _, s := range []struct {
		from   string
		funded int
		said   string
	}{{"2026-10-01", 7, "2026-10-01"}, {"2026-10-06", 3, "2026-10-02"}, {"2026-10-06", 5, "2026-10-03"}, {"2026-10-07", 90, "2026-10-04"}} {
		w.exec(t, `INSERT INTO capacity_statements (id, program_id, effective_from, funded, intake, confirmed_at, confirmed_by)
			VALUES (gen_random_uuid(), $1, $2, $3, 'open', $4, gen_random_uuid())`, busy.ID, s.from, s.funded, s.said)
	}
	w.taken(t, busy, 2, 4)
	w.exec(t, `UPDATE claims SET ended_at = claimed_at, ended_as = 'released' WHERE id = (SELECT id FROM claims LIMIT 1)`)

	w.asHub(t, func(s *providers.Store) error {
		places, err := s.Places("21201", today)
		if err != nil {
			return err
		}
		byID := map[uuid.UUID]providers.Place{}
		for _, p := range places {
			byID[p.ProgramID] = p
		}
		if _, listed := byID[gone.ID]; listed || len(places) != 6 {
			t.Errorf("%d places, a closed program among them: %v", len(places), listed)
		}
		if p := byID[busy.ID]; p.Funded != 5 || p.Promised != 1 || p.InUse != 4 || p.Free != 0 || !p.Serves || !p.AgreementValid ||
			p.OrgID != n.Agencies[0].ID || p.OrgName != n.Agencies[0].Name || !slices.Equal(p.Languages, []string{"en"}) || p.PackCode != "nfp" {
			t.Errorf("busy %+v", p)
		}
		if p := byID[lapsed.ID]; p.AgreementValid || p.Serves || p.Intake != providers.IntakeWaitlist {
			t.Errorf("lapsed %+v", p)
		}
		if !byID[lastDay.ID].AgreementValid || byID[none.ID].AgreementValid {
			t.Error("an agreement holds through its last day, and none is not one")
		}
		if p := byID[silent]; p.Intake != providers.IntakeClosed || p.Free != 0 || p.ConfirmedAt != nil {
			t.Errorf("a program that never stated its capacity: %+v", p)
		}
		if unplaced, err := s.Places("", today); err != nil || len(unplaced) != 6 || unplaced[0].Serves {
			t.Errorf("without a ZIP code: %v (%v)", unplaced, err)
		}
		free, err := s.Free(busy.ID)
		if err != nil || free.Free != 0 || free.Funded != 5 || free.InUse != 4 || free.Promised != 1 || free.Intake != providers.IntakeOpen {
			t.Errorf("free %+v (%v)", free, err)
		}
		return nil
	})
}

// The lock must make the second claimer wait, and must not make those wait who only point at the program.
func TestLockProgramHoldsOffOneMoreLockButNoForeignKey(t *testing.T) {
	w := newWorld(t)
	n := w.Community()
	locked, release, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- w.db.InTx(context.Background(), auth.System("test"), func(tx *pg.Tx) error {
			_, err := providers.NewStore(tx).LockProgram(n.Programs[0].ID)
			close(locked)
			<-release
			return err
		})
	}()
	<-locked
	w.exec(t, `INSERT INTO program_areas (program_id, zip) VALUES ($1, '21299')`, n.Programs[0].ID)
	var waits bool
	err := w.db.InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) error {
		return tx.Gorm().Raw(`SELECT NOT EXISTS (SELECT 1 FROM programs WHERE id = ? FOR NO KEY UPDATE SKIP LOCKED)`, n.Programs[0].ID).Scan(&waits).Error
	})
	if err != nil || !waits {
		t.Errorf("a second lock was not held off (%v)", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestProgramIsShownToItsAgencyAndTheHubOnly(t *testing.T) {
	w := newWorld(t)
	n := w.Community()
	id := n.Programs[0].ID
	for _, c := range []struct {
		who  auth.Actor
		want error
	}{
		{w.User(n.Agencies[0], auth.AgencyManager), nil},
		{w.User(n.Hub, auth.TriageCoordinator), nil},
		{w.User(n.Agencies[1], auth.AgencyManager), fault.NotFound},
		{w.User(n.Hospital, auth.Referrer), fault.NotFound},
		{auth.Actor{}, fault.Unauthenticated},
	} {
		p, err := w.service.Program(t.Context(), c.who, id)
		if !errors.Is(err, c.want) || (c.want == nil && (p.ID != id || len(p.Zips) != 1)) {
			t.Errorf("%s of %s: %+v, %v", c.who.Role, c.who.OrgKind, p, err)
		}
	}
}

func TestStateCapacity(t *testing.T) {
	w := newWorld(t)
	n := w.Community()
	id := n.Programs[0].ID
	manager := w.User(n.Agencies[0], auth.AgencyManager)
	form := providers.CapacityForm{EffectiveFrom: today, Funded: new(3), Intake: providers.IntakeWaitlist}

	said, err := w.service.StateCapacity(t.Context(), manager, id, form)
	if err != nil || said.Funded != 3 || said.ConfirmedBy != manager.ID {
		t.Fatalf("%+v (%v)", said, err)
	}
	w.asHub(t, func(s *providers.Store) error {
		room, err := s.Free(id)
		if room.Free != 3 || room.Intake != providers.IntakeWaitlist || !room.ConfirmedAt.Equal(time.Time(noon)) {
			t.Errorf("room %+v", room)
		}
		return err
	})
	var events int
	err = w.owner.QueryRow(`SELECT count(*) FROM audit_events WHERE action = 'state capacity' AND actor_id = $1 AND subject_id = $2
		AND org_id = $3 AND detail = '{"funded": 3, "intake": "waitlist", "effective_from": "2026-10-06"}'`, manager.ID, id, manager.OrgID).Scan(&events)
	if err != nil || events != 1 {
		t.Errorf("%d audit events (%v)", events, err)
	}

	if _, err := w.service.StateCapacity(t.Context(), w.User(n.Agencies[1], auth.AgencyManager), id, form); !errors.Is(err, fault.NotFound) {
		t.Errorf("another agency: %v", err)
	}
	if _, err := w.service.StateCapacity(t.Context(), w.User(n.Agencies[0], auth.HomeVisitor), id, form); !errors.Is(err, fault.Forbidden) {
		t.Errorf("home visitor: %v", err)
	}
	_, err = w.service.StateCapacity(t.Context(), manager, id, providers.CapacityForm{Funded: new(-1), Intake: "maybe"})
	var broken *fault.Error
	if !errors.As(err, &broken) || broken.Kind != fault.Invalid || len(broken.Fields) != 3 {
		t.Errorf("three wrong fields: %v", err)
	}
}

func TestNetworkRefusesWhatMakesNoSense(t *testing.T) {
	w := newWorld(t)
	n := w.Community()
	admin := w.User(n.Hub, auth.Administrator)
	org := providers.OrganizationForm{Name: "Example", Kind: auth.Agency, LegalStatus: providers.Neither, CalendarID: n.Hub.CalendarID}
	program := providers.ProgramForm{Name: "A", Model: "m", Track: "t", PackCode: "nfp", Languages: []string{"en"}, Zips: []string{"21201"}}
	add := func(change func(*providers.OrganizationForm)) error {
		form := org
		change(&form)
		return second(w.service.AddOrganization(t.Context(), admin, form))
	}
	addProgram := func(agency uuid.UUID, change func(*providers.ProgramForm)) error {
		form := program
		change(&form)
		return second(w.service.AddProgram(t.Context(), admin, agency, form))
	}
	for what, c := range map[string]struct{ got, want error }{
		"an agency":                 {add(func(*providers.OrganizationForm) {}), nil},
		"no name":                   {add(func(f *providers.OrganizationForm) { f.Name = " " }), fault.Invalid},
		"unknown kind":              {add(func(f *providers.OrganizationForm) { f.Kind = "shop" }), fault.Invalid},
		"hospital without class":    {add(func(f *providers.OrganizationForm) { f.Kind = auth.Hospital }), fault.Invalid},
		"unknown calendar":          {add(func(f *providers.OrganizationForm) { f.CalendarID = uuid.New() }), fault.NotFound},
		"second hub":                {add(func(f *providers.OrganizationForm) { f.Kind = auth.Hub }), fault.Conflict},
		"a program":                 {addProgram(n.Agencies[0].ID, func(*providers.ProgramForm) {}), nil},
		"program of a hospital":     {addProgram(n.Hospital.ID, func(*providers.ProgramForm) {}), fault.Invalid},
		"program of nobody":         {addProgram(uuid.New(), func(*providers.ProgramForm) {}), fault.NotFound},
		"program without languages": {addProgram(n.Agencies[0].ID, func(f *providers.ProgramForm) { f.Languages = nil }), fault.Invalid},
		"language in words":         {addProgram(n.Agencies[0].ID, func(f *providers.ProgramForm) { f.Languages = []string{"English"} }), fault.Invalid},
		"program in a village":      {addProgram(n.Agencies[0].ID, func(f *providers.ProgramForm) { f.Zips = []string{"2120"} }), fault.Invalid},
		"site without name":         {second(w.service.AddSite(t.Context(), admin, n.Hub.ID, "", "")), fault.Invalid},
		"site of nobody":            {second(w.service.AddSite(t.Context(), admin, uuid.New(), "Ward", "")), fault.NotFound},
		"calendar nowhere":          {second(w.service.AddCalendar(t.Context(), admin, providers.CalendarForm{Zone: "Mars/Base", Hours: seed.OfficeHours()})), fault.Invalid},
		"calendar without hours":    {second(w.service.AddCalendar(t.Context(), admin, providers.CalendarForm{Zone: "UTC"})), fault.Invalid},
		"by a coordinator":          {second(w.service.AddOrganization(t.Context(), w.User(n.Hub, auth.TriageCoordinator), org)), fault.Forbidden},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
}
