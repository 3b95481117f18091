//go:build !failpoints

package main

import "net/http"

// failpoints is where a build for fault tests cuts in. Every other build leaves the handler as it is.
func failpoints(h http.Handler) http.Handler { return h }
