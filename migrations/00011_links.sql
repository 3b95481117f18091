-- One person, several records: linked, never merged. Nothing here moves a row from one client or case to another.

-- +goose Up
ALTER TABLE clients ADD COLUMN person_id uuid REFERENCES clients (id);
COMMENT ON COLUMN clients.person_id IS 'the oldest record of the same person, by the open links; empty: linked with nobody';
CREATE INDEX clients_person ON clients (person_id) WHERE person_id IS NOT NULL;

ALTER TABLE cases ADD COLUMN stands_on uuid REFERENCES cases (id);
COMMENT ON COLUMN cases.stands_on IS 'the live case of the same person and episode, while a link says so';
CREATE INDEX cases_stands_on ON cases (stands_on) WHERE stands_on IS NOT NULL;
ALTER TABLE cases DROP CONSTRAINT cases_disposition_check;
ALTER TABLE cases ADD CONSTRAINT cases_disposition_check CHECK (disposition IN ('served', 'said_no_for_now', 'asked_not_to_be_contacted',
    'not_reached', 'no_safe_way', 'no_program_fits', 'no_place_in_time', 'already_served', 'other_jurisdiction', 'information_given',
    'pregnancy_ended', 'child_died', 'client_died', 'withdrawn_by_referrer', 'entered_in_error', 'joined'));
ALTER TABLE cases ADD CONSTRAINT cases_joined_stands CHECK ((stands_on IS NOT NULL) = (disposition IS NOT DISTINCT FROM 'joined'));

CREATE TABLE client_links (
    id          uuid PRIMARY KEY,
    client_a    uuid NOT NULL REFERENCES clients (id),
    client_b    uuid NOT NULL REFERENCES clients (id),
    how         text NOT NULL CHECK (how IN ('machine', 'review', 'hand')),
    evidence    jsonb NOT NULL,
    linked_at   timestamptz NOT NULL,
    linked_by   uuid NOT NULL,
    parted_at   timestamptz,
    parted_by   uuid,
    part_reason text CHECK (part_reason IN ('two_people', 'wrong_record', 'other')),
    CHECK (client_a < client_b),
    CHECK ((parted_at IS NULL) = (part_reason IS NULL))
);
COMMENT ON COLUMN client_links.evidence IS 'what each field said in bits, their sum, both thresholds and the version of the weights';
COMMENT ON COLUMN client_links.linked_by IS 'the user or key; where how is machine, whose referral it was';
CREATE UNIQUE INDEX client_links_open ON client_links (client_a, client_b) WHERE parted_at IS NULL;
CREATE INDEX client_links_a ON client_links (client_a);
CREATE INDEX client_links_b ON client_links (client_b);

CREATE TABLE match_questions (
    id         uuid PRIMARY KEY,
    client_a   uuid NOT NULL REFERENCES clients (id),
    client_b   uuid NOT NULL REFERENCES clients (id),
    case_id    uuid NOT NULL REFERENCES cases (id),
    evidence   jsonb NOT NULL,
    asked_at   timestamptz NOT NULL,
    answer     text CHECK (answer IN ('same', 'not_same')),
    answered_at timestamptz,
    answered_by uuid,
    CHECK (client_a < client_b),
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
COMMENT ON TABLE match_questions IS 'are these two one person? A pair is asked about once';
COMMENT ON COLUMN match_questions.case_id IS 'of the newcomer of the two';
CREATE UNIQUE INDEX match_questions_pair ON match_questions (client_a, client_b);
CREATE INDEX match_questions_open ON match_questions (asked_at, id) WHERE answer IS NULL;
CREATE INDEX match_questions_b ON match_questions (client_b);

ALTER TABLE client_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE match_questions ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON client_links FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY hub ON match_questions FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON client_links, match_questions TO doorstep_hub;

-- +goose Down
DROP TABLE match_questions;
DROP TABLE client_links;
ALTER TABLE cases DROP CONSTRAINT cases_joined_stands;
ALTER TABLE cases DROP CONSTRAINT cases_disposition_check;
ALTER TABLE cases ADD CONSTRAINT cases_disposition_check CHECK (disposition IN ('served', 'said_no_for_now', 'asked_not_to_be_contacted',
    'not_reached', 'no_safe_way', 'no_program_fits', 'no_place_in_time', 'already_served', 'other_jurisdiction', 'information_given',
    'pregnancy_ended', 'child_died', 'client_died', 'withdrawn_by_referrer', 'entered_in_error'));
DROP INDEX cases_stands_on;
ALTER TABLE cases DROP COLUMN stands_on;
DROP INDEX clients_person;
ALTER TABLE clients DROP COLUMN person_id;
