-- The record: what Doorstep keeps, and what must be true of it whatever the code does.
-- Business times have no DEFAULT: they come from the clock of the use case. recorded_at is machine time.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION app_org() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULLIF(current_setting('app.org_id', true), '')::uuid $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;

-- A sealed column holds format version 1, key id, nonce, ciphertext and tag, never plain text.
CREATE FUNCTION is_sealed(b bytea) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT b IS NULL OR (octet_length(b) >= 33 AND get_byte(b, 0) = 1) $$;
-- +goose StatementEnd

-- ---------------------------------------------------------------- organizations and people who work

CREATE TABLE calendars (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,
    time_zone   text NOT NULL
);
CREATE TABLE calendar_hours (
    calendar_id uuid NOT NULL REFERENCES calendars (id),
    kind        text NOT NULL CHECK (kind IN ('business', 'urgent')),
    weekday     smallint NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    opens       smallint NOT NULL CHECK (opens BETWEEN 0 AND 1439),
    closes      smallint NOT NULL CHECK (closes BETWEEN 1 AND 1440),
    CHECK (opens < closes),
    PRIMARY KEY (calendar_id, kind, weekday, opens)
);
COMMENT ON COLUMN calendar_hours.opens IS 'minute of the local day';
CREATE TABLE calendar_holidays (
    calendar_id uuid NOT NULL REFERENCES calendars (id),
    day         date NOT NULL,
    name        text NOT NULL,
    PRIMARY KEY (calendar_id, day)
);

CREATE TABLE organizations (
    id              uuid PRIMARY KEY,
    name            text NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('hub', 'hospital', 'clinic', 'agency', 'other')),
    referrer_class  text CHECK (referrer_class IN ('clinical', 'child_welfare', 'court', 'employer', 'school', 'community')),
    legal_status    text NOT NULL CHECK (legal_status IN ('covered_entity', 'business_associate', 'public_health', 'neither')),
    agreement_until date,
    calendar_id     uuid NOT NULL REFERENCES calendars (id),
    created_at      timestamptz NOT NULL,
    closed_at       timestamptz
);
CREATE UNIQUE INDEX organizations_one_hub ON organizations (kind) WHERE kind = 'hub';
COMMENT ON COLUMN organizations.agreement_until IS 'last day of the data agreement; NULL = none: no offer, claim or export';

CREATE TABLE sites (
    id             uuid PRIMARY KEY,
    org_id         uuid NOT NULL REFERENCES organizations (id),
    name           text NOT NULL,
    feedback_email text,
    UNIQUE (org_id, name)
);

CREATE TABLE users (
    id          uuid PRIMARY KEY,
    email       text NOT NULL,
    name        text NOT NULL,
    created_at  timestamptz NOT NULL,
    disabled_at timestamptz
);
CREATE UNIQUE INDEX users_email ON users (lower(email));

CREATE TABLE memberships (
    user_id  uuid NOT NULL REFERENCES users (id),
    org_id   uuid NOT NULL REFERENCES organizations (id),
    role     text NOT NULL CHECK (role IN ('referrer', 'agency_coordinator', 'home_visitor', 'agency_manager',
        'triage_coordinator', 'triage_supervisor', 'program_manager', 'administrator', 'privacy_officer', 'integration')),
    ended_at timestamptz,
    PRIMARY KEY (user_id, org_id, role)
);
CREATE INDEX memberships_org ON memberships (org_id, role) WHERE ended_at IS NULL;

CREATE TABLE api_keys (
    id          uuid PRIMARY KEY,
    org_id      uuid NOT NULL REFERENCES organizations (id),
    site_id     uuid REFERENCES sites (id),
    user_id     uuid REFERENCES users (id),
    role        text NOT NULL,
    label       text NOT NULL,
    lookup      text NOT NULL UNIQUE,
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz,
    revoked_at  timestamptz
);

-- ---------------------------------------------------------------- programs

CREATE TABLE programs (
    id          uuid PRIMARY KEY,
    org_id      uuid NOT NULL REFERENCES organizations (id),
    name        text NOT NULL,
    model       text NOT NULL,
    track       text NOT NULL,
    pack_code   text NOT NULL,
    languages   text[] NOT NULL,
    response_hours smallint CHECK (response_hours BETWEEN 1 AND 240),
    created_at  timestamptz NOT NULL,
    closed_at   timestamptz,
    UNIQUE (org_id, name)
);
COMMENT ON COLUMN programs.pack_code IS 'the program of the rule pack whose eligibility applies';
COMMENT ON COLUMN programs.response_hours IS 'published answer time in business hours; NULL = the pack''s';

