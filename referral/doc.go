// Package referral is the life of a case, from the referral as received to its disposition.
//
// One use case is one exported method of Service, one file and one transaction: it asks for its permission, locks the case in the
// actor's own database role (that lock proves scope), lets the pure code decide, and writes state, audit row and promises
// together. State moves only through the table in lifecycle.go.
package referral
