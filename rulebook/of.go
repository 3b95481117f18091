package rulebook

import (
	"fmt"

	"github.com/google/uuid"

	"doorstep/internal/pg"
	"doorstep/triage"
)

// Of returns the rule set by which something was decided, live or not, for looking at it again. The transaction must be the
// hub's. An error means that this version cannot be read or compiled any more.
func (s *Service) Of(tx *pg.Tx, id uuid.UUID, hash string) (*triage.RuleSet, error) {
	compiled := s.known(hash)
	if compiled == nil {
		source, err := store{tx}.source(id)
		if err != nil {
			return nil, err
		}
		compiled = s.keep(hash, source)
	}
	set, err := compiled()
	if err != nil {
		return nil, fmt.Errorf("compile rule set %s: %w", id, err)
	}
	return set, nil
}
