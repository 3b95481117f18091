package e2e_test

import (
	"cmp"
	"crypto/md5"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/pg"
	"doorstep/referral"
)

// TestManyFamilies prints the server's time for every list of somebody with very much to do, among 200,000 families (MANY) in one hospital's and
// one agency's hands. It is a measurement, run by `make pages`. Aim: a median and a p95 below 300 ms.
func TestManyFamilies(t *testing.T) {
	if env("PAGES") == "" {
		t.Skip("a measurement: make pages")
	}
	many, err := strconv.Atoi(cmp.Or(env("MANY"), "200000"))
	if err != nil {
		t.Fatal("MANY is how many families: ", err)
	}
	l := newLab(t)
	visitor := l.seed.User(l.net.Agencies[0], auth.HomeVisitor)
	l.lives(visitor)
	began := time.Now()
	l.multiply(many)
	t.Logf("%d families after %.0f s", l.count(`SELECT count(*) FROM cases`), time.Since(began).Seconds())

	fmt.Printf("%-52s %-20s %8s %10s %10s\n", "list", "seen by", "kB", "median ms", "p95 ms")
	show := func(path string, who auth.Actor) {
		ms, size := l.times(path, who, who.Role, 20), l.size(path, who)
		fmt.Printf("%-52s %-20s %8.1f %10.1f %10.1f\n", path, who.Role, size, ms[len(ms)/2], ms[len(ms)*95/100])
		if size == 0 {
			t.Errorf("%s shows nothing to %s", path, who.Role)
		}
	}
	at := func(o seed.Org, role auth.Role) auth.Actor { return l.seed.User(o, role) }
	hub, agency := at(l.net.Hub, auth.TriageSupervisor), at(l.net.Agencies[0], auth.AgencyManager)
	for _, tab := range referral.Tabs() {
		show("/queue?tab="+string(tab), hub)
	}
	show("/queue/tasks", hub)
	show("/matches", hub)
	show("/board", hub)
	for _, status := range []string{"", "?status=review", "?status=outreach", "?status=offered", "?status=claimed", "?status=enrolled", "?status=closed"} {
		show("/cases"+status, hub)
	}
	for _, form := range []url.Values{{"name": {l.someone("family_name")}}, {"phone": {l.someone("phone")}}, {"date_of_birth": {l.someone("born")}}} {
		show(l.find(hub, form), hub)
	}
	show("/cases", agency)
	show("/pool", agency)
	show("/capacity", agency)
	for _, who := range []auth.Actor{agency, visitor} {
		for _, view := range []referral.CaseloadView{referral.DueToday, referral.DueLater, referral.WaitsHer, referral.NowServed, referral.NowClosed} {
			show("/today?view="+string(view), who)
		}
	}
	ward := at(l.net.Hospital, auth.Referrer)
	for _, part := range []string{"needs_us", "open", "enrolled", "closed", "drafts"} {
		show("/referrals?part="+part, ward)
	}
	show("/uploads", ward)
	show("/overview", at(l.net.Hub, auth.ProgramManager))
	for _, path := range []string{"/history", "/history?kind=view", "/history?action=claim", "/organizations", "/users"} {
		show(path, at(l.net.Hub, auth.Administrator))
	}
	officer := at(l.net.Hub, auth.PrivacyOfficer)
	show("/history", officer)
	show("/complaints", officer)
}

// lives are twenty families, three in four of them long closed, and half of those after visits: the many are copies of them.
func (l *lab) lives(visitor auth.Actor) {
	l.t.Helper()
	hub, _ := l.seed.Key(l.net.Hub, auth.TriageSupervisor)
	agency, _ := l.seed.Key(l.net.Agencies[0], auth.AgencyManager)
	at := func(key, id, what string, body map[string]any) {
		l.t.Helper()
		l.api(http.StatusOK, key, "POST", "/cases/"+id+"/"+what, body)
	}
	claimed := func() string {
		id := l.refer(nil)
		l.offer(id)
		l.claim(id)
		at(agency, id, "visitor", map[string]any{"visitor_id": visitor.ID})
		return id
	}
	enrolled := func() string {
		id, held := claimed(), fixed{}.Now()
		at(agency, id, "first-visit/plan", map[string]any{"planned_for": held.Add(time.Hour), "place": "other_place"})
		at(agency, id, "enroll", map[string]any{"held_at": held, "consent_how": "signed", "language": "en", "wording_version": "2026-01"})
		return id
	}
	for range 7 {
		at(hub, l.refer(nil), "close", map[string]any{"disposition": "said_no_for_now"})
		at(agency, enrolled(), "close", map[string]any{"enrollment_end": "her_choice", "changeable": false})
	}
	l.refer(alarming)
	l.offer(l.refer(nil))
	claimed()
	enrolled()
	l.must(l.pair(l.refer(nil)))
}

