// Package community is a small, plainly made-up network for demo and tour: one hub, four referral sources, three agencies
// with programs of the default rule pack. No family is in it.
package community
