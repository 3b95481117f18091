package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// Probes answer whether a process lives and may get work. Both roles show them on the second address, serve on both.
type Probes struct {
	Database func(context.Context) error // nil when it answers and has the migrations that the binary needs
	Redis    func(context.Context) error // nil func: this process was given no Redis
	Log      *slog.Logger
	Redact   func(error) string // an error as a log may show it
}

const probeLimit = 2 * time.Second

// live is true as long as the process answers: a database that is away is no reason to kill it.
func (p Probes) live(w http.ResponseWriter, _ *http.Request) {
	say(w, http.StatusOK, map[string]string{"status": "alive"})
}

// ready follows the database alone. Without Redis promises wait and referrals are still taken, so that is said, not refused.
func (p Probes) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), probeLimit)
	defer cancel()
	status, state := http.StatusOK, map[string]string{"status": "ready", "database": "ok"}
	if err := p.Database(ctx); err != nil {
		p.Log.WarnContext(ctx, "not ready", "error", p.Redact(err))
		status, state = http.StatusServiceUnavailable, map[string]string{"status": "not ready", "database": "away or not migrated"}
	}
	if p.Redis != nil {
		state["redis"] = "ok"
		if err := p.Redis(ctx); err != nil {
			state["redis"] = "degraded"
		}
	}
	say(w, status, state)
}

func say(w http.ResponseWriter, status int, state map[string]string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(state)
}
