// Package rulebook keeps the rule sets of triage as numbered versions, one of them live.
//
// Which one is live is a row, read in the transaction of the decision it is for: no process can decide by yesterday's
// rules. Compiling is dear and depends on nothing but the text, so compiled sets are kept by the hash of their source.
//
// A version is never changed. It goes live by a release, which names an approval of a note on a simulation; the database
// checks the chain (ADR 13) and this package says beforehand, in words, what is missing. A simulation decides past
// families again under two versions and keeps counts of families; shares are from 0 to 1, rounded to a tenth of a percent, and what
// stats.Suppress hides never leaves this package. A replay makes stored decisions again and compares their bytes.
package rulebook
