-- The hub's desk: searches by name, phone or birth date that stand in no address, cases put off for some days, and why a person departed from the rules.

-- +goose Up
CREATE TABLE searches (
    id           uuid PRIMARY KEY,
    asked_by     uuid NOT NULL,
    asked_at     timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    query_sealed bytea NOT NULL CHECK (is_sealed(query_sealed))
);
COMMENT ON TABLE searches IS 'what somebody at the hub looked for: the page of results is asked again by id, within the hour, by the same person';
CREATE INDEX searches_expires ON searches (expires_at);

CREATE TABLE snoozes (
    case_id  uuid PRIMARY KEY REFERENCES cases (id),
    until    timestamptz NOT NULL,
    version  integer NOT NULL,
    by_id    uuid NOT NULL,
    at       timestamptz NOT NULL
);
COMMENT ON COLUMN snoozes.version IS 'of the case when it was put off: whatever happens to it brings it back';

CREATE TABLE override_notes (
    id          uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES cases (id),
    reason      text NOT NULL,
    note_sealed bytea NOT NULL CHECK (is_sealed(note_sealed)),
    by_id       uuid NOT NULL,
    at          timestamptz NOT NULL
);
COMMENT ON TABLE override_notes IS 'why somebody at the hub departed from the order of the rules, in their own words; id is of the move';
CREATE INDEX override_notes_case ON override_notes (case_id, at);

-- Any part of any name; the older index is for those without a birth date.
CREATE INDEX clients_any_name ON clients USING gin (plain_name gin_trgm_ops) WITH (fastupdate = off);
-- What people call a case aloud.
CREATE INDEX cases_reference ON cases (right(id::text, 8));

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['searches', 'snoozes', 'override_notes'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY hub ON %I TO doorstep_hub USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO doorstep_hub', t);
    END LOOP;
END $$;
-- +goose StatementEnd
REVOKE UPDATE, DELETE ON override_notes FROM doorstep_hub;

-- +goose Down
DROP INDEX cases_reference;
DROP INDEX clients_any_name;
DROP TABLE override_notes, snoozes, searches;
