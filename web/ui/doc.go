// Package ui is the pages that people read. A page is whole without a script, is rendered from text that html/template escapes,
// and says for itself which of its own style may apply.
package ui
