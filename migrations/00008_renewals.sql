-- Each business day, and when the live rules change, the rules look again at every family at the hub.

-- +goose Up
-- What of a decision matters, as a short hash: a look that finds the same writes nothing.
ALTER TABLE decisions ADD COLUMN digest text;
COMMENT ON COLUMN decisions.digest IS 'empty: of the release before, so the next look keeps a new decision';

-- Where the server has the faster compression, decisions use it: half of a pass is spent on writing them.
-- +goose StatementBegin
DO $$
BEGIN
    ALTER TABLE decisions ALTER COLUMN facts SET COMPRESSION lz4, ALTER COLUMN places SET COMPRESSION lz4,
        ALTER COLUMN outcome SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END $$;
-- +goose StatementEnd

CREATE TABLE renewals (
    id          uuid PRIMARY KEY,
    day         date NOT NULL,
    rule_set_id uuid NOT NULL REFERENCES rule_sets (id),
    after_case  uuid NOT NULL,
    looked      integer NOT NULL DEFAULT 0 CHECK (looked >= 0),
    changed     integer NOT NULL DEFAULT 0 CHECK (changed >= 0),
    began_at    timestamptz NOT NULL,
    finished_at timestamptz,
    UNIQUE (day, rule_set_id)
);
COMMENT ON COLUMN renewals.after_case IS 'how far it is: a kill loses one batch';
CREATE INDEX cases_at_hub ON cases (id) WHERE status IN ('review', 'outreach', 'offered', 'waitlisted');
ALTER TABLE renewals ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON renewals FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON renewals TO doorstep_hub;

-- +goose Down
DROP INDEX cases_at_hub;
DROP TABLE renewals;
ALTER TABLE decisions DROP COLUMN digest;