CREATE TABLE program_areas (
    program_id uuid NOT NULL REFERENCES programs (id),
    zip        text NOT NULL CHECK (zip ~ '^[0-9]{5}$'),
    PRIMARY KEY (program_id, zip)
);
CREATE INDEX program_areas_zip ON program_areas (zip);

-- In use is never stored: it is counted from claims and enrollments under the program row's lock.
CREATE TABLE capacity_statements (
    id             uuid PRIMARY KEY,
    program_id     uuid NOT NULL REFERENCES programs (id),
    effective_from date NOT NULL,
    funded         integer NOT NULL CHECK (funded >= 0),
    intake         text NOT NULL CHECK (intake IN ('open', 'closed', 'waitlist')),
    confirmed_at   timestamptz NOT NULL,
    confirmed_by   uuid NOT NULL
);
CREATE INDEX capacity_latest ON capacity_statements (program_id, effective_from DESC, confirmed_at DESC);

CREATE TABLE rule_sets (
    id           uuid PRIMARY KEY,
    version      integer NOT NULL UNIQUE CHECK (version > 0),
    pack         text NOT NULL,
    hash         text NOT NULL UNIQUE,
    status       text NOT NULL CHECK (status IN ('draft', 'live', 'retired')),
    source       jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    created_by   uuid NOT NULL,
    effective_at timestamptz
);
CREATE UNIQUE INDEX rule_sets_one_live ON rule_sets (status) WHERE status = 'live';

-- ---------------------------------------------------------------- the family

