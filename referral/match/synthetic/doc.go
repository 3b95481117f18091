// Package synthetic makes people who do not exist, and pairs of descriptions of which it is known whether they are of one person:
// with typos, nicknames, other spellings, names in each other's place, lost accents, a dropped second surname, a changed one, day and
// month swapped, things left out, a move; and of two people who are easily taken for one: twins, sisters, mother and daughter,
// namesakes, neighbours in a shelter. The same seed makes the same people and pairs.
//
// Names are common ones of each group, put together at random. Phone numbers begin with 555, which is no area code; streets are
// invented. How often each slip happens (slips.go) is chosen, rather too often than too seldom, and not measured anywhere: what the
// figures say about a real hub, only labelled pairs of that hub can tell.
package synthetic
