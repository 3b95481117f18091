// Package contact decides whether somebody may reach a person now, by one way, for one purpose. It is pure: it reads no clock and
// no store.
//
// May is the gate, and the only one. What a way leads to, a number, an address, is Private: this package alone can read it back,
// and gives it only for an Answer that allows it. So code elsewhere cannot send to or show what it did not ask for; what would have
// to go around the gate does not compile. Two doors stand beside it, each with its callers listed in internal/archtest: Unshown, for
// comparing, and the database driver.
//
// What is not known is not safe. A way holds yes, no or unknown for each use; unknown lets a person call, where nothing says that
// a wrong call may hurt her, and nothing else.
package contact
