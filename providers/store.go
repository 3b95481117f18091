package providers

import (
	"errors"
	"fmt"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Store reads and writes the network in its transaction; row-level security decides what it sees.
type Store struct{ tx *pg.Tx }

// NewStore returns the store of tx.
func NewStore(tx *pg.Tx) *Store { return &Store{tx} }

// Hub is the one organization that works for all the others. Read it as the hub.
func (s *Store) Hub() (Organization, error) {
	return s.organization(s.tx.Gorm().Where("kind = ? AND closed_at IS NULL", auth.Hub).Order("created_at"), "hub")
}

// refuseSecondHub keeps the hub the only one. Two that are added at the same instant are not caught: an administrator's
// slip, not a race worth a lock.
func (s *Store) refuseSecondHub() error {
	_, err := s.Hub()
	switch {
	case err == nil:
		return fault.New(fault.Conflict, "There is a hub already: a network has one.")
	case errors.Is(err, fault.NotFound):
		return nil
	}
	return err
}

// Organization is one organization, or NotFound.
func (s *Store) Organization(id uuid.UUID) (Organization, error) {
	return s.organization(s.tx.Gorm().Where("id = ?", id), id.String())
}

func (s *Store) organization(where *gorm.DB, what string) (Organization, error) {
	var o Organization
	if err := where.Limit(1).Take(&o).Error; err != nil {
		return o, fmt.Errorf("read organization %s: %w", what, pg.NotFound(err, "organization"))
	}
	return o, nil
}

// Site is one site, or NotFound.
func (s *Store) Site(id uuid.UUID) (Site, error) {
	var site Site
	if err := s.tx.Gorm().Where("id = ?", id).Take(&site).Error; err != nil {
		return site, fmt.Errorf("read site %s: %w", id, pg.NotFound(err, "site"))
	}
	return site, nil
}

// Program is one program with its service area, or NotFound.
func (s *Store) Program(id uuid.UUID) (Program, error) {
	program, err := s.program(s.tx.Gorm(), id)
	if err != nil {
		return program, err
	}
	err = s.tx.Gorm().Model(&area{}).Where("program_id = ?", id).Order("zip").Pluck("zip", &program.Zips).Error
	if err != nil {
		return program, fmt.Errorf("read the service area of program %s: %w", id, err)
	}
	return program, nil
}

// openPrograms is every program that takes or may take families, as far as the role sees them.
func (s *Store) openPrograms() ([]Program, error) {
	var ids []uuid.UUID
	err := s.tx.Gorm().Model(&Program{}).Where("closed_at IS NULL").Order("name, id").Limit(500).Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("list the open programs: %w", err)
	}
	all := make([]Program, 0, len(ids))
	for _, id := range ids {
		p, err := s.Program(id)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// PinProgram reads a program that nobody can close until this transaction ends; claims of it go on. What proposes a family to a
// program pins it first, so that closing finds every offer.
func (s *Store) PinProgram(id uuid.UUID) (Program, error) {
	return s.program(s.tx.Gorm().Clauses(clause.Locking{Strength: "KEY SHARE"}), id)
}

// ShutProgram ends a program's intake. It waits for everything that pinned the program, and everything later sees it closed.
// Conflict when it is closed already.
func (s *Store) ShutProgram(id uuid.UUID) (Program, error) {
	p, err := s.program(s.tx.Gorm().Clauses(clause.Locking{Strength: "UPDATE"}), id)
	if err != nil {
		return p, err
	}
	if p.ClosedAt != nil {
		return p, fault.New(fault.Conflict, "%s was closed on %s.", p.Name, p.ClosedAt.Format("2006-01-02"))
	}
	s.tx.Queue(`UPDATE programs SET closed_at = $2 WHERE id = $1`, id, s.tx.Now)
	return p, nil
}

// LockProgram locks the program's row until the end of the transaction, so that counting its room and taking a place are
// one step. Lock a case before its program, never after. It needs the hub's role. The lock is the one that foreign keys
// do not wait for: an offer to this program may be written meanwhile.
func (s *Store) LockProgram(id uuid.UUID) (Program, error) {
	return s.program(s.tx.Gorm().Clauses(clause.Locking{Strength: "NO KEY UPDATE"}), id)
}

func (s *Store) program(from *gorm.DB, id uuid.UUID) (Program, error) {
	var p Program
	if err := from.Where("id = ?", id).Take(&p).Error; err != nil {
		return p, fmt.Errorf("read program %s: %w", id, pg.NotFound(err, "program"))
	}
	return p, nil
}

// usage counts one program's room: the statement in force on the day :today, and who takes a place of p now: families that
// are listed as served without their names among them.
const usage = `coalesce(s.funded, 0) AS funded, coalesce(s.intake, 'closed') AS intake, s.confirmed_at,
	(SELECT count(*) FROM claims k WHERE k.program_id = p.id AND k.ended_at IS NULL) AS promised,
	(SELECT count(*) FROM enrollments e WHERE e.program_id = p.id AND e.ended_at IS NULL)
		+ (SELECT count(*) FROM served_families f WHERE f.program_id = p.id AND f.ended_at IS NULL) AS in_use`

// shares counts, by set-aside, the places of p that are promised or in use.
const shares = `(SELECT jsonb_object_agg(set_aside, n) FROM (SELECT set_aside, count(*) AS n FROM (
		SELECT set_aside FROM claims WHERE program_id = p.id AND ended_at IS NULL AND set_aside IS NOT NULL
		UNION ALL SELECT set_aside FROM enrollments WHERE program_id = p.id AND ended_at IS NULL AND set_aside IS NOT NULL) AS kept
	GROUP BY set_aside) AS counted)`

// lines counts, by program, who waits for it, and the places that came free since :since: claims that came to nothing and
// families no longer served. Each list is read once for all programs; the indexes *_freed carry the same conditions.
const lines = `LEFT JOIN (SELECT program_id, sum(waiting) AS waiting, sum(freed) AS freed FROM (
		SELECT program_id, count(*) AS waiting, 0 AS freed FROM waitlist_entries WHERE ended_at IS NULL GROUP BY program_id
		UNION ALL SELECT program_id, 0, count(*) FROM claims WHERE ended_at > @since AND ended_as NOT IN ('enrolled', 'undone') GROUP BY program_id
		UNION ALL SELECT program_id, 0, count(*) FROM enrollments WHERE ended_at > @since AND ended_as <> 'undone' GROUP BY program_id
		UNION ALL SELECT program_id, 0, count(*) FROM served_families WHERE ended_at > @since GROUP BY program_id) AS counted
	GROUP BY program_id) l ON l.program_id = p.id`

const latestStatement = `LEFT JOIN LATERAL (SELECT funded, intake, confirmed_at FROM capacity_statements
	WHERE program_id = p.id AND effective_from <= %s ORDER BY effective_from DESC, confirmed_at DESC LIMIT 1) s ON true`

// Places is every open program in the order of its id, seen from this ZIP code (empty = unknown) on this day, in one
// query. Read it as the hub. Its numbers are a snapshot; Free under LockProgram decides.
func (s *Store) Places(zip string, today civil.Date) ([]Place, error) {
	var places []Place
	err := s.tx.Gorm().Raw(`SELECT p.id AS program_id, p.org_id, o.name AS org_name, p.name, p.pack_code, p.languages, p.response_hours,
		EXISTS (SELECT 1 FROM program_areas a WHERE a.program_id = p.id AND a.zip = @zip) AS serves,
		coalesce(o.agreement_until >= @today, false) AS agreement_valid, `+shares+` AS set_aside_used, `+usage+`,
		coalesce(l.waiting, 0) AS waiting, coalesce(l.freed, 0) AS freed
		FROM programs p JOIN organizations o ON o.id = p.org_id `+lines+` `+fmt.Sprintf(latestStatement, "@today")+`
		WHERE p.closed_at IS NULL AND o.closed_at IS NULL ORDER BY p.id`,
		map[string]any{"zip": zip, "today": today, "since": s.tx.Now.AddDate(0, 0, -FreedDays)}).Scan(&places).Error
	if err != nil {
		return nil, fmt.Errorf("read the places of the network: %w", err)
	}
	for i := range places {
		places[i].count()
	}
	return places, nil
}

// Free is a program's room now, by its agency's own date. It decides only under LockProgram.
func (s *Store) Free(programID uuid.UUID) (Usage, error) {
	var u Usage
	found := s.tx.Gorm().Raw(`SELECT `+usage+` FROM programs p JOIN organizations o ON o.id = p.org_id
		JOIN calendars c ON c.id = o.calendar_id `+fmt.Sprintf(latestStatement, "(CAST(@now AS timestamptz) AT TIME ZONE c.time_zone)::date")+`
		WHERE p.id = @id`, map[string]any{"id": programID, "now": s.tx.Now}).Scan(&u)
	if found.Error != nil {
		return u, fmt.Errorf("count the room of program %s: %w", programID, found.Error)
	}
	if found.RowsAffected == 0 {
		return u, fmt.Errorf("count the room of program %s: %w", programID, pg.NotFound(gorm.ErrRecordNotFound, "program"))
	}
	u.count()
	return u, nil
}

func (u *Usage) count() { u.Free = u.Funded - u.Promised - u.InUse }
