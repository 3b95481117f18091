//go:build failpoints

package chaos_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"doorstep/auth"
	"doorstep/internal/embedded"
)

// place is somewhere client data must never be.
type place struct {
	name string
	text []byte
}

// leaks says which words stand where. Letters of either case are the same.
func leaks(words []string, places ...place) []string {
	var found []string
	for _, p := range places {
		text := bytes.ToLower(p.text)
		for _, word := range words {
			if at := bytes.Index(text, []byte(strings.ToLower(word))); at >= 0 {
				found = append(found, fmt.Sprintf("%s holds %q: %q", p.name, word, text[max(0, at-60):min(len(text), at+60)]))
			}
		}
	}
	return found
}

// phones are the ways in which a number is written: as it came, as it is stored, and bare.
func phones(number string) []string {
	digits := strings.ReplaceAll(number, "-", "")
	return []string{number, digits, "+1" + digits, "(" + strings.Replace(number, "-", ") ", 1)}
}

// files are the regular files below dir, but for the folder skip: the database itself is where client data belongs.
func files(t *testing.T, dir, skip string) []place {
	t.Helper()
	var places []place
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path == filepath.Join(dir, skip) {
			return fs.SkipDir
		}
		if !d.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		places = append(places, place{path, text})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return places
}

func TestChaosScanFindsWhatIsPlanted(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"log": `{"msg":"x","name":"ZZCANARY1x7"}`, "data/table": canaryName, "clean": "nothing"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if found := leaks([]string{canaryName}, files(t, dir, "data")...); len(found) != 1 || !strings.Contains(found[0], "log") {
		t.Errorf("found %q", found)
	}
	if found := leaks(phones(canaryPhone), place{"a", []byte("tel:+14105550187")}, place{"b", []byte("(410) 555-0187")}); len(found) != 3 {
		t.Errorf("found %q", found)
	}
}

// scanForCanaries looks for the load's families wherever they must not be: logs of every process and of PostgreSQL, Redis and
// its file with every command ever given, metrics, mail, and answers to what was refused.
func (l *lab) scanForCanaries(t *testing.T) {
	l.provoke(t)
	places := append(files(t, l.dir, "postgres/data"), l.redisKeys(t)...)
	for _, p := range append(l.serve[:], l.work[:]...) {
		places = append(places, place{"metrics of " + p.args[0], l.metrics(t, p)})
	}
	for _, m := range l.mails() {
		places = append(places, place{"mail " + m.MessageID, m.Raw})
	}
	for _, body := range l.journal.refusals {
		places = append(places, place{"an answer to what was refused", body})
	}
	for _, leak := range leaks(append(phones(canaryPhone), canaryName, canaryNote), places...) {
		t.Error(leak)
	}
	// What must be in these places is there: the scan read them.
	for _, seen := range []string{`"msg":"working"`, "database system is ready", "doorstep_http_request_seconds", "Reference: ", "urn:doorstep:problem:invalid"} {
		if len(leaks([]string{seen}, places...)) == 0 {
			t.Errorf("no place holds %q: the scan read nothing", seen)
		}
	}
	if aof := files(t, filepath.Join(l.dir, "redis"), "run"); l.redis.Kind() == embedded.KindServer && len(leaks([]string{"outbox_id"}, aof...)) == 0 {
		t.Error("the file of Redis holds no job: the scan read nothing")
	}
}

// provoke asks for what will be refused, with the family's data in every part of the request that a careless error would repeat.
func (l *lab) provoke(t *testing.T) {
	t.Helper()
	referrer, agency := l.keys(auth.Referrer)[0], l.keys(auth.AgencyCoordinator)[0]
	good := l.family(people.Add(1))
	wrong := l.family(people.Add(1))
	wrong["client"] = object{"given_name": canaryName, "family_name": canaryName + "\u0007", "date_of_birth": "1850-01-01", "spoken_language": canaryName}
	wrong["needs"] = object{"low_income": canaryNote}
	wrong["contact_methods"] = []object{{"channel": "phone", "value": canaryPhone + canaryName}}
	extra := l.family(people.Add(1))
	extra["nickname"] = canaryName
	reused := l.post(referrer, "/referrals", good)
	for name, c := range map[string]struct {
		key, path, idempotency string
		body                   any
		want                   int
	}{
		"every field wrong":  {referrer, "/referrals", "", wrong, http.StatusUnprocessableEntity},
		"no JSON":            {referrer, "/referrals", "", []byte(`{"client":{"family_name":"` + canaryName), http.StatusBadRequest},
		"an unknown field":   {referrer, "/referrals", "", extra, http.StatusBadRequest},
		"a key used before":  {referrer, "/referrals", reused.Key, wrong, http.StatusUnprocessableEntity},
		"not their business": {agency, "/referrals", "", good, http.StatusForbidden},
		"a name as an id":    {agency, "/cases/" + canaryName + "/claim", "", object{}, http.StatusNotFound},
		"no such address":    {referrer, "/" + canaryName + "?phone=" + canaryPhone, "", good, http.StatusNotFound},
		"no key of ours":     {canaryName, "/referrals", "", good, http.StatusUnauthorized},
	} {
		answer, text, err := l.once(t.Context(), 0, http.MethodPost, c.key, c.path, c.idempotency, c.body)
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != c.want {
			t.Errorf("%s was answered with %d: %s", name, answer.StatusCode, text)
		}
	}
}

// redisKeys is all that Redis holds now, names and values.
func (l *lab) redisKeys(t *testing.T) []place {
	t.Helper()
	client := l.redisClient(t)
	var places []place
	for keys := client.Scan(t.Context(), 0, "*", 1000).Iterator(); keys.Next(t.Context()); {
		value, _ := client.Dump(t.Context(), keys.Val()).Result() // a key may be gone by now
		places = append(places, place{"a key of Redis", []byte(keys.Val() + " " + value)})
	}
	return places
}

func (l *lab) metrics(t *testing.T, p *process) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+*p.metrics.Load()+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
