// Package hub holds the pages of the triage coordinator and supervisor: the queue, what they do with a case, who is the same person, search, and the board.
package hub
