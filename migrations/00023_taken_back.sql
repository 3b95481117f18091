-- A try to reach her that was written down by mistake is taken back like every other move; its row stays, and counts no more.

-- +goose Up
ALTER TABLE attempts ADD COLUMN opened_move uuid, ADD COLUMN taken_back_at timestamptz,
    ADD COLUMN checked_before timestamptz, ADD COLUMN checked_before_by uuid;
COMMENT ON COLUMN attempts.checked_before IS 'when its way had been known to be right before this try; taking the try back puts it back';

-- +goose Down
ALTER TABLE attempts DROP COLUMN checked_before_by, DROP COLUMN checked_before, DROP COLUMN taken_back_at, DROP COLUMN opened_move;
