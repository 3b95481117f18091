// Package city lets a plainly made-up city live through a year: five hospitals and clinics, two other sources, eight agencies
// with twelve programs, a hub. Every referral, call, offer, claim and visit goes through the use cases of the product, on a
// business clock that moves from day to day; nothing is inserted.
//
// A city is repeatable: the same referrals and last day give the same counts by status, source, agency and week, on any
// machine, although agencies work in parallel. Each chance is drawn from the city's seed, the referral's number and the
// occasion, never from the order in which goroutines come. Within a day the phases follow one another, and what works in
// parallel inside a phase reads nothing that another writes there: an agency that claims changes its own places only, and
// whatever sends a family on by the rules, which read the places of all, happens while nobody claims.
//
// The shapes (how many are reached, say yes, start, leave) are chosen to look like public figures of such programs. They are
// no result of anything.
package city
