-- Ways to reach her are objects with a history: a change ends a row and writes another, and each check of one is a row.

-- +goose Up
ALTER TABLE contact_methods
    ALTER COLUMN referral_id DROP NOT NULL,
    ADD COLUMN whose text NOT NULL DEFAULT 'hers' CHECK (whose IN ('hers', 'guardian', 'trusted')),
    ADD COLUMN hours jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(hours) = 'array'),
    ADD COLUMN asking_sealed bytea CHECK (is_sealed(asking_sealed)),
    ADD COLUMN told_by text NOT NULL DEFAULT 'referrer' CHECK (told_by IN ('her', 'referrer', 'other')),
    ADD COLUMN given_by uuid,
    ADD COLUMN given_by_org uuid REFERENCES organizations (id),
    ADD COLUMN replaces_id uuid REFERENCES contact_methods (id),
    ADD COLUMN verified_at timestamptz,
    ADD COLUMN verified_by uuid,
    ADD COLUMN ended_by uuid,
    ADD COLUMN ended_as text CHECK (ended_as IN ('replaced', 'wrong_number', 'not_in_service', 'not_hers', 'moved', 'she_said', 'entered_in_error'));
ALTER TABLE addresses
    ALTER COLUMN referral_id DROP NOT NULL,
    ADD COLUMN whose text NOT NULL DEFAULT 'hers' CHECK (whose IN ('hers', 'guardian', 'trusted')),
    ADD COLUMN hours jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(hours) = 'array'),
    ADD COLUMN asking_sealed bytea CHECK (is_sealed(asking_sealed)),
    ADD COLUMN told_by text NOT NULL DEFAULT 'referrer' CHECK (told_by IN ('her', 'referrer', 'other')),
    ADD COLUMN given_by uuid,
    ADD COLUMN given_by_org uuid REFERENCES organizations (id),
    ADD COLUMN replaces_id uuid REFERENCES addresses (id),
    ADD COLUMN verified_at timestamptz,
    ADD COLUMN verified_by uuid,
    ADD COLUMN ended_by uuid,
    ADD COLUMN ended_as text CHECK (ended_as IN ('replaced', 'wrong_number', 'not_in_service', 'not_hers', 'moved', 'she_said', 'entered_in_error'));
CREATE UNIQUE INDEX contact_methods_one ON contact_methods (client_id, channel, value) WHERE ended_at IS NULL;
COMMENT ON INDEX contact_methods_one IS 'of one number one row is current, so that no looser one stands beside it';
COMMENT ON COLUMN contact_methods.asking_sealed IS 'ask-for name, code word, who may answer';
COMMENT ON COLUMN contact_methods.verified_at IS 'NULL: not since it was given; contact_checks holds every check';
COMMENT ON COLUMN addresses.asking_sealed IS 'ask-for name, code word, who may answer';
COMMENT ON COLUMN addresses.verified_at IS 'NULL: not since it was given; contact_checks holds every check';

ALTER TABLE attempts ADD COLUMN address_id uuid REFERENCES addresses (id), ADD COLUMN announced boolean NOT NULL DEFAULT false;
ALTER TABLE visits ADD COLUMN address_id uuid REFERENCES addresses (id);
COMMENT ON COLUMN visits.address_id IS 'of a visit at home; a visit that is kept checks it';

-- When a way was known to be right, and who knew it. Never changed.
CREATE TABLE contact_checks (
    id                uuid PRIMARY KEY,
    case_id           uuid NOT NULL REFERENCES cases (id),
    contact_method_id uuid REFERENCES contact_methods (id),
    address_id        uuid REFERENCES addresses (id),
    how               text NOT NULL CHECK (how IN ('reached', 'visit_kept', 'she_said', 'referrer_said', 'safe_way')),
    checked_at        timestamptz NOT NULL,
    checked_by        uuid NOT NULL,
    org_id            uuid NOT NULL REFERENCES organizations (id),
    CHECK (num_nonnulls(contact_method_id, address_id) = 1)
);
CREATE INDEX contact_checks_case ON contact_checks (case_id, checked_at);

