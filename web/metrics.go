package web

import (
	"database/sql"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what a process does. Labels are route patterns, methods and statuses, never an address that was asked for:
// addresses hold ids.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	running  prometheus.Gauge
}

// NewMetrics returns the metrics of one process. pool is the database pool's own count.
func NewMetrics(pool func() sql.DBStats) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "doorstep_http_request_seconds",
			Help: "Duration of requests by route pattern.", Buckets: []float64{.005, .01, .02, .04, .06, .1, .2, .5, 1, 2, 8}},
			[]string{"method", "route", "status"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{Name: "doorstep_http_requests_running", Help: "Requests being answered now."}),
	}
	gauge := func(name, help string, value func(sql.DBStats) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return value(pool()) })
	}
	m.registry.MustRegister(m.requests, m.running, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("doorstep_db_connections_in_use", "Database connections in use.", func(s sql.DBStats) float64 { return float64(s.InUse) }),
		gauge("doorstep_db_connections_max", "Database connections allowed.", func(s sql.DBStats) float64 { return float64(s.MaxOpenConnections) }),
		gauge("doorstep_db_wait_seconds", "Time that requests have waited for a connection, in all.", func(s sql.DBStats) float64 { return s.WaitDuration.Seconds() }))
	return m
}

func (m *Metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// Aside is what the second, local address serves: metrics and probes. It must not be reachable from outside.
func Aside(m *Metrics, p Probes) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /livez", p.live)
	mux.HandleFunc("GET /readyz", p.ready)
	return mux
}
