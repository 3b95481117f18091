package e2e_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"doorstep/web"
)

// counter counts the statements that reach the database.
type counter struct{ n atomic.Int64 }

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n.Add(1)
	return ctx
}

func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (c *counter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (c *counter) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) { c.n.Add(1) }

func (c *counter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// most is how many statements a page may take, the session's own among them.
const most = 40

// A page asks the database as often for many families as for few.
func TestPagesAskAsOftenForManyAsForFew(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	count := func() map[string]int64 {
		got := map[string]int64{}
		for _, r := range l.app.Routes() {
			if !r.Page || r.Method != http.MethodGet || r.Kind != web.List || strings.ContainsAny(r.Path, ":*") {
				continue
			}
			who, role := l.whoSees(r)
			l.times(r.Path, who, role, 1) // plans and first looks
			began := l.queries.n.Load()
			l.times(r.Path, who, role, 1)
			got[r.Path] = l.queries.n.Load() - began
		}
		return got
	}
	add := func(families, claimed int) {
		for i := range families {
			if id := l.refer(nil); i < claimed {
				l.offer(id)
				l.claim(id)
			}
		}
	}
	add(2, 1)
	few := count()
	add(12, 2)
	many := count()
	for path, n := range many {
		if n > few[path] || n > most {
			t.Errorf("%s takes %d statements for few families and %d for more", path, few[path], n)
		}
	}
	if len(many) == 0 {
		t.Error("no list was looked at")
	}
}