CREATE TABLE clients (
    id              uuid PRIMARY KEY,
    given_name      text NOT NULL CHECK (given_name <> ''),
    family_name     text NOT NULL CHECK (family_name <> ''),
    date_of_birth   date,
    match_key       bytea,
    spoken_language text,
    read_language   text,
    interpreter     text NOT NULL CHECK (interpreter IN ('yes', 'no', 'unknown')),
    insurance       text NOT NULL,
    do_not_contact  boolean NOT NULL,
    stop_version    integer NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE INDEX clients_match ON clients (match_key);
COMMENT ON COLUMN clients.match_key IS 'hash of normalised name and birth date: exact identity only';

-- Only to measure disparity: never joined by a list, never a fact of a rule.
CREATE TABLE demographics (
    client_id      uuid PRIMARY KEY REFERENCES clients (id),
    race_ethnicity text[] NOT NULL,
    source         text NOT NULL CHECK (source IN ('self_report')),
    asked_by_org   uuid NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE episodes (
    id         uuid PRIMARY KEY,
    created_at timestamptz NOT NULL
);

CREATE TABLE pregnancies (
    episode_id          uuid PRIMARY KEY REFERENCES episodes (id),
    due_on              date,
    dating              text NOT NULL CHECK (dating IN ('due_date', 'last_period', 'weeks', 'unknown')),
    dated_on            date NOT NULL,
    earlier_live_births smallint CHECK (earlier_live_births BETWEEN 0 AND 30),
    CHECK ((dating = 'unknown') = (due_on IS NULL))
);

CREATE TABLE infants (
    id                    uuid PRIMARY KEY,
    episode_id            uuid NOT NULL REFERENCES episodes (id),
    birth_order           smallint NOT NULL CHECK (birth_order BETWEEN 1 AND 9),
    given_name            text,
    born_on               date,
    birth_weight_grams    integer CHECK (birth_weight_grams BETWEEN 100 AND 9999),
    gestation_days        smallint CHECK (gestation_days BETWEEN 100 AND 320),
    nicu                  text NOT NULL CHECK (nicu IN ('yes', 'no', 'unknown')),
    discharged_on         date,
    discharge_expected_on date,
    UNIQUE (episode_id, birth_order)
);

CREATE TABLE cases (
    id               uuid PRIMARY KEY,
    caregiver_id     uuid NOT NULL REFERENCES clients (id),
    caregiver_role   text NOT NULL CHECK (caregiver_role IN
        ('birth_parent', 'other_parent', 'kin', 'foster', 'adoptive', 'guardian')),
    episode_id       uuid NOT NULL REFERENCES episodes (id),
    previous_case_id uuid REFERENCES cases (id),
    status           text NOT NULL CHECK (status IN ('received', 'review', 'outreach', 'offered', 'waitlisted',
        'claimed', 'accepted', 'enrolled', 'closed')),
    stage            text NOT NULL CHECK (stage IN ('prenatal', 'postpartum')),
    first_contact    text NOT NULL CHECK (first_contact IN ('hub', 'agency')),
    review_reasons   text[] NOT NULL,
    band             smallint NOT NULL,
    window_closes_on date,
    next_step        text NOT NULL,
    next_due_at      timestamptz,
    rank_key         text NOT NULL,
    received_at      timestamptz NOT NULL,
    triaged_at       timestamptz,
    reached_at       timestamptz,
    said_yes_at      timestamptz,
    claimed_at       timestamptz,
    first_visit_at   timestamptz,
    enrolled_at      timestamptz,
    completed_at     timestamptz,
    closed_at        timestamptz,
    disposition      text CHECK (disposition IN ('served', 'said_no_for_now', 'asked_not_to_be_contacted', 'not_reached',
        'no_safe_way', 'no_program_fits', 'no_place_in_time', 'already_served', 'other_jurisdiction', 'information_given',
        'pregnancy_ended', 'child_died', 'client_died', 'withdrawn_by_referrer', 'entered_in_error')),
    version          integer NOT NULL,
    CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CHECK ((status = 'closed') = (disposition IS NOT NULL)),
    CHECK (status <> 'enrolled' OR (enrolled_at IS NOT NULL AND first_visit_at IS NOT NULL)),
    CHECK (status <> 'review' OR cardinality(review_reasons) > 0)
);
CREATE UNIQUE INDEX cases_one_open ON cases (caregiver_id, episode_id) WHERE status <> 'closed';
CREATE INDEX cases_work ON cases (status, rank_key) WHERE status <> 'closed';
CREATE INDEX cases_open ON cases (rank_key) WHERE status <> 'closed';
CREATE INDEX cases_received ON cases (received_at);
CREATE INDEX cases_episode ON cases (episode_id);

CREATE TABLE case_infants (
    case_id   uuid NOT NULL REFERENCES cases (id),
    infant_id uuid NOT NULL REFERENCES infants (id),
    PRIMARY KEY (case_id, infant_id)
);

-- One row a change of status; undo reads the newest.
CREATE TABLE case_moves (
    id          uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES cases (id),
    seq         integer NOT NULL,
    action      text NOT NULL,
    from_status text,
    to_status   text NOT NULL,
    actor_kind  text NOT NULL,
    actor_id    uuid NOT NULL,
    actor_org   uuid NOT NULL,
    moved_at    timestamptz NOT NULL,
    before      jsonb,
    undone_at   timestamptz,
    UNIQUE (case_id, seq)
);
COMMENT ON COLUMN case_moves.before IS 'the case row before the move, for undo; no identity';

-- Who may see which case, how much of it, since and until when.
CREATE TABLE case_access (
    id          uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES cases (id),
    org_id      uuid NOT NULL REFERENCES organizations (id),
    level       text NOT NULL CHECK (level IN ('limited', 'full', 'source')),
    since       timestamptz NOT NULL,
    until       timestamptz,
    opened_move uuid,
    closed_move uuid
);
CREATE UNIQUE INDEX case_access_open ON case_access (org_id, case_id, level) WHERE until IS NULL;
CREATE INDEX case_access_case ON case_access (case_id) WHERE until IS NULL;

-- The request as received. Never changed but for a withdrawal by its own referrer.
CREATE TABLE referrals (
    id                  uuid PRIMARY KEY,
    reference           text NOT NULL UNIQUE,
    case_id             uuid NOT NULL REFERENCES cases (id),
    client_id           uuid NOT NULL REFERENCES clients (id),
    org_id              uuid NOT NULL REFERENCES organizations (id),
    site_id             uuid REFERENCES sites (id),
    source_kind         text NOT NULL,
    referrer_class      text NOT NULL,
    channel             text NOT NULL CHECK (channel IN ('api', 'page', 'phone', 'fax', 'paper', 'import')),
    stage               text NOT NULL CHECK (stage IN ('prenatal', 'postpartum')),
    sensitivity         text NOT NULL CHECK (sensitivity IN ('none', 'dv', 'part2')),
    referred_at         timestamptz NOT NULL,
    received_at         timestamptz NOT NULL,
    entered_at          timestamptz NOT NULL,
    consent             text NOT NULL CHECK (consent IN ('yes_in_person', 'signed', 'send_link', 'required_form', 'she_said_no')),
    mother_discharged_on date,
    mother_discharge_expected_on date,
    linked              boolean NOT NULL,
    payload_sealed      bytea NOT NULL CHECK (is_sealed(payload_sealed)),
    note_sealed         bytea CHECK (is_sealed(note_sealed)),
    withdrawn_at        timestamptz
);
CREATE INDEX referrals_case ON referrals (case_id);
CREATE INDEX referrals_source ON referrals (org_id, received_at DESC, id);
CREATE INDEX referrals_received ON referrals (received_at);

-- channel 'phone' or 'email'; what is not known to be safe is not safe.
CREATE TABLE contact_methods (
    id             uuid PRIMARY KEY,
    client_id      uuid NOT NULL REFERENCES clients (id),
    referral_id    uuid NOT NULL REFERENCES referrals (id),
    channel        text NOT NULL CHECK (channel IN ('phone', 'email')),
    value          text NOT NULL,
    safe_call      text NOT NULL CHECK (safe_call IN ('yes', 'no', 'unknown')),
    safe_text      text NOT NULL CHECK (safe_text IN ('yes', 'no', 'unknown')),
    safe_voicemail text NOT NULL CHECK (safe_voicemail IN ('yes', 'no', 'unknown')),
    safe_email     text NOT NULL CHECK (safe_email IN ('yes', 'no', 'unknown')),
    preferred      boolean NOT NULL,
    remarks_sealed bytea CHECK (is_sealed(remarks_sealed)),
    given_at       timestamptz NOT NULL,
    ended_at       timestamptz
);
CREATE INDEX contact_methods_client ON contact_methods (client_id);

CREATE TABLE addresses (
    id             uuid PRIMARY KEY,
    client_id      uuid NOT NULL REFERENCES clients (id),
    referral_id    uuid NOT NULL REFERENCES referrals (id),
    street         text,
    city           text,
    zip            text CHECK (zip ~ '^[0-9]{5}$'),
    safe_mail      text NOT NULL CHECK (safe_mail IN ('yes', 'no', 'unknown')),
    safe_to_visit  text NOT NULL CHECK (safe_to_visit IN ('yes', 'no', 'unknown')),
    announced_only boolean NOT NULL,
    remarks_sealed bytea CHECK (is_sealed(remarks_sealed)),
    given_at       timestamptz NOT NULL,
    ended_at       timestamptz
);
CREATE INDEX addresses_client ON addresses (client_id);

-- gate 1 the hub may receive, 2 the hub may contact her, 3 agencies may know who she is, 4 the program's own.
CREATE TABLE consents (
    id              uuid PRIMARY KEY,
    client_id       uuid NOT NULL REFERENCES clients (id),
    case_id         uuid NOT NULL REFERENCES cases (id),
    gate            smallint NOT NULL CHECK (gate BETWEEN 1 AND 4),
    program_id      uuid REFERENCES programs (id),
    answer          text NOT NULL CHECK (answer IN ('yes', 'no')),
    basis           text NOT NULL CHECK (basis IN ('her_answer', 'required_form', 'care_coordination')),
    how             text NOT NULL CHECK (how IN ('in_person', 'phone', 'signed', 'link', 'not_asked')),
    wording_version text NOT NULL,
    language        text NOT NULL,
    taken_by_org    uuid NOT NULL,
    taken_by        uuid NOT NULL,
    given_at        timestamptz NOT NULL,
    revoked_at      timestamptz,
    opened_move     uuid,
    closed_move     uuid
);
COMMENT ON COLUMN consents.program_id IS 'NULL at gate 3 = any program of the network';
CREATE INDEX consents_case ON consents (case_id, gate, given_at DESC);

CREATE TABLE screenings (
    id          uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES cases (id),
    referral_id uuid NOT NULL REFERENCES referrals (id),
    instrument  text NOT NULL,
    version     text NOT NULL,
    language    text NOT NULL,
    items       jsonb NOT NULL,
    given_on    date,
    done_today  text CHECK (done_today IN ('assessed', 'safety_plan', 'sent_home', 'not_yet'))
);
CREATE INDEX screenings_case ON screenings (case_id);

-- Needs and history as answered; what was not answered has no row and is unknown.
CREATE TABLE answers (
    case_id     uuid NOT NULL REFERENCES cases (id),
    referral_id uuid NOT NULL REFERENCES referrals (id),
    name        text NOT NULL,
    answer      text NOT NULL CHECK (answer IN ('yes', 'no')),
    PRIMARY KEY (case_id, referral_id, name)
);

CREATE TABLE decisions (
    id            uuid PRIMARY KEY,
    case_id       uuid NOT NULL REFERENCES cases (id),
    rule_set_id   uuid NOT NULL REFERENCES rule_sets (id),
    rule_set_hash text NOT NULL,
    cause         text NOT NULL,
    facts         jsonb NOT NULL,
    outcome       jsonb NOT NULL,
    decided_at    timestamptz NOT NULL
);
CREATE INDEX decisions_case ON decisions (case_id, decided_at DESC, id DESC);
CREATE TRIGGER decisions_append_only BEFORE UPDATE OR DELETE ON decisions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE alarms (
    id              uuid PRIMARY KEY,
    case_id         uuid NOT NULL REFERENCES cases (id),
    referral_id     uuid NOT NULL REFERENCES referrals (id),
    kind            text NOT NULL CHECK (kind IN ('self_harm', 'danger')),
    raised_at       timestamptz NOT NULL,
    seen_by_due     timestamptz NOT NULL,
    ladder_step     smallint NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by uuid,
    outcome         text CHECK (outcome IN ('safe_now', 'safety_plan_made', 'emergency_services', 'in_care_of_referrer', 'could_not_reach')),
    outcome_at      timestamptz,
    outcome_by      uuid,
    remarks_sealed  bytea CHECK (is_sealed(remarks_sealed)),
    CHECK ((outcome IS NULL) = (outcome_at IS NULL)),
    CHECK (outcome IS NULL OR acknowledged_at IS NOT NULL)
);
CREATE UNIQUE INDEX alarms_one ON alarms (referral_id, kind);
CREATE INDEX alarms_open ON alarms (raised_at) WHERE outcome IS NULL;
CREATE INDEX alarms_case ON alarms (case_id);

-- ---------------------------------------------------------------- the home-visiting line

-- What an agency may know of a case before it claims: stage, area, interpreter, claim-by. Nothing else is here.
CREATE TABLE offers (
    id           uuid PRIMARY KEY,
    case_id      uuid NOT NULL REFERENCES cases (id),
    org_id       uuid NOT NULL REFERENCES organizations (id),
    program_id   uuid NOT NULL REFERENCES programs (id),
    kind         text NOT NULL CHECK (kind IN ('direct', 'pool')),
    stage        text NOT NULL,
    area         text NOT NULL,
    interpreter  boolean NOT NULL,
    rank_key     text NOT NULL,
    made_at      timestamptz NOT NULL,
    claim_by     timestamptz NOT NULL,
    ended_at     timestamptz,
    ended_as     text CHECK (ended_as IN ('claimed', 'agency_declined', 'she_said_no', 'expired', 'withdrawn')),
    decline_code text,
    opened_move  uuid,
    closed_move  uuid,
    CHECK ((ended_at IS NULL) = (ended_as IS NULL)),
    CHECK (decline_code IS NULL OR ended_as = 'agency_declined')
);
CREATE UNIQUE INDEX offers_one_open ON offers (case_id, program_id) WHERE ended_at IS NULL;
CREATE INDEX offers_pool ON offers (org_id, rank_key, id) WHERE ended_at IS NULL;
CREATE INDEX offers_case ON offers (case_id);

CREATE TABLE claims (
    id          uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES cases (id),
    line        text NOT NULL CHECK (line IN ('home_visiting')),
    program_id  uuid NOT NULL REFERENCES programs (id),
    org_id      uuid NOT NULL REFERENCES organizations (id),
    offer_id    uuid NOT NULL REFERENCES offers (id),
    claimed_at  timestamptz NOT NULL,
    claimed_by  uuid NOT NULL,
    visitor_id  uuid REFERENCES users (id),
    ended_at    timestamptz,
    ended_as    text CHECK (ended_as IN ('enrolled', 'released', 'she_said_no', 'closed', 'undone')),
    opened_move uuid,
    closed_move uuid,
    CHECK ((ended_at IS NULL) = (ended_as IS NULL))
);
CREATE UNIQUE INDEX claims_one_open ON claims (case_id, line) WHERE ended_at IS NULL;
CREATE INDEX claims_promised ON claims (program_id) WHERE ended_at IS NULL;
CREATE INDEX claims_case ON claims (case_id);

CREATE TABLE enrollments (
    id          uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES cases (id),
    program_id  uuid NOT NULL REFERENCES programs (id),
    org_id      uuid NOT NULL REFERENCES organizations (id),
    visitor_id  uuid REFERENCES users (id),
    consent_id  uuid NOT NULL REFERENCES consents (id),
    state       text NOT NULL CHECK (state IN ('on_schedule', 'creative_outreach', 'paused')),
    enrolled_at timestamptz NOT NULL,
    ended_at    timestamptz,
    ended_as    text CHECK (ended_as IN ('completed', 'her_choice', 'lost_contact', 'moved', 'no_longer_eligible',
        'transferred', 'program_closed', 'child_not_with_her', 'pregnancy_ended', 'child_died', 'client_died', 'undone')),
    changeable  boolean,
    opened_move uuid,
    closed_move uuid,
    CHECK ((ended_at IS NULL) = (ended_as IS NULL))
);
CREATE UNIQUE INDEX enrollments_one_open ON enrollments (case_id) WHERE ended_at IS NULL;
CREATE INDEX enrollments_in_use ON enrollments (program_id) WHERE ended_at IS NULL;

CREATE TABLE visits (
    id          uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES cases (id),
    org_id      uuid NOT NULL REFERENCES organizations (id),
    first       boolean NOT NULL,
    place       text NOT NULL CHECK (place IN ('home', 'other_place', 'virtual', 'hospital')),
    planned_for timestamptz,
    status      text NOT NULL CHECK (status IN ('planned', 'completed', 'missed', 'moved', 'cancelled')),
    held_at     timestamptz,
    recorded_by uuid NOT NULL,
    opened_move uuid,
    closed_move uuid,
    CHECK ((status = 'completed') = (held_at IS NOT NULL))
);
CREATE UNIQUE INDEX visits_one_planned_first ON visits (case_id) WHERE first AND status = 'planned';
CREATE INDEX visits_case ON visits (case_id, held_at DESC);

CREATE TABLE attempts (
    id                uuid PRIMARY KEY,
    case_id           uuid NOT NULL REFERENCES cases (id),
    org_id            uuid NOT NULL REFERENCES organizations (id),
    by_id             uuid NOT NULL,
    at                timestamptz NOT NULL,
    channel           text NOT NULL CHECK (channel IN ('call', 'text', 'voicemail', 'email', 'letter', 'visit', 'in_person')),
    outcome           text NOT NULL CHECK (outcome IN ('reached', 'no_answer', 'left_message', 'wrong_number', 'not_in_service',
        'not_home', 'unsafe_to_continue', 'could_not')),
    contact_method_id uuid REFERENCES contact_methods (id),
    next_at           timestamptz,
    remarks_sealed    bytea CHECK (is_sealed(remarks_sealed))
);
CREATE INDEX attempts_case ON attempts (case_id, at);

-- ---------------------------------------------------------------- promises and work

CREATE TABLE follow_ups (
    id          uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES cases (id),
    kind        text NOT NULL,
    subject_id  uuid NOT NULL,
    owed_by     uuid NOT NULL,
    due_at      timestamptz NOT NULL,
    status      text NOT NULL CHECK (status IN ('open', 'handed_over', 'done', 'cancelled', 'dead')),
    opened_move uuid,
    closed_move uuid
);
COMMENT ON COLUMN follow_ups.owed_by IS 'the organization that promised';
CREATE UNIQUE INDEX follow_ups_one ON follow_ups (kind, subject_id) WHERE status IN ('open', 'handed_over');
CREATE INDEX follow_ups_due ON follow_ups (due_at) WHERE status = 'open';
CREATE INDEX follow_ups_case ON follow_ups (case_id);

-- One send through one channel. The address is looked up when it leaves, never stored here.
CREATE TABLE messages (
    id          uuid PRIMARY KEY,
    case_id     uuid NOT NULL REFERENCES cases (id),
    referral_id uuid REFERENCES referrals (id),
    client_id   uuid NOT NULL REFERENCES clients (id),
    audience    text NOT NULL CHECK (audience IN ('referrer', 'client', 'agency')),
    channel     text NOT NULL CHECK (channel IN ('email', 'sms', 'letter', 'webhook')),
    template    text NOT NULL,
    not_before  timestamptz NOT NULL,
    status      text NOT NULL CHECK (status IN ('queued', 'handed_over', 'sending', 'sent', 'in_doubt', 'failed', 'withdrawn', 'not_needed')),
    attempt     integer NOT NULL,
    lease_until timestamptz,
    reason      text,
    sent_at     timestamptz,
    opened_move uuid,
    closed_move uuid
);
CREATE UNIQUE INDEX messages_one ON messages (referral_id, template) WHERE status <> 'withdrawn';
CREATE INDEX messages_due ON messages (not_before) WHERE status = 'queued';
CREATE INDEX messages_sending ON messages (lease_until) WHERE status = 'sending';
CREATE INDEX messages_case ON messages (case_id);

CREATE TABLE tasks (
    id          uuid PRIMARY KEY,
    case_id     uuid REFERENCES cases (id),
    org_id      uuid NOT NULL REFERENCES organizations (id),
    role        text NOT NULL,
    kind        text NOT NULL,
    subject_id  uuid NOT NULL,
    urgent      boolean NOT NULL,
    due_at      timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    closed_at   timestamptz,
    closed_by   uuid,
    closed_as   text CHECK (closed_as IN ('done', 'could_not', 'no_longer_needed')),
    opened_move uuid,
    closed_move uuid,
    CHECK ((closed_at IS NULL) = (closed_as IS NULL))
);
CREATE UNIQUE INDEX tasks_one ON tasks (kind, subject_id) WHERE closed_at IS NULL;
CREATE INDEX tasks_open ON tasks (org_id, urgent DESC, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX tasks_case ON tasks (case_id) WHERE closed_at IS NULL;

-- The durable hand-over to the workers. Machine time only.
CREATE TABLE outbox (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL,
    subject_id  uuid NOT NULL,
    attempt     integer NOT NULL,
    lease_until timestamptz,
    next_at     timestamptz NOT NULL,
    done_at     timestamptz,
    dead_at     timestamptz,
    reason      text,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
CREATE INDEX outbox_ready ON outbox (next_at) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_finished ON outbox (recorded_at) WHERE done_at IS NOT NULL;

CREATE TABLE idempotency_keys (
    org_id      uuid NOT NULL,
    route       text NOT NULL,
    key         text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    body_hash   bytea NOT NULL,
    receipt     bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, route, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (recorded_at);

-- ---------------------------------------------------------------- audit

-- No number and no hash here: one sealer numbers rows by a commit-safe horizon and chains them in batches.
CREATE TABLE audit_events (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('change', 'view', 'refused')),
    org_id      uuid NOT NULL,
    actor_kind  text NOT NULL,
    actor_id    uuid NOT NULL,
    actor_role  text NOT NULL,
    actor_name  text NOT NULL,
    action      text NOT NULL,
    case_id     uuid,
    subject     text NOT NULL,
    subject_id  uuid,
    from_status text,
    to_status   text,
    detail      jsonb NOT NULL,
    at          timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid         xid8 NOT NULL DEFAULT pg_current_xact_id()
);
COMMENT ON COLUMN audit_events.detail IS 'codes and ids only';
CREATE INDEX audit_events_case ON audit_events (case_id, recorded_at);
CREATE INDEX audit_events_xid ON audit_events (xid, id);

CREATE TABLE audit_batches (
    batch     bigint PRIMARY KEY CHECK (batch > 0),
    first_seq bigint NOT NULL,
    last_seq  bigint NOT NULL,
    horizon   xid8 NOT NULL,
    prev_hash bytea NOT NULL,
    hash      bytea NOT NULL CHECK (octet_length(hash) = 32),
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (last_seq >= first_seq - 1)
);

CREATE TABLE audit_seals (
    seq      bigint PRIMARY KEY CHECK (seq > 0),
    event_id uuid NOT NULL UNIQUE,
    batch    bigint NOT NULL REFERENCES audit_batches (batch),
    hash     bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE INDEX audit_seals_batch ON audit_seals (batch);

CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE ON audit_seals
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_batches_append_only BEFORE UPDATE OR DELETE ON audit_batches
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- who may: row-level security

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO doorstep_app, doorstep_hub, doorstep_report', current_schema());
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'goose_db_version' LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY hub ON %I TO doorstep_hub USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO doorstep_hub', t);
    END LOOP;
    -- what is never changed, by nobody
    FOREACH t IN ARRAY ARRAY['audit_events', 'audit_seals', 'audit_batches', 'decisions'] LOOP
        EXECUTE format('REVOKE UPDATE ON %I FROM doorstep_hub', t);
    END LOOP;
    REVOKE UPDATE ON referrals FROM doorstep_hub;
    GRANT UPDATE (withdrawn_at) ON referrals TO doorstep_hub;
    GRANT DELETE ON idempotency_keys, outbox TO doorstep_hub;

    -- shared reference data
    FOREACH t IN ARRAY ARRAY['calendars', 'calendar_hours', 'calendar_holidays'] LOOP
        EXECUTE format('CREATE POLICY everyone ON %I FOR SELECT TO doorstep_app USING (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app', t);
    END LOOP;
    -- an organization's own rows
    FOREACH t IN ARRAY ARRAY['sites', 'programs', 'offers', 'claims', 'enrollments', 'referrals', 'tasks', 'case_access'] LOOP
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO doorstep_app USING (org_id = (SELECT app_org()))', t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app', t);
    END LOOP;
    -- what belongs to a case: the organization that serves the family, in full
    FOREACH t IN ARRAY ARRAY['case_infants', 'case_moves', 'consents', 'visits', 'attempts'] LOOP
        EXECUTE format('CREATE POLICY full_case ON %I FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM case_access a
            WHERE a.case_id = %I.case_id AND a.org_id = (SELECT app_org()) AND a.level = ''full'' AND a.until IS NULL))', t, t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app', t);
    END LOOP;
    -- what belongs to the person: likewise, through her case
    FOREACH t IN ARRAY ARRAY['contact_methods', 'addresses'] LOOP
        EXECUTE format('CREATE POLICY full_case ON %I FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM cases c
            JOIN case_access a ON a.case_id = c.id WHERE c.caregiver_id = %I.client_id AND a.org_id = (SELECT app_org())
            AND a.level = ''full'' AND a.until IS NULL))', t, t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app', t);
    END LOOP;
    -- what belongs to the episode
    FOREACH t IN ARRAY ARRAY['pregnancies', 'infants'] LOOP
        EXECUTE format('CREATE POLICY full_case ON %I FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM cases c
            JOIN case_access a ON a.case_id = c.id WHERE c.episode_id = %I.episode_id AND a.org_id = (SELECT app_org())
            AND a.level = ''full'' AND a.until IS NULL))', t, t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app', t);
    END LOOP;
    -- figures
    FOREACH t IN ARRAY ARRAY['cases', 'case_moves', 'claims', 'enrollments', 'visits', 'programs', 'organizations', 'offers'] LOOP
        EXECUTE format('CREATE POLICY figures ON %I FOR SELECT TO doorstep_report USING (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_report', t);
    END LOOP;
