// Package providers is the network that serves families: organizations with their agreements and sites, programs with
// their service areas, what each has room for, and the calendar by which each keeps its promises.
//
// Room is never stored. A program states what it is funded for; what is promised and in use is counted, under the
// program's lock where it decides something.
package providers
