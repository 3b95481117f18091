package referral

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"github.com/nyaruka/phonenumbers"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// FindForm is what somebody at the hub looks for. What is given must all be true of a family. Not one word of it comes into an address.
type FindForm struct {
	Name        string `json:"name" validate:"max=200"`         // any part of it, or how it sounds
	Phone       string `json:"phone" validate:"max=40"`         // as it is written on paper
	Reference   string `json:"reference" validate:"max=40"`     // what people call a case aloud, or what a family or a referrer was given
	DateOfBirth string `json:"date_of_birth" validate:"max=10"` // YYYY-MM-DD
}

// FindReceipt is where the answer stands.
type FindReceipt struct {
	ID        uuid.UUID `json:"id"`
	ExpiresAt time.Time `json:"expires_at"`
}

// FindView is the answer to a search.
type FindView struct {
	Sought    FindForm      `json:"sought"`
	ExpiresAt time.Time     `json:"expires_at"`
	Items     []FoundFamily `json:"items"`
	More      bool          `json:"more"` // there are more than these
}

// FoundFamily is a case whose caregiver fits.
type FoundFamily struct {
	CaseRow
	GivenName   string      `json:"given_name"`
	FamilyName  string      `json:"family_name"`
	DateOfBirth *civil.Date `json:"date_of_birth"`
}

// searchLives is how long an answer may be asked for.
const searchLives = time.Hour

// mostFound is how many cases an answer shows: who gets more should say more.
const mostFound = 50

// sought is a FindForm as it is looked for.
type sought struct {
	name, phone, reference string
	born                   *civil.Date
}

func (in FindForm) read() (sought, error) {
	var problems []fault.Field
	q := sought{name: strings.TrimSpace(in.Name)}
	if q.name != "" && len([]rune(q.name)) < 3 {
		problems = append(problems, fault.Field{Pointer: "/name", Code: "short", Detail: "Write at least three letters of the name."})
	}
	if in.Phone != "" {
		number, err := phonenumbers.Parse(in.Phone, "US")
		if err != nil {
			problems = append(problems, fault.Field{Pointer: "/phone", Code: "phone", Detail: "Write the whole number, with area code."})
		} else {
			q.phone = phonenumbers.Format(number, phonenumbers.E164)
		}
	}
	if in.Reference != "" {
		q.reference = strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(in.Reference))
		if len(q.reference) != 8 {
			problems = append(problems, fault.Field{Pointer: "/reference", Code: "reference", Detail: "A reference has eight signs, like 4F2A-91BC."})
		}
	}
	if in.DateOfBirth != "" {
		d, err := civil.ParseDate(in.DateOfBirth)
		if err != nil {
			problems = append(problems, fault.Field{Pointer: "/date_of_birth", Code: "date", Detail: "Write the date of birth as month, day and year."})
		}
		q.born = &d
	}
	if len(problems) == 0 && q == (sought{}) {
		problems = append(problems, fault.Field{Pointer: "/name", Code: "required", Detail: "Write at least one thing to look for."})
	}
	return q, fault.Problems(problems)
}

// Find keeps what somebody looks for, sealed, under an id that says nothing; Found answers it. Faults: Invalid.
func (s *Service) Find(ctx context.Context, actor auth.Actor, in FindForm) (FindReceipt, error) {
	if err := actor.Require(auth.CaseFind); err != nil {
		return FindReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return FindReceipt{}, err
	}
	if _, err := in.read(); err != nil {
		return FindReceipt{}, err
	}
	text, err := json.Marshal(in)
	if err != nil {
		return FindReceipt{}, wrap(err, "write a search")
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (FindReceipt, error) {
		row := deskSearch{ID: pg.NewID(), AskedBy: actor.ID, AskedAt: tx.Now, ExpiresAt: tx.Now.Add(searchLives)}
		row.QuerySealed = tx.Keys().Seal("searches", "query_sealed", row.ID, text)
		s.work(tx).store.forgetSearches()
		return FindReceipt{row.ID, row.ExpiresAt}, tx.Insert(&row)
	})
}

// Found answers a search of the actor's own, as things stand now, and records what was shown. Faults: NotFound for another's and
// for one that is over.
func (s *Service) Found(ctx context.Context, actor auth.Actor, id uuid.UUID) (FindView, error) {
	return read(ctx, s, actor, auth.CaseFind, func(w *work) (FindView, error) {
		out := FindView{Items: []FoundFamily{}}
		row, err := w.store.deskSearch(id)
		if err != nil {
			return out, err
		}
		text, err := w.tx.Keys().Open("searches", "query_sealed", row.ID, row.QuerySealed)
		if err == nil {
			err = json.Unmarshal(text, &out.Sought)
		}
		if err != nil {
			return out, wrap(err, "read search %s", id)
		}
		out.ExpiresAt = row.ExpiresAt
		q, err := out.Sought.read()
		if err != nil {
			return out, err
		}
		found, err := w.store.find(q, mostFound+1)
		if err != nil {
			return out, err
		}
		if len(found) > mostFound {
			found, out.More = found[:mostFound], true
		}
		var shown []uuid.UUID
		for _, f := range found {
			shown = append(shown, f.ID)
			out.Items = append(out.Items, FoundFamily{CaseRow{f.ID, f.Status, f.Stage, f.NextStep, f.NextDueAt, f.ReceivedAt}, f.GivenName, f.FamilyName, f.DateOfBirth})
		}
		return out, w.audit.Listed("search", shown)
	})
}
