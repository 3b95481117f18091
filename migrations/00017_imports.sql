-- Many referrals at once, from a table of the referrer's own. A row of the file is a row here: what stands in it is sealed, and goes away
-- once it was sent, since the referral keeps what was sent.

-- +goose Up
CREATE TABLE imports (
    id           uuid PRIMARY KEY,
    org_id       uuid NOT NULL REFERENCES organizations (id),
    site_id      uuid REFERENCES sites (id),
    actor_kind   text NOT NULL,
    actor_id     uuid NOT NULL,
    actor_role   text NOT NULL,
    file_hash    bytea CHECK (octet_length(file_hash) = 32),
    columns      text[] NOT NULL,
    status       text NOT NULL CHECK (status IN ('uploading', 'checking', 'ready', 'sending')),
    rows         int NOT NULL DEFAULT 0 CHECK (rows >= 0),
    uploaded_at  timestamptz NOT NULL,
    sent_at      timestamptz,
    CHECK ((status = 'uploading') = (file_hash IS NULL)),
    CHECK ((status = 'sending') = (sent_at IS NOT NULL))
);
COMMENT ON COLUMN imports.columns IS 'names that we know, in the order of the file';
COMMENT ON COLUMN imports.status IS 'sending is the last: it is done when none of its rows is left to send';
-- The same bytes once more are the same upload.
CREATE UNIQUE INDEX imports_once ON imports (org_id, file_hash);
CREATE INDEX imports_list ON imports (org_id, uploaded_at DESC, id);
CREATE INDEX imports_stale ON imports (uploaded_at) WHERE status = 'uploading';

CREATE TABLE import_rows (
    id             uuid PRIMARY KEY,
    import_id      uuid NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    org_id         uuid NOT NULL REFERENCES organizations (id),
    number         int NOT NULL CHECK (number > 1),
    outcome        text NOT NULL CHECK (outcome IN ('unchecked', 'ready', 'already', 'maybe', 'refused', 'sent')),
    fingerprint    bytea CHECK (octet_length(fingerprint) = 32),
    match_key      bytea CHECK (octet_length(match_key) = 32),
    content_sealed bytea CHECK (is_sealed(content_sealed)),
    problems       jsonb NOT NULL DEFAULT '[]',
    referral_id    uuid REFERENCES referrals (id),
    UNIQUE (import_id, number),
    CHECK ((outcome = 'sent') = (referral_id IS NOT NULL)),
    CHECK (outcome <> 'sent' OR content_sealed IS NULL)
);
COMMENT ON COLUMN import_rows.number IS 'as the sender''s own program numbers the rows: the header is row 1';
COMMENT ON COLUMN import_rows.fingerprint IS 'hash of all that the row says: the same row in another file is sent once';
COMMENT ON COLUMN import_rows.match_key IS 'as clients.match_key';
COMMENT ON COLUMN import_rows.problems IS 'column and code, never a value';
CREATE UNIQUE INDEX import_rows_sent_once ON import_rows (org_id, fingerprint) WHERE outcome = 'sent';
CREATE INDEX import_rows_outcome ON import_rows (import_id, outcome, number);
CREATE INDEX import_rows_match ON import_rows (import_id, match_key);
CREATE INDEX import_rows_print ON import_rows (import_id, fingerprint);
-- Has this organization referred her before?
CREATE INDEX referrals_client ON referrals (client_id);
CREATE INDEX import_rows_referral ON import_rows (referral_id) WHERE referral_id IS NOT NULL;

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['imports', 'import_rows'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY hub ON %I TO doorstep_hub USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO doorstep_hub', t);
        EXECUTE format('CREATE POLICY own ON %I TO doorstep_app USING (org_id = (SELECT app_org())) WITH CHECK (org_id = (SELECT app_org()))', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO doorstep_app', t);
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP INDEX referrals_client;
DROP TABLE import_rows, imports;
