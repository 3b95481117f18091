// Package ui is the ground that pages stand on: the frame, the components, and the one way from a form to a use case and back. Pages
// are packages below it. A page is whole without a script, is rendered from text that templ escapes, and loads nothing from elsewhere.
package ui
