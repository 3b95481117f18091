// Package bench measures a running Doorstep against what the machine can do: every figure is a ratio to bare pgx, taken in
// the same run, in rounds that alternate, so that a slow or busy machine slows both sides.
package bench
