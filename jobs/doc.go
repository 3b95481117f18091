// Package jobs keeps what is promised and what a machine must still do: follow-ups, messages, human tasks and the outbox.
//
// A use case promises in its own transaction (Store). When the business time of a follow-up or a message has come, the
// sweeper hands it over as an outbox row; the relay leases the row, a worker does it, and the handler settles it in the
// transaction of its effect (Queue, and package jobs/worker). PostgreSQL is the truth: whatever carries an outbox row to
// a worker may lose it or bring it twice, and still it has one effect.
//
// Two clocks: follow_ups, messages.not_before and tasks are business time (tx.Now); the outbox and all leases are machine
// time (clock_timestamp() of the database).
package jobs
