package web_test

import (
	"fmt"
	"strings"
	"testing"

	"doorstep/auth"
)

// What was typed wrong is corrected over HTTP; who filled a form in from an older record is told what changed, and by whom.
func TestACorrectionAndItsHistory(t *testing.T) {
	w := newWorld(t)
	w.must(201, call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: referralBody(t, selfHarm)})
	at := "/api/v1/cases/" + w.must(200, call{method: "GET", path: "/api/v1/cases", key: w.hub})["items"].([]any)[0].(map[string]any)["id"].(string)
	read := func() int { return int(w.must(200, call{method: "GET", path: at, key: w.hub})["version"].(float64)) }
	post := func(status int, path, form string, args ...any) map[string]any {
		return w.must(status, call{method: "POST", path: at + path, key: w.hub, body: fmt.Sprintf(form, args...)})
	}
	old := read()
	post(200, "/corrections", `{"version":%d,"changes":[{"subject":"client","field":"given_name","to":"Renamed"},{"subject":"answer","field":"tobacco","to":"yes"}]}`, old)
	stale := post(412, "/corrections", `{"version":%d,"changes":[{"subject":"client","field":"given_name","to":"Otherwise"}]}`, old)
	if said := stale["errors"].([]any)[0].(map[string]any)["detail"].(string); !strings.HasPrefix(said, "amend record (answer tobacco, client given_name), by ") || strings.Contains(said, "Renamed") {
		t.Errorf("the second hears %q", said)
	}
	post(412, "/due-date", `{"version":%d,"due_on":"2026-07-20","method":"ultrasound"}`, old)
	post(412, "/loss", `{"version":%d,"told_by":"family"}`, old)
	post(422, "/corrections", `{"version":%d,"changes":[{"subject":"client","field":"stop_version","to":"1"}]}`, read())
	post(200, "/due-date", `{"version":%d,"due_on":"2026-07-20","method":"ultrasound"}`, read())
	family := w.must(200, call{method: "GET", path: at, key: w.hub})["family"].(map[string]any)
	if family["due_on"] != "2026-07-20" || family["given_name"] != "Renamed" || len(family["due_dates"].([]any)) < 2 {
		t.Errorf("the case shows %v", family)
	}
	history := w.must(200, call{method: "GET", path: at + "/corrections", key: w.hub})["items"].([]any)
	if len(history) != 2 || history[0].(map[string]any)["after"] == "" {
		t.Errorf("the history is %v", history)
	}
	asked := w.must(200, call{method: "GET", path: at + "/answers", key: w.hub})
	if asked["answers"].(map[string]any)["tobacco"] != "yes" || len(asked["screenings"].([]any)) != 1 {
		t.Errorf("asked: %v", asked)
	}
	post(200, "/loss", `{"told_by":"family"}`)
	lead, _ := w.seed.Key(w.net.Hub, auth.TriageSupervisor)
	w.must(200, call{method: "POST", path: at + "/correct", key: lead, body: `{"take_back":"loss","reason":"entered_in_error"}`})
	w.must(200, call{method: "GET", path: at, key: lead})
}
