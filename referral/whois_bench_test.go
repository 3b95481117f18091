package referral_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
	"doorstep/internal/stats"
	"doorstep/referral/match"
	"doorstep/referral/match/synthetic"
)

// BenchmarkCandidates looks for one person of a form among 200,000 on record (CANDIDATES_PEOPLE), each form another person's, with
// the slips that package synthetic makes. Beside the times it says what became of the forms: how many of those on record were linked
// or asked about, and how many others were linked in their place.
func BenchmarkCandidates(b *testing.B) {
	w := newWorld(b)
	city := synthetic.New(people(), 20)
	ids := w.settle(city)
	var took []float64 // milliseconds
	var linked, asked, wrong, shown int
	for i := 0; b.Loop(); i++ {
		at := i * 7919 % len(ids)
		again, _ := city.Again(city.People[at])
		began := time.Now()
		found, err := w.cases.Candidates(b.Context(), w.desk, again.Person, "birth_parent", uuid.Nil)
		took = append(took, float64(time.Since(began).Microseconds())/1000)
		w.must(err)
		shown += len(found)
		for _, c := range found {
			switch {
			case c.ClientID == ids[at] && c.Verdict == match.Link:
				linked++
			case c.ClientID == ids[at]:
				asked++
			case c.Verdict == match.Link:
				wrong++
			}
		}
	}
	all := float64(len(took))
	for unit, p := range map[string]float64{"ms/median": 0.5, "ms/p95": 0.95} {
		if v, ok := stats.Percentile(took, p); ok {
			b.ReportMetric(v, unit)
		}
	}
	b.ReportMetric(float64(linked)/all, "linked")
	b.ReportMetric(float64(linked+asked)/all, "linked-or-asked")
	b.ReportMetric(float64(wrong)/all, "linked-to-another")
	b.ReportMetric(float64(shown)/all, "shown")
}

// BenchmarkReceiveAmongMany is what the many cost intake, search and index upkeep together: like forms, one by one in turn, where
// 200,000 are on record and where nobody is.
func BenchmarkReceiveAmongMany(b *testing.B) {
	many, none := newWorld(b), newWorld(b)
	many.settle(synthetic.New(people(), 20))
	took := map[*world][]float64{}
	for b.Loop() {
		for _, w := range []*world{many, none} {
			in := prenatal() // another family name each time
			began := time.Now()
			w.receive(w.hospital, in)
			took[w] = append(took[w], float64(time.Since(began).Microseconds())/1000)
		}
	}
	among, _ := stats.Percentile(took[many], 0.5)
	alone, _ := stats.Percentile(took[none], 0.5)
	b.ReportMetric(among, "ms/among-many")
	b.ReportMetric(alone, "ms/alone")
}

func people() int {
	if n, err := strconv.Atoi(os.Getenv("CANDIDATES_PEOPLE")); err == nil {
		return n
	}
	return 200_000
}

// settle puts a city on record: for each person a client with an episode, a closed case, children, numbers and homes.
func (w *world) settle(city *synthetic.Population) []uuid.UUID {
	w.Helper()
	_, caseID := w.receive(w.hospital, prenatal())
	var ids []uuid.UUID
	for len(ids) < len(city.People) {
		some := city.People[len(ids):min(len(ids)+10_000, len(city.People))]
		ids = append(ids, w.settleSome(some, caseID)...)
	}
	w.exec(`ANALYZE`)
	return ids
}

func (w *world) settleSome(people []synthetic.Person, like uuid.UUID) (ids []uuid.UUID) {
	w.Helper()
	var names, given, family, born, phones, streets, zips, children []string
	for _, p := range people {
		id := pg.NewID()
		ids, names = append(ids, id), append(names, id.String())
		given, family, born = append(given, p.Given), append(family, p.Family), append(born, p.Born.String())
		phones, streets, zips = append(phones, p.Phones[0].Number), append(streets, p.Addresses[0].Street), append(zips, p.Addresses[0].Zip)
		day := ""
		if len(p.Children) > 0 {
			day = p.Children[0].String()
		}
		children = append(children, day)
	}
	w.exec(`INSERT INTO clients (id, given_name, family_name, date_of_birth, interpreter, insurance, do_not_contact, stop_version, created_at)
		SELECT *, 'unknown', 'unknown', false, 0, now() FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[])`, names, given, family, born)
	w.exec(`INSERT INTO episodes SELECT unnest($1::uuid[]), now()`, names)
	w.exec(`INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('id', p, 'caregiver_id', p, 'episode_id', p, 'status', 'closed', 'disposition', 'served',
		'closed_at', now(), 'rank_key', left(c.rank_key, -36) || p))).* FROM unnest($1::uuid[]) AS p JOIN cases c ON c.id = $2`, names, like)
	w.exec(`INSERT INTO infants (id, episode_id, birth_order, born_on, nicu) SELECT id, id, 1, day::date, 'unknown' FROM unnest($1::uuid[], $2::text[]) AS x(id, day)
		WHERE day <> ''`, names, children)
	w.exec(`INSERT INTO case_infants SELECT id, id FROM unnest($1::uuid[], $2::text[]) AS x(id, day) WHERE day <> ''`, names, children)
	w.exec(`INSERT INTO contact_methods (id, client_id, referral_id, channel, value, safe_call, safe_text, safe_voicemail, safe_email, preferred, given_at)
		SELECT id, id, (SELECT r.id FROM referrals r WHERE case_id = $3), 'phone', value, 'unknown', 'unknown', 'unknown', 'unknown', false, now()
		FROM unnest($1::uuid[], $2::text[]) AS x(id, value)`, names, phones, like)
	w.exec(`INSERT INTO addresses (id, client_id, referral_id, street, zip, safe_mail, safe_to_visit, announced_only, given_at)
		SELECT id, id, (SELECT r.id FROM referrals r WHERE case_id = $4), street, zip, 'unknown', 'no', true, now()
		FROM unnest($1::uuid[], $2::text[], $3::text[]) AS x(id, street, zip)`, names, streets, zips, like)
	return ids
}
