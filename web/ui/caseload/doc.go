// Package caseload is the pages by which the families that a program serves already come in: a file, what it would make, and the making.
package caseload
