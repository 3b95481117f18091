//go:build failpoints

package main

import (
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
)

// failpoints kills this process, as kill -9 does, in place of the n-th answer 201 with FAILPOINT_201=n: what that answer
// would have told is committed by then, and nobody hears of it.
func failpoints(h http.Handler) http.Handler {
	n, err := strconv.ParseInt(os.Getenv("FAILPOINT_201"), 10, 64)
	if err != nil {
		return h
	}
	var left atomic.Int64
	left.Store(n)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(dyingWriter{w, &left}, r) })
}

type dyingWriter struct {
	http.ResponseWriter
	left *atomic.Int64
}

// WriteHeader comes after the use case, and so after its commit, and before the first byte of the answer.
func (w dyingWriter) WriteHeader(status int) {
	if status == http.StatusCreated && w.left.Add(-1) <= 0 {
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Signal(syscall.SIGKILL)
		}
		select {} // the signal is on its way, and no byte may leave before it
	}
	w.ResponseWriter.WriteHeader(status)
}
