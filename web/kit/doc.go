// Package kit is what every handler shares: the one strict way to read a body, the actor of the request, ids out of the
// path, and the one way to render JSON.
package kit
