// Package tour runs whole lives against a running Doorstep over HTTP, as its users would, and checks every step: the status,
// who could see what, what was sent, and how it ended. It knows nothing of the code behind the address.
package tour
