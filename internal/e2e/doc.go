// Package e2e holds no code of the service: its tests drive a real Chromium against the real server with a real PostgreSQL, one
// database a test. Each page is looked at on a phone and on a desk: axe finds nothing, nothing hangs over the side, the browser refused
// nothing. SHOTS names a folder for screenshots.
package e2e
