// Package importer turns outside tables into the use cases of referral, row by row: a row that is wrong is named by its line, its
// column and a word, never by what stands in it, and loses no other row.
package importer