ALTER TABLE clients ADD COLUMN stopped_at timestamptz;
UPDATE clients SET stopped_at = created_at WHERE do_not_contact;
ALTER TABLE clients ADD CONSTRAINT clients_stopped CHECK (NOT do_not_contact OR stopped_at IS NOT NULL);
COMMENT ON COLUMN clients.stopped_at IS 'when do_not_contact was last said; a later word to any record of the same person lifts it';

-- What she said about being contacted at all; the newest row is her word, and clients.do_not_contact repeats it. Never changed.
CREATE TABLE contact_wishes (
    id        uuid PRIMARY KEY,
    client_id uuid NOT NULL REFERENCES clients (id),
    case_id   uuid NOT NULL REFERENCES cases (id),
    wish      text NOT NULL CHECK (wish IN ('stop', 'resume')),
    said      text NOT NULL CHECK (said IN ('she_said', 'told_by_another', 'she_called', 'she_came', 'she_wrote', 'fresh_yes', 'entered_in_error')),
    how       text NOT NULL CHECK (how IN ('in_person', 'phone', 'text', 'email', 'letter')),
    heard_by  uuid NOT NULL,
    org_id    uuid NOT NULL REFERENCES organizations (id),
    heard_at  timestamptz NOT NULL
);
COMMENT ON COLUMN contact_wishes.said IS 'with stop the first two, else the others; never why';
CREATE INDEX contact_wishes_client ON contact_wishes (client_id, heard_at);

-- Where no way is left, a person looks for one: each place once at a time, with what came of it.
CREATE TABLE way_searches (
    id         uuid PRIMARY KEY,
    case_id    uuid NOT NULL REFERENCES cases (id),
    place      text NOT NULL CHECK (place IN ('clinic_visit', 'school', 'shelter', 'trusted_person', 'referrer_asks')),
    began_at   timestamptz NOT NULL,
    began_by   uuid NOT NULL,
    outcome    text CHECK (outcome IN ('found', 'not_found', 'she_said_no')),
    settled_at timestamptz,
    settled_by uuid,
    CHECK ((outcome IS NULL) = (settled_at IS NULL))
);
CREATE UNIQUE INDEX way_searches_one_open ON way_searches (case_id, place) WHERE settled_at IS NULL;
CREATE INDEX way_searches_case ON way_searches (case_id, began_at);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['contact_checks', 'contact_wishes', 'way_searches'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY hub ON %I TO doorstep_hub USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO doorstep_hub', t);
    END LOOP;
    GRANT UPDATE (outcome, settled_at, settled_by) ON way_searches TO doorstep_hub;
END $$;
-- +goose StatementEnd
CREATE TRIGGER contact_checks_append_only BEFORE UPDATE OR DELETE ON contact_checks FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contact_wishes_append_only BEFORE UPDATE OR DELETE ON contact_wishes FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What a way leads to is never overwritten: a change ends its row and writes another.
-- +goose StatementBegin
DO $$
BEGIN
    REVOKE UPDATE ON contact_methods, addresses FROM doorstep_hub;
    GRANT UPDATE (verified_at, verified_by, ended_at, ended_by, ended_as) ON contact_methods, addresses TO doorstep_hub;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP INDEX contact_methods_one;
DROP TABLE way_searches, contact_wishes, contact_checks;
GRANT UPDATE ON contact_methods, addresses TO doorstep_hub;
ALTER TABLE visits DROP COLUMN address_id;
ALTER TABLE attempts DROP COLUMN address_id, DROP COLUMN announced;
ALTER TABLE addresses DROP COLUMN whose, DROP COLUMN hours, DROP COLUMN asking_sealed, DROP COLUMN told_by, DROP COLUMN given_by,
    DROP COLUMN given_by_org, DROP COLUMN replaces_id, DROP COLUMN verified_at, DROP COLUMN verified_by, DROP COLUMN ended_by, DROP COLUMN ended_as;
ALTER TABLE contact_methods DROP COLUMN whose, DROP COLUMN hours, DROP COLUMN asking_sealed, DROP COLUMN told_by, DROP COLUMN given_by,
    DROP COLUMN given_by_org, DROP COLUMN replaces_id, DROP COLUMN verified_at, DROP COLUMN verified_by, DROP COLUMN ended_by, DROP COLUMN ended_as;
