-- How fast the lines of the programs move, read with every decision.

-- +goose Up
CREATE INDEX claims_freed ON claims (ended_at, program_id) WHERE ended_as NOT IN ('enrolled', 'undone');
CREATE INDEX enrollments_freed ON enrollments (ended_at, program_id) WHERE ended_as <> 'undone';
CREATE INDEX served_families_freed ON served_families (ended_at, program_id) WHERE ended_at IS NOT NULL;

-- +goose Down
DROP INDEX served_families_freed, enrollments_freed, claims_freed;