END $$;
-- +goose StatementEnd

CREATE POLICY own ON organizations FOR SELECT TO doorstep_app USING (id = (SELECT app_org()));
GRANT SELECT ON organizations TO doorstep_app;
CREATE POLICY own ON attempts FOR SELECT TO doorstep_app USING (org_id = (SELECT app_org()));
CREATE POLICY own ON visits FOR SELECT TO doorstep_app USING (org_id = (SELECT app_org()));
CREATE POLICY own ON program_areas FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM programs p WHERE p.id = program_id));
CREATE POLICY own ON capacity_statements FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM programs p WHERE p.id = program_id));
GRANT SELECT ON program_areas, capacity_statements TO doorstep_app;
CREATE POLICY full_case ON clients FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM cases c
    JOIN case_access a ON a.case_id = c.id WHERE c.caregiver_id = clients.id AND a.org_id = (SELECT app_org())
    AND a.level = 'full' AND a.until IS NULL));
GRANT SELECT ON clients TO doorstep_app;

-- A case row shows no identity. Any level may read it; nobody but the hub may change it, yet everyone may lock it: the lock
-- taken in the actor's own role is the proof of scope, and needs an UPDATE policy that lets no row through.
CREATE POLICY granted ON cases FOR SELECT TO doorstep_app USING (EXISTS (SELECT 1 FROM case_access a
    WHERE a.case_id = cases.id AND a.org_id = (SELECT app_org()) AND a.until IS NULL));
