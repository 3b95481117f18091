package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/referral/match"
)

// ClientLink says that two records are of one person. It is never deleted: parted says that they are not, and why.
type ClientLink struct {
	ID         uuid.UUID  `json:"id"`
	ClientA    uuid.UUID  `json:"client_a"`
	ClientB    uuid.UUID  `json:"client_b"`
	How        string     `json:"how"` // machine, review or hand
	Evidence   JSON       `json:"evidence"`
	LinkedAt   time.Time  `json:"linked_at"`
	LinkedBy   uuid.UUID  `json:"linked_by"` // where how is machine, whose referral it was
	PartedAt   *time.Time `json:"parted_at"`
	PartedBy   *uuid.UUID `json:"parted_by"`
	PartReason *string    `json:"part_reason"`
}

// TableName is gorm's.
func (ClientLink) TableName() string { return "client_links" }

// How a link came about.
const (
	byMachine = "machine"
	byReview  = "review"
	byHand    = "hand"
)

// matchQuestion asks a coordinator whether two records are one person. A pair is asked about once.
type matchQuestion struct {
	ID         uuid.UUID
	ClientA    uuid.UUID
	ClientB    uuid.UUID
	CaseID     uuid.UUID // of the newcomer
	Evidence   JSON
	AskedAt    time.Time
	Answer     *string
	AnsweredAt *time.Time
	AnsweredBy *uuid.UUID
}

// TableName is gorm's.
func (matchQuestion) TableName() string { return "match_questions" }

const (
	samePerson    = "same"
	notSamePerson = "not_same"
)

// Evidence is a score with what it was judged by.
type Evidence struct {
	match.Score
	Basis match.Basis `json:"basis"`
}

// inOrder is the pair as its rows name it: the lower id first.
func inOrder(a, b uuid.UUID) (low, high uuid.UUID) {
	if a.String() < b.String() {
		return a, b
	}
	return b, a
}

// together splits the records of one person by the links that hold: each inner list is one connected set, in the order of all.
func together(all []uuid.UUID, links []ClientLink) [][]uuid.UUID {
	set := map[uuid.UUID]int{}
	for i, id := range all {
		set[id] = i
	}
	for range all { // as many rounds as the longest chain at most
		for _, l := range links {
			low := min(set[l.ClientA], set[l.ClientB])
			set[l.ClientA], set[l.ClientB] = low, low
		}
	}
	var out [][]uuid.UUID
	at := map[int]int{}
	for _, id := range all {
		n, known := at[set[id]]
		if !known {
			n = len(out)
			at[set[id]] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], id)
	}
	return out
}
