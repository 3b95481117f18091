// Package ruleset is the pages of those who change the rules: versions, what a draft would do to whom, and its way to being live.
package ruleset
