// Package messages owns the words that machines send to families: their versions in each language, who wrote and who approved them, and the
// checks that keep out of them what somebody else who reads her phone must not learn. What may leave when, and to whom, is for referral.
package messages
