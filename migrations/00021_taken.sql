-- Referrals that come to the hub by telephone, on paper or at the door, with what was scanned; what people at the hub keep of the list of cases;
-- and who is looking at a case.

-- +goose Up
ALTER TABLE referrals DROP CONSTRAINT referrals_channel_check;
ALTER TABLE referrals ADD CONSTRAINT referrals_channel_check CHECK (channel IN ('api', 'page', 'phone', 'fax', 'paper', 'walk_in', 'import'));

CREATE TABLE scans (
    id             uuid PRIMARY KEY,
    referral_id    uuid NOT NULL REFERENCES referrals (id),
    kind           text NOT NULL CHECK (kind IN ('pdf', 'png', 'jpeg')),
    bytes          integer NOT NULL CHECK (bytes BETWEEN 1 AND 5242880),
    content_sealed bytea CHECK (is_sealed(content_sealed)),
    kept_at        timestamptz NOT NULL,
    kept_by        uuid NOT NULL,
    erased_at      timestamptz,
    erased_by      uuid,
    CHECK ((content_sealed IS NULL) = (erased_at IS NOT NULL)),
    CHECK ((erased_at IS NULL) = (erased_by IS NULL))
);
COMMENT ON TABLE scans IS 'The page that came, for the hub alone; each look is in the history';
COMMENT ON COLUMN scans.erased_at IS 'it was the page of somebody else: what it showed is gone, that it was here stays';
CREATE INDEX scans_referral ON scans (referral_id, kept_at, id);

CREATE TABLE saved_views (
    id       uuid PRIMARY KEY,
    owner_id uuid NOT NULL,
    name     text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    filter   text NOT NULL CHECK (length(filter) <= 300),
    saved_at timestamptz NOT NULL,
    CONSTRAINT saved_views_name UNIQUE (owner_id, name)
);
COMMENT ON COLUMN saved_views.filter IS 'the query of the list of cases: codes and ids, nothing of a family';

CREATE TABLE looks (
    case_id uuid NOT NULL REFERENCES cases (id),
    by_id   uuid NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (case_id, by_id)
);
COMMENT ON TABLE looks IS 'Who has a case of the queue open, by the clock of the machine; it stops nobody';
CREATE INDEX looks_at ON looks (at);

-- Somebody at the hub takes what a family asked for on its page, speaks with them, and says how it ended.
ALTER TABLE family_requests
    ADD COLUMN owner_id uuid,
    ADD COLUMN owned_at timestamptz,
    ADD COLUMN settled_at timestamptz,
    ADD COLUMN settled_by uuid,
    ADD COLUMN settled_as text CHECK (settled_as IN ('confirmed', 'not_hers', 'could_not')),
    ADD CONSTRAINT family_requests_owned CHECK ((owner_id IS NULL) = (owned_at IS NULL)),
    ADD CONSTRAINT family_requests_settled CHECK ((settled_at IS NULL) = (settled_as IS NULL) AND (settled_at IS NULL) = (settled_by IS NULL));
COMMENT ON COLUMN family_requests.settled_as IS 'confirmed: they said it themselves, by a way that was safe before; not_hers: they did not ask for it';
CREATE INDEX family_requests_open ON family_requests (asked_at, id) WHERE settled_at IS NULL AND kind <> 'wrong';
GRANT UPDATE (owner_id, owned_at, settled_at, settled_by, settled_as) ON family_requests TO doorstep_hub;

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['scans', 'saved_views', 'looks'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY hub ON %I TO doorstep_hub USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO doorstep_hub', t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT UPDATE (content_sealed, erased_at, erased_by) ON scans TO doorstep_hub;
GRANT UPDATE, DELETE ON saved_views, looks TO doorstep_hub;

-- +goose Down
DROP INDEX family_requests_open;
ALTER TABLE family_requests DROP COLUMN owner_id, DROP COLUMN owned_at, DROP COLUMN settled_at, DROP COLUMN settled_by, DROP COLUMN settled_as;
DROP TABLE looks, saved_views, scans;
ALTER TABLE referrals DROP CONSTRAINT referrals_channel_check;
ALTER TABLE referrals ADD CONSTRAINT referrals_channel_check CHECK (channel IN ('api', 'page', 'phone', 'fax', 'paper', 'import')) NOT VALID;
