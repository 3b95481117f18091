// Package rulebook keeps the rule sets of triage as numbered versions, one of them live.
//
// Which one is live is a row, read in the transaction of the decision it is for: no process can decide by yesterday's
// rules. Compiling is dear and depends on nothing but the text, so compiled sets are kept by the hash of their source.
package rulebook
