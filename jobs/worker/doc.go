// Package worker does what package jobs has promised. In every worker process run a sweeper (what is due becomes an outbox
// row), a relay (leases rows and puts their id and attempt into Redis), an asynq server (wakes a handler for one attempt)
// and periodic duties. Any number of processes may run at once.
//
// asynq is a wake-up call and nothing more: it never retries and never schedules, and what it loses, brings twice or brings
// late has no effect, because each handler ends with jobs.Store.Settle in the transaction of its effect. While Redis is
// away rows wait; after it lost everything they are leased again when their lease is over.
package worker
