-- The rest of the life of a case: waiting for a place, what helps beside home visiting, holds, hand-overs, work over many
-- cases, and what ends a pregnancy or a childhood. Nothing of the first migration changes its meaning.

-- +goose Up

-- A family without a place has somebody at the hub who answers for her.
ALTER TABLE cases ADD COLUMN owner_id uuid REFERENCES users (id), ADD COLUMN held_since timestamptz;
ALTER TABLE cases ADD CONSTRAINT cases_waitlisted_is_owned CHECK (status <> 'waitlisted' OR owner_id IS NOT NULL);
COMMENT ON COLUMN cases.held_since IS 'while a hold is open: promises to her wait';
COMMENT ON COLUMN cases.owner_id IS 'the person at the hub who answers for a family that waits';
CREATE INDEX cases_owned ON cases (owner_id) WHERE status = 'waitlisted';
-- Whether an agency serves her already is asked at every move of a case; her closed cases at every referral of her.
CREATE INDEX cases_caregiver ON cases (caregiver_id);
-- Undo opens the tasks again that its move closed.
DROP INDEX tasks_case;
CREATE INDEX tasks_case ON tasks (case_id);

-- How a pregnancy ended, never why.
ALTER TABLE pregnancies ADD COLUMN outcome text CHECK (outcome IN ('birth', 'ended')), ADD COLUMN outcome_on date,
    ADD CHECK (outcome IS NOT NULL OR outcome_on IS NULL);
ALTER TABLE pregnancies ADD COLUMN mother_discharged_on date;
COMMENT ON COLUMN pregnancies.mother_discharged_on IS 'as recorded with the birth; a referral keeps its own';
ALTER TABLE infants ADD COLUMN death_recorded_at timestamptz, ADD COLUMN died_on date,
    ADD CHECK (death_recorded_at IS NOT NULL OR died_on IS NULL);
ALTER TABLE clients ADD COLUMN death_recorded_at timestamptz;

-- A child that lives with somebody else leaves the first caregiver's case, and stays in its history.
ALTER TABLE case_infants ADD COLUMN until timestamptz;

ALTER TABLE enrollments ADD COLUMN came_by text NOT NULL DEFAULT 'claim' CHECK (came_by IN ('claim', 'walk_in', 'import'));
CREATE INDEX enrollments_case ON enrollments (case_id);
COMMENT ON COLUMN enrollments.came_by IS 'the default is for the release before, which knows claims only';

-- Which kept share of the program's places she takes, a code of the rule pack.
ALTER TABLE claims ADD COLUMN set_aside text;
ALTER TABLE enrollments ADD COLUMN set_aside text;

-- A transfer is offered while the family is still served where she is.
ALTER TABLE offers DROP CONSTRAINT offers_kind_check;
ALTER TABLE offers ADD CONSTRAINT offers_kind_check CHECK (kind IN ('direct', 'pool', 'transfer'));
ALTER TABLE claims DROP CONSTRAINT claims_ended_as_check;
ALTER TABLE claims ADD CONSTRAINT claims_ended_as_check
    CHECK (ended_as IN ('enrolled', 'released', 'she_said_no', 'closed', 'undone', 'transferred'));
ALTER TABLE claims ADD COLUMN release_code text;

-- A hold stops promises to her without forgetting them: held ones keep the time that was left.
ALTER TABLE follow_ups DROP CONSTRAINT follow_ups_status_check;
ALTER TABLE follow_ups ADD CONSTRAINT follow_ups_status_check
    CHECK (status IN ('open', 'held', 'handed_over', 'done', 'cancelled', 'dead'));
ALTER TABLE follow_ups ADD COLUMN held_at timestamptz, ADD CHECK ((status = 'held') = (held_at IS NOT NULL));
DROP INDEX follow_ups_one;
CREATE UNIQUE INDEX follow_ups_one ON follow_ups (kind, subject_id) WHERE status IN ('open', 'held', 'handed_over');

-- ---------------------------------------------------------------- waiting

