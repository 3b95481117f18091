package worker

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"
)

// Tasks queued by an older release are worked by a newer one: this text may gain fields and never lose or rename one.
func TestThePayloadIsIDsOnlyAndStaysAsItIs(t *testing.T) {
	const golden = `{"outbox_id":"019a0000-0000-7000-8000-000000000001","attempt":3}`
	want := payload{uuid.MustParse("019a0000-0000-7000-8000-000000000001"), 3}
	body, err := json.Marshal(want)
	if err != nil || string(body) != golden {
		t.Errorf("got %s (%v), want %s", body, err, golden)
	}
	var got payload
	if err := json.Unmarshal([]byte(`{"later":true,`+golden[1:]), &got); err != nil || got != want {
		t.Errorf("read %+v (%v)", got, err)
	}
}
