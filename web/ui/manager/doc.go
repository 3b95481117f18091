// Package manager is the first page of who answers for the whole: how far families came, who waits, what is late, how full programs are.
package manager
