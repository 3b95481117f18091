// Package history is the pages of who answers for privacy: who did and saw what, whether the history is whole, and what was told of a family.
package history
