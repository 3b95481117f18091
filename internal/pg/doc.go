// Package pg is the only door to PostgreSQL: opening, one transaction a use case with its tenant and its time, database
// roles, idempotency keys, sealed columns, page cursors, and a logger that never prints a value.
package pg
