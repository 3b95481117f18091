// Package dbtest gives each test a PostgreSQL database of its own, cloned from one that was migrated once.
//
// A test calls New and gets URLs; the database is gone when the test ends. The server behind it is private to the test
// process, or shared by all processes of one "make test" (see cmd/testcluster). It is always one that this package
// started: a server without its mark is refused, so that a stray variable can never point tests at real records. Without
// PostgreSQL the tests fail; a skipped database test would prove nothing and look green.
package dbtest
