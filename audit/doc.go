// Package audit keeps the history of who changed, saw or was refused what, and can show that nobody rewrote it.
//
// A use case writes its event through Store in its own transaction: no change without its row, no row without its change.
// The business transaction carries no number and no hash, since a shared counter would make every writer wait for every
// other. The Sealer numbers what is committed a moment later, hashes each event and chains the batches; Verify recomputes
// all of it.
//
// What the chain shows: an event that was changed, removed, or slipped in behind the last seal. What it cannot show by
// itself: a change in the second before sealing, the loss of the whole tail, and a chain rebuilt from end to end by the
// database's owner. Against the last two keep Report.Head and Report.Sealed outside the database and compare.
//
// The horizon is PostgreSQL's transaction counter, which starts again in a cluster that was filled from a dump: there the
// counter must be moved past the last horizon (pg_resetwal --epoch) before the first write, or nothing is sealed again.
package audit
