//go:build failpoints

package chaos_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/auth"
)

// What no log, queue, mail, metric or error may ever hold. The number cannot be called.
const (
	canaryName  = "Zzcanary"
	canaryNote  = "Zznote"
	canaryPhone = "410-555-0187"
)

// load is callers at work: eight people who refer, and two people at each agency who take whatever they are offered, the same
// family now and then.
type load struct {
	ending  chan struct{}
	callers sync.WaitGroup
}

// people counts the invented families of a run.
var people atomic.Int64

func (l *lab) startLoad() *load {
	o := &load{ending: make(chan struct{})}
	referrers := l.keys(auth.Referrer)
	for i := range 8 {
		o.repeat(l.pace.rest, func() {
			n := people.Add(1)
			l.post(referrers[(int(n)+i)%len(referrers)], "/referrals", l.family(n))
		})
	}
	for _, key := range l.keys(auth.AgencyCoordinator) {
		for range 2 {
			o.repeat(2*l.pace.rest, func() { l.claimAll(key) })
		}
	}
	return o
}

// repeat has one caller do something until the load ends.
func (o *load) repeat(pause time.Duration, do func()) {
	o.callers.Go(func() {
		for {
			select {
			case <-o.ending:
				return
			case <-time.After(pause):
				do()
			}
		}
	})
}

// end waits until every request under way has its answer.
func (o *load) end() {
	close(o.ending)
	o.callers.Wait()
}

// acknowledge waits until n more requests were acknowledged.
func (l *lab) acknowledge(t *testing.T, n int) {
	t.Helper()
	want := l.journal.acknowledged() + n
	eventually(t, endurance, fmt.Sprintf("%d more requests are acknowledged", n), func() bool { return l.journal.acknowledged() >= want })
}

// claimAll takes every family that the agency was offered.
func (l *lab) claimAll(key string) {
	l.claims.RLock()
	defer l.claims.RUnlock()
	answer, text, err := l.once(context.Background(), l.between(0, 1), http.MethodGet, key, "/pool", "", struct{}{})
	var pool struct {
		Items []struct {
			CaseID    string `json:"case_id"`
			ProgramID string `json:"program_id"`
		}
	}
	if err != nil || answer.StatusCode != http.StatusOK || json.Unmarshal(text, &pool) != nil {
		return
	}
	for _, offer := range pool.Items {
		l.post(key, "/cases/"+offer.CaseID+"/claim", object{"program_id": offer.ProgramID})
	}
}

type object = map[string]any

// family is one referral. One in eight has signed, so that an agency is offered her at once; the hub has the others to reach.
func (l *lab) family(n int64) object {
	day := func(back int) string { return l.today().AddDays(-back).String() }
	// Nothing but the number is shared, so that no two of them are taken for one person.
	given := strings.Map(func(digit rune) rune { return 'a' + (digit-'0')*2 }, strconv.FormatInt(n*7919+1_000_003, 10))
	born := time.Date(1985, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n*37%7300)).Format(time.DateOnly)
	f := object{
		"stage":           "prenatal",
		"client":          object{"given_name": given, "family_name": fmt.Sprintf("%s%dx%d", canaryName, l.seed, n), "date_of_birth": born, "insurance": "medicaid"},
		"contact_methods": []object{{"channel": "phone", "value": canaryPhone, "safe_call": "yes", "remarks": canaryNote + " call before noon"}},
		"addresses":       []object{{"street": fmt.Sprintf("%d Example Street", n), "city": "Baltimore", "zip": "21202"}},
		"pregnancy":       object{"weeks": l.between(8, 30), "earlier_live_births": 0},
		"needs":           object{"low_income": "yes", "danger_now": "no"},
		"consent":         object{"answer": "yes_in_person", "share_with_agencies": "not_asked"},
		"note":            canaryNote + " is a note for the hub",
	}
	if n%8 == 0 {
		f["stage"], f["consent"] = "postpartum", object{"answer": "signed", "share_with_agencies": "yes"}
		f["pregnancy"] = object{"earlier_live_births": 0}
		f["birth"] = object{"mother_discharged_on": day(0), "infants": []object{{"born_on": day(2), "birth_weight_grams": 3100, "discharged_on": day(0)}}}
	}
	return f
}
