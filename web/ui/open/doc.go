// Package open is the pages that anyone may read.
package open
