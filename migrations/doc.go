// Package migrations holds the database schema as ordered SQL, the database roles, and the runner for both.
package migrations
