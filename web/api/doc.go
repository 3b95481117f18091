// Package api holds the JSON handlers. Each parses, calls one use case, renders, and returns its error as it came: the web
// knows what an error means to a caller. openapi.yaml describes every route by hand; every answer in the route tests is
// checked against it.
package api
