// Package embedded starts private PostgreSQL, Redis and SMTP servers for the demo, for tests and for fault tests.
//
// What it promises: nobody but the starting user (and root) can reach a server, no port is assumed to be free, two
// starters never share a folder, and no server outlives the process that started it. On Linux the kernel sees to the last
// one even after kill -9; elsewhere the next start in the same folder ends what was left behind.
//
// It is not for production: an operator's own PostgreSQL and Redis are given by URL instead.
package embedded
