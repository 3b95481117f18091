package referral

import (
	"encoding/json"
	"strings"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/pg"
	"doorstep/referral/match"
)

// onRecord is a client who shares something with the person asked about.
type onRecord struct {
	id             uuid.UUID
	person         match.Person
	otherCaregiver bool
	whose          uuid.UUID // the face of the person: several records of one are one candidate
}

// likeName is the share of three-letter pieces that two whole names must have in common to be looked at. Below a half, names that
// nobody takes for one come by the thousand.
const likeName = "0.5"

type alikeRow struct {
	ID             uuid.UUID
	GivenName      string
	FamilyName     string
	DateOfBirth    *civil.Date
	Phones         string // parted by blanks
	Addresses      string // a JSON list of street and zip
	Children       string // birth dates, parted by blanks
	OtherCaregiver bool
	PersonID       *uuid.UUID
}

// alike finds who shares with the person asked about a birth date, a number, a home, or the sound of a surname with the year or the day of birth;
// where she or they have no birth date, the sound of the whole name, or a like one. Each way finds at most a hundred, those of the likest
// names. A like name with another birth date is not looked for: at its best it weighs less than it takes to ask. It also counts how
// many on record share each of her values.
func (s *store) alike(a *asked) ([]onRecord, error) {
	p := &a.person
	var set string
	var namesakes int
	var phones, homes []int
	var rows []alikeRow
	args := s.alikeArgs(a)
	err := s.tx.ReadAll(
		pg.Read{Query: s.db().Raw(`SELECT set_config('pg_trgm.similarity_threshold', ?, true)`, likeName), Into: &set},
		pg.Read{Query: s.db().Raw(`SELECT count(*) FROM (SELECT 1 FROM clients WHERE plain_name = plain_name(@name) LIMIT 500) AS n`, args), Into: &namesakes},
		pg.Read{Query: s.db().Raw(`SELECT (SELECT count(DISTINCT client_id) FROM (SELECT client_id FROM contact_methods WHERE channel = 'phone' AND value = asked
			LIMIT 500) AS n) FROM unnest(CAST(@phones AS text[])) WITH ORDINALITY AS a(asked, place) ORDER BY place`, args), Into: &phones},
		pg.Read{Query: s.db().Raw(`SELECT (SELECT count(DISTINCT client_id) FROM (SELECT client_id FROM addresses x WHERE x.zip = a.zip
				AND substring(x.street FROM '[0-9]+') = substring(a.street FROM '[0-9]+') LIMIT 500) AS n)
			FROM unnest(CAST(@zips AS text[]), CAST(@streets AS text[])) WITH ORDINALITY AS a(zip, street, place) ORDER BY place`, args), Into: &homes},
		pg.Read{Query: s.db().Raw(alikeSQL, args), Into: &rows})
	if err != nil {
		return nil, wrap(err, "look for the same person")
	}
	p.Namesakes = namesakes
	for i := range p.Phones {
		p.Phones[i].Holders = phones[i]
	}
	for i := range p.Addresses {
		p.Addresses[i].Holders = homes[i]
	}
	out := make([]onRecord, 0, len(rows))
	for _, r := range rows {
		k, err := r.onRecord()
		if err != nil {
			return nil, wrap(err, "read client %s", r.ID)
		}
		out = append(out, k)
	}
	return out, nil
}

func (s *store) alikeArgs(a *asked) map[string]any {
	p := a.person
	var days, born, phones, streets, zips Texts
	if p.Born != (match.Date{}) && !p.Born.NewYear() { // born on 1 January are all whose day nobody knew
		days = append(days, p.Born.String())
		if d, can := p.Born.Swapped(); can {
			days = append(days, d.String())
		}
	}
	for _, d := range p.Children {
		if d != (match.Date{}) {
			born = append(born, d.String())
		}
	}
	for _, x := range p.Phones {
		phones = append(phones, x.Number)
	}
	for _, x := range p.Addresses {
		streets, zips = append(streets, x.Street), append(zips, x.Zip)
	}
	var day *string
	if d := p.Born.String(); d != "" {
		day = &d
	}
	return map[string]any{"name": p.Given + " " + p.Family, "given": p.Given, "family": p.Family, "born": day, "days": days, "phones": phones,
		"streets": streets, "zips": zips, "self": a.self, "episode": a.episode, "role": a.role, "children": born}
}

