-- What she agreed to in full, what was told to whom, and the compartment for records of a treatment program (42 CFR Part 2).

-- +goose Up

-- Beside the four gates stand answers about what she may be sent and what her referrer may hear: 5 texts, 6 e-mail, 7 news to
-- the referrer, 8 the reason of an end to the referrer. The release before reads gates by number and passes these over.
ALTER TABLE consents DROP CONSTRAINT consents_gate_check;
ALTER TABLE consents ADD CONSTRAINT consents_gate_check CHECK (gate BETWEEN 1 AND 8);
ALTER TABLE consents DROP CONSTRAINT consents_basis_check;
ALTER TABLE consents ADD CONSTRAINT consents_basis_check
    CHECK (basis IN ('her_answer', 'required_form', 'care_coordination', 'public_health', 'none'));
COMMENT ON COLUMN consents.basis IS 'none: she was not asked, and no law stands in for her: the answer is no';
ALTER TABLE consents ADD COLUMN interpreter text CHECK (interpreter IN ('not_needed', 'bilingual_staff', 'qualified')),
    ADD COLUMN revoked_by uuid;
COMMENT ON COLUMN consents.interpreter IS 'NULL: nobody said; a relative is never one';
-- A referrer's own role learns whether it may hear news, and no other answer of hers.
CREATE POLICY told ON consents FOR SELECT TO doorstep_app USING (gate IN (7, 8) AND EXISTS (SELECT 1 FROM case_access a
    WHERE a.case_id = consents.case_id AND a.org_id = (SELECT app_org()) AND a.level = 'source' AND a.until IS NULL));

-- ---------------------------------------------------------------- disclosures

-- One telling of who she is to somebody outside the hub, written with the act. Never changed: what was told cannot be untold.
CREATE TABLE disclosures (
    id         uuid PRIMARY KEY,
    client_id  uuid NOT NULL REFERENCES clients (id),
    case_id    uuid NOT NULL REFERENCES cases (id),
    act        text NOT NULL CHECK (act IN ('claim', 'transfer', 'walk_in', 'feedback', 'hand_over', 'connection', 'export', 'part2')),
    what       text NOT NULL CHECK (what IN ('record', 'progress', 'identity', 'treatment_record')),
    purpose    text NOT NULL CHECK (purpose IN ('home_visiting', 'care_coordination', 'other_service', 'treatment', 'her_request')),
    basis      text NOT NULL CHECK (basis IN ('her_answer', 'required_form', 'care_coordination', 'public_health', 'part2_consent')),
    org_id     uuid NOT NULL REFERENCES organizations (id),
    given_by   uuid NOT NULL,
    to_org     uuid REFERENCES organizations (id),
    to_name    text,
    to_sealed  bytea CHECK (is_sealed(to_sealed)),
    subject_id uuid NOT NULL,
    at         timestamptz NOT NULL,
    CHECK (num_nonnulls(to_org, to_name, to_sealed) = 1),
    CHECK (act <> 'part2' OR what = 'treatment_record' AND to_name IS NULL)
);
COMMENT ON COLUMN disclosures.org_id IS 'who gave it';
COMMENT ON COLUMN disclosures.subject_id IS 'the claim, enrollment, message, hand-over, connection or Part 2 consent behind it';
CREATE UNIQUE INDEX disclosures_one ON disclosures (act, subject_id) WHERE act <> 'part2';
CREATE INDEX disclosures_client ON disclosures (client_id, at DESC, id DESC);
CREATE TRIGGER disclosures_append_only BEFORE UPDATE OR DELETE ON disclosures
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE disclosures ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON disclosures TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON disclosures TO doorstep_hub;

-- ---------------------------------------------------------------- the compartment

-- Readable by doorstep_part2 alone, which one file of the code becomes; the hub's role may put in and cannot look.
CREATE TABLE part2_consents (
    id              uuid PRIMARY KEY,
    case_id         uuid NOT NULL REFERENCES cases (id),
    client_id       uuid NOT NULL REFERENCES clients (id),
    elements_sealed bytea NOT NULL CHECK (is_sealed(elements_sealed)),
    signed_on       date NOT NULL,
    expires_on      date NOT NULL CHECK (expires_on >= signed_on),
    taken_by_org    uuid NOT NULL,
    taken_by        uuid NOT NULL,
    given_at        timestamptz NOT NULL,
    revoked_at      timestamptz,
    revoked_by      uuid,
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
COMMENT ON COLUMN part2_consents.elements_sealed IS 'who discloses, to whom, what, for what, and that she knows she may revoke';
CREATE INDEX part2_consents_client ON part2_consents (client_id, given_at);
CREATE TABLE part2_records (
    id             uuid PRIMARY KEY,
    case_id        uuid NOT NULL REFERENCES cases (id),
    client_id      uuid NOT NULL REFERENCES clients (id),
    consent_id     uuid NOT NULL REFERENCES part2_consents (id),
    referral_id    uuid REFERENCES referrals (id),
    content_sealed bytea NOT NULL CHECK (is_sealed(content_sealed)),
    kept_at        timestamptz NOT NULL,
    kept_by        uuid NOT NULL
);
COMMENT ON COLUMN part2_records.referral_id IS 'the referral whose payload this is; NULL: the hub entered it';
CREATE INDEX part2_records_client ON part2_records (client_id, kept_at);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO doorstep_part2', current_schema());
    FOREACH t IN ARRAY ARRAY['part2_consents', 'part2_records'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY hub_puts_in ON %I FOR INSERT TO doorstep_hub WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY compartment ON %I TO doorstep_part2 USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT INSERT ON %I TO doorstep_hub', t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_part2', t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT UPDATE (revoked_at, revoked_by) ON part2_consents TO doorstep_part2;

-- The payload of such a referral is a record of the compartment, and of no other table.
ALTER TABLE referrals ALTER COLUMN payload_sealed DROP NOT NULL,
    ADD CONSTRAINT referrals_payload_kept CHECK ((payload_sealed IS NULL) = (sensitivity = 'part2'));

-- +goose Down
ALTER TABLE referrals DROP CONSTRAINT referrals_payload_kept;
UPDATE referrals SET payload_sealed = decode('01' || repeat('00', 40), 'hex') WHERE payload_sealed IS NULL;
ALTER TABLE referrals ALTER COLUMN payload_sealed SET NOT NULL;
DROP TABLE part2_records, part2_consents, disclosures;
DROP POLICY told ON consents;
DELETE FROM consents WHERE gate > 4;
ALTER TABLE consents DROP COLUMN interpreter, DROP COLUMN revoked_by;
UPDATE consents SET basis = 'care_coordination' WHERE basis IN ('public_health', 'none');
ALTER TABLE consents DROP CONSTRAINT consents_basis_check;
ALTER TABLE consents ADD CONSTRAINT consents_basis_check CHECK (basis IN ('her_answer', 'required_form', 'care_coordination'));
ALTER TABLE consents DROP CONSTRAINT consents_gate_check;
ALTER TABLE consents ADD CONSTRAINT consents_gate_check CHECK (gate BETWEEN 1 AND 4);
-- +goose StatementBegin
DO $$ BEGIN EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM doorstep_part2', current_schema()); END $$;
-- +goose StatementEnd
