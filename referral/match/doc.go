// Package match asks whether two descriptions are of one person. It is pure: it knows no record, no clock and no database.
//
// A Scorer compares field by field (given name, family name, their order, birth date, phone, address, children's birth dates, sex,
// birth order), puts each comparison into a level (exact, variant, part, close, ..., different, missing) and adds up what the level
// weighs: log2(m/u) bits, m being how often one person's two descriptions meet at that level and u how often two people's do
// (Fellegi and Sunter, 1969). A missing field is no evidence, for or against. Shared phones, addresses and names weigh less with each
// holder. The sum is compared with two thresholds: link by itself, ask a coordinator, new. Weights and thresholds are in weights.json,
// each with how it was found; Fit finds others from pairs.
//
// Two rules stand above the sum, since a wrong link shows one family another's record: a link by itself needs a given name that agrees and a
// birth date that agrees, so twins, sisters, and mother and daughter under one name are never linked by a machine; and no link by itself
// when the sex or the birth order of a multiple birth contradicts.
package match
