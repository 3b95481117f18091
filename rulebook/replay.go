package rulebook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/triage"
)

// Replayed counts stored decisions that were made again.
type Replayed struct {
	Decisions int
	Identical int // the same bytes
	// Extended are the same in everything that was kept, and hold more now: this program has learned to say more since.
	Extended int
	NotKept  int // made before places were kept: they cannot be made again
	Differ   int
}

// Differs is a decision that does not come out as it was kept. It names where, and shows no value: they are a family's.
type Differs struct {
	ID   uuid.UUID
	Path string // RFC 6901, of the first difference; empty for one that could not be made
	Why  string
}

// Replay makes stored decisions again, each with the rule set that it names, and compares the bytes. differs is told of each
// that is not the same.
func (s *Service) Replay(ctx context.Context, decisions iter.Seq2[Kept, error], differs func(Differs)) (Replayed, error) {
	var out Replayed
	for kept, err := range decisions {
		if err != nil {
			return out, fmt.Errorf("read stored decisions: %w", err)
		}
		out.Decisions++
		if kept.Places == nil {
			out.NotKept++
			continue
		}
		again, err := s.again(ctx, kept)
		if fatal := ctx.Err(); fatal != nil {
			return out, fatal
		}
		switch path, extended := firstDifference(kept.Outcome, again); {
		case err != nil:
			out.Differ++
			differs(Differs{ID: kept.ID, Why: pg.SafeError(err)})
		case bytes.Equal(kept.Outcome, again):
			out.Identical++
		case path == "" && extended:
			out.Extended++
		default:
			out.Differ++
			differs(Differs{ID: kept.ID, Path: path, Why: "another outcome"})
		}
	}
	return out, nil
}

func (s *Service) again(ctx context.Context, kept Kept) ([]byte, error) {
	var facts triage.Facts
	var places []triage.Place
	if err := errors.Join(json.Unmarshal(kept.Facts, &facts), json.Unmarshal(kept.Places, &places)); err != nil {
		return nil, errors.New("its facts or places cannot be read") // the cause may quote them
	}
	set, err := s.named(ctx, kept.RuleSetID, kept.RuleSetHash)
	if err != nil {
		return nil, err
	}
	d, err := set.Decide(facts, places)
	if err != nil {
		return nil, errors.New("its rules fail on its facts")
	}
	return json.Marshal(d)
}

// named is the rule set of this id, compiled once; it must have this hash.
func (s *Service) named(ctx context.Context, id uuid.UUID, hash string) (*triage.RuleSet, error) {
	if compiled := s.known(hash); compiled != nil {
		return compiled()
	}
	var set *triage.RuleSet
	err := s.db.InTx(ctx, auth.System("replay"), func(tx *pg.Tx) (err error) {
		set, err = s.set(store{tx}, id, hash)
		return err
	})
	return set, err
}

// firstDifference is where two JSON texts part, in the order of the first; empty when all of the first stands in the second.
// extended reports whether the second holds more.
func firstDifference(kept, again []byte) (path string, extended bool) {
	var a, b any
	if json.Unmarshal(kept, &a) != nil || json.Unmarshal(again, &b) != nil {
		return "/", false
	}
	return part(a, b, "")
}

func part(a, b any, at string) (path string, extended bool) {
	switch a := a.(type) {
	case map[string]any:
		b, same := b.(map[string]any)
		if !same {
			return at + "/", false
		}
		for _, key := range slices.Sorted(maps.Keys(a)) {
			other, known := b[key]
			if !known {
				return at + "/" + key, false
			}
			inner, more := part(a[key], other, at+"/"+key)
			if inner != "" {
				return inner, false
			}
			extended = extended || more
		}
		return "", extended || len(b) > len(a)
	case []any:
		b, same := b.([]any)
		if !same || len(a) != len(b) {
			return at, false
		}
		for i := range a {
			inner, more := part(a[i], b[i], at+"/"+strconv.Itoa(i))
			if inner != "" {
				return inner, false
			}
			extended = extended || more
		}
		return "", extended
	}
	if a != b {
		return at, false
	}
	return "", false
}