// multiply copies what belongs to each family on record until there are so many, with the ids, names, numbers and times of the copies their own.
func (l *lab) multiply(many int) {
	l.t.Helper()
	copies := many/l.count(`SELECT count(*) FROM cases`) - 1
	do := func(statement string, args ...any) {
		l.t.Helper()
		if _, err := l.owner.ExecContext(l.t.Context(), statement, args...); err != nil {
			l.t.Fatalf("%v in %s", err, statement)
		}
	}
	list := func(query string, args ...any) (out [][2]string) {
		l.t.Helper()
		rows, err := l.owner.QueryContext(l.t.Context(), query, args...)
		l.must(err)
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var pair [2]string
			l.must(rows.Scan(&pair[0], &pair[1]))
			out = append(out, pair)
		}
		l.must(rows.Err())
		return out
	}
	// Foreign keys are checked once at the end, not row by row.
	keys := list(`SELECT conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid), conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname)
		FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`)
	for _, key := range keys {
		do(`ALTER TABLE ` + key[1])
	}
	do(`CREATE FUNCTION of_copy(id uuid, n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(id::text || n)::uuid $$`)
	do(`CREATE FUNCTION letters(of text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT initcap(translate(left(md5(of), 7), '0123456789', 'ghijklmnop')) $$`)
	do(`CREATE TABLE theirs AS SELECT unnest(ARRAY[id, caregiver_id, episode_id]) AS id FROM cases`)
	belongs := map[string][]string{"cases": {"id"}, "clients": {"id"}, "episodes": {"id"}}
	for _, c := range list(`SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name IN ('case_id', 'client_id', 'episode_id')`) {
		belongs[c[0]] = append(belongs[c[0]], c[1])
	}
	for table := range belongs {
		if len(list(`SELECT '', '' FROM information_schema.columns WHERE table_name = $1 AND column_name = 'id' AND data_type = 'uuid'`, table)) > 0 {
			do(`INSERT INTO theirs SELECT id FROM ` + table)
		}
	}
	for table := range belongs {
		var columns, values []string
		for _, c := range list(`SELECT quote_ident(attname), format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`, table) {
			columns = append(columns, c[0])
			values = append(values, ofCopy(table, c[0], c[1], list))
		}
		do(fmt.Sprintf(`ALTER TABLE %s DISABLE TRIGGER USER`, table))
		do(fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s FROM %s AS x, generate_series(1, %d) AS n`, table, strings.Join(columns, ", "), strings.Join(values, ", "), table, copies))
	}
	for table := range belongs {
		for _, c := range list(`SELECT column_name, '' FROM information_schema.columns WHERE table_name = $1 AND column_name LIKE '%_sealed'`, table) {
			l.sealCopies(table, c[0], copies)
		}
	}
	for _, key := range keys {
		do(`ALTER TABLE ` + key[0])
	}
	do(`DROP TABLE theirs`)
	do(`VACUUM (ANALYZE)`)
}

// sealCopies seals what stands in a column for each copy anew: a seal holds for one row.
func (l *lab) sealCopies(table, column string, copies int) {
	l.t.Helper()
	first := map[uuid.UUID]pg.Sealed{}
	rows, err := l.owner.QueryContext(l.t.Context(), fmt.Sprintf(`SELECT id, %[2]s FROM %[1]s WHERE %[2]s IS NOT NULL AND id IN (SELECT id FROM theirs)`, table, column))
	l.must(err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id uuid.UUID
		var sealed []byte
		l.must(rows.Scan(&id, &sealed))
		first[id] = sealed
	}
	l.must(rows.Err())
	for id, sealed := range first {
		plain, err := l.keys.Open(table, column, id, sealed)
		l.must(err)
		for n := 1; n <= copies; n += 10_000 {
			var ids []string
			var anew [][]byte
			for i := n; i < n+10_000 && i <= copies; i++ {
				copied := uuid.UUID(md5.Sum([]byte(id.String() + strconv.Itoa(i))))
				ids, anew = append(ids, copied.String()), append(anew, l.keys.Seal(table, column, copied, plain))
			}
			_, err := l.owner.ExecContext(l.t.Context(), fmt.Sprintf(`UPDATE %s AS x SET %s = y.sealed FROM unnest($1::uuid[], $2::bytea[]) AS y(id, sealed) WHERE x.id = y.id`, table, column), ids, anew)
			l.must(err)
		}
	}
}

// ofCopy is what stands in a column of the nth copy of a row.
func ofCopy(table, column, kind string, list func(string, ...any) [][2]string) string {
	switch {
	case table == "clients" && column == "family_name":
		return `letters('family' || n % 5000)`
	case table == "clients" && column == "given_name":
		return `letters('given' || n % 700 || x.id)`
	case table == "clients" && column == "date_of_birth":
		return `x.date_of_birth + n % 4000`
	case column == "reference":
		return `upper(left(md5(x.id::text || n), 10))`
	case column == "match_key":
		return `sha256((x.id::text || n)::bytea)`
	case table == "contact_methods" && column == "value":
		return `'+1' || 200 + n % 700 || '55501' || lpad((n % 97)::text, 2, '0')`
	case column == "client_a", column == "client_b": // in their order
		return map[string]string{"client_a": "least", "client_b": "greatest"}[column] + `(of_copy(x.client_a, n), of_copy(x.client_b, n))`
	case column == "rank_key":
		return `CASE WHEN length(x.rank_key) > 36 THEN left(x.rank_key, -36) || of_copy(right(x.rank_key, 36)::uuid, n) ELSE x.rank_key END`
	case column == "visitor_id": // few hands hold very many
		return `CASE WHEN n % 100 = 0 THEN x.visitor_id END`
	case kind == "timestamp with time zone": // over some ten years
		return `x.` + column + ` - n * interval '9 hours'`
	case kind == "uuid" && len(list(`SELECT '', '' FROM `+table+` WHERE `+column+` IN (SELECT id FROM theirs) LIMIT 1`)) > 0:
		if len(list(`SELECT '', '' FROM `+table+` WHERE `+column+` NOT IN (SELECT id FROM theirs) LIMIT 1`)) > 0 {
			return `CASE WHEN x.` + column + ` IN (SELECT id FROM theirs) THEN of_copy(x.` + column + `, n) ELSE x.` + column + ` END`
		}
		return `of_copy(x.` + column + `, n)`
	default:
		return `x.` + column
	}
}

// someone is what is known of one of the many.
func (l *lab) someone(what string) (value string) {
	l.t.Helper()
	column := map[string]string{"family_name": "c.family_name", "phone": "m.value", "born": "to_char(c.date_of_birth, 'MM/DD/YYYY')"}[what]
	l.must(l.owner.QueryRowContext(l.t.Context(), `SELECT `+column+` FROM contact_methods m JOIN clients c ON c.id = m.client_id WHERE m.channel = 'phone' ORDER BY m.id OFFSET 50 LIMIT 1`).Scan(&value))
	return value
}

// find looks for somebody as the page does, prints what that took, and is where its answer stands.
func (l *lab) find(who auth.Actor, form url.Values) string {
	l.t.Helper()
	client, began := l.client(who), time.Now()
	form.Set("_key", letters()+letters())
	q, err := http.NewRequestWithContext(l.t.Context(), http.MethodPost, l.url+"/search", strings.NewReader(form.Encode()))
	l.must(err)
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Origin", l.url)
	answer, err := client.Do(q)
	l.must(err)
	body, err := io.ReadAll(answer.Body)
	l.must(err)
	_ = answer.Body.Close()
	path := answer.Header.Get("Location")
	if answer.StatusCode != http.StatusSeeOther {
		l.t.Fatalf("a search answers %d: %s", answer.StatusCode, body)
	}
	fmt.Printf("%-52s %-20s %8s %10.1f\n", "sending a search by "+slices.Sorted(keysOf(form))[0], who.Role, "", float64(time.Since(began).Microseconds())/1000)
	return path
}

func keysOf(form url.Values) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range form {
			if key != "_key" && !yield(key) {
				return
			}
		}
	}
}

// client holds a session of somebody.
func (l *lab) client(who auth.Actor) *http.Client {
	l.t.Helper()
	ticket, err := l.demo.SignIn(l.t.Context(), who.ID, who.OrgID, who.Role)
	l.must(err)
	jar, err := cookiejar.New(nil)
	l.must(err)
	at, err := url.Parse(l.url)
	l.must(err)
	jar.SetCookies(at, []*http.Cookie{{Name: "doorstep", Value: ticket.Token}})
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

var shownMain = regexp.MustCompile(`(?s)<main.*</main>`)

// size is how much a page says in its middle, in kB; 0 when it is refused.
func (l *lab) size(path string, who auth.Actor) float64 {
	l.t.Helper()
	answer, err := l.client(who).Get(l.url + path)
	l.must(err)
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	l.must(err)
	if answer.StatusCode != http.StatusOK {
		return 0
	}
	return float64(len(shownMain.Find(body))) / 1000
}