// alikeSQL is one look by every way. A number or a home that many share is read up to 500 holders. Who shares the birth date and hardly a letter
// of the names, or the sound of a surname and little of the rest, would score too little to be asked about, and to read the rest of
// them takes longer than to find them.
const alikeSQL = `WITH me AS MATERIALIZED (SELECT plain_name(@name) AS name),
	found AS (
	(SELECT id FROM clients, me WHERE date_of_birth = ANY (CAST(@days AS date[])) AND similarity(plain_name, name) >= 0.15
		ORDER BY similarity(plain_name, name) DESC, id LIMIT 100)
	UNION
	(SELECT id FROM clients, me WHERE date_of_birth IS NULL AND plain_name % (SELECT name FROM me) ORDER BY similarity(plain_name, name) DESC, id LIMIT 100)
	UNION
	(SELECT id FROM clients, me WHERE name_codes(given_name, family_name, date_of_birth) && (SELECT array_agg(code) FROM unnest(name_codes(@given, @family, CAST(@born AS date))) AS code
			WHERE code NOT LIKE 'n%' OR CAST(@born AS date) IS NULL) AND similarity(plain_name, name) >= 0.3 ORDER BY similarity(plain_name, name) DESC, id LIMIT 100)
	UNION
	(SELECT id FROM (SELECT client_id AS id FROM contact_methods WHERE channel = 'phone' AND value = ANY (CAST(@phones AS text[]))
		ORDER BY value, client_id LIMIT 500) AS x JOIN clients USING (id), me ORDER BY similarity(plain_name, name) DESC, id LIMIT 100)
	UNION
	(SELECT id FROM (SELECT client_id AS id FROM unnest(CAST(@zips AS text[]), CAST(@streets AS text[])) AS a(zip, street) JOIN addresses x ON x.zip = a.zip
		AND substring(x.street FROM '[0-9]+') = substring(a.street FROM '[0-9]+') ORDER BY x.zip, substring(x.street FROM '[0-9]+'), client_id LIMIT 500) AS x
		JOIN clients USING (id), me ORDER BY similarity(plain_name, name) DESC, id LIMIT 100))
SELECT c.id, given_name, family_name, date_of_birth, person_id,
	coalesce((SELECT string_agg(value, ' ' ORDER BY given_at, id) FROM contact_methods m WHERE m.client_id = c.id AND channel = 'phone'), '') AS phones,
	coalesce((SELECT json_agg(json_build_object('Street', coalesce(street, ''), 'Zip', coalesce(zip, '')) ORDER BY given_at, id)::text
		FROM addresses d WHERE d.client_id = c.id), '[]') AS addresses,
	coalesce(b.days, '') AS children, coalesce(b.other, false) AS other_caregiver
FROM found JOIN clients c USING (id), LATERAL (SELECT string_agg(born_on::text, ' ' ORDER BY born_on, i.id) AS days,
	bool_or(k.caregiver_role <> @role AND i.born_on = ANY (CAST(@children AS date[]))) AS other
	FROM cases k JOIN infants i USING (episode_id) WHERE k.caregiver_id = c.id AND i.ended_at IS NULL) AS b
WHERE c.id <> @self AND NOT EXISTS (SELECT 1 FROM cases k WHERE k.caregiver_id = c.id AND k.episode_id = @episode)
ORDER BY c.id`

func (r alikeRow) onRecord() (onRecord, error) {
	p := match.Person{Given: r.GivenName, Family: r.FamilyName, Born: matchDate(r.DateOfBirth)}
	for _, number := range strings.Fields(r.Phones) {
		p.Phones = append(p.Phones, match.Phone{Number: number})
	}
	for _, day := range strings.Fields(r.Children) {
		d, err := match.ParseDate(day)
		if err != nil {
			return onRecord{}, err
		}
		p.Children = append(p.Children, d)
	}
	err := json.Unmarshal([]byte(r.Addresses), &p.Addresses)
	whose := r.ID
	if r.PersonID != nil {
		whose = *r.PersonID
	}
	return onRecord{r.ID, p, r.OtherCaregiver, whose}, err
}
