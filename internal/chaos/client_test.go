//go:build failpoints

package chaos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
)

// patience is how long a caller waits for one answer; endurance how long it goes on asking.
const (
	patience  = 2 * time.Second
	endurance = time.Minute
)

// request is one thing asked for, however often it was asked. Its key never changes.
type request struct {
	Path, Key string
	Status    int    // of the answer that ended it; 0: nobody answered within endurance
	ID        string // of what was made
	Tries     int
	Begun     time.Time
	Ended     time.Time
	Replayed  bool // the answer is the stored one of a try whose answer was lost
}

func (r request) acknowledged() bool {
	return r.Status == http.StatusOK || r.Status == http.StatusCreated
}

// journal keeps every request that ended, and the body of every answer that was no success.
type journal struct {
	mu       sync.Mutex
	requests []request
	refusals [][]byte
}

func (j *journal) add(r request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests = append(j.requests, r)
}

func (j *journal) refused(body []byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.refusals = append(j.refusals, body)
}

// since are the requests that ended after the first n.
func (j *journal) since(n int) []request {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]request{}, j.requests[n:]...)
}

// acknowledged counts successes.
func (j *journal) acknowledged() (n int) {
	for _, r := range j.since(0) {
		if r.acknowledged() {
			n++
		}
	}
	return n
}

// post asks for something new as a careful caller does.
func (l *lab) post(key, path string, body any) request {
	return l.insist(uuid.NewString(), key, path, body)
}

// insist asks with one Idempotency-Key until an answer stands.
func (l *lab) insist(idempotency, key, path string, body any) request {
	return l.goOn(request{Path: path, Key: idempotency, Begun: time.Now()}, key, body)
}

// goOn asks with the request's Idempotency-Key, again and again at either server. A timeout is not a failure; 5xx and an answer
// with Retry-After mean "ask again".
func (l *lab) goOn(r request, key string, body any) request {
	ctx, cancel := context.WithTimeout(context.Background(), endurance)
	defer cancel()
	for server := l.between(0, 1); ctx.Err() == nil; server = 1 - server {
		r.Tries++
		answer, text, err := l.once(ctx, server, http.MethodPost, key, r.Path, r.Key, body)
		if err == nil && answer.StatusCode < 500 && answer.Header.Get("Retry-After") == "" {
			var made struct{ ID string }
			_ = json.Unmarshal(text, &made)
			r.Status, r.ID, r.Replayed = answer.StatusCode, made.ID, answer.Header.Get("Idempotency-Replayed") == "true"
			break
		}
		time.Sleep(time.Duration(l.between(20, 120)) * time.Millisecond)
	}
	r.Ended = time.Now()
	l.journal.add(r)
	return r
}

// answer is what of a response a caller looks at beside its body.
type answer struct {
	StatusCode int
	Header     http.Header
}

// once is one try at one server.
func (l *lab) once(ctx context.Context, server int, method, key, path, idempotency string, body any) (answer, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, raw := body.([]byte)
	if !raw {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return answer{}, nil, err
		}
	}
	q, err := http.NewRequestWithContext(ctx, method, "http://"+*l.serve[server].address.Load()+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return answer{}, nil, err
	}
	q.Header.Set("Authorization", "Bearer "+key)
	q.Header.Set("Content-Type", "application/json")
	if idempotency != "" {
		q.Header.Set("Idempotency-Key", idempotency)
	}
	got, err := l.client.Do(q)
	if err != nil {
		return answer{}, nil, err
	}
	defer func() { _ = got.Body.Close() }()
	text, err = io.ReadAll(got.Body)
	if got.StatusCode >= 400 {
		l.journal.refused(text)
	}
	return answer{got.StatusCode, got.Header}, text, err
}
