// Package channel is what leaves the house: one type a channel, each sending one message once. It knows no case and keeps
// no state; what may be sent, and whether it was, is decided by the ledger in package jobs.
package channel
