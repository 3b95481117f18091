package providers

import (
	"fmt"
	"slices"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/internal/pg"
)

// today is the local date of an organization that has calendar c.
const today = `(CAST(@now AS timestamptz) AT TIME ZONE c.time_zone)::date`

// parties are all organizations, or one. Read them as the hub.
func (s *Store) parties(one uuid.UUID) ([]Party, error) {
	by := map[string]any{"now": s.tx.Now, "one": one, "none": uuid.Nil}
	var parties []Party
	err := s.tx.Gorm().Raw(`SELECT o.id, o.name, o.kind, coalesce(o.referrer_class, '') AS referrer_class, o.legal_status, o.agreement_until, o.calendar_id,
			c.name AS calendar, o.closed_at, o.closed_at IS NULL AND coalesce(o.agreement_until >= `+today+`, false) AS agreement_valid
		FROM organizations o JOIN calendars c ON c.id = o.calendar_id WHERE CAST(@one AS uuid) = @none OR o.id = @one
		ORDER BY o.kind <> 'hub', o.kind, o.name, o.id`, by).Scan(&parties).Error
	if err != nil {
		return nil, fmt.Errorf("list the organizations: %w", err)
	}
	var sites []SiteView
	err = s.tx.Gorm().Raw(`SELECT id, org_id, name, coalesce(feedback_email, '') AS feedback_email FROM sites
		WHERE CAST(@one AS uuid) = @none OR org_id = @one ORDER BY name`, by).Scan(&sites).Error
	if err != nil {
		return nil, fmt.Errorf("list the sites: %w", err)
	}
	programs, err := s.offerings(one)
	if err != nil {
		return nil, err
	}
	at := map[uuid.UUID]*Party{}
	for i := range parties {
		parties[i].Sites, parties[i].Programs = []SiteView{}, []Offering{}
		at[parties[i].ID] = &parties[i]
	}
	for _, site := range sites {
		at[site.OrgID].Sites = append(at[site.OrgID].Sites, site)
	}
	for _, p := range programs {
		at[p.OrgID].Programs = append(at[p.OrgID].Programs, p)
	}
	return parties, nil
}

// directory is who may send a family. Read it as the hub.
func (s *Store) directory() ([]Listed, error) {
	out := []Listed{}
	err := s.tx.Gorm().Raw(`SELECT id, name, kind FROM organizations WHERE kind <> 'hub' AND closed_at IS NULL ORDER BY lower(name), id`).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list the directory: %w", err)
	}
	return out, nil
}

func (s *Store) party(id uuid.UUID) (Party, error) {
	found, err := s.parties(id)
	if err == nil && len(found) == 0 {
		err = pg.NotFound(gorm.ErrRecordNotFound, "organization")
	}
	if err != nil {
		return Party{}, err
	}
	return found[0], nil
}

// offerings are all programs, or those of one organization, each with the statement in force by its agency's date.
func (s *Store) offerings(org uuid.UUID) ([]Offering, error) {
	var all []Offering
	err := s.tx.Gorm().Raw(`SELECT p.id, p.org_id, o.name AS org, p.name, p.model, p.track, p.pack_code, p.languages, p.response_hours, p.closed_at,
			(SELECT count(*) FROM program_areas a WHERE a.program_id = p.id) AS zips, `+usage+`
		FROM programs p JOIN organizations o ON o.id = p.org_id JOIN calendars c ON c.id = o.calendar_id `+fmt.Sprintf(latestStatement, today)+`
		WHERE CAST(@org AS uuid) = @none OR p.org_id = @org ORDER BY o.name, p.name, p.id`,
		map[string]any{"now": s.tx.Now, "org": org, "none": uuid.Nil}).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("list the programs: %w", err)
	}
	return all, nil
}

// setArea writes the codes that are new and removes those that are gone; it returns how many.
func (s *Store) setArea(program uuid.UUID, rows []area) (added, removed int, err error) {
	var before []string
	if err := s.tx.Gorm().Model(&area{}).Where("program_id = ?", program).Pluck("zip", &before).Error; err != nil {
		return 0, 0, fmt.Errorf("read the service area of program %s: %w", program, err)
	}
	keep := make([]string, len(rows))
	var fresh []area
	for i, r := range rows {
		keep[i] = r.Zip
		if !slices.Contains(before, r.Zip) {
			fresh = append(fresh, r)
		}
	}
	for _, z := range before {
		if !slices.Contains(keep, z) {
			removed++
			s.tx.Queue(`DELETE FROM program_areas WHERE program_id = $1 AND zip = $2`, program, z)
		}
	}
	if len(fresh) == 0 {
		return 0, removed, nil
	}
	return len(fresh), removed, s.tx.Insert(fresh)
}

// calendars are all calendars by name.
func (s *Store) calendars() (rows []calendarRow, err error) {
	if err = s.tx.Gorm().Order("name, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list the calendars: %w", err)
	}
	return rows, nil
}

// setHolidays replaces the days off of a calendar from a day on; those before stand, since promises were counted by them.
func (s *Store) setHolidays(calendar uuid.UUID, from civil.Date, days map[civil.Date]string) error {
	s.tx.Queue(`DELETE FROM calendar_holidays WHERE calendar_id = $1 AND day >= $2`, calendar, from.String())
	for day, name := range days {
		s.tx.Queue(`INSERT INTO calendar_holidays (calendar_id, day, name) VALUES ($1, $2, $3)`, calendar, day.String(), name)
	}
	return nil
}

// setHours replaces the weekly hours of a calendar.
func (s *Store) setHours(calendar uuid.UUID, hours []Hours) error {
	s.tx.Queue(`DELETE FROM calendar_hours WHERE calendar_id = $1`, calendar)
	rows := make([]hoursRow, len(hours))
	for i, h := range hours {
		rows[i] = hoursRow{calendar, h}
	}
	return s.tx.Insert(rows)
}
