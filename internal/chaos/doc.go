// Package chaos breaks what a real installation depends on, under load, and then asks the database whether every promise
// was kept. It is all tests, behind the build tag failpoints (make chaos-short): they start the real binary, two processes
// of each role, on servers of their own.
//
// A test here is a fault, and it has four steps: load; fault; heal until nothing that is due is left; laws. The laws are
// queries (laws_test.go, report_test.go) and hold after every fault, so that a new fault is one function in the file of what
// it breaks, and its line in faults (run_test.go). TestChaosFaults is the minute of them that belongs to make test;
// TestEveryFault is make chaos, and make chaos-long with the leases of production. CHAOS_SEED repeats a run's choices; the
// moment at which a signal meets a process is never the same twice. CHAOS_KEEP names a folder for the logs of what failed.
package chaos