-- Her yes to wait for one program; she may wait for several at once. Her place is the rules' order of the cases that wait,
-- which counts from her referral and not from this row.
CREATE TABLE waitlist_entries (
    id           uuid PRIMARY KEY,
    case_id      uuid NOT NULL REFERENCES cases (id),
    program_id   uuid NOT NULL REFERENCES programs (id),
    joined_at    timestamptz NOT NULL,
    confirmed_at timestamptz NOT NULL,
    ended_at     timestamptz,
    ended_as     text CHECK (ended_as IN ('claimed', 'her_choice', 'no_answer', 'case_closed', 'program_closed', 'withdrawn', 'undone')),
    opened_move  uuid,
    closed_move  uuid,
    CHECK ((ended_at IS NULL) = (ended_as IS NULL))
);
COMMENT ON COLUMN waitlist_entries.confirmed_at IS 'when she last said that she still wants to wait';
CREATE UNIQUE INDEX waitlist_one_open ON waitlist_entries (case_id, program_id) WHERE ended_at IS NULL;
CREATE INDEX waitlist_open ON waitlist_entries (program_id) WHERE ended_at IS NULL;

-- ---------------------------------------------------------------- beside home visiting

-- One other service for her, from sent to received. "Sent" is never help received.
CREATE TABLE connections (
    id              uuid PRIMARY KEY,
    case_id         uuid NOT NULL REFERENCES cases (id),
    client_id       uuid NOT NULL REFERENCES clients (id),
    org_id          uuid NOT NULL REFERENCES organizations (id),
    kind            text NOT NULL CHECK (kind IN ('prenatal_care', 'wic', 'crib', 'bereavement', 'doula', 'groups', 'food', 'housing',
        'income', 'legal', 'mental_health', 'treatment', 'contraception', 'early_intervention', 'quitline', 'transport', 'other')),
    destination     text NOT NULL CHECK (destination <> ''),
    status          text NOT NULL CHECK (status IN ('sent', 'acknowledged', 'received', 'not_received', 'undone')),
    reason          text CHECK (reason IN ('could_not_reach', 'she_declined', 'not_eligible', 'no_capacity', 'waitlisted_there', 'moved',
        'consent_revoked', 'other')),
    consent_how     text NOT NULL CHECK (consent_how IN ('in_person', 'phone', 'signed', 'link')),
    wording_version text NOT NULL,
    language        text NOT NULL,
    sent_at         timestamptz NOT NULL,
    sent_by         uuid NOT NULL,
    acknowledged_at timestamptz,
    settled_at      timestamptz,
    opened_move     uuid,
    closed_move     uuid,
    CHECK ((status = 'not_received') = (reason IS NOT NULL))
);
COMMENT ON COLUMN connections.org_id IS 'the organization that sent it and answers for its end';
CREATE UNIQUE INDEX connections_one_open ON connections (case_id, kind, destination) WHERE settled_at IS NULL;
CREATE INDEX connections_case ON connections (case_id);

-- ---------------------------------------------------------------- holds

CREATE TABLE holds (
    id          uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES cases (id),
    kind        text NOT NULL CHECK (kind IN ('safety', 'bereavement', 'consent', 'client_asked')),
    reason_code text NOT NULL CHECK (reason_code IN ('danger_at_home', 'unsafe_contact', 'loss', 'death', 'consent_in_question',
        'consent_revoked', 'she_asked_for_time', 'hospital_stay', 'other')),
    org_id      uuid NOT NULL REFERENCES organizations (id),
    owner_id    uuid REFERENCES users (id),
    review_on   date NOT NULL,
    placed_at   timestamptz NOT NULL,
    placed_by   uuid NOT NULL,
    lifted_at   timestamptz,
    lifted_by   uuid,
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);
COMMENT ON COLUMN holds.owner_id IS 'NULL: the desk of org_id owns it';
CREATE UNIQUE INDEX holds_one_open ON holds (case_id, kind) WHERE lifted_at IS NULL;
CREATE INDEX holds_case ON holds (case_id, placed_at);

