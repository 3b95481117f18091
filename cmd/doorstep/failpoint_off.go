//go:build !failpoints

package main

import (
	"net/http"

	"github.com/jackc/pgx/v5"

	"doorstep/jobs/worker"
)

// These are where a build for fault tests cuts in. Every other build leaves things as they are.

func failpoints(h http.Handler) http.Handler            { return h }
func failpointCommit() pgx.QueryTracer                  { return nil }
func failpointJob(handle worker.Handler) worker.Handler { return handle }
