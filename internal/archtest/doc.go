// Package archtest holds the rules of structure that no compiler checks: who may import whom, where a library may show
// itself, who may cross organizations, and what a package must and must not have. It reads non-test files only; packages
// that do not exist yet are no failure.
package archtest
