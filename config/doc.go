// Package config reads the environment: every variable that Doorstep knows, checked whole at start, so that a process
// either begins with settings that make sense or names everything that is wrong with them. Secrets are never printed.
package config