-- ---------------------------------------------------------------- other jurisdictions

CREATE TABLE handovers (
    id              uuid PRIMARY KEY,
    case_id         uuid NOT NULL REFERENCES cases (id),
    jurisdiction    text NOT NULL CHECK (jurisdiction <> ''),
    office          text NOT NULL CHECK (office <> ''),
    how             text NOT NULL CHECK (how IN ('phone', 'fax', 'secure_mail', 'portal', 'in_person')),
    consent_how     text NOT NULL CHECK (consent_how IN ('in_person', 'phone', 'signed', 'link', 'required_form')),
    sent_at         timestamptz NOT NULL,
    sent_by         uuid NOT NULL,
    acknowledged_at timestamptz,
    ended_at        timestamptz,
    ended_as        text CHECK (ended_as IN ('acknowledged', 'not_acknowledged', 'taken_back')),
    opened_move     uuid,
    closed_move     uuid,
    CHECK ((ended_at IS NULL) = (ended_as IS NULL))
);
CREATE UNIQUE INDEX handovers_one_open ON handovers (case_id) WHERE ended_at IS NULL;
CREATE INDEX handovers_case ON handovers (case_id);

-- ---------------------------------------------------------------- work over many cases

-- One request over many cases; each case moves in a transaction of its own, so that a kill in the middle loses none.
CREATE TABLE batches (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('close_program', 'hand_over_caseload')),
    org_id       uuid NOT NULL REFERENCES organizations (id),
    program_id   uuid REFERENCES programs (id),
    from_user    uuid REFERENCES users (id),
    to_user      uuid REFERENCES users (id),
    reason       text NOT NULL,
    requested_at timestamptz NOT NULL,
    requested_by uuid NOT NULL,
    CHECK ((kind = 'close_program') = (program_id IS NOT NULL)),
    CHECK ((kind = 'hand_over_caseload') = (from_user IS NOT NULL AND to_user IS NOT NULL))
);
CREATE TABLE batch_items (
    id       uuid PRIMARY KEY,
    batch_id uuid NOT NULL REFERENCES batches (id),
    case_id  uuid NOT NULL REFERENCES cases (id),
    done_at  timestamptz,
    result   text,
    UNIQUE (batch_id, case_id),
    CHECK ((done_at IS NULL) = (result IS NULL))
);
CREATE INDEX batch_items_open ON batch_items (batch_id) WHERE done_at IS NULL;

-- Families whom a program serves and who did not consent to be named here: enough to know that they are served, no more.
CREATE TABLE served_families (
    id         uuid PRIMARY KEY,
    program_id uuid NOT NULL REFERENCES programs (id),
    org_id     uuid NOT NULL REFERENCES organizations (id),
    match_key  bytea NOT NULL CHECK (octet_length(match_key) = 32),
    listed_at  timestamptz NOT NULL,
    ended_at   timestamptz
);
COMMENT ON COLUMN served_families.match_key IS 'as clients.match_key: hash of the hash of the name, and the birth date';
CREATE UNIQUE INDEX served_families_one ON served_families (program_id, match_key) WHERE ended_at IS NULL;
CREATE INDEX served_families_match ON served_families (match_key) WHERE ended_at IS NULL;

