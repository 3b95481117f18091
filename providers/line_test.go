package providers_test

import (
	"testing"
	"time"

	"doorstep/providers"
)

func TestPlacesCountTheLineAndWhatCameFree(t *testing.T) {
	w := newWorld(t)
	n := w.Community()
	p := n.Programs[0]
	w.taken(t, p, 5, 6)
	w.exec(t, `ALTER TABLE waitlist_entries DROP CONSTRAINT waitlist_entries_case_id_fkey`)
	// Of claims, enrolled gave no place back and undone never was; the last day that counts is the ninetieth.
	w.exec(t, `WITH k AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM claims)
		UPDATE claims SET ended_at = $1::timestamptz - make_interval(days => CASE n WHEN 4 THEN 91 ELSE 89 END),
			ended_as = CASE n WHEN 1 THEN 'enrolled' WHEN 2 THEN 'undone' ELSE 'released' END
		FROM k WHERE k.id = claims.id AND n <= 4`, time.Time(noon))
	w.exec(t, `WITH e AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM enrollments)
		UPDATE enrollments SET ended_at = $1::timestamptz - interval '1 day', ended_as = CASE n WHEN 1 THEN 'undone' ELSE 'completed' END
		FROM e WHERE e.id = enrollments.id AND n <= 3`, time.Time(noon))
	w.exec(t, `INSERT INTO served_families (id, program_id, org_id, match_key, listed_at, ended_at)
		SELECT gen_random_uuid(), $1, $2, sha256(x::text::bytea), $3, CASE x WHEN 1 THEN $3::timestamptz END FROM generate_series(1, 2) x`, p.ID, p.OrgID, time.Time(noon))
	w.exec(t, `INSERT INTO waitlist_entries (id, case_id, program_id, joined_at, confirmed_at, ended_at, ended_as)
		SELECT gen_random_uuid(), gen_random_uuid(), $1, $2, $2, CASE x WHEN 1 THEN $2::timestamptz END, CASE x WHEN 1 THEN 'claimed' END
		FROM generate_series(1, 4) x`, p.ID, time.Time(noon))
	w.asHub(t, func(s *providers.Store) error {
		places, err := s.Places("", today)
		for _, got := range places {
			waiting, freed := 0, 0
			if got.ProgramID == p.ID {
				waiting, freed = 3, 4 // one claim, two enrollments, one family without a name
			}
			if got.Waiting != waiting || got.Freed != freed {
				t.Errorf("%s: %d wait, %d came free", got.Name, got.Waiting, got.Freed)
			}
		}
		return err
	})
}
