package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// stored is an event as the sealer reads it back: what was written and what the database added.
type stored struct {
	ID         uuid.UUID
	Kind       string
	OrgID      uuid.UUID
	ActorKind  string
	ActorID    uuid.UUID
	ActorRole  string
	ActorName  string
	Action     string
	CaseID     *uuid.UUID
	Subject    string
	SubjectID  *uuid.UUID
	FromStatus *string
	ToStatus   *string
	Detail     string // as PostgreSQL writes jsonb: keys in its own fixed order
	At         time.Time
	RecordedAt time.Time
	Xid        uint64 // the transaction that wrote it
}

// leaf is SHA-256 over every field, each with its length before it, so that no two events encode alike and nothing can
// move from one field into the next. NULL has a length of its own. Times are whole microseconds, as stored.
func (e stored) leaf() []byte {
	var b []byte
	put := func(field []byte) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(field)))
		b = append(b, field...)
	}
	null := func() { b = binary.BigEndian.AppendUint32(b, 1<<32-1) }
	number := func(n uint64) { put(binary.BigEndian.AppendUint64(nil, n)) }
	text := func(s *string) {
		if s == nil {
			null()
			return
		}
		put([]byte(*s))
	}
	id := func(u *uuid.UUID) {
		if u == nil {
			null()
			return
		}
		put(u[:])
	}
	id(&e.ID)
	text(&e.Kind)
	id(&e.OrgID)
	text(&e.ActorKind)
	id(&e.ActorID)
	text(&e.ActorRole)
	text(&e.ActorName)
	text(&e.Action)
	id(e.CaseID)
	text(&e.Subject)
	id(e.SubjectID)
	text(e.FromStatus)
	text(e.ToStatus)
	text(&e.Detail)
	number(uint64(e.At.UnixMicro()))
	number(uint64(e.RecordedAt.UnixMicro()))
	number(e.Xid)
	sum := sha256.Sum256(b)
	return sum[:]
}

// batch is one link of the chain.
type batch struct {
	Batch    int64
	FirstSeq int64
	LastSeq  int64
	Horizon  uint64
	PrevHash []byte
	Hash     []byte
}

// TableName is gorm's.
func (batch) TableName() string { return "audit_batches" }

// link hashes the batch before, the batch's own bounds, and its leaves in order.
func (b batch) link(leaves [][]byte) []byte {
	h := sha256.New()
	h.Write(b.PrevHash)
	for _, n := range []uint64{uint64(b.Batch), uint64(b.FirstSeq), uint64(b.LastSeq), b.Horizon} {
		h.Write(binary.BigEndian.AppendUint64(nil, n))
	}
	for _, leaf := range leaves {
		h.Write(leaf)
	}
	return h.Sum(nil)
}

// genesis stands before the first batch.
func genesis() batch { return batch{Hash: make([]byte, sha256.Size)} }
