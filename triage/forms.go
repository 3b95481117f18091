package triage

import (
	"io/fs"
	"maps"
	"path"
)

// WithForms is the pack with the shared screening forms, where it brings none
// of its own: what a folder of rules must be completed by before it is compiled
// or hashed.
func (s Source) WithForms() Source {
	if _, own := s.Files[sharedFile]; own {
		return s
	}
	shared, err := fs.ReadFile(shipped, path.Join(sharedDir, sharedFile))
	if err != nil { // it is part of this program
		return s
	}
	files := maps.Clone(s.Files)
	files[sharedFile] = string(shared)
	return Source{Files: files}
}
