// Package report counts. It reads in the database role that sees figures and no identity, and shows nothing about one
// family.
package report
