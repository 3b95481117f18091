package rulebook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/triage"
)

// ErrNoneLive says that no rule set is live. A referral is accepted all the same; its case waits for a person.
var ErrNoneLive = errors.New("no rule set is live")

// Service answers which rules hold. Share one in a process: it keeps what it compiled.
type Service struct {
	db *pg.DB

	mu       sync.Mutex
	public   Public
	compiled map[string]func() (*triage.RuleSet, error) // by hash of the source
}

// NewService returns a rule book on db that has compiled nothing yet.
func NewService(db *pg.DB) *Service {
	return &Service{db: db, compiled: map[string]func() (*triage.RuleSet, error){}}
}

// Live returns the rule set that is live in the caller's transaction, with the id and hash that its decision must carry.
// The transaction must be the hub's. Faults: ErrNoneLive; any other error means that the engine failed, not the referral.
func (s *Service) Live(tx *pg.Tx) (*triage.RuleSet, uuid.UUID, string, error) {
	store := store{tx}
	id, hash, err := store.live()
	if err != nil {
		return nil, uuid.Nil, "", err
	}
	set, err := s.set(store, id, hash)
	if err != nil {
		return nil, uuid.Nil, "", err
	}
	return set, id, hash, nil
}

// Of returns the rule set by which something was decided, live or not, for looking at it again. The transaction must be the
// hub's. An error means that this version cannot be read or compiled any more.
func (s *Service) Of(tx *pg.Tx, id uuid.UUID, hash string) (*triage.RuleSet, error) {
	return s.set(store{tx}, id, hash)
}

// set is one stored version, compiled once a process and text.
func (s *Service) set(store store, id uuid.UUID, hash string) (*triage.RuleSet, error) {
	compiled := s.known(hash)
	if compiled == nil {
		source, err := store.source(id)
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

func (s *Service) known(hash string) func() (*triage.RuleSet, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.compiled[hash]
}

// keep returns what compiles a source once, however many ask at the same time: they wait for the first, outside the lock
// of the others. A failure is kept as well, since the same text fails again.
func (s *Service) keep(hash string, source triage.Source) func() (*triage.RuleSet, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.compiled[hash] == nil {
		s.compiled[hash] = sync.OnceValues(func() (*triage.RuleSet, error) {
			if source.Hash() != hash {
				return nil, errors.New("its text does not have the hash that it was stored under")
			}
			return triage.Compile(source)
		})
	}
	return s.compiled[hash]
}

// ImportPack makes source the live version 1 where no rule set exists, and does nothing where one does: migrate and demo
// call it at every start. It reports whether it imported. A pack that does not compile is refused.
func (s *Service) ImportPack(ctx context.Context, source triage.Source) (bool, error) {
	set, err := triage.Compile(source)
	if err != nil {
		return false, fmt.Errorf("import the rule pack: %w", err)
	}
	text, err := json.Marshal(source)
	if err != nil {
		return false, fmt.Errorf("store rule pack %s: %w", set.Name(), err)
	}
	imported := false
	err = s.db.InTx(ctx, auth.System("import"), func(tx *pg.Tx) error {
		first := ruleSet{
			ID: pg.NewID(), Version: 1, Pack: set.Name(), Hash: source.Hash(), Status: "live", Source: text,
			CreatedAt: tx.Now, CreatedBy: tx.Actor.ID, EffectiveAt: &tx.Now,
		}
		if imported, err = (store{tx}).insertFirst(first); err != nil || !imported {
			return err
		}
		return audit.NewStore(tx).Record(audit.Event{
			Action: "import rule pack", Subject: "rule_set", SubjectID: &first.ID, To: first.Status,
			Detail: map[string]any{"version": first.Version, "pack": first.Pack, "hash": first.Hash},
		})
	})
	return imported, err
}
