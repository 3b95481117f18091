package web_test

import (
	"testing"
)

// What the gate says is in the case as the API shows it, and each change answers as openapi.yaml says.
func TestHowSheIsReachedOverHTTP(t *testing.T) {
	w := newWorld(t)
	sent := w.must(201, call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: referralBody(t, nil)})
	path := "/api/v1/cases/" + w.must(200, call{method: "GET", path: "/api/v1/cases", key: w.hub})["items"].([]any)[0].(map[string]any)["id"].(string)
	phone := func() map[string]any {
		family := w.must(200, call{method: "GET", path: path, key: w.hub})["family"].(map[string]any)
		return family["contact_methods"].([]any)[0].(map[string]any)
	}
	may := func() map[string]any { // call, text, voicemail in this order
		return phone()["now"].([]any)[0].(map[string]any)
	}
	if use := may(); use["use"] != "call" || use["allowed"] != true || use["blocked"] != nil {
		t.Errorf("a safe call is %v", use)
	}
	id := phone()["id"].(string)
	made := w.must(200, call{method: "POST", path: path + "/contact/change", key: w.hub,
		body: `{"way_id":"` + id + `","told_by":"her","safe":{"call":"no","text":"yes"},"hours":[{"days":["mon"],"from":"09:00","to":"12:00"}],"code_word":"bluebird"}`})
	if use := may(); use["allowed"] != false || use["blocked"].(map[string]any)["reason"] != "marked_unsafe" {
		t.Errorf("a call that she refused is %v", use)
	}
	if p := phone(); p["id"] != made["created_id"] || p["code_word"] != "bluebird" || p["verified_at"] == nil {
		t.Errorf("got %v", p)
	}
	w.must(422, call{method: "POST", path: path + "/contact/change", key: w.hub, body: `{"way_id":"` + id + `","told_by":"her"}`})
	w.must(200, call{method: "POST", path: path + "/contact/add", key: w.hub, body: `{"address":{"zip":"21202","safe_to_visit":"yes"},"told_by":"her"}`})
	w.must(200, call{method: "POST", path: path + "/contact/check", key: w.hub, body: `{"way_id":"` + phone()["id"].(string) + `","with":"referrer"}`})
	w.must(200, call{method: "POST", path: path + "/contact/search", key: w.hub, body: `{"place":"school","outcome":"not_found"}`})
	w.must(200, call{method: "POST", path: path + "/contact/end", key: w.hub, body: `{"way_id":"` + phone()["id"].(string) + `","as":"wrong_number"}`})
	w.must(200, call{method: "POST", path: "/api/v1/referrals/" + sent["id"].(string) + "/contact/stop", key: w.hospital, body: `{"said":"she_said","how":"in_person"}`})
	v := w.must(200, call{method: "GET", path: path, key: w.hub})
	if v["family"].(map[string]any)["do_not_contact"] != true || v["status"] != "review" {
		t.Errorf("after she said stop: %v %v", v["status"], v["family"])
	}
	w.must(409, call{method: "POST", path: path + "/contact/stop", key: w.hub, body: `{"said":"she_said","how":"phone"}`})
}
