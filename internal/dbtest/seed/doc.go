// Package seed builds the world around a test: organizations, sites, programs, people and keys. Name what the test is
// about; everything else has a sensible default. It writes through the use cases, so it can build nothing that the
// service would refuse.
package seed
