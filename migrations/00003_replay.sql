-- A decision keeps all that it was made from, and its very bytes: run again with the same rules it must give the same.

-- +goose Up
-- Places is empty for a decision of the release before, which cannot be run again.
ALTER TABLE decisions ADD COLUMN places json;
ALTER TABLE decisions ALTER COLUMN facts TYPE json USING facts::json, ALTER COLUMN outcome TYPE json USING outcome::json;

-- +goose Down
ALTER TABLE decisions ALTER COLUMN facts TYPE jsonb USING facts::jsonb, ALTER COLUMN outcome TYPE jsonb USING outcome::jsonb;
ALTER TABLE decisions DROP COLUMN places;
