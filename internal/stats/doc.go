// Package stats is the arithmetic of figures: pure, without storage, the same for page, CSV and API.
package stats