CREATE POLICY lockable ON cases FOR UPDATE TO doorstep_app USING (EXISTS (SELECT 1 FROM case_access a
    WHERE a.case_id = cases.id AND a.org_id = (SELECT app_org()) AND a.until IS NULL)) WITH CHECK (false);
GRANT SELECT, UPDATE (version) ON cases TO doorstep_app;

CREATE POLICY own ON audit_events FOR INSERT TO doorstep_app WITH CHECK (org_id = (SELECT app_org()));
GRANT INSERT ON audit_events TO doorstep_app;
CREATE POLICY own ON idempotency_keys TO doorstep_app USING (org_id = (SELECT app_org())) WITH CHECK (org_id = (SELECT app_org()));
GRANT SELECT, INSERT ON idempotency_keys TO doorstep_app;

CREATE POLICY figures ON referrals FOR SELECT TO doorstep_report USING (true);
GRANT SELECT (id, case_id, org_id, site_id, source_kind, referrer_class, channel, stage, referred_at, received_at, entered_at, linked, withdrawn_at)
    ON referrals TO doorstep_report;

-- readiness compares the applied version with the binary's
GRANT SELECT ON goose_db_version TO doorstep_app;

-- +goose Down
-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'goose_db_version' LOOP
        EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', t);
    END LOOP;
    DROP FUNCTION IF EXISTS refuse_change(), is_sealed(bytea), app_org();
END $$;
-- +goose StatementEnd
