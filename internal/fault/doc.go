// Package fault names the kinds of failure that Doorstep tells apart.
//
// A domain method returns an *Error (or wraps one); the web turns the kind into a status and a job into "again" or "a
// person must look". Message is a sentence for the person who asked. The cause is for the log and never leaves the house.
package fault
