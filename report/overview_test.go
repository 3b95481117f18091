package report_test

import (
	"errors"
	"testing"

	"cloud.google.com/go/civil"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// How far the families of a period came, with small parts hidden and totals as they are.
func TestOverviewOfAPeriod(t *testing.T) {
	w := newWorld(t)
	for range 12 {
		w.insert(t, family{received: "2026-03-03 10:00", from: w.Hospital, hours: []int{1}})
	}
	w.insert(t, family{received: "2026-03-03 10:00", from: w.Clinic, hours: []int{1, 2}})
	w.insert(t, family{received: "2026-05-03 10:00", from: w.Clinic, hours: []int{1}})
	from, to := civil.Date{Year: 2026, Month: 3, Day: 1}, civil.Date{Year: 2026, Month: 4, Day: 1}
	o, err := w.service.Overview(t.Context(), w.manager, from, to)
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Funnel) != 7 || o.Funnel[0].Cases != 13 || o.Funnel[1].Cases != 13 || o.Funnel[2].Cases != 1 || o.StillOpen != 13 {
		t.Errorf("the funnel: %+v, open %d", o.Funnel, o.StillOpen)
	}
	for _, row := range o.Sources {
		if row.Received != nil && *row.Received < 11 {
			t.Errorf("%s shows %d families", row.Name, *row.Received)
		}
	}
	if _, err := w.service.Overview(t.Context(), w.manager, to, from); !errors.Is(err, fault.Invalid) {
		t.Errorf("backwards: %v", err)
	}
	if _, err := w.service.Overview(t.Context(), w.build.User(w.Agencies[0], auth.AgencyManager), from, to); !errors.Is(err, fault.Forbidden) {
		t.Errorf("an agency: %v", err)
	}
}
