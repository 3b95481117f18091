// Package dbtest gives each test a PostgreSQL database of its own: a real one, migrated, in a private server.
//
// The server is started once: by cmd/testcluster for a whole run of tests, or by the first test of a package that needs it.
// A template database is migrated once and copied for each test.
package dbtest
