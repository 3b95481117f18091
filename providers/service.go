package providers

import "doorstep/internal/pg"

// Service is the use cases of the network.
type Service struct{ db *pg.DB }

// NewService returns the use cases on db.
func NewService(db *pg.DB) *Service { return &Service{db} }
