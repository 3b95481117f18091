// Package agency is the pages of those who visit families: the pool, the day's work, what is done about one family, room and hand-over.
package agency
