// Package web is the HTTP edge: routes with the permission beside each, the one map from faults to statuses, authentication,
// idempotency keys, logs and metrics that hold no client data, and a stop that lets running requests end. It knows no
// database; what it needs of one is passed in.
package web
