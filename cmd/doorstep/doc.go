// Doorstep takes referrals for home visiting, ranks and routes them, and follows each until its end is known.
//
// One binary is every role: serve, worker, migrate and the commands of an operator. Settings come from the environment
// (package config); main.go is run and nothing else, so that tests can run a whole command.
package main
