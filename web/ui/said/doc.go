// Package said is the pages about what machines say to families: the words in both languages, their checks while somebody writes, and the second
// person who approves them.
package said
