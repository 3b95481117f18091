// Package family is the pages of families: their own form, the page of one family, what went wrong, and beside them those by which the hub opens
// a page, reads what was asked there, and prints a letter.
package family
