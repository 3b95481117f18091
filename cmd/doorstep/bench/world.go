package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	fast "math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/cmd/doorstep/community"
)

// World is an installation with the synthetic community, reached at two addresses: one that is measured, and one whose
// every statement is recorded.
type World struct {
	BaseURL     string // serve, with a worker beside it
	RecordedURL string // the same API in this process, on the same database
	Recorder    *Recorder
	AppURL      string // of the login role that serve has
	OwnerURL    string
	Pool        int // connections to the database that serve may open
	Network     community.Network
	Memory      func() (serve, worker int, err error) // the most that each process ever held, in MB
	Out         io.Writer
}

// key is an API key of an organization with this word in its name or as its id.
func (w World) key(org string, role string) string {
	for _, k := range w.Network.Keys {
		if (k.OrgID.String() == org || strings.Contains(k.Organization, org)) && string(k.Role) == role {
			return k.Text
		}
	}
	return ""
}

// api is one address with a client that keeps its connections.
type api struct {
	base   string
	client *http.Client
}

func newAPI(base string) api {
	return api{base + "/api/v1", &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 20 * time.Second}}
}

// post sends a body under a fresh idempotency key and demands success.
func (a api) post(ctx context.Context, key, path string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("POST %s: %w", path, err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", uuid.Must(uuid.NewV7()).String())
	response, err := a.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("POST %s: %w", path, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("POST %s: %w", path, err)
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return nil, fmt.Errorf("POST %s answered %d: %s", path, response.StatusCode, answer)
	}
	return answer, nil
}

// referrals makes bodies of an ordinary referral: a mother who goes home from the hospital today, with what a careful
// nurse writes down. By the shipped pack it is offered to an agency at once, so that intake does all that it ever does.
type referrals struct{ body string }

// What stands in the body where each referral has a name, a birth date, a number and a home of its own, since one family twice would be linked.
const (
	name      = "FAMILYNAME"
	birthDate = "BIRTHDATE"
	phone     = "PHONENUMBER"
	street    = "STREET"
)

func newReferrals(now time.Time, zip string) (referrals, error) {
	day := func(days int) string { return now.AddDate(0, 0, days).Format(time.DateOnly) }
	type object = map[string]any
	items := []any{1, 0, 2, 1, 1, 0, 1, 1, 0, 0}
	body, err := json.Marshal(object{
		"stage": "postpartum", "referred_at": now.Add(-time.Hour).UTC().Format(time.RFC3339),
		"client": object{"given_name": "Bench", "family_name": name, "date_of_birth": birthDate, "spoken_language": "en",
			"interpreter": "no", "insurance": "medicaid"},
		"contact_methods": []object{{"channel": "phone", "value": phone, "safe_call": "yes", "safe_text": "yes", "safe_voicemail": "no"}},
		"addresses":       []object{{"street": street, "city": "Exampletown", "zip": zip, "safe_to_visit": "yes"}},
		"pregnancy":       object{"earlier_live_births": 0},
		"birth": object{"mother_discharged_on": day(0), "infants": []object{{"given_name": "Babytest", "born_on": day(-2),
			"birth_weight_grams": 3100, "nicu": "no", "discharged_on": day(0)}}},
		"needs":      object{"low_income": "yes", "income_below_poverty": "yes", "mental_health": "yes", "unstable_housing": "no", "danger_now": "no"},
		"history":    object{"previous_infant_death": "no", "previous_preterm_birth": "no"},
		"screenings": []object{{"instrument": "epds", "version": "1987", "language": "en", "items": items, "given_on": day(-1)}},
		"consent":    object{"answer": "yes_in_person", "share_with_agencies": "yes", "wording_version": "2026-01", "language": "en"},
	})
	return referrals{string(body)}, err
}

// next is a referral of a family that nobody knows.
func (r referrals) next() []byte {
	n := fast.Int64N(1 << 40)
	born := time.Date(1986, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n%7300)).Format(time.DateOnly)
	return []byte(strings.NewReplacer(name, rand.Text(), birthDate, born, phone, fmt.Sprintf("410-555-%04d", n/7300%10000),
		street, fmt.Sprintf("%d Example Street", 1+n/7300%9000)).Replace(r.body))
}
