package web

import (
	"slices"
	"testing"
)

// A route that is registered past the table has no permission, and no test walks it.
func TestEveryRouteStandsInTheTable(t *testing.T) {
	o := Options{}
	var table, registered []string
	for _, r := range o.Routes() {
		table = append(table, r.Method+" "+r.Path)
	}
	for _, r := range New(o).echo.Routes() {
		registered = append(registered, r.Method+" "+r.Path)
	}
	slices.Sort(table)
	slices.Sort(registered)
	if !slices.Equal(table, registered) {
		t.Errorf("registered: %q\ntable: %q", registered, table)
	}
	if len(slices.Compact(table)) != len(registered) {
		t.Error("a route stands in the table twice")
	}
}
