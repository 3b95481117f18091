// Package referrals is a source's own list of what it sent: where each stands by what its class may hear, and what it may still do.
package referrals
