// Package auth says who may do what: actors, roles, permissions and the policy table. Pure types, no storage.
//
// It is the first of three fences. Permission answers "may this role do this"; row-level security answers "which rows";
// a list's scope is only a filter.
package auth