-- ---------------------------------------------------------------- who may

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['waitlist_entries', 'connections', 'holds', 'handovers', 'batches', 'batch_items', 'served_families'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY hub ON %I TO doorstep_hub USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO doorstep_hub', t);
    END LOOP;
    -- an organization's own rows: what another sent her to is not this one's to know
    FOREACH t IN ARRAY ARRAY['connections', 'batches', 'served_families'] LOOP
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO doorstep_app USING (org_id = (SELECT app_org()))', t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app', t);
    END LOOP;
    -- what belongs to a case: the organization that serves the family, in full
    FOREACH t IN ARRAY ARRAY['holds', 'handovers'] LOOP
        EXECUTE format('CREATE POLICY full_case ON %I FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM case_access a
            WHERE a.case_id = %I.case_id AND a.org_id = (SELECT app_org()) AND a.level = ''full'' AND a.until IS NULL))', t, t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app', t);
    END LOOP;
    -- figures
    FOREACH t IN ARRAY ARRAY['waitlist_entries', 'holds', 'connections', 'served_families'] LOOP
        EXECUTE format('CREATE POLICY figures ON %I FOR SELECT TO doorstep_report USING (true)', t);
    END LOOP;
    GRANT SELECT ON waitlist_entries, holds TO doorstep_report;
    GRANT SELECT (id, case_id, org_id, kind, status, sent_at, settled_at) ON connections TO doorstep_report;
    GRANT SELECT (id, program_id, org_id, listed_at, ended_at) ON served_families TO doorstep_report;
END $$;
-- +goose StatementEnd

CREATE POLICY own ON batch_items FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM batches b WHERE b.id = batch_id));
GRANT SELECT ON batch_items TO doorstep_app;

-- Two caregivers may have cases on one episode, and neither may learn of the other. A child is seen through the case that it
-- stands in now; the pregnancy through the case of the parent who carried it.
DROP POLICY full_case ON infants;
CREATE POLICY full_case ON infants FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM case_infants ci
    JOIN case_access a ON a.case_id = ci.case_id WHERE ci.infant_id = infants.id AND ci.until IS NULL
    AND a.org_id = (SELECT app_org()) AND a.level = 'full' AND a.until IS NULL));
DROP POLICY full_case ON pregnancies;
CREATE POLICY full_case ON pregnancies FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM cases c
    JOIN case_access a ON a.case_id = c.id WHERE c.episode_id = pregnancies.episode_id AND c.caregiver_role = 'birth_parent'
    AND a.org_id = (SELECT app_org()) AND a.level = 'full' AND a.until IS NULL));

-- +goose Down
DROP POLICY full_case ON pregnancies;
CREATE POLICY full_case ON pregnancies FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM cases c
    JOIN case_access a ON a.case_id = c.id WHERE c.episode_id = pregnancies.episode_id AND a.org_id = (SELECT app_org())
    AND a.level = 'full' AND a.until IS NULL));
DROP POLICY full_case ON infants;
CREATE POLICY full_case ON infants FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM cases c
    JOIN case_access a ON a.case_id = c.id WHERE c.episode_id = infants.episode_id AND a.org_id = (SELECT app_org())
    AND a.level = 'full' AND a.until IS NULL));
DROP TABLE served_families, batch_items, batches, handovers, holds, connections, waitlist_entries;
UPDATE follow_ups SET status = 'open', held_at = NULL WHERE status = 'held';
DROP INDEX follow_ups_one;
CREATE UNIQUE INDEX follow_ups_one ON follow_ups (kind, subject_id) WHERE status IN ('open', 'handed_over');
ALTER TABLE follow_ups DROP COLUMN held_at, DROP CONSTRAINT follow_ups_status_check;
ALTER TABLE follow_ups ADD CONSTRAINT follow_ups_status_check CHECK (status IN ('open', 'handed_over', 'done', 'cancelled', 'dead'));
ALTER TABLE claims DROP COLUMN release_code, DROP COLUMN set_aside;
DROP INDEX enrollments_case, cases_caregiver, tasks_case;
CREATE INDEX tasks_case ON tasks (case_id) WHERE closed_at IS NULL;
ALTER TABLE enrollments DROP COLUMN came_by, DROP COLUMN set_aside;
ALTER TABLE case_infants DROP COLUMN until;
ALTER TABLE clients DROP COLUMN death_recorded_at;
ALTER TABLE infants DROP COLUMN death_recorded_at, DROP COLUMN died_on;
ALTER TABLE pregnancies DROP COLUMN outcome_on, DROP COLUMN outcome, DROP COLUMN mother_discharged_on;
ALTER TABLE cases DROP COLUMN owner_id, DROP COLUMN held_since;
