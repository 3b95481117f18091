-- Written from the catalog of a migrated database (make schema). Never edit it: write a migration.

CREATE EXTENSION fuzzystrmatch;

CREATE EXTENSION pg_trgm;

CREATE EXTENSION unaccent;

CREATE OR REPLACE FUNCTION app_org()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ SELECT NULLIF(current_setting('app.org_id', true), '')::uuid $function$
;

CREATE OR REPLACE FUNCTION is_sealed(b bytea)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ SELECT b IS NULL OR (octet_length(b) >= 33 AND get_byte(b, 0) = 1) $function$
;

CREATE OR REPLACE FUNCTION name_codes(given text, family text, born date)
 RETURNS text[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
        DECLARE
            word text := split_part(public.plain_name(given), ' ', 1);
            first text := coalesce(nullif(public.dmetaphone(word), ''), word);
            part text;
            codes text[] := '{}';
        BEGIN
            FOREACH word IN ARRAY string_to_array(public.plain_name(family), ' ') LOOP
                CONTINUE WHEN word IN ('de', 'del', 'la', 'las', 'los', 'al', 'el', 'van', 'von');
                part := coalesce(nullif(public.dmetaphone(word), ''), word);
                codes := codes || ('n' || least(first, part) || '.' || greatest(first, part));
                IF born IS NOT NULL THEN
                    codes := codes || ('y' || date_part('year', born) || left(first, 1) || '.' || part)
                        || ('d' || date_part('month', born) || '-' || date_part('day', born) || '.' || part);
                END IF;
            END LOOP;
            RETURN codes;
        END $function$
;

CREATE OR REPLACE FUNCTION plain_name(name text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
        BEGIN
            RETURN btrim(regexp_replace(lower(public.unaccent('public.unaccent', translate(name, '''’‘ʼ`´', ''))), '[[:space:][:punct:]]+', ' ', 'g'));
        END $function$
;

CREATE OR REPLACE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $function$
;

CREATE OR REPLACE FUNCTION refuse_rule(why text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION '%', why USING ERRCODE = 'check_violation', CONSTRAINT = 'rule_gate';
END $function$
;

CREATE OR REPLACE FUNCTION rule_approval_gate()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE found record;
BEGIN
    SELECT n.written_by, r.created_by, v.seen_at >= s.finished_at AND s.state = 'done' AS seen INTO found
        FROM rule_notes n JOIN rule_simulations s ON s.id = n.simulation_id JOIN rule_sets r ON r.id = s.rule_set_id
        LEFT JOIN rule_simulation_views v ON v.simulation_id = s.id AND v.user_id = NEW.approved_by WHERE n.id = NEW.note_id;
    IF NEW.approved_by IN (found.written_by, found.created_by) THEN
        PERFORM refuse_rule('a second person approves: not the author, and not who wrote the equity note');
    END IF;
    IF found.seen IS NOT TRUE THEN
        PERFORM refuse_rule('who approves must have seen the finished simulation');
    END IF;
    RETURN NEW;
END $function$
;

CREATE OR REPLACE FUNCTION rule_note_gate()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM rule_simulation_views v JOIN rule_simulations s ON s.id = v.simulation_id
        WHERE s.id = NEW.simulation_id AND s.state = 'done' AND v.user_id = NEW.written_by AND v.seen_at >= s.finished_at) THEN
        PERFORM refuse_rule('an equity note is written by who has seen the finished simulation');
    END IF;
    RETURN NEW;
END $function$
;

CREATE OR REPLACE FUNCTION rule_release_gate()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    live uuid;
    next record;
BEGIN
    PERFORM pg_advisory_xact_lock(7305164002); -- two releases at once: the second sees what the first made live
    NEW.xid := pg_current_xact_id();
    SELECT id INTO live FROM rule_sets WHERE status = 'live';
    SELECT status, hash INTO next FROM rule_sets WHERE id = NEW.rule_set_id;
    IF NEW.replaced_id IS DISTINCT FROM live THEN
        PERFORM refuse_rule('another version went live meanwhile');
    END IF;
    IF NEW.kind = 'rollback' THEN
        IF next.status <> 'retired' THEN
            PERFORM refuse_rule('only a version that was live before can come back');
        END IF;
        RETURN NEW;
    END IF;
    IF next.status <> 'draft' THEN
        PERFORM refuse_rule('only a draft is released');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM rule_approvals a JOIN rule_notes n ON n.id = a.note_id JOIN rule_simulations s ON s.id = n.simulation_id
        JOIN rule_simulation_views v ON v.simulation_id = s.id AND v.user_id = NEW.released_by AND v.seen_at >= s.finished_at
        WHERE a.id = NEW.approval_id AND s.rule_set_id = NEW.rule_set_id AND s.hash = next.hash AND s.against_id = live AND s.state = 'done') THEN
        PERFORM refuse_rule('a release names an approval of this text, simulated against what is live, by somebody who has seen it');
    END IF;
    RETURN NEW;
END $function$
;

CREATE OR REPLACE FUNCTION rule_release_swap()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    UPDATE rule_sets SET status = 'retired', retired_at = NEW.released_at WHERE id = NEW.replaced_id;
    UPDATE rule_sets SET status = 'live', effective_at = NEW.released_at, retired_at = NULL WHERE id = NEW.rule_set_id;
    RETURN NULL;
END $function$
;

CREATE OR REPLACE FUNCTION rule_set_gate()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' AND EXISTS (SELECT 1 FROM rule_sets) THEN -- the first of an installation has nothing to be compared with
            PERFORM refuse_rule('a rule set begins as a draft');
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.version, NEW.pack, NEW.hash, NEW.source, NEW.title, NEW.note, NEW.based_on, NEW.created_at, NEW.created_by)
        IS DISTINCT FROM (OLD.id, OLD.version, OLD.pack, OLD.hash, OLD.source, OLD.title, OLD.note, OLD.based_on, OLD.created_at, OLD.created_by) THEN
        PERFORM refuse_rule('a rule set is never changed: write a new version');
    END IF;
    IF NEW.status = 'draft' AND OLD.status <> 'draft' OR NEW.status = 'retired' AND OLD.status = 'draft' THEN
        PERFORM refuse_rule('a rule set goes from draft to live to retired');
    END IF;
    -- When it was in force changes with its status; without live rules a person would have to read every referral.
    IF (NEW.status, NEW.effective_at, NEW.retired_at) IS DISTINCT FROM (OLD.status, OLD.effective_at, OLD.retired_at)
        AND NOT EXISTS (SELECT 1 FROM rule_releases WHERE NEW.id IN (rule_set_id, replaced_id) AND xid = pg_current_xact_id()) THEN
        PERFORM refuse_rule('a rule set goes live, or is replaced, by a release');
    END IF;
    RETURN NEW;
END $function$
;

CREATE OR REPLACE FUNCTION rule_simulation_gate()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waiting' OR NEW.done <> 0 OR NOT EXISTS (SELECT 1 FROM rule_sets a, rule_sets b
            WHERE a.id = NEW.rule_set_id AND a.hash = NEW.hash AND b.id = NEW.against_id AND b.hash = NEW.against_hash) THEN
            PERFORM refuse_rule('a simulation begins with nothing counted, and names two texts as they are stored');
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('done', 'failed') OR NEW.done < OLD.done OR (NEW.rule_set_id, NEW.hash, NEW.against_id, NEW.against_hash, NEW.days, NEW.asked_at, NEW.asked_by)
        IS DISTINCT FROM (OLD.rule_set_id, OLD.hash, OLD.against_id, OLD.against_hash, OLD.days, OLD.asked_at, OLD.asked_by) THEN
        PERFORM refuse_rule('a finished simulation is not changed');
    END IF;
    RETURN NEW;
END $function$
;

CREATE TABLE account_letters (
    id uuid NOT NULL,
    kind text NOT NULL,
    user_id uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    token_hash bytea,
    expires_at timestamp with time zone,
    used_at timestamp with time zone,
    CONSTRAINT account_letters_check CHECK (((token_hash IS NULL) = (expires_at IS NULL))),
    CONSTRAINT account_letters_kind_check CHECK ((kind = ANY (ARRAY['invitation'::text, 'reset'::text]))),
    CONSTRAINT account_letters_token_hash_check CHECK ((octet_length(token_hash) = 32)),
    CONSTRAINT account_letters_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
    CONSTRAINT account_letters_pkey PRIMARY KEY (id),
    CONSTRAINT account_letters_token_hash_key UNIQUE (token_hash)
);
COMMENT ON COLUMN account_letters.token_hash IS 'NULL until the letter leaves: the token is made as it does, so that no table ever holds it';
CREATE INDEX account_letters_asked ON account_letters USING btree (asked_at);
CREATE INDEX account_letters_user ON account_letters USING btree (user_id, asked_at);
ALTER TABLE account_letters ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON account_letters FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT DELETE, INSERT, SELECT, UPDATE ON account_letters TO doorstep_hub;

CREATE TABLE addresses (
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    referral_id uuid,
    street text,
    city text,
    zip text,
    safe_mail text NOT NULL,
    safe_to_visit text NOT NULL,
    announced_only boolean NOT NULL,
    remarks_sealed bytea,
    given_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    whose text NOT NULL DEFAULT 'hers'::text,
    hours jsonb NOT NULL DEFAULT '[]'::jsonb,
    asking_sealed bytea,
    told_by text NOT NULL DEFAULT 'referrer'::text,
    given_by uuid,
    given_by_org uuid,
    replaces_id uuid,
    verified_at timestamp with time zone,
    verified_by uuid,
    ended_by uuid,
    ended_as text,
    CONSTRAINT addresses_asking_sealed_check CHECK (is_sealed(asking_sealed)),
    CONSTRAINT addresses_ended_as_check CHECK ((ended_as = ANY (ARRAY['replaced'::text, 'wrong_number'::text, 'not_in_service'::text, 'not_hers'::text, 'moved'::text, 'she_said'::text, 'entered_in_error'::text]))),
    CONSTRAINT addresses_hours_check CHECK ((jsonb_typeof(hours) = 'array'::text)),
    CONSTRAINT addresses_remarks_sealed_check CHECK (is_sealed(remarks_sealed)),
    CONSTRAINT addresses_safe_mail_check CHECK ((safe_mail = ANY (ARRAY['yes'::text, 'no'::text, 'unknown'::text]))),
    CONSTRAINT addresses_safe_to_visit_check CHECK ((safe_to_visit = ANY (ARRAY['yes'::text, 'no'::text, 'unknown'::text]))),
    CONSTRAINT addresses_told_by_check CHECK ((told_by = ANY (ARRAY['her'::text, 'referrer'::text, 'other'::text]))),
    CONSTRAINT addresses_whose_check CHECK ((whose = ANY (ARRAY['hers'::text, 'guardian'::text, 'trusted'::text]))),
    CONSTRAINT addresses_zip_check CHECK ((zip ~ '^[0-9]{5}$'::text)),
    CONSTRAINT addresses_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT addresses_given_by_org_fkey FOREIGN KEY (given_by_org) REFERENCES organizations(id),
    CONSTRAINT addresses_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
    CONSTRAINT addresses_replaces_id_fkey FOREIGN KEY (replaces_id) REFERENCES addresses(id),
    CONSTRAINT addresses_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN addresses.asking_sealed IS 'ask-for name, code word, who may answer';
COMMENT ON COLUMN addresses.verified_at IS 'NULL: not since it was given; contact_checks holds every check';
CREATE INDEX addresses_client ON addresses USING btree (client_id);
CREATE INDEX addresses_home ON addresses USING btree (zip, "substring"(street, '[0-9]+'::text), client_id);
ALTER TABLE addresses ENABLE ROW LEVEL SECURITY;
CREATE POLICY full_case ON addresses FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM (cases c JOIN case_access a ON ((a.case_id = c.id))) WHERE ((c.caregiver_id = addresses.client_id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON addresses FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON addresses TO doorstep_app;
GRANT INSERT, SELECT, UPDATE (ended_at, verified_at, verified_by, ended_by, ended_as) ON addresses TO doorstep_hub;

CREATE TABLE alarms (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    kind text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    seen_by_due timestamp with time zone NOT NULL,
    ladder_step smallint NOT NULL,
    acknowledged_at timestamp with time zone,
    acknowledged_by uuid,
    outcome text,
    outcome_at timestamp with time zone,
    outcome_by uuid,
    remarks_sealed bytea,
    CONSTRAINT alarms_check CHECK (((outcome IS NULL) = (outcome_at IS NULL))),
    CONSTRAINT alarms_check1 CHECK (((outcome IS NULL) OR (acknowledged_at IS NOT NULL))),
    CONSTRAINT alarms_kind_check CHECK ((kind = ANY (ARRAY['self_harm'::text, 'danger'::text]))),
    CONSTRAINT alarms_outcome_check CHECK ((outcome = ANY (ARRAY['safe_now'::text, 'safety_plan_made'::text, 'emergency_services'::text, 'in_care_of_referrer'::text, 'could_not_reach'::text]))),
    CONSTRAINT alarms_remarks_sealed_check CHECK (is_sealed(remarks_sealed)),
    CONSTRAINT alarms_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT alarms_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
    CONSTRAINT alarms_pkey PRIMARY KEY (id)
);
CREATE INDEX alarms_case ON alarms USING btree (case_id);
CREATE UNIQUE INDEX alarms_one ON alarms USING btree (referral_id, kind);
CREATE INDEX alarms_open ON alarms USING btree (raised_at) WHERE (outcome IS NULL);
ALTER TABLE alarms ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON alarms FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON alarms TO doorstep_hub;

CREATE TABLE answers (
    case_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    name text NOT NULL,
    answer text NOT NULL,
    CONSTRAINT answers_answer_check CHECK ((answer = ANY (ARRAY['yes'::text, 'no'::text]))),
    CONSTRAINT answers_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT answers_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
    CONSTRAINT answers_pkey PRIMARY KEY (case_id, referral_id, name)
);
ALTER TABLE answers ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON answers FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON answers TO doorstep_hub;

CREATE TABLE api_keys (
    id uuid NOT NULL,
    org_id uuid NOT NULL,
    site_id uuid,
    user_id uuid,
    role text NOT NULL,
    label text NOT NULL,
    lookup text NOT NULL,
    secret_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT api_keys_secret_hash_check CHECK ((octet_length(secret_hash) = 32)),
    CONSTRAINT api_keys_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT api_keys_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    CONSTRAINT api_keys_lookup_key UNIQUE (lookup)
);
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON api_keys FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON api_keys TO doorstep_hub;

CREATE TABLE attempts (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    org_id uuid NOT NULL,
    by_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    channel text NOT NULL,
    outcome text NOT NULL,
    contact_method_id uuid,
    next_at timestamp with time zone,
    remarks_sealed bytea,
    address_id uuid,
    announced boolean NOT NULL DEFAULT false,
    opened_move uuid,
    taken_back_at timestamp with time zone,
    checked_before timestamp with time zone,
    checked_before_by uuid,
    CONSTRAINT attempts_channel_check CHECK ((channel = ANY (ARRAY['call'::text, 'text'::text, 'voicemail'::text, 'email'::text, 'letter'::text, 'visit'::text, 'in_person'::text]))),
    CONSTRAINT attempts_outcome_check CHECK ((outcome = ANY (ARRAY['reached'::text, 'no_answer'::text, 'left_message'::text, 'wrong_number'::text, 'not_in_service'::text, 'not_home'::text, 'unsafe_to_continue'::text, 'could_not'::text]))),
    CONSTRAINT attempts_remarks_sealed_check CHECK (is_sealed(remarks_sealed)),
    CONSTRAINT attempts_address_id_fkey FOREIGN KEY (address_id) REFERENCES addresses(id),
    CONSTRAINT attempts_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT attempts_contact_method_id_fkey FOREIGN KEY (contact_method_id) REFERENCES contact_methods(id),
    CONSTRAINT attempts_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT attempts_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN attempts.checked_before IS 'when its way had been known to be right before this try; taking the try back puts it back';
CREATE INDEX attempts_case ON attempts USING btree (case_id, at);
ALTER TABLE attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY full_case ON attempts FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM case_access a WHERE ((a.case_id = attempts.case_id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON attempts FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON attempts FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON attempts TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON attempts TO doorstep_hub;

CREATE TABLE audit_batches (
    batch bigint NOT NULL,
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL,
    horizon xid8 NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT audit_batches_batch_check CHECK ((batch > 0)),
    CONSTRAINT audit_batches_check CHECK ((last_seq >= (first_seq - 1))),
    CONSTRAINT audit_batches_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT audit_batches_pkey PRIMARY KEY (batch)
);
CREATE TRIGGER audit_batches_append_only BEFORE DELETE OR UPDATE ON audit_batches FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_batches ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON audit_batches FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON audit_batches TO doorstep_hub;

CREATE TABLE audit_events (
    id uuid NOT NULL,
    kind text NOT NULL,
    org_id uuid NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid NOT NULL,
    actor_role text NOT NULL,
    actor_name text NOT NULL,
    action text NOT NULL,
    case_id uuid,
    subject text NOT NULL,
    subject_id uuid,
    from_status text,
    to_status text,
    detail jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT audit_events_kind_check CHECK ((kind = ANY (ARRAY['change'::text, 'view'::text, 'refused'::text]))),
    CONSTRAINT audit_events_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN audit_events.detail IS 'codes and ids only';
CREATE INDEX audit_events_actor ON audit_events USING btree (actor_id, recorded_at);
CREATE INDEX audit_events_case ON audit_events USING btree (case_id, recorded_at);
CREATE INDEX audit_events_shown ON audit_events USING gin (((detail -> 'shown'::text))) WHERE (subject = 'list'::text);
CREATE INDEX audit_events_time ON audit_events USING btree (recorded_at, id);
CREATE INDEX audit_events_xid ON audit_events USING btree (xid, id);
CREATE TRIGGER audit_events_append_only BEFORE DELETE OR UPDATE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON audit_events FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON audit_events FOR INSERT TO doorstep_app WITH CHECK ((org_id = ( SELECT app_org() AS app_org)));
GRANT INSERT ON audit_events TO doorstep_app;
GRANT INSERT, SELECT ON audit_events TO doorstep_hub;

CREATE TABLE audit_seals (
    seq bigint NOT NULL,
    event_id uuid NOT NULL,
    batch bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_seals_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT audit_seals_seq_check CHECK ((seq > 0)),
    CONSTRAINT audit_seals_batch_fkey FOREIGN KEY (batch) REFERENCES audit_batches(batch),
    CONSTRAINT audit_seals_pkey PRIMARY KEY (seq),
    CONSTRAINT audit_seals_event_id_key UNIQUE (event_id)
);
CREATE INDEX audit_seals_batch ON audit_seals USING btree (batch);
CREATE TRIGGER audit_seals_append_only BEFORE DELETE OR UPDATE ON audit_seals FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_seals ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON audit_seals FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON audit_seals TO doorstep_hub;

CREATE TABLE batch_items (
    id uuid NOT NULL,
    batch_id uuid NOT NULL,
    case_id uuid NOT NULL,
    done_at timestamp with time zone,
    result text,
    CONSTRAINT batch_items_check CHECK (((done_at IS NULL) = (result IS NULL))),
    CONSTRAINT batch_items_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES batches(id),
    CONSTRAINT batch_items_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT batch_items_pkey PRIMARY KEY (id),
    CONSTRAINT batch_items_batch_id_case_id_key UNIQUE (batch_id, case_id)
);
CREATE INDEX batch_items_open ON batch_items USING btree (batch_id) WHERE (done_at IS NULL);
ALTER TABLE batch_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON batch_items FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON batch_items FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM batches b WHERE (b.id = batch_items.batch_id))));
GRANT SELECT ON batch_items TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON batch_items TO doorstep_hub;

CREATE TABLE batches (
    id uuid NOT NULL,
    kind text NOT NULL,
    org_id uuid NOT NULL,
    program_id uuid,
    from_user uuid,
    to_user uuid,
    reason text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    requested_by uuid NOT NULL,
    CONSTRAINT batches_check CHECK (((kind = 'close_program'::text) = (program_id IS NOT NULL))),
    CONSTRAINT batches_check1 CHECK (((kind = 'hand_over_caseload'::text) = ((from_user IS NOT NULL) AND (to_user IS NOT NULL)))),
    CONSTRAINT batches_kind_check CHECK ((kind = ANY (ARRAY['close_program'::text, 'hand_over_caseload'::text]))),
    CONSTRAINT batches_from_user_fkey FOREIGN KEY (from_user) REFERENCES users(id),
    CONSTRAINT batches_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT batches_program_id_fkey FOREIGN KEY (program_id) REFERENCES programs(id),
    CONSTRAINT batches_to_user_fkey FOREIGN KEY (to_user) REFERENCES users(id),
    CONSTRAINT batches_pkey PRIMARY KEY (id)
);
ALTER TABLE batches ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON batches FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON batches FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON batches TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON batches TO doorstep_hub;

CREATE TABLE calendar_holidays (
    calendar_id uuid NOT NULL,
    day date NOT NULL,
    name text NOT NULL,
    CONSTRAINT calendar_holidays_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES calendars(id),
    CONSTRAINT calendar_holidays_pkey PRIMARY KEY (calendar_id, day)
);
ALTER TABLE calendar_holidays ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON calendar_holidays FOR SELECT TO doorstep_app USING (true);
CREATE POLICY hub ON calendar_holidays FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON calendar_holidays TO doorstep_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON calendar_holidays TO doorstep_hub;

CREATE TABLE calendar_hours (
    calendar_id uuid NOT NULL,
    kind text NOT NULL,
    weekday smallint NOT NULL,
    opens smallint NOT NULL,
    closes smallint NOT NULL,
    CONSTRAINT calendar_hours_check CHECK ((opens < closes)),
    CONSTRAINT calendar_hours_closes_check CHECK (((closes >= 1) AND (closes <= 1440))),
    CONSTRAINT calendar_hours_kind_check CHECK ((kind = ANY (ARRAY['business'::text, 'urgent'::text]))),
    CONSTRAINT calendar_hours_opens_check CHECK (((opens >= 0) AND (opens <= 1439))),
    CONSTRAINT calendar_hours_weekday_check CHECK (((weekday >= 0) AND (weekday <= 6))),
    CONSTRAINT calendar_hours_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES calendars(id),
    CONSTRAINT calendar_hours_pkey PRIMARY KEY (calendar_id, kind, weekday, opens)
);
COMMENT ON COLUMN calendar_hours.opens IS 'minute of the local day';
ALTER TABLE calendar_hours ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON calendar_hours FOR SELECT TO doorstep_app USING (true);
CREATE POLICY hub ON calendar_hours FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON calendar_hours TO doorstep_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON calendar_hours TO doorstep_hub;

CREATE TABLE calendars (
    id uuid NOT NULL,
    name text NOT NULL,
    time_zone text NOT NULL,
    CONSTRAINT calendars_pkey PRIMARY KEY (id)
);
ALTER TABLE calendars ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON calendars FOR SELECT TO doorstep_app USING (true);
CREATE POLICY hub ON calendars FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON calendars TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON calendars TO doorstep_hub;

CREATE TABLE capacity_statements (
    id uuid NOT NULL,
    program_id uuid NOT NULL,
    effective_from date NOT NULL,
    funded integer NOT NULL,
    intake text NOT NULL,
    confirmed_at timestamp with time zone NOT NULL,
    confirmed_by uuid NOT NULL,
    CONSTRAINT capacity_statements_funded_check CHECK ((funded >= 0)),
    CONSTRAINT capacity_statements_intake_check CHECK ((intake = ANY (ARRAY['open'::text, 'closed'::text, 'waitlist'::text]))),
    CONSTRAINT capacity_statements_program_id_fkey FOREIGN KEY (program_id) REFERENCES programs(id),
    CONSTRAINT capacity_statements_pkey PRIMARY KEY (id)
);
CREATE INDEX capacity_latest ON capacity_statements USING btree (program_id, effective_from DESC, confirmed_at DESC);
ALTER TABLE capacity_statements ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON capacity_statements FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON capacity_statements FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM programs p WHERE (p.id = capacity_statements.program_id))));
GRANT SELECT ON capacity_statements TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON capacity_statements TO doorstep_hub;

CREATE TABLE case_access (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    org_id uuid NOT NULL,
    level text NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    opened_move uuid,
    closed_move uuid,
    CONSTRAINT case_access_level_check CHECK ((level = ANY (ARRAY['limited'::text, 'full'::text, 'source'::text]))),
    CONSTRAINT case_access_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT case_access_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT case_access_pkey PRIMARY KEY (id)
);
CREATE INDEX case_access_case ON case_access USING btree (case_id) WHERE (until IS NULL);
CREATE UNIQUE INDEX case_access_open ON case_access USING btree (org_id, case_id, level) WHERE (until IS NULL);
ALTER TABLE case_access ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON case_access FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON case_access FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON case_access TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON case_access TO doorstep_hub;

CREATE TABLE case_infants (
    case_id uuid NOT NULL,
    infant_id uuid NOT NULL,
    until timestamp with time zone,
    CONSTRAINT case_infants_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT case_infants_infant_id_fkey FOREIGN KEY (infant_id) REFERENCES infants(id),
    CONSTRAINT case_infants_pkey PRIMARY KEY (case_id, infant_id)
);
ALTER TABLE case_infants ENABLE ROW LEVEL SECURITY;
CREATE POLICY full_case ON case_infants FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM case_access a WHERE ((a.case_id = case_infants.case_id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON case_infants FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON case_infants TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON case_infants TO doorstep_hub;

CREATE TABLE case_moves (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    seq integer NOT NULL,
    action text NOT NULL,
    from_status text,
    to_status text NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid NOT NULL,
    actor_org uuid NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    before jsonb,
    undone_at timestamp with time zone,
    CONSTRAINT case_moves_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT case_moves_pkey PRIMARY KEY (id),
    CONSTRAINT case_moves_case_id_seq_key UNIQUE (case_id, seq)
);
COMMENT ON COLUMN case_moves.before IS 'the case row before the move, for undo; no identity';
ALTER TABLE case_moves ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON case_moves FOR SELECT TO doorstep_report USING (true);
CREATE POLICY full_case ON case_moves FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM case_access a WHERE ((a.case_id = case_moves.case_id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON case_moves FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON case_moves TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON case_moves TO doorstep_hub;
GRANT SELECT ON case_moves TO doorstep_report;

CREATE TABLE caseload_files (
    id uuid NOT NULL,
    org_id uuid NOT NULL,
    program_id uuid NOT NULL,
    file_sealed bytea NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    kept_by uuid NOT NULL,
    CONSTRAINT caseload_files_file_sealed_check CHECK (is_sealed(file_sealed)),
    CONSTRAINT caseload_files_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT caseload_files_program_id_fkey FOREIGN KEY (program_id) REFERENCES programs(id),
    CONSTRAINT caseload_files_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN caseload_files.kept_at IS 'machine time';
CREATE INDEX caseload_files_kept ON caseload_files USING btree (kept_at);
ALTER TABLE caseload_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON caseload_files FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON caseload_files FOR ALL TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org))) WITH CHECK ((org_id = ( SELECT app_org() AS app_org)));
GRANT DELETE, INSERT, SELECT ON caseload_files TO doorstep_app;
GRANT DELETE, INSERT, SELECT ON caseload_files TO doorstep_hub;

CREATE TABLE cases (
    id uuid NOT NULL,
    caregiver_id uuid NOT NULL,
    caregiver_role text NOT NULL,
    episode_id uuid NOT NULL,
    previous_case_id uuid,
    status text NOT NULL,
    stage text NOT NULL,
    first_contact text NOT NULL,
    review_reasons text[] NOT NULL,
    band smallint NOT NULL,
    window_closes_on date,
    next_step text NOT NULL,
    next_due_at timestamp with time zone,
    rank_key text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    triaged_at timestamp with time zone,
    reached_at timestamp with time zone,
    said_yes_at timestamp with time zone,
    claimed_at timestamp with time zone,
    first_visit_at timestamp with time zone,
    enrolled_at timestamp with time zone,
    completed_at timestamp with time zone,
    closed_at timestamp with time zone,
    disposition text,
    version integer NOT NULL,
    owner_id uuid,
    held_since timestamp with time zone,
    stands_on uuid,
    CONSTRAINT cases_caregiver_role_check CHECK ((caregiver_role = ANY (ARRAY['birth_parent'::text, 'other_parent'::text, 'kin'::text, 'foster'::text, 'adoptive'::text, 'guardian'::text]))),
    CONSTRAINT cases_check CHECK (((status = 'closed'::text) = (closed_at IS NOT NULL))),
    CONSTRAINT cases_check1 CHECK (((status = 'closed'::text) = (disposition IS NOT NULL))),
    CONSTRAINT cases_check2 CHECK (((status <> 'enrolled'::text) OR ((enrolled_at IS NOT NULL) AND (first_visit_at IS NOT NULL)))),
    CONSTRAINT cases_check3 CHECK (((status <> 'review'::text) OR (cardinality(review_reasons) > 0))),
    CONSTRAINT cases_disposition_check CHECK ((disposition = ANY (ARRAY['served'::text, 'said_no_for_now'::text, 'asked_not_to_be_contacted'::text, 'not_reached'::text, 'no_safe_way'::text, 'no_program_fits'::text, 'no_place_in_time'::text, 'already_served'::text, 'other_jurisdiction'::text, 'information_given'::text, 'pregnancy_ended'::text, 'child_died'::text, 'client_died'::text, 'withdrawn_by_referrer'::text, 'entered_in_error'::text, 'joined'::text]))),
    CONSTRAINT cases_first_contact_check CHECK ((first_contact = ANY (ARRAY['hub'::text, 'agency'::text]))),
    CONSTRAINT cases_joined_stands CHECK (((stands_on IS NOT NULL) = (NOT (disposition IS DISTINCT FROM 'joined'::text)))),
    CONSTRAINT cases_stage_check CHECK ((stage = ANY (ARRAY['prenatal'::text, 'postpartum'::text]))),
    CONSTRAINT cases_status_check CHECK ((status = ANY (ARRAY['received'::text, 'review'::text, 'outreach'::text, 'offered'::text, 'waitlisted'::text, 'claimed'::text, 'accepted'::text, 'enrolled'::text, 'closed'::text]))),
    CONSTRAINT cases_waitlisted_is_owned CHECK (((status <> 'waitlisted'::text) OR (owner_id IS NOT NULL))),
    CONSTRAINT cases_caregiver_id_fkey FOREIGN KEY (caregiver_id) REFERENCES clients(id),
    CONSTRAINT cases_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episodes(id),
    CONSTRAINT cases_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users(id),
    CONSTRAINT cases_previous_case_id_fkey FOREIGN KEY (previous_case_id) REFERENCES cases(id),
    CONSTRAINT cases_stands_on_fkey FOREIGN KEY (stands_on) REFERENCES cases(id),
    CONSTRAINT cases_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN cases.owner_id IS 'the person at the hub who answers for a family that waits';
COMMENT ON COLUMN cases.held_since IS 'while a hold is open: promises to her wait';
COMMENT ON COLUMN cases.stands_on IS 'the live case of the same person and episode, while a link says so';
CREATE INDEX cases_at_hub ON cases USING btree (id) WHERE (status = ANY (ARRAY['review'::text, 'outreach'::text, 'offered'::text, 'waitlisted'::text]));
CREATE INDEX cases_caregiver ON cases USING btree (caregiver_id);
CREATE INDEX cases_ended ON cases USING btree (closed_at, id) WHERE (status = 'closed'::text);
CREATE INDEX cases_episode ON cases USING btree (episode_id);
CREATE UNIQUE INDEX cases_one_open ON cases USING btree (caregiver_id, episode_id) WHERE (status <> 'closed'::text);
CREATE INDEX cases_open ON cases USING btree (rank_key) WHERE (status <> 'closed'::text);
CREATE INDEX cases_owned ON cases USING btree (owner_id) WHERE (status = 'waitlisted'::text);
CREATE INDEX cases_received ON cases USING btree (received_at);
CREATE INDEX cases_reference ON cases USING btree ("right"((id)::text, 8));
CREATE INDEX cases_stands_on ON cases USING btree (stands_on) WHERE (stands_on IS NOT NULL);
CREATE INDEX cases_stuck ON cases USING btree (status, rank_key) WHERE (review_reasons && '{no_taker,no_place,waitlist_unanswered,no_safe_route}'::text[]);
CREATE INDEX cases_with_agency ON cases USING btree (COALESCE(next_due_at, '9999-01-01 00:00:00+00'::timestamp with time zone), id) WHERE (status = ANY (ARRAY['claimed'::text, 'accepted'::text, 'enrolled'::text]));
CREATE INDEX cases_work ON cases USING btree (status, rank_key) WHERE (status <> 'closed'::text);
ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON cases FOR SELECT TO doorstep_report USING (true);
CREATE POLICY granted ON cases FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM case_access a WHERE ((a.case_id = cases.id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.until IS NULL)))));
CREATE POLICY hub ON cases FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY lockable ON cases FOR UPDATE TO doorstep_app USING ((EXISTS ( SELECT 1 FROM case_access a WHERE ((a.case_id = cases.id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.until IS NULL))))) WITH CHECK (false);
GRANT SELECT, UPDATE (version) ON cases TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON cases TO doorstep_hub;
GRANT SELECT ON cases TO doorstep_report;

CREATE TABLE claims (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    line text NOT NULL,
    program_id uuid NOT NULL,
    org_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    claimed_by uuid NOT NULL,
    visitor_id uuid,
    ended_at timestamp with time zone,
    ended_as text,
    opened_move uuid,
    closed_move uuid,
    set_aside text,
    release_code text,
    CONSTRAINT claims_check CHECK (((ended_at IS NULL) = (ended_as IS NULL))),
    CONSTRAINT claims_ended_as_check CHECK ((ended_as = ANY (ARRAY['enrolled'::text, 'released'::text, 'she_said_no'::text, 'closed'::text, 'undone'::text, 'transferred'::text]))),
    CONSTRAINT claims_line_check CHECK ((line = 'home_visiting'::text)),
    CONSTRAINT claims_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT claims_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES offers(id),
    CONSTRAINT claims_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT claims_program_id_fkey FOREIGN KEY (program_id) REFERENCES programs(id),
    CONSTRAINT claims_visitor_id_fkey FOREIGN KEY (visitor_id) REFERENCES users(id),
    CONSTRAINT claims_pkey PRIMARY KEY (id)
);
CREATE INDEX claims_case ON claims USING btree (case_id);
CREATE INDEX claims_freed ON claims USING btree (ended_at, program_id) WHERE (ended_as <> ALL (ARRAY['enrolled'::text, 'undone'::text]));
CREATE UNIQUE INDEX claims_one_open ON claims USING btree (case_id, line) WHERE (ended_at IS NULL);
CREATE INDEX claims_promised ON claims USING btree (program_id) WHERE (ended_at IS NULL);
CREATE INDEX claims_visitor ON claims USING btree (visitor_id, case_id);
ALTER TABLE claims ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON claims FOR SELECT TO doorstep_report USING (true);
CREATE POLICY hub ON claims FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON claims FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON claims TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON claims TO doorstep_hub;
GRANT SELECT ON claims TO doorstep_report;

CREATE TABLE client_links (
    id uuid NOT NULL,
    client_a uuid NOT NULL,
    client_b uuid NOT NULL,
    how text NOT NULL,
    evidence jsonb NOT NULL,
    linked_at timestamp with time zone NOT NULL,
    linked_by uuid NOT NULL,
    parted_at timestamp with time zone,
    parted_by uuid,
    part_reason text,
    CONSTRAINT client_links_check CHECK ((client_a < client_b)),
    CONSTRAINT client_links_check1 CHECK (((parted_at IS NULL) = (part_reason IS NULL))),
    CONSTRAINT client_links_how_check CHECK ((how = ANY (ARRAY['machine'::text, 'review'::text, 'hand'::text]))),
    CONSTRAINT client_links_part_reason_check CHECK ((part_reason = ANY (ARRAY['two_people'::text, 'wrong_record'::text, 'other'::text]))),
    CONSTRAINT client_links_client_a_fkey FOREIGN KEY (client_a) REFERENCES clients(id),
    CONSTRAINT client_links_client_b_fkey FOREIGN KEY (client_b) REFERENCES clients(id),
    CONSTRAINT client_links_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN client_links.evidence IS 'what each field said in bits, their sum, both thresholds and the version of the weights';
COMMENT ON COLUMN client_links.linked_by IS 'the user or key; where how is machine, whose referral it was';
CREATE INDEX client_links_a ON client_links USING btree (client_a);
CREATE INDEX client_links_b ON client_links USING btree (client_b);
CREATE UNIQUE INDEX client_links_open ON client_links USING btree (client_a, client_b) WHERE (parted_at IS NULL);
ALTER TABLE client_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON client_links FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON client_links TO doorstep_hub;

CREATE TABLE clients (
    id uuid NOT NULL,
    given_name text NOT NULL,
    family_name text NOT NULL,
    date_of_birth date,
    match_key bytea,
    spoken_language text,
    read_language text,
    interpreter text NOT NULL,
    insurance text NOT NULL,
    do_not_contact boolean NOT NULL,
    stop_version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    death_recorded_at timestamp with time zone,
    plain_name text GENERATED ALWAYS AS (plain_name(((given_name || ' '::text) || family_name))) STORED,
    person_id uuid,
    stopped_at timestamp with time zone,
    CONSTRAINT clients_family_name_check CHECK ((family_name <> ''::text)),
    CONSTRAINT clients_given_name_check CHECK ((given_name <> ''::text)),
    CONSTRAINT clients_interpreter_check CHECK ((interpreter = ANY (ARRAY['yes'::text, 'no'::text, 'unknown'::text]))),
    CONSTRAINT clients_stopped CHECK (((NOT do_not_contact) OR (stopped_at IS NOT NULL))),
    CONSTRAINT clients_person_id_fkey FOREIGN KEY (person_id) REFERENCES clients(id),
    CONSTRAINT clients_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN clients.match_key IS 'hash of normalised name and birth date: exact identity only';
COMMENT ON COLUMN clients.person_id IS 'the oldest record of the same person, by the open links; empty: linked with nobody';
COMMENT ON COLUMN clients.stopped_at IS 'when do_not_contact was last said; a later word to any record of the same person lifts it';
CREATE INDEX clients_any_name ON clients USING gin (plain_name gin_trgm_ops) WITH (fastupdate=off);
CREATE INDEX clients_born ON clients USING btree (date_of_birth);
CREATE INDEX clients_like_name ON clients USING gin (plain_name gin_trgm_ops) WITH (fastupdate=off) WHERE (date_of_birth IS NULL);
CREATE INDEX clients_match ON clients USING btree (match_key);
CREATE INDEX clients_name_codes ON clients USING gin (name_codes(given_name, family_name, date_of_birth)) WITH (fastupdate=off);
CREATE INDEX clients_person ON clients USING btree (person_id) WHERE (person_id IS NOT NULL);
CREATE INDEX clients_plain_name ON clients USING btree (plain_name);
ALTER TABLE clients ENABLE ROW LEVEL SECURITY;
CREATE POLICY full_case ON clients FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM (cases c JOIN case_access a ON ((a.case_id = c.id))) WHERE ((c.caregiver_id = clients.id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON clients FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON clients TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON clients TO doorstep_hub;

CREATE TABLE connections (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    client_id uuid NOT NULL,
    org_id uuid NOT NULL,
    kind text NOT NULL,
    destination text NOT NULL,
    status text NOT NULL,
    reason text,
    consent_how text NOT NULL,
    wording_version text NOT NULL,
    language text NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    sent_by uuid NOT NULL,
    acknowledged_at timestamp with time zone,
    settled_at timestamp with time zone,
    opened_move uuid,
    closed_move uuid,
    CONSTRAINT connections_check CHECK (((status = 'not_received'::text) = (reason IS NOT NULL))),
    CONSTRAINT connections_consent_how_check CHECK ((consent_how = ANY (ARRAY['in_person'::text, 'phone'::text, 'signed'::text, 'link'::text]))),
    CONSTRAINT connections_destination_check CHECK ((destination <> ''::text)),
    CONSTRAINT connections_kind_check CHECK ((kind = ANY (ARRAY['prenatal_care'::text, 'wic'::text, 'crib'::text, 'bereavement'::text, 'doula'::text, 'groups'::text, 'food'::text, 'housing'::text, 'utilities'::text, 'cooling'::text, 'lead'::text, 'income'::text, 'legal'::text, 'mental_health'::text, 'treatment'::text, 'contraception'::text, 'early_intervention'::text, 'quitline'::text, 'transport'::text, 'other'::text]))),
    CONSTRAINT connections_reason_check CHECK ((reason = ANY (ARRAY['could_not_reach'::text, 'she_declined'::text, 'not_eligible'::text, 'no_capacity'::text, 'waitlisted_there'::text, 'moved'::text, 'consent_revoked'::text, 'other'::text]))),
    CONSTRAINT connections_status_check CHECK ((status = ANY (ARRAY['sent'::text, 'acknowledged'::text, 'received'::text, 'not_received'::text, 'undone'::text]))),
    CONSTRAINT connections_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT connections_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT connections_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT connections_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN connections.org_id IS 'the organization that sent it and answers for its end';
CREATE INDEX connections_case ON connections USING btree (case_id);
CREATE UNIQUE INDEX connections_one_open ON connections USING btree (case_id, kind, destination) WHERE (settled_at IS NULL);
ALTER TABLE connections ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON connections FOR SELECT TO doorstep_report USING (true);
CREATE POLICY hub ON connections FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON connections FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON connections TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON connections TO doorstep_hub;
GRANT SELECT (id, case_id, org_id, kind, status, sent_at, settled_at) ON connections TO doorstep_report;

CREATE TABLE consents (
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    case_id uuid NOT NULL,
    gate smallint NOT NULL,
    program_id uuid,
    answer text NOT NULL,
    basis text NOT NULL,
    how text NOT NULL,
    wording_version text NOT NULL,
    language text NOT NULL,
    taken_by_org uuid NOT NULL,
    taken_by uuid NOT NULL,
    given_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    opened_move uuid,
    closed_move uuid,
    interpreter text,
    revoked_by uuid,
    CONSTRAINT consents_answer_check CHECK ((answer = ANY (ARRAY['yes'::text, 'no'::text]))),
    CONSTRAINT consents_basis_check CHECK ((basis = ANY (ARRAY['her_answer'::text, 'required_form'::text, 'care_coordination'::text, 'public_health'::text, 'none'::text]))),
    CONSTRAINT consents_gate_check CHECK (((gate >= 1) AND (gate <= 8))),
    CONSTRAINT consents_how_check CHECK ((how = ANY (ARRAY['in_person'::text, 'phone'::text, 'signed'::text, 'link'::text, 'not_asked'::text]))),
    CONSTRAINT consents_interpreter_check CHECK ((interpreter = ANY (ARRAY['not_needed'::text, 'bilingual_staff'::text, 'qualified'::text]))),
    CONSTRAINT consents_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT consents_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT consents_program_id_fkey FOREIGN KEY (program_id) REFERENCES programs(id),
    CONSTRAINT consents_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN consents.program_id IS 'NULL at gate 3 = any program of the network';
COMMENT ON COLUMN consents.basis IS 'none: she was not asked, and no law stands in for her: the answer is no';
COMMENT ON COLUMN consents.interpreter IS 'NULL: nobody said; a relative is never one';
CREATE INDEX consents_case ON consents USING btree (case_id, gate, given_at DESC);
ALTER TABLE consents ENABLE ROW LEVEL SECURITY;
CREATE POLICY full_case ON consents FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM case_access a WHERE ((a.case_id = consents.case_id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON consents FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY told ON consents FOR SELECT TO doorstep_app USING (((gate = ANY (ARRAY[7, 8])) AND (EXISTS ( SELECT 1 FROM case_access a WHERE ((a.case_id = consents.case_id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'source'::text) AND (a.until IS NULL))))));
GRANT SELECT ON consents TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON consents TO doorstep_hub;

CREATE TABLE contact_checks (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    contact_method_id uuid,
    address_id uuid,
    how text NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    checked_by uuid NOT NULL,
    org_id uuid NOT NULL,
    CONSTRAINT contact_checks_check CHECK ((num_nonnulls(contact_method_id, address_id) = 1)),
    CONSTRAINT contact_checks_how_check CHECK ((how = ANY (ARRAY['reached'::text, 'visit_kept'::text, 'she_said'::text, 'referrer_said'::text, 'safe_way'::text]))),
    CONSTRAINT contact_checks_address_id_fkey FOREIGN KEY (address_id) REFERENCES addresses(id),
    CONSTRAINT contact_checks_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT contact_checks_contact_method_id_fkey FOREIGN KEY (contact_method_id) REFERENCES contact_methods(id),
    CONSTRAINT contact_checks_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT contact_checks_pkey PRIMARY KEY (id)
);
CREATE INDEX contact_checks_case ON contact_checks USING btree (case_id, checked_at);
CREATE TRIGGER contact_checks_append_only BEFORE DELETE OR UPDATE ON contact_checks FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE contact_checks ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON contact_checks FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON contact_checks TO doorstep_hub;

CREATE TABLE contact_methods (
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    referral_id uuid,
    channel text NOT NULL,
    value text NOT NULL,
    safe_call text NOT NULL,
    safe_text text NOT NULL,
    safe_voicemail text NOT NULL,
    safe_email text NOT NULL,
    preferred boolean NOT NULL,
    remarks_sealed bytea,
    given_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    whose text NOT NULL DEFAULT 'hers'::text,
    hours jsonb NOT NULL DEFAULT '[]'::jsonb,
    asking_sealed bytea,
    told_by text NOT NULL DEFAULT 'referrer'::text,
    given_by uuid,
    given_by_org uuid,
    replaces_id uuid,
    verified_at timestamp with time zone,
    verified_by uuid,
    ended_by uuid,
    ended_as text,
    CONSTRAINT contact_methods_asking_sealed_check CHECK (is_sealed(asking_sealed)),
    CONSTRAINT contact_methods_channel_check CHECK ((channel = ANY (ARRAY['phone'::text, 'email'::text]))),
    CONSTRAINT contact_methods_ended_as_check CHECK ((ended_as = ANY (ARRAY['replaced'::text, 'wrong_number'::text, 'not_in_service'::text, 'not_hers'::text, 'moved'::text, 'she_said'::text, 'entered_in_error'::text]))),
    CONSTRAINT contact_methods_hours_check CHECK ((jsonb_typeof(hours) = 'array'::text)),
    CONSTRAINT contact_methods_remarks_sealed_check CHECK (is_sealed(remarks_sealed)),
    CONSTRAINT contact_methods_safe_call_check CHECK ((safe_call = ANY (ARRAY['yes'::text, 'no'::text, 'unknown'::text]))),
    CONSTRAINT contact_methods_safe_email_check CHECK ((safe_email = ANY (ARRAY['yes'::text, 'no'::text, 'unknown'::text]))),
    CONSTRAINT contact_methods_safe_text_check CHECK ((safe_text = ANY (ARRAY['yes'::text, 'no'::text, 'unknown'::text]))),
    CONSTRAINT contact_methods_safe_voicemail_check CHECK ((safe_voicemail = ANY (ARRAY['yes'::text, 'no'::text, 'unknown'::text]))),
    CONSTRAINT contact_methods_told_by_check CHECK ((told_by = ANY (ARRAY['her'::text, 'referrer'::text, 'other'::text]))),
    CONSTRAINT contact_methods_whose_check CHECK ((whose = ANY (ARRAY['hers'::text, 'guardian'::text, 'trusted'::text]))),
    CONSTRAINT contact_methods_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT contact_methods_given_by_org_fkey FOREIGN KEY (given_by_org) REFERENCES organizations(id),
    CONSTRAINT contact_methods_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
    CONSTRAINT contact_methods_replaces_id_fkey FOREIGN KEY (replaces_id) REFERENCES contact_methods(id),
    CONSTRAINT contact_methods_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN contact_methods.asking_sealed IS 'ask-for name, code word, who may answer';
COMMENT ON COLUMN contact_methods.verified_at IS 'NULL: not since it was given; contact_checks holds every check';
CREATE INDEX contact_methods_client ON contact_methods USING btree (client_id);
CREATE UNIQUE INDEX contact_methods_one ON contact_methods USING btree (client_id, channel, value) WHERE (ended_at IS NULL);
CREATE INDEX contact_methods_value ON contact_methods USING btree (value, client_id) WHERE (channel = 'phone'::text);
ALTER TABLE contact_methods ENABLE ROW LEVEL SECURITY;
CREATE POLICY full_case ON contact_methods FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM (cases c JOIN case_access a ON ((a.case_id = c.id))) WHERE ((c.caregiver_id = contact_methods.client_id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON contact_methods FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON contact_methods TO doorstep_app;
GRANT INSERT, SELECT, UPDATE (ended_at, verified_at, verified_by, ended_by, ended_as) ON contact_methods TO doorstep_hub;

CREATE TABLE contact_wishes (
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    case_id uuid NOT NULL,
    wish text NOT NULL,
    said text NOT NULL,
    how text NOT NULL,
    heard_by uuid NOT NULL,
    org_id uuid NOT NULL,
    heard_at timestamp with time zone NOT NULL,
    CONSTRAINT contact_wishes_how_check CHECK ((how = ANY (ARRAY['in_person'::text, 'phone'::text, 'text'::text, 'email'::text, 'letter'::text]))),
    CONSTRAINT contact_wishes_said_check CHECK ((said = ANY (ARRAY['she_said'::text, 'told_by_another'::text, 'she_called'::text, 'she_came'::text, 'she_wrote'::text, 'fresh_yes'::text, 'entered_in_error'::text]))),
    CONSTRAINT contact_wishes_wish_check CHECK ((wish = ANY (ARRAY['stop'::text, 'resume'::text]))),
    CONSTRAINT contact_wishes_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT contact_wishes_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT contact_wishes_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT contact_wishes_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN contact_wishes.said IS 'with stop the first two, else the others; never why';
CREATE INDEX contact_wishes_client ON contact_wishes USING btree (client_id, heard_at);
CREATE TRIGGER contact_wishes_append_only BEFORE DELETE OR UPDATE ON contact_wishes FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE contact_wishes ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON contact_wishes FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON contact_wishes TO doorstep_hub;

CREATE TABLE corrections (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    move_id uuid NOT NULL,
    subject text NOT NULL,
    row_id uuid NOT NULL,
    field text NOT NULL,
    before_sealed bytea,
    after_sealed bytea,
    org_id uuid NOT NULL,
    corrected_by uuid NOT NULL,
    corrected_at timestamp with time zone NOT NULL,
    CONSTRAINT corrections_after_sealed_check CHECK (is_sealed(after_sealed)),
    CONSTRAINT corrections_before_sealed_check CHECK (is_sealed(before_sealed)),
    CONSTRAINT corrections_subject_check CHECK ((subject = ANY (ARRAY['client'::text, 'pregnancy'::text, 'infant'::text, 'answer'::text, 'screening'::text]))),
    CONSTRAINT corrections_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT corrections_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT corrections_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN corrections.row_id IS 'of the subject: the episode for a pregnancy, the case for an answer';
COMMENT ON COLUMN corrections.before_sealed IS 'NULL: nothing was known; likewise after';
CREATE INDEX corrections_case ON corrections USING btree (case_id, corrected_at);
CREATE INDEX corrections_row ON corrections USING btree (row_id, corrected_at);
CREATE TRIGGER corrections_append_only BEFORE DELETE OR UPDATE ON corrections FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE corrections ENABLE ROW LEVEL SECURITY;
CREATE POLICY as_row ON corrections FOR SELECT TO doorstep_app USING ((((subject = 'client'::text) AND (EXISTS ( SELECT 1 FROM clients x WHERE (x.id = corrections.row_id)))) OR ((subject = 'pregnancy'::text) AND (EXISTS ( SELECT 1 FROM pregnancies x WHERE (x.episode_id = corrections.row_id)))) OR ((subject = 'infant'::text) AND (EXISTS ( SELECT 1 FROM infants x WHERE (x.id = corrections.row_id))))));
CREATE POLICY hub ON corrections FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON corrections TO doorstep_app;
GRANT INSERT, SELECT ON corrections TO doorstep_hub;

CREATE TABLE credentials (
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    password_set_at timestamp with time zone NOT NULL,
    totp_sealed bytea,
    totp_confirmed_at timestamp with time zone,
    totp_step bigint NOT NULL DEFAULT 0,
    CONSTRAINT credentials_check CHECK (((totp_confirmed_at IS NULL) OR (totp_sealed IS NOT NULL))),
    CONSTRAINT credentials_password_hash_check CHECK ((password_hash ~~ '$argon2id$%'::text)),
    CONSTRAINT credentials_totp_sealed_check CHECK (is_sealed(totp_sealed)),
    CONSTRAINT credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
    CONSTRAINT credentials_pkey PRIMARY KEY (user_id)
);
COMMENT ON COLUMN credentials.totp_confirmed_at IS 'NULL: no second factor, or one that is being set up';
COMMENT ON COLUMN credentials.totp_step IS 'of the last code that opened: each opens once';
ALTER TABLE credentials ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON credentials FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON credentials TO doorstep_hub;

CREATE TABLE decisions (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    rule_set_id uuid NOT NULL,
    rule_set_hash text NOT NULL,
    cause text NOT NULL,
    facts json NOT NULL,
    outcome json NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    places json,
    digest text,
    CONSTRAINT decisions_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT decisions_rule_set_id_fkey FOREIGN KEY (rule_set_id) REFERENCES rule_sets(id),
    CONSTRAINT decisions_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN decisions.digest IS 'empty: of the release before, so the next look keeps a new decision';
CREATE INDEX decisions_case ON decisions USING btree (case_id, decided_at DESC, id DESC);
CREATE TRIGGER decisions_append_only BEFORE DELETE OR UPDATE ON decisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE decisions ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON decisions FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON decisions TO doorstep_hub;

CREATE TABLE demographics (
    client_id uuid NOT NULL,
    race_ethnicity text[] NOT NULL,
    source text NOT NULL,
    asked_by_org uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT demographics_source_check CHECK ((source = 'self_report'::text)),
    CONSTRAINT demographics_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT demographics_pkey PRIMARY KEY (client_id)
);
ALTER TABLE demographics ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON demographics FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON demographics TO doorstep_hub;

CREATE TABLE disclosures (
    id uuid NOT NULL,
    client_id uuid NOT NULL,
    case_id uuid NOT NULL,
    act text NOT NULL,
    what text NOT NULL,
    purpose text NOT NULL,
    basis text NOT NULL,
    org_id uuid NOT NULL,
    given_by uuid NOT NULL,
    to_org uuid,
    to_name text,
    to_sealed bytea,
    subject_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT disclosures_act_check CHECK ((act = ANY (ARRAY['claim'::text, 'transfer'::text, 'walk_in'::text, 'feedback'::text, 'hand_over'::text, 'connection'::text, 'export'::text, 'part2'::text]))),
    CONSTRAINT disclosures_basis_check CHECK ((basis = ANY (ARRAY['her_answer'::text, 'required_form'::text, 'care_coordination'::text, 'public_health'::text, 'part2_consent'::text]))),
    CONSTRAINT disclosures_check CHECK ((num_nonnulls(to_org, to_name, to_sealed) = 1)),
    CONSTRAINT disclosures_check1 CHECK (((act <> 'part2'::text) OR ((what = 'treatment_record'::text) AND (to_name IS NULL)))),
    CONSTRAINT disclosures_purpose_check CHECK ((purpose = ANY (ARRAY['home_visiting'::text, 'care_coordination'::text, 'other_service'::text, 'treatment'::text, 'her_request'::text]))),
    CONSTRAINT disclosures_to_sealed_check CHECK (is_sealed(to_sealed)),
    CONSTRAINT disclosures_what_check CHECK ((what = ANY (ARRAY['record'::text, 'progress'::text, 'identity'::text, 'treatment_record'::text]))),
    CONSTRAINT disclosures_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT disclosures_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT disclosures_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT disclosures_to_org_fkey FOREIGN KEY (to_org) REFERENCES organizations(id),
    CONSTRAINT disclosures_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN disclosures.org_id IS 'who gave it';
COMMENT ON COLUMN disclosures.subject_id IS 'the claim, enrollment, message, hand-over, connection or Part 2 consent behind it';
CREATE INDEX disclosures_client ON disclosures USING btree (client_id, at DESC, id DESC);
CREATE UNIQUE INDEX disclosures_one ON disclosures USING btree (act, subject_id) WHERE (act <> 'part2'::text);
CREATE TRIGGER disclosures_append_only BEFORE DELETE OR UPDATE ON disclosures FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE disclosures ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON disclosures FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON disclosures TO doorstep_hub;

CREATE TABLE drafts (
    id uuid NOT NULL,
    org_id uuid NOT NULL,
    site_id uuid,
    owner_id uuid NOT NULL,
    payload_sealed bytea,
    sent_as uuid,
    saved_at timestamp with time zone NOT NULL,
    CONSTRAINT drafts_check CHECK (((payload_sealed IS NULL) = (sent_as IS NOT NULL))),
    CONSTRAINT drafts_payload_sealed_check CHECK (is_sealed(payload_sealed)),
    CONSTRAINT drafts_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT drafts_sent_as_fkey FOREIGN KEY (sent_as) REFERENCES referrals(id),
    CONSTRAINT drafts_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT drafts_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE drafts IS 'Kept seven days after the last change, for their owner at the same site; no column tells who the family is';
COMMENT ON COLUMN drafts.sent_as IS 'the draft was sent: what it held is gone, and it cannot be written or sent again';
CREATE INDEX drafts_owner ON drafts USING btree (owner_id, saved_at DESC, id DESC);
CREATE INDEX drafts_saved ON drafts USING btree (saved_at);
ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON drafts FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON drafts FOR ALL TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org))) WITH CHECK ((org_id = ( SELECT app_org() AS app_org)));
GRANT DELETE, INSERT, SELECT, UPDATE ON drafts TO doorstep_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON drafts TO doorstep_hub;

CREATE TABLE due_dates (
    id uuid NOT NULL,
    episode_id uuid NOT NULL,
    due_on date NOT NULL,
    method text NOT NULL,
    referral_id uuid,
    org_id uuid NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    chosen_at timestamp with time zone,
    chosen_by uuid,
    CONSTRAINT due_dates_check CHECK (((chosen_at IS NULL) = (chosen_by IS NULL))),
    CONSTRAINT due_dates_method_check CHECK ((method = ANY (ARRAY['lmp'::text, 'ultrasound'::text, 'clinical_estimate'::text, 'told_by_her'::text, 'unknown'::text]))),
    CONSTRAINT due_dates_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episodes(id),
    CONSTRAINT due_dates_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT due_dates_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
    CONSTRAINT due_dates_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN due_dates.referral_id IS 'the referral that gave it; NULL: a person of org_id wrote it on the case';
COMMENT ON COLUMN due_dates.chosen_at IS 'when a person said that this one counts; the newest choice stands';
CREATE INDEX due_dates_episode ON due_dates USING btree (episode_id);
ALTER TABLE due_dates ENABLE ROW LEVEL SECURITY;
CREATE POLICY as_pregnancy ON due_dates FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM pregnancies p WHERE (p.episode_id = due_dates.episode_id))));
CREATE POLICY hub ON due_dates FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON due_dates TO doorstep_app;
GRANT INSERT, SELECT, UPDATE (chosen_at, chosen_by) ON due_dates TO doorstep_hub;

CREATE TABLE enrollments (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    program_id uuid NOT NULL,
    org_id uuid NOT NULL,
    visitor_id uuid,
    consent_id uuid NOT NULL,
    state text NOT NULL,
    enrolled_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_as text,
    changeable boolean,
    opened_move uuid,
    closed_move uuid,
    came_by text NOT NULL DEFAULT 'claim'::text,
    set_aside text,
    CONSTRAINT enrollments_came_by_check CHECK ((came_by = ANY (ARRAY['claim'::text, 'walk_in'::text, 'import'::text]))),
    CONSTRAINT enrollments_check CHECK (((ended_at IS NULL) = (ended_as IS NULL))),
    CONSTRAINT enrollments_ended_as_check CHECK ((ended_as = ANY (ARRAY['completed'::text, 'her_choice'::text, 'lost_contact'::text, 'moved'::text, 'no_longer_eligible'::text, 'transferred'::text, 'program_closed'::text, 'child_not_with_her'::text, 'pregnancy_ended'::text, 'child_died'::text, 'client_died'::text, 'undone'::text]))),
    CONSTRAINT enrollments_state_check CHECK ((state = ANY (ARRAY['on_schedule'::text, 'creative_outreach'::text, 'paused'::text]))),
    CONSTRAINT enrollments_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT enrollments_consent_id_fkey FOREIGN KEY (consent_id) REFERENCES consents(id),
    CONSTRAINT enrollments_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT enrollments_program_id_fkey FOREIGN KEY (program_id) REFERENCES programs(id),
    CONSTRAINT enrollments_visitor_id_fkey FOREIGN KEY (visitor_id) REFERENCES users(id),
    CONSTRAINT enrollments_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN enrollments.came_by IS 'the default is for the release before, which knows claims only';
CREATE INDEX enrollments_case ON enrollments USING btree (case_id);
CREATE INDEX enrollments_freed ON enrollments USING btree (ended_at, program_id) WHERE (ended_as <> 'undone'::text);
CREATE INDEX enrollments_in_use ON enrollments USING btree (program_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX enrollments_one_open ON enrollments USING btree (case_id) WHERE (ended_at IS NULL);
CREATE INDEX enrollments_visitor ON enrollments USING btree (visitor_id, case_id);
ALTER TABLE enrollments ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON enrollments FOR SELECT TO doorstep_report USING (true);
CREATE POLICY hub ON enrollments FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON enrollments FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON enrollments TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON enrollments TO doorstep_hub;
GRANT SELECT ON enrollments TO doorstep_report;

CREATE TABLE episodes (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT episodes_pkey PRIMARY KEY (id)
);
ALTER TABLE episodes ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON episodes FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON episodes TO doorstep_hub;

CREATE TABLE family_pages (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    client_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    word_salt bytea NOT NULL,
    word_hash bytea NOT NULL,
    said text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    opened_by uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    guesses integer NOT NULL DEFAULT 0,
    closed_at timestamp with time zone,
    closed_as text,
    CONSTRAINT family_pages_check CHECK (((closed_at IS NULL) = (closed_as IS NULL))),
    CONSTRAINT family_pages_closed_as_check CHECK ((closed_as = ANY (ARRAY['hub'::text, 'another'::text, 'guesses'::text, 'safety'::text]))),
    CONSTRAINT family_pages_said_check CHECK ((said = ANY (ARRAY['voice'::text, 'in_person'::text]))),
    CONSTRAINT family_pages_token_hash_check CHECK ((octet_length(token_hash) = 32)),
    CONSTRAINT family_pages_word_hash_check CHECK ((octet_length(word_hash) = 32)),
    CONSTRAINT family_pages_word_salt_check CHECK ((octet_length(word_salt) = 16)),
    CONSTRAINT family_pages_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT family_pages_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT family_pages_pkey PRIMARY KEY (id),
    CONSTRAINT family_pages_token_hash_key UNIQUE (token_hash)
);
COMMENT ON COLUMN family_pages.said IS 'how she named her word: it is never a number or date of hers';
COMMENT ON COLUMN family_pages.guesses IS 'wrong words since the last right one; the fifth shuts the page';
CREATE UNIQUE INDEX family_pages_open ON family_pages USING btree (case_id) WHERE (closed_at IS NULL);
ALTER TABLE family_pages ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON family_pages FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE (guesses, closed_at, closed_as) ON family_pages TO doorstep_hub;

CREATE TABLE family_requests (
    id uuid NOT NULL,
    kind text NOT NULL,
    case_id uuid,
    page_id uuid,
    text_sealed bytea NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    owner_id uuid,
    owned_at timestamp with time zone,
    settled_at timestamp with time zone,
    settled_by uuid,
    settled_as text,
    CONSTRAINT family_requests_apart CHECK (((kind = 'wrong'::text) = (case_id IS NULL))),
    CONSTRAINT family_requests_kind_check CHECK ((kind = ANY (ARRAY['change_contact'::text, 'changed_mind'::text, 'take_back'::text, 'wrong'::text]))),
    CONSTRAINT family_requests_owned CHECK (((owner_id IS NULL) = (owned_at IS NULL))),
    CONSTRAINT family_requests_settled CHECK ((((settled_at IS NULL) = (settled_as IS NULL)) AND ((settled_at IS NULL) = (settled_by IS NULL)))),
    CONSTRAINT family_requests_settled_as_check CHECK ((settled_as = ANY (ARRAY['confirmed'::text, 'not_hers'::text, 'could_not'::text]))),
    CONSTRAINT family_requests_text_sealed_check CHECK (is_sealed(text_sealed)),
    CONSTRAINT family_requests_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT family_requests_page_id_fkey FOREIGN KEY (page_id) REFERENCES family_pages(id),
    CONSTRAINT family_requests_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN family_requests.settled_as IS 'confirmed: they said it themselves, by a way that was safe before; not_hers: they did not ask for it';
CREATE INDEX family_requests_case ON family_requests USING btree (case_id, asked_at);
CREATE INDEX family_requests_open ON family_requests USING btree (asked_at, id) WHERE ((settled_at IS NULL) AND (kind <> 'wrong'::text));
ALTER TABLE family_requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON family_requests FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE (owner_id, owned_at, settled_at, settled_by, settled_as) ON family_requests TO doorstep_hub;

CREATE TABLE follow_ups (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    owed_by uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    status text NOT NULL,
    opened_move uuid,
    closed_move uuid,
    held_at timestamp with time zone,
    CONSTRAINT follow_ups_check CHECK (((status = 'held'::text) = (held_at IS NOT NULL))),
    CONSTRAINT follow_ups_status_check CHECK ((status = ANY (ARRAY['open'::text, 'held'::text, 'handed_over'::text, 'done'::text, 'cancelled'::text, 'dead'::text]))),
    CONSTRAINT follow_ups_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT follow_ups_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN follow_ups.owed_by IS 'the organization that promised';
CREATE INDEX follow_ups_case ON follow_ups USING btree (case_id);
CREATE INDEX follow_ups_due ON follow_ups USING btree (due_at) WHERE (status = 'open'::text);
CREATE UNIQUE INDEX follow_ups_one ON follow_ups USING btree (kind, subject_id) WHERE (status = ANY (ARRAY['open'::text, 'held'::text, 'handed_over'::text]));
ALTER TABLE follow_ups ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON follow_ups FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON follow_ups TO doorstep_hub;

CREATE TABLE goose_db_version (
    id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
    version_id bigint NOT NULL,
    is_applied boolean NOT NULL,
    tstamp timestamp without time zone NOT NULL DEFAULT now(),
    CONSTRAINT goose_db_version_pkey PRIMARY KEY (id)
);
GRANT SELECT ON goose_db_version TO doorstep_app;

CREATE TABLE handovers (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    jurisdiction text NOT NULL,
    office text NOT NULL,
    how text NOT NULL,
    consent_how text NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    sent_by uuid NOT NULL,
    acknowledged_at timestamp with time zone,
    ended_at timestamp with time zone,
    ended_as text,
    opened_move uuid,
    closed_move uuid,
    CONSTRAINT handovers_check CHECK (((ended_at IS NULL) = (ended_as IS NULL))),
    CONSTRAINT handovers_consent_how_check CHECK ((consent_how = ANY (ARRAY['in_person'::text, 'phone'::text, 'signed'::text, 'link'::text, 'required_form'::text]))),
    CONSTRAINT handovers_ended_as_check CHECK ((ended_as = ANY (ARRAY['acknowledged'::text, 'not_acknowledged'::text, 'taken_back'::text]))),
    CONSTRAINT handovers_how_check CHECK ((how = ANY (ARRAY['phone'::text, 'fax'::text, 'secure_mail'::text, 'portal'::text, 'in_person'::text]))),
    CONSTRAINT handovers_jurisdiction_check CHECK ((jurisdiction <> ''::text)),
    CONSTRAINT handovers_office_check CHECK ((office <> ''::text)),
    CONSTRAINT handovers_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT handovers_pkey PRIMARY KEY (id)
);
CREATE INDEX handovers_case ON handovers USING btree (case_id);
CREATE UNIQUE INDEX handovers_one_open ON handovers USING btree (case_id) WHERE (ended_at IS NULL);
ALTER TABLE handovers ENABLE ROW LEVEL SECURITY;
CREATE POLICY full_case ON handovers FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM case_access a WHERE ((a.case_id = handovers.case_id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON handovers FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON handovers TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON handovers TO doorstep_hub;

CREATE TABLE holds (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL,
    reason_code text NOT NULL,
    org_id uuid NOT NULL,
    owner_id uuid,
    review_on date NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    placed_by uuid NOT NULL,
    lifted_at timestamp with time zone,
    lifted_by uuid,
    CONSTRAINT holds_check CHECK (((lifted_at IS NULL) = (lifted_by IS NULL))),
    CONSTRAINT holds_kind_check CHECK ((kind = ANY (ARRAY['safety'::text, 'bereavement'::text, 'consent'::text, 'client_asked'::text]))),
    CONSTRAINT holds_reason_code_check CHECK ((reason_code = ANY (ARRAY['danger_at_home'::text, 'unsafe_contact'::text, 'loss'::text, 'death'::text, 'consent_in_question'::text, 'consent_revoked'::text, 'she_asked_for_time'::text, 'hospital_stay'::text, 'other'::text]))),
    CONSTRAINT holds_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT holds_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT holds_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users(id),
    CONSTRAINT holds_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN holds.owner_id IS 'NULL: the desk of org_id owns it';
CREATE INDEX holds_case ON holds USING btree (case_id, placed_at);
CREATE UNIQUE INDEX holds_one_open ON holds USING btree (case_id, kind) WHERE (lifted_at IS NULL);
ALTER TABLE holds ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON holds FOR SELECT TO doorstep_report USING (true);
CREATE POLICY full_case ON holds FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM case_access a WHERE ((a.case_id = holds.case_id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON holds FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON holds TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON holds TO doorstep_hub;
GRANT SELECT ON holds TO doorstep_report;

CREATE TABLE idempotency_keys (
    org_id uuid NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    receipt bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255))),
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (org_id, route, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys USING btree (recorded_at);
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON idempotency_keys FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON idempotency_keys FOR ALL TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org))) WITH CHECK ((org_id = ( SELECT app_org() AS app_org)));
GRANT INSERT, SELECT ON idempotency_keys TO doorstep_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_keys TO doorstep_hub;

CREATE TABLE import_rows (
    id uuid NOT NULL,
    import_id uuid NOT NULL,
    org_id uuid NOT NULL,
    number integer NOT NULL,
    outcome text NOT NULL,
    fingerprint bytea,
    match_key bytea,
    content_sealed bytea,
    problems jsonb NOT NULL DEFAULT '[]'::jsonb,
    referral_id uuid,
    CONSTRAINT import_rows_check CHECK (((outcome = 'sent'::text) = (referral_id IS NOT NULL))),
    CONSTRAINT import_rows_check1 CHECK (((outcome <> 'sent'::text) OR (content_sealed IS NULL))),
    CONSTRAINT import_rows_content_sealed_check CHECK (is_sealed(content_sealed)),
    CONSTRAINT import_rows_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT import_rows_match_key_check CHECK ((octet_length(match_key) = 32)),
    CONSTRAINT import_rows_number_check CHECK ((number > 1)),
    CONSTRAINT import_rows_outcome_check CHECK ((outcome = ANY (ARRAY['unchecked'::text, 'ready'::text, 'already'::text, 'maybe'::text, 'refused'::text, 'sent'::text]))),
    CONSTRAINT import_rows_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id) ON DELETE CASCADE,
    CONSTRAINT import_rows_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT import_rows_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
    CONSTRAINT import_rows_pkey PRIMARY KEY (id),
    CONSTRAINT import_rows_import_id_number_key UNIQUE (import_id, number)
);
COMMENT ON COLUMN import_rows.number IS 'as the sender''s own program numbers the rows: the header is row 1';
COMMENT ON COLUMN import_rows.fingerprint IS 'hash of all that the row says: the same row in another file is sent once';
COMMENT ON COLUMN import_rows.match_key IS 'as clients.match_key';
COMMENT ON COLUMN import_rows.problems IS 'column and code, never a value';
CREATE INDEX import_rows_match ON import_rows USING btree (import_id, match_key);
CREATE INDEX import_rows_outcome ON import_rows USING btree (import_id, outcome, number);
CREATE INDEX import_rows_print ON import_rows USING btree (import_id, fingerprint);
CREATE INDEX import_rows_referral ON import_rows USING btree (referral_id) WHERE (referral_id IS NOT NULL);
CREATE UNIQUE INDEX import_rows_sent_once ON import_rows USING btree (org_id, fingerprint) WHERE (outcome = 'sent'::text);
ALTER TABLE import_rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON import_rows FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON import_rows FOR ALL TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org))) WITH CHECK ((org_id = ( SELECT app_org() AS app_org)));
GRANT DELETE, INSERT, SELECT, UPDATE ON import_rows TO doorstep_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON import_rows TO doorstep_hub;

CREATE TABLE imports (
    id uuid NOT NULL,
    org_id uuid NOT NULL,
    site_id uuid,
    actor_kind text NOT NULL,
    actor_id uuid NOT NULL,
    actor_role text NOT NULL,
    file_hash bytea,
    columns text[] NOT NULL,
    status text NOT NULL,
    rows integer NOT NULL DEFAULT 0,
    uploaded_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    CONSTRAINT imports_check CHECK (((status = 'uploading'::text) = (file_hash IS NULL))),
    CONSTRAINT imports_check1 CHECK (((status = 'sending'::text) = (sent_at IS NOT NULL))),
    CONSTRAINT imports_file_hash_check CHECK ((octet_length(file_hash) = 32)),
    CONSTRAINT imports_rows_check CHECK ((rows >= 0)),
    CONSTRAINT imports_status_check CHECK ((status = ANY (ARRAY['uploading'::text, 'checking'::text, 'ready'::text, 'sending'::text]))),
    CONSTRAINT imports_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT imports_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT imports_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN imports.columns IS 'names that we know, in the order of the file';
COMMENT ON COLUMN imports.status IS 'sending is the last: it is done when none of its rows is left to send';
CREATE INDEX imports_list ON imports USING btree (org_id, uploaded_at DESC, id);
CREATE UNIQUE INDEX imports_once ON imports USING btree (org_id, file_hash);
CREATE INDEX imports_stale ON imports USING btree (uploaded_at) WHERE (status = 'uploading'::text);
ALTER TABLE imports ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON imports FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON imports FOR ALL TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org))) WITH CHECK ((org_id = ( SELECT app_org() AS app_org)));
GRANT DELETE, INSERT, SELECT, UPDATE ON imports TO doorstep_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON imports TO doorstep_hub;

CREATE TABLE infants (
    id uuid NOT NULL,
    episode_id uuid NOT NULL,
    birth_order smallint NOT NULL,
    given_name text,
    born_on date,
    birth_weight_grams integer,
    gestation_days smallint,
    nicu text NOT NULL,
    discharged_on date,
    discharge_expected_on date,
    death_recorded_at timestamp with time zone,
    died_on date,
    told_by text,
    custody text NOT NULL DEFAULT 'unknown'::text,
    ended_at timestamp with time zone,
    CONSTRAINT infants_birth_order_check CHECK (((birth_order >= 1) AND (birth_order <= 9))),
    CONSTRAINT infants_birth_weight_grams_check CHECK (((birth_weight_grams >= 100) AND (birth_weight_grams <= 9999))),
    CONSTRAINT infants_check CHECK (((death_recorded_at IS NOT NULL) OR (died_on IS NULL))),
    CONSTRAINT infants_custody_check CHECK ((custody = ANY (ARRAY['with_parent'::text, 'kin'::text, 'foster'::text, 'adoption_planned'::text, 'adopted'::text, 'guardian'::text, 'unknown'::text]))),
    CONSTRAINT infants_gestation_days_check CHECK (((gestation_days >= 100) AND (gestation_days <= 320))),
    CONSTRAINT infants_nicu_check CHECK ((nicu = ANY (ARRAY['yes'::text, 'no'::text, 'unknown'::text]))),
    CONSTRAINT infants_told_by_check CHECK ((told_by = ANY (ARRAY['referrer'::text, 'family'::text, 'hub'::text, 'agency'::text]))),
    CONSTRAINT infants_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episodes(id),
    CONSTRAINT infants_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN infants.told_by IS 'NULL: written before anybody kept it';
COMMENT ON COLUMN infants.custody IS 'the default is for the release before';
COMMENT ON COLUMN infants.ended_at IS 'recorded in error';
CREATE UNIQUE INDEX infants_one ON infants USING btree (episode_id, birth_order) WHERE (ended_at IS NULL);
ALTER TABLE infants ENABLE ROW LEVEL SECURITY;
CREATE POLICY full_case ON infants FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM (case_infants ci JOIN case_access a ON ((a.case_id = ci.case_id))) WHERE ((ci.infant_id = infants.id) AND (ci.until IS NULL) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON infants FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON infants TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON infants TO doorstep_hub;

CREATE TABLE looks (
    case_id uuid NOT NULL,
    by_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT looks_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT looks_pkey PRIMARY KEY (case_id, by_id)
);
COMMENT ON TABLE looks IS 'Who has a case of the queue open, by the clock of the machine; it stops nobody';
CREATE INDEX looks_at ON looks USING btree (at);
ALTER TABLE looks ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON looks FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT DELETE, INSERT, SELECT, UPDATE ON looks TO doorstep_hub;

CREATE TABLE match_questions (
    id uuid NOT NULL,
    client_a uuid NOT NULL,
    client_b uuid NOT NULL,
    case_id uuid NOT NULL,
    evidence jsonb NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answer text,
    answered_at timestamp with time zone,
    answered_by uuid,
    CONSTRAINT match_questions_answer_check CHECK ((answer = ANY (ARRAY['same'::text, 'not_same'::text]))),
    CONSTRAINT match_questions_check CHECK ((client_a < client_b)),
    CONSTRAINT match_questions_check1 CHECK (((answer IS NULL) = (answered_at IS NULL))),
    CONSTRAINT match_questions_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT match_questions_client_a_fkey FOREIGN KEY (client_a) REFERENCES clients(id),
    CONSTRAINT match_questions_client_b_fkey FOREIGN KEY (client_b) REFERENCES clients(id),
    CONSTRAINT match_questions_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE match_questions IS 'are these two one person? A pair is asked about once';
COMMENT ON COLUMN match_questions.case_id IS 'of the newcomer of the two';
CREATE INDEX match_questions_b ON match_questions USING btree (client_b);
CREATE INDEX match_questions_open ON match_questions USING btree (asked_at, id) WHERE (answer IS NULL);
CREATE UNIQUE INDEX match_questions_pair ON match_questions USING btree (client_a, client_b);
ALTER TABLE match_questions ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON match_questions FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON match_questions TO doorstep_hub;

CREATE TABLE memberships (
    user_id uuid NOT NULL,
    org_id uuid NOT NULL,
    role text NOT NULL,
    ended_at timestamp with time zone,
    site_id uuid,
    CONSTRAINT memberships_role_check CHECK ((role = ANY (ARRAY['referrer'::text, 'agency_coordinator'::text, 'home_visitor'::text, 'agency_manager'::text, 'triage_coordinator'::text, 'triage_supervisor'::text, 'program_manager'::text, 'administrator'::text, 'privacy_officer'::text, 'integration'::text]))),
    CONSTRAINT memberships_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT memberships_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
    CONSTRAINT memberships_pkey PRIMARY KEY (user_id, org_id, role)
);
COMMENT ON COLUMN memberships.site_id IS 'where this person works; NULL: anywhere in the organization';
CREATE INDEX memberships_org ON memberships USING btree (org_id, role) WHERE (ended_at IS NULL);
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON memberships FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON memberships TO doorstep_hub;

CREATE TABLE message_versions (
    id uuid NOT NULL,
    template_id uuid NOT NULL,
    language text NOT NULL,
    version integer NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    status text NOT NULL,
    written_at timestamp with time zone,
    written_by uuid,
    approved_at timestamp with time zone,
    approved_by uuid,
    ended_at timestamp with time zone,
    CONSTRAINT message_versions_body_check CHECK ((body ~ '\w'::text)),
    CONSTRAINT message_versions_check CHECK (((written_by IS NULL) = (written_at IS NULL))),
    CONSTRAINT message_versions_check1 CHECK (((approved_by IS NULL) = (approved_at IS NULL))),
    CONSTRAINT message_versions_check2 CHECK (((status <> 'approved'::text) OR (approved_by IS NOT NULL))),
    CONSTRAINT message_versions_check3 CHECK (((status <> 'draft'::text) OR (approved_by IS NULL))),
    CONSTRAINT message_versions_language_check CHECK ((language = ANY (ARRAY['en'::text, 'es'::text]))),
    CONSTRAINT message_versions_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'approved'::text, 'replaced'::text, 'stopped'::text]))),
    CONSTRAINT message_versions_two_people CHECK (((approved_by IS NULL) OR (written_by IS NULL) OR (approved_by <> written_by))),
    CONSTRAINT message_versions_version_check CHECK ((version > 0)),
    CONSTRAINT message_versions_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES users(id),
    CONSTRAINT message_versions_written_by_fkey FOREIGN KEY (written_by) REFERENCES users(id),
    CONSTRAINT message_versions_pkey PRIMARY KEY (id),
    CONSTRAINT message_versions_template_id_language_version_key UNIQUE (template_id, language, version)
);
COMMENT ON COLUMN message_versions.template_id IS 'of the list in the code: a template that nothing sends would be of no use';
COMMENT ON COLUMN message_versions.status IS 'draft: not approved yet; replaced: by a newer draft or approval; stopped: taken out of use';
COMMENT ON COLUMN message_versions.written_by IS 'NULL: it came with the service, and somebody of this hub approved it';
CREATE UNIQUE INDEX message_versions_approved ON message_versions USING btree (template_id, language) WHERE (status = 'approved'::text);
CREATE UNIQUE INDEX message_versions_draft ON message_versions USING btree (template_id, language) WHERE (status = 'draft'::text);
ALTER TABLE message_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON message_versions FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE (status, approved_at, approved_by, ended_at) ON message_versions TO doorstep_hub;

CREATE TABLE messages (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    referral_id uuid,
    client_id uuid NOT NULL,
    audience text NOT NULL,
    channel text NOT NULL,
    template text NOT NULL,
    not_before timestamp with time zone NOT NULL,
    status text NOT NULL,
    attempt integer NOT NULL,
    lease_until timestamp with time zone,
    reason text,
    sent_at timestamp with time zone,
    opened_move uuid,
    closed_move uuid,
    CONSTRAINT messages_audience_check CHECK ((audience = ANY (ARRAY['referrer'::text, 'client'::text, 'agency'::text]))),
    CONSTRAINT messages_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'letter'::text, 'webhook'::text]))),
    CONSTRAINT messages_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'handed_over'::text, 'sending'::text, 'sent'::text, 'in_doubt'::text, 'failed'::text, 'withdrawn'::text, 'not_needed'::text]))),
    CONSTRAINT messages_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT messages_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT messages_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
    CONSTRAINT messages_pkey PRIMARY KEY (id)
);
CREATE INDEX messages_case ON messages USING btree (case_id);
CREATE INDEX messages_client ON messages USING btree (client_id) WHERE (audience = 'client'::text);
CREATE INDEX messages_due ON messages USING btree (not_before) WHERE (status = 'queued'::text);
CREATE UNIQUE INDEX messages_one ON messages USING btree (referral_id, template) WHERE (status <> 'withdrawn'::text);
CREATE INDEX messages_sending ON messages USING btree (lease_until) WHERE (status = 'sending'::text);
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON messages FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY to_her ON messages FOR SELECT TO doorstep_app USING (((audience = 'client'::text) AND (EXISTS ( SELECT 1 FROM case_access a WHERE ((a.case_id = messages.case_id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL))))));
GRANT SELECT ON messages TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON messages TO doorstep_hub;

CREATE TABLE offers (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    org_id uuid NOT NULL,
    program_id uuid NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    area text NOT NULL,
    interpreter boolean NOT NULL,
    rank_key text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    claim_by timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_as text,
    decline_code text,
    opened_move uuid,
    closed_move uuid,
    CONSTRAINT offers_check CHECK (((ended_at IS NULL) = (ended_as IS NULL))),
    CONSTRAINT offers_check1 CHECK (((decline_code IS NULL) OR (ended_as = 'agency_declined'::text))),
    CONSTRAINT offers_ended_as_check CHECK ((ended_as = ANY (ARRAY['claimed'::text, 'agency_declined'::text, 'she_said_no'::text, 'expired'::text, 'withdrawn'::text]))),
    CONSTRAINT offers_kind_check CHECK ((kind = ANY (ARRAY['direct'::text, 'pool'::text, 'transfer'::text]))),
    CONSTRAINT offers_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT offers_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT offers_program_id_fkey FOREIGN KEY (program_id) REFERENCES programs(id),
    CONSTRAINT offers_pkey PRIMARY KEY (id)
);
CREATE INDEX offers_case ON offers USING btree (case_id);
CREATE UNIQUE INDEX offers_one_open ON offers USING btree (case_id, program_id) WHERE (ended_at IS NULL);
CREATE INDEX offers_pool ON offers USING btree (org_id, rank_key, id) WHERE (ended_at IS NULL);
ALTER TABLE offers ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON offers FOR SELECT TO doorstep_report USING (true);
CREATE POLICY hub ON offers FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON offers FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON offers TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON offers TO doorstep_hub;
GRANT SELECT ON offers TO doorstep_report;

CREATE TABLE organizations (
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    referrer_class text,
    legal_status text NOT NULL,
    agreement_until date,
    calendar_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT organizations_kind_check CHECK ((kind = ANY (ARRAY['hub'::text, 'hospital'::text, 'clinic'::text, 'agency'::text, 'other'::text]))),
    CONSTRAINT organizations_legal_status_check CHECK ((legal_status = ANY (ARRAY['covered_entity'::text, 'business_associate'::text, 'public_health'::text, 'neither'::text]))),
    CONSTRAINT organizations_referrer_class_check CHECK ((referrer_class = ANY (ARRAY['clinical'::text, 'child_welfare'::text, 'court'::text, 'employer'::text, 'school'::text, 'community'::text]))),
    CONSTRAINT organizations_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES calendars(id),
    CONSTRAINT organizations_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN organizations.agreement_until IS 'last day of the data agreement; NULL = none: no offer, claim or export';
CREATE UNIQUE INDEX organizations_one_hub ON organizations USING btree (kind) WHERE (kind = 'hub'::text);
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON organizations FOR SELECT TO doorstep_report USING (true);
CREATE POLICY hub ON organizations FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON organizations FOR SELECT TO doorstep_app USING ((id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON organizations TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON organizations TO doorstep_hub;
GRANT SELECT ON organizations TO doorstep_report;

CREATE TABLE outbox (
    id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    attempt integer NOT NULL,
    lease_until timestamp with time zone,
    next_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    dead_at timestamp with time zone,
    reason text,
    recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT outbox_pkey PRIMARY KEY (id)
) WITH (fillfactor=70, autovacuum_vacuum_scale_factor=0.01);
CREATE INDEX outbox_finished ON outbox USING btree (recorded_at) WHERE (done_at IS NOT NULL);
CREATE INDEX outbox_ready ON outbox USING btree (next_at) WHERE ((done_at IS NULL) AND (dead_at IS NULL));
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON outbox FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT DELETE, INSERT, SELECT, UPDATE ON outbox TO doorstep_hub;

CREATE TABLE override_notes (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    reason text NOT NULL,
    note_sealed bytea NOT NULL,
    by_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT override_notes_note_sealed_check CHECK (is_sealed(note_sealed)),
    CONSTRAINT override_notes_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT override_notes_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE override_notes IS 'why somebody at the hub departed from the order of the rules, in their own words; id is of the move';
CREATE INDEX override_notes_case ON override_notes USING btree (case_id, at);
ALTER TABLE override_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON override_notes FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON override_notes TO doorstep_hub;

CREATE TABLE part2_consents (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    client_id uuid NOT NULL,
    elements_sealed bytea NOT NULL,
    signed_on date NOT NULL,
    expires_on date NOT NULL,
    taken_by_org uuid NOT NULL,
    taken_by uuid NOT NULL,
    given_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by uuid,
    CONSTRAINT part2_consents_check CHECK ((expires_on >= signed_on)),
    CONSTRAINT part2_consents_check1 CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
    CONSTRAINT part2_consents_elements_sealed_check CHECK (is_sealed(elements_sealed)),
    CONSTRAINT part2_consents_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT part2_consents_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT part2_consents_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN part2_consents.elements_sealed IS 'who discloses, to whom, what, for what, and that she knows she may revoke';
CREATE INDEX part2_consents_client ON part2_consents USING btree (client_id, given_at);
ALTER TABLE part2_consents ENABLE ROW LEVEL SECURITY;
CREATE POLICY compartment ON part2_consents FOR ALL TO doorstep_part2 USING (true) WITH CHECK (true);
CREATE POLICY hub_puts_in ON part2_consents FOR INSERT TO doorstep_hub WITH CHECK (true);
GRANT INSERT ON part2_consents TO doorstep_hub;
GRANT SELECT, UPDATE (revoked_at, revoked_by) ON part2_consents TO doorstep_part2;

CREATE TABLE part2_records (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    client_id uuid NOT NULL,
    consent_id uuid NOT NULL,
    referral_id uuid,
    content_sealed bytea NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    kept_by uuid NOT NULL,
    CONSTRAINT part2_records_content_sealed_check CHECK (is_sealed(content_sealed)),
    CONSTRAINT part2_records_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT part2_records_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT part2_records_consent_id_fkey FOREIGN KEY (consent_id) REFERENCES part2_consents(id),
    CONSTRAINT part2_records_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
    CONSTRAINT part2_records_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN part2_records.referral_id IS 'the referral whose payload this is; NULL: the hub entered it';
CREATE INDEX part2_records_client ON part2_records USING btree (client_id, kept_at);
ALTER TABLE part2_records ENABLE ROW LEVEL SECURITY;
CREATE POLICY compartment ON part2_records FOR ALL TO doorstep_part2 USING (true) WITH CHECK (true);
CREATE POLICY hub_puts_in ON part2_records FOR INSERT TO doorstep_hub WITH CHECK (true);
GRANT INSERT ON part2_records TO doorstep_hub;
GRANT SELECT ON part2_records TO doorstep_part2;

CREATE TABLE pregnancies (
    episode_id uuid NOT NULL,
    due_on date,
    dating text NOT NULL,
    dated_on date NOT NULL,
    earlier_live_births smallint,
    outcome text,
    outcome_on date,
    mother_discharged_on date,
    CONSTRAINT pregnancies_check CHECK (((dating = 'unknown'::text) = (due_on IS NULL))),
    CONSTRAINT pregnancies_check1 CHECK (((outcome IS NOT NULL) OR (outcome_on IS NULL))),
    CONSTRAINT pregnancies_dating_check CHECK ((dating = ANY (ARRAY['due_date'::text, 'last_period'::text, 'weeks'::text, 'unknown'::text]))),
    CONSTRAINT pregnancies_earlier_live_births_check CHECK (((earlier_live_births >= 0) AND (earlier_live_births <= 30))),
    CONSTRAINT pregnancies_outcome_check CHECK ((outcome = ANY (ARRAY['birth'::text, 'ended'::text]))),
    CONSTRAINT pregnancies_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES episodes(id),
    CONSTRAINT pregnancies_pkey PRIMARY KEY (episode_id)
);
COMMENT ON COLUMN pregnancies.mother_discharged_on IS 'as recorded with the birth; a referral keeps its own';
ALTER TABLE pregnancies ENABLE ROW LEVEL SECURITY;
CREATE POLICY full_case ON pregnancies FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM (cases c JOIN case_access a ON ((a.case_id = c.id))) WHERE ((c.episode_id = pregnancies.episode_id) AND (c.caregiver_role = 'birth_parent'::text) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON pregnancies FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT ON pregnancies TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON pregnancies TO doorstep_hub;

CREATE TABLE program_areas (
    program_id uuid NOT NULL,
    zip text NOT NULL,
    CONSTRAINT program_areas_zip_check CHECK ((zip ~ '^[0-9]{5}$'::text)),
    CONSTRAINT program_areas_program_id_fkey FOREIGN KEY (program_id) REFERENCES programs(id),
    CONSTRAINT program_areas_pkey PRIMARY KEY (program_id, zip)
);
CREATE INDEX program_areas_zip ON program_areas USING btree (zip);
ALTER TABLE program_areas ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON program_areas FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON program_areas FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM programs p WHERE (p.id = program_areas.program_id))));
GRANT SELECT ON program_areas TO doorstep_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON program_areas TO doorstep_hub;

CREATE TABLE programs (
    id uuid NOT NULL,
    org_id uuid NOT NULL,
    name text NOT NULL,
    model text NOT NULL,
    track text NOT NULL,
    pack_code text NOT NULL,
    languages text[] NOT NULL,
    response_hours smallint,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT programs_response_hours_check CHECK (((response_hours >= 1) AND (response_hours <= 240))),
    CONSTRAINT programs_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT programs_pkey PRIMARY KEY (id),
    CONSTRAINT programs_org_id_name_key UNIQUE (org_id, name)
);
COMMENT ON COLUMN programs.pack_code IS 'the program of the rule pack whose eligibility applies';
COMMENT ON COLUMN programs.response_hours IS 'published answer time in business hours; NULL = the pack''s';
ALTER TABLE programs ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON programs FOR SELECT TO doorstep_report USING (true);
CREATE POLICY hub ON programs FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON programs FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON programs TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON programs TO doorstep_hub;
GRANT SELECT ON programs TO doorstep_report;

CREATE TABLE public_tries (
    subject text NOT NULL,
    key_hash bytea NOT NULL,
    tries integer NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT public_tries_key_hash_check CHECK ((octet_length(key_hash) = 32)),
    CONSTRAINT public_tries_subject_check CHECK ((subject = ANY (ARRAY['begin'::text, 'send'::text, 'word'::text, 'wrong'::text]))),
    CONSTRAINT public_tries_pkey PRIMARY KEY (subject, key_hash)
);
CREATE INDEX public_tries_since ON public_tries USING btree (since);
ALTER TABLE public_tries ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON public_tries FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT DELETE, INSERT, SELECT, UPDATE ON public_tries TO doorstep_hub;

CREATE TABLE public_visits (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    page_id uuid,
    answers_sealed bytea,
    begun_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    CONSTRAINT public_visits_answers_sealed_check CHECK (is_sealed(answers_sealed)),
    CONSTRAINT public_visits_token_hash_check CHECK ((octet_length(token_hash) = 32)),
    CONSTRAINT public_visits_page_id_fkey FOREIGN KEY (page_id) REFERENCES family_pages(id),
    CONSTRAINT public_visits_pkey PRIMARY KEY (id),
    CONSTRAINT public_visits_token_hash_key UNIQUE (token_hash)
);
COMMENT ON COLUMN public_visits.page_id IS 'the page that her word opened; NULL: the form of her own';
COMMENT ON COLUMN public_visits.sent_at IS 'what is sealed since then is the receipt, and no answer';
CREATE INDEX public_visits_seen ON public_visits USING btree (seen_at);
ALTER TABLE public_visits ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON public_visits FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT DELETE, INSERT, SELECT, UPDATE ON public_visits TO doorstep_hub;

CREATE TABLE referrals (
    id uuid NOT NULL,
    reference text NOT NULL,
    case_id uuid NOT NULL,
    client_id uuid NOT NULL,
    org_id uuid NOT NULL,
    site_id uuid,
    source_kind text NOT NULL,
    referrer_class text NOT NULL,
    channel text NOT NULL,
    stage text NOT NULL,
    sensitivity text NOT NULL,
    referred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    consent text NOT NULL,
    mother_discharged_on date,
    mother_discharge_expected_on date,
    linked boolean NOT NULL,
    payload_sealed bytea,
    note_sealed bytea,
    withdrawn_at timestamp with time zone,
    CONSTRAINT referrals_channel_check CHECK ((channel = ANY (ARRAY['api'::text, 'page'::text, 'phone'::text, 'fax'::text, 'paper'::text, 'walk_in'::text, 'import'::text]))),
    CONSTRAINT referrals_consent_check CHECK ((consent = ANY (ARRAY['yes_in_person'::text, 'signed'::text, 'send_link'::text, 'required_form'::text, 'she_said_no'::text]))),
    CONSTRAINT referrals_note_sealed_check CHECK (is_sealed(note_sealed)),
    CONSTRAINT referrals_payload_kept CHECK (((payload_sealed IS NULL) = (sensitivity = 'part2'::text))),
    CONSTRAINT referrals_payload_sealed_check CHECK (is_sealed(payload_sealed)),
    CONSTRAINT referrals_sensitivity_check CHECK ((sensitivity = ANY (ARRAY['none'::text, 'dv'::text, 'part2'::text]))),
    CONSTRAINT referrals_stage_check CHECK ((stage = ANY (ARRAY['prenatal'::text, 'postpartum'::text]))),
    CONSTRAINT referrals_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT referrals_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
    CONSTRAINT referrals_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT referrals_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT referrals_pkey PRIMARY KEY (id),
    CONSTRAINT referrals_reference_key UNIQUE (reference)
);
CREATE INDEX referrals_case ON referrals USING btree (case_id);
CREATE INDEX referrals_client ON referrals USING btree (client_id);
CREATE INDEX referrals_received ON referrals USING btree (received_at);
CREATE INDEX referrals_source ON referrals USING btree (org_id, received_at DESC, id);
ALTER TABLE referrals ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON referrals FOR SELECT TO doorstep_report USING (true);
CREATE POLICY hub ON referrals FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON referrals FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON referrals TO doorstep_app;
GRANT INSERT, SELECT, UPDATE (withdrawn_at) ON referrals TO doorstep_hub;
GRANT SELECT (id, case_id, org_id, site_id, source_kind, referrer_class, channel, stage, referred_at, received_at, entered_at, linked, withdrawn_at) ON referrals TO doorstep_report;

CREATE TABLE referrer_notes (
    id uuid NOT NULL,
    referral_id uuid NOT NULL,
    case_id uuid NOT NULL,
    org_id uuid NOT NULL,
    note_sealed bytea NOT NULL,
    written_at timestamp with time zone NOT NULL,
    written_by uuid NOT NULL,
    CONSTRAINT referrer_notes_note_sealed_check CHECK (is_sealed(note_sealed)),
    CONSTRAINT referrer_notes_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT referrer_notes_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT referrer_notes_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
    CONSTRAINT referrer_notes_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE referrer_notes IS 'What a referrer tells the triage team; read at the hub alone';
CREATE INDEX referrer_notes_case ON referrer_notes USING btree (case_id, written_at DESC, id DESC);
CREATE TRIGGER referrer_notes_append_only BEFORE DELETE OR UPDATE ON referrer_notes FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE referrer_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON referrer_notes FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON referrer_notes TO doorstep_hub;

CREATE TABLE renewals (
    id uuid NOT NULL,
    day date NOT NULL,
    rule_set_id uuid NOT NULL,
    after_case uuid NOT NULL,
    looked integer NOT NULL DEFAULT 0,
    changed integer NOT NULL DEFAULT 0,
    began_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT renewals_changed_check CHECK ((changed >= 0)),
    CONSTRAINT renewals_looked_check CHECK ((looked >= 0)),
    CONSTRAINT renewals_rule_set_id_fkey FOREIGN KEY (rule_set_id) REFERENCES rule_sets(id),
    CONSTRAINT renewals_pkey PRIMARY KEY (id),
    CONSTRAINT renewals_day_rule_set_id_key UNIQUE (day, rule_set_id)
);
COMMENT ON COLUMN renewals.after_case IS 'how far it is: a kill loses one batch';
ALTER TABLE renewals ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON renewals FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON renewals TO doorstep_hub;

CREATE TABLE rule_approvals (
    id uuid NOT NULL,
    note_id uuid NOT NULL,
    approved_at timestamp with time zone NOT NULL,
    approved_by uuid NOT NULL,
    community text,
    CONSTRAINT rule_approvals_community_check CHECK ((community ~ '\w'::text)),
    CONSTRAINT rule_approvals_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES users(id),
    CONSTRAINT rule_approvals_note_id_fkey FOREIGN KEY (note_id) REFERENCES rule_notes(id),
    CONSTRAINT rule_approvals_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN rule_approvals.community IS 'who signed for the community, where a hub asks for a third name';
CREATE INDEX rule_approvals_note ON rule_approvals USING btree (note_id);
CREATE TRIGGER rule_approvals_append_only BEFORE DELETE OR UPDATE ON rule_approvals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rule_approvals_gate BEFORE INSERT ON rule_approvals FOR EACH ROW EXECUTE FUNCTION rule_approval_gate();
ALTER TABLE rule_approvals ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON rule_approvals FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON rule_approvals TO doorstep_hub;

CREATE TABLE rule_notes (
    id uuid NOT NULL,
    simulation_id uuid NOT NULL,
    words text NOT NULL,
    written_at timestamp with time zone NOT NULL,
    written_by uuid NOT NULL,
    CONSTRAINT rule_notes_words_check CHECK ((words ~ '\w'::text)),
    CONSTRAINT rule_notes_simulation_id_fkey FOREIGN KEY (simulation_id) REFERENCES rule_simulations(id),
    CONSTRAINT rule_notes_written_by_fkey FOREIGN KEY (written_by) REFERENCES users(id),
    CONSTRAINT rule_notes_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE rule_notes IS 'what the simulation shows for each group of families, in the words of who looked';
CREATE INDEX rule_notes_simulation ON rule_notes USING btree (simulation_id);
CREATE TRIGGER rule_notes_append_only BEFORE DELETE OR UPDATE ON rule_notes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rule_notes_gate BEFORE INSERT ON rule_notes FOR EACH ROW EXECUTE FUNCTION rule_note_gate();
ALTER TABLE rule_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON rule_notes FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON rule_notes TO doorstep_hub;

CREATE TABLE rule_releases (
    id uuid NOT NULL,
    rule_set_id uuid NOT NULL,
    kind text NOT NULL,
    replaced_id uuid,
    approval_id uuid,
    reason text,
    released_at timestamp with time zone NOT NULL,
    released_by uuid NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT rule_releases_check CHECK (((kind = 'release'::text) = (approval_id IS NOT NULL))),
    CONSTRAINT rule_releases_check1 CHECK (((kind = 'release'::text) OR (reason IS NOT NULL))),
    CONSTRAINT rule_releases_kind_check CHECK ((kind = ANY (ARRAY['release'::text, 'rollback'::text]))),
    CONSTRAINT rule_releases_reason_check CHECK ((reason ~ '\w'::text)),
    CONSTRAINT rule_releases_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES rule_approvals(id),
    CONSTRAINT rule_releases_released_by_fkey FOREIGN KEY (released_by) REFERENCES users(id),
    CONSTRAINT rule_releases_replaced_id_fkey FOREIGN KEY (replaced_id) REFERENCES rule_sets(id),
    CONSTRAINT rule_releases_rule_set_id_fkey FOREIGN KEY (rule_set_id) REFERENCES rule_sets(id),
    CONSTRAINT rule_releases_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE rule_releases IS 'a version going live. The row is checked before it stands, and the swap follows from it';
CREATE INDEX rule_releases_rule_set ON rule_releases USING btree (rule_set_id);
CREATE TRIGGER rule_releases_append_only BEFORE DELETE OR UPDATE ON rule_releases FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rule_releases_gate BEFORE INSERT ON rule_releases FOR EACH ROW EXECUTE FUNCTION rule_release_gate();
CREATE TRIGGER rule_releases_swap AFTER INSERT ON rule_releases FOR EACH ROW EXECUTE FUNCTION rule_release_swap();
ALTER TABLE rule_releases ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON rule_releases FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON rule_releases TO doorstep_hub;

CREATE TABLE rule_sets (
    id uuid NOT NULL,
    version integer NOT NULL,
    pack text NOT NULL,
    hash text NOT NULL,
    status text NOT NULL,
    source jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by uuid NOT NULL,
    effective_at timestamp with time zone,
    title text NOT NULL DEFAULT ''::text,
    note text NOT NULL DEFAULT ''::text,
    based_on uuid,
    retired_at timestamp with time zone,
    CONSTRAINT rule_sets_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'live'::text, 'retired'::text]))),
    CONSTRAINT rule_sets_version_check CHECK ((version > 0)),
    CONSTRAINT rule_sets_based_on_fkey FOREIGN KEY (based_on) REFERENCES rule_sets(id),
    CONSTRAINT rule_sets_pkey PRIMARY KEY (id),
    CONSTRAINT rule_sets_version_key UNIQUE (version)
);
COMMENT ON COLUMN rule_sets.title IS 'what changed, in one line; the defaults are for the release before, which imports only';
COMMENT ON COLUMN rule_sets.note IS 'why it changed';
COMMENT ON COLUMN rule_sets.based_on IS 'the version that it was drafted from';
CREATE INDEX rule_sets_hash ON rule_sets USING btree (hash);
CREATE UNIQUE INDEX rule_sets_one_draft ON rule_sets USING btree (hash) WHERE (status = 'draft'::text);
CREATE UNIQUE INDEX rule_sets_one_live ON rule_sets USING btree (status) WHERE (status = 'live'::text);
CREATE TRIGGER rule_sets_gate BEFORE INSERT OR UPDATE ON rule_sets FOR EACH ROW EXECUTE FUNCTION rule_set_gate();
ALTER TABLE rule_sets ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON rule_sets FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON rule_sets TO doorstep_hub;

CREATE TABLE rule_simulation_views (
    simulation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT rule_simulation_views_simulation_id_fkey FOREIGN KEY (simulation_id) REFERENCES rule_simulations(id),
    CONSTRAINT rule_simulation_views_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
    CONSTRAINT rule_simulation_views_pkey PRIMARY KEY (simulation_id, user_id)
);
CREATE TRIGGER rule_simulation_views_append_only BEFORE DELETE OR UPDATE ON rule_simulation_views FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE rule_simulation_views ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON rule_simulation_views FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT ON rule_simulation_views TO doorstep_hub;

CREATE TABLE rule_simulations (
    id uuid NOT NULL,
    rule_set_id uuid NOT NULL,
    hash text NOT NULL,
    against_id uuid NOT NULL,
    against_hash text NOT NULL,
    days integer NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    asked_by uuid NOT NULL,
    state text NOT NULL,
    total integer NOT NULL,
    done integer NOT NULL,
    finished_at timestamp with time zone,
    progress jsonb,
    result jsonb,
    CONSTRAINT rule_simulations_check CHECK (((progress IS NULL) OR (state = 'running'::text))),
    CONSTRAINT rule_simulations_check1 CHECK (((state = 'done'::text) = (result IS NOT NULL))),
    CONSTRAINT rule_simulations_check2 CHECK (((state = ANY (ARRAY['done'::text, 'failed'::text])) = (finished_at IS NOT NULL))),
    CONSTRAINT rule_simulations_days_check CHECK (((days >= 1) AND (days <= 400))),
    CONSTRAINT rule_simulations_done_check CHECK ((done >= 0)),
    CONSTRAINT rule_simulations_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text]))),
    CONSTRAINT rule_simulations_total_check CHECK ((total >= 0)),
    CONSTRAINT rule_simulations_against_id_fkey FOREIGN KEY (against_id) REFERENCES rule_sets(id),
    CONSTRAINT rule_simulations_rule_set_id_fkey FOREIGN KEY (rule_set_id) REFERENCES rule_sets(id),
    CONSTRAINT rule_simulations_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN rule_simulations.against_id IS 'the version that was live when it was asked for';
COMMENT ON COLUMN rule_simulations.progress IS 'what was counted so far, and where the next slice goes on';
COMMENT ON COLUMN rule_simulations.result IS 'counts only: no family can be found in it';
CREATE INDEX rule_simulations_rule_set ON rule_simulations USING btree (rule_set_id, asked_at DESC);
CREATE TRIGGER rule_simulations_gate BEFORE INSERT OR UPDATE ON rule_simulations FOR EACH ROW EXECUTE FUNCTION rule_simulation_gate();
ALTER TABLE rule_simulations ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON rule_simulations FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON rule_simulations TO doorstep_hub;

CREATE TABLE saved_views (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    name text NOT NULL,
    filter text NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    CONSTRAINT saved_views_filter_check CHECK ((length(filter) <= 300)),
    CONSTRAINT saved_views_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
    CONSTRAINT saved_views_pkey PRIMARY KEY (id),
    CONSTRAINT saved_views_name UNIQUE (owner_id, name)
);
COMMENT ON COLUMN saved_views.filter IS 'the query of the list of cases: codes and ids, nothing of a family';
ALTER TABLE saved_views ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON saved_views FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT DELETE, INSERT, SELECT, UPDATE ON saved_views TO doorstep_hub;

CREATE TABLE scans (
    id uuid NOT NULL,
    referral_id uuid NOT NULL,
    kind text NOT NULL,
    bytes integer NOT NULL,
    content_sealed bytea,
    kept_at timestamp with time zone NOT NULL,
    kept_by uuid NOT NULL,
    erased_at timestamp with time zone,
    erased_by uuid,
    CONSTRAINT scans_bytes_check CHECK (((bytes >= 1) AND (bytes <= 5242880))),
    CONSTRAINT scans_check CHECK (((content_sealed IS NULL) = (erased_at IS NOT NULL))),
    CONSTRAINT scans_check1 CHECK (((erased_at IS NULL) = (erased_by IS NULL))),
    CONSTRAINT scans_content_sealed_check CHECK (is_sealed(content_sealed)),
    CONSTRAINT scans_kind_check CHECK ((kind = ANY (ARRAY['pdf'::text, 'png'::text, 'jpeg'::text]))),
    CONSTRAINT scans_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
    CONSTRAINT scans_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE scans IS 'The page that came, for the hub alone; each look is in the history';
COMMENT ON COLUMN scans.erased_at IS 'it was the page of somebody else: what it showed is gone, that it was here stays';
CREATE INDEX scans_referral ON scans USING btree (referral_id, kept_at, id);
ALTER TABLE scans ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON scans FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE (content_sealed, erased_at, erased_by) ON scans TO doorstep_hub;

CREATE TABLE screenings (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    referral_id uuid NOT NULL,
    instrument text NOT NULL,
    version text NOT NULL,
    language text NOT NULL,
    items jsonb NOT NULL,
    given_on date,
    done_today text,
    recorded text NOT NULL DEFAULT 'values'::text,
    CONSTRAINT screenings_done_today_check CHECK ((done_today = ANY (ARRAY['assessed'::text, 'safety_plan'::text, 'sent_home'::text, 'not_yet'::text]))),
    CONSTRAINT screenings_recorded_check CHECK ((recorded = ANY (ARRAY['values'::text, 'lines'::text]))),
    CONSTRAINT screenings_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT screenings_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
    CONSTRAINT screenings_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN screenings.recorded IS 'items are printed values, or the answers counted from 1 as printed';
CREATE INDEX screenings_case ON screenings USING btree (case_id);
ALTER TABLE screenings ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON screenings FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON screenings TO doorstep_hub;

CREATE TABLE searches (
    id uuid NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    query_sealed bytea NOT NULL,
    CONSTRAINT searches_query_sealed_check CHECK (is_sealed(query_sealed)),
    CONSTRAINT searches_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE searches IS 'what somebody at the hub looked for: the page of results is asked again by id, within the hour, by the same person';
CREATE INDEX searches_expires ON searches USING btree (expires_at);
ALTER TABLE searches ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON searches FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT DELETE, INSERT, SELECT, UPDATE ON searches TO doorstep_hub;

CREATE TABLE served_families (
    id uuid NOT NULL,
    program_id uuid NOT NULL,
    org_id uuid NOT NULL,
    match_key bytea NOT NULL,
    listed_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT served_families_match_key_check CHECK ((octet_length(match_key) = 32)),
    CONSTRAINT served_families_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT served_families_program_id_fkey FOREIGN KEY (program_id) REFERENCES programs(id),
    CONSTRAINT served_families_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN served_families.match_key IS 'as clients.match_key: hash of the hash of the name, and the birth date';
CREATE INDEX served_families_freed ON served_families USING btree (ended_at, program_id) WHERE (ended_at IS NOT NULL);
CREATE INDEX served_families_match ON served_families USING btree (match_key) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX served_families_one ON served_families USING btree (program_id, match_key) WHERE (ended_at IS NULL);
ALTER TABLE served_families ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON served_families FOR SELECT TO doorstep_report USING (true);
CREATE POLICY hub ON served_families FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON served_families FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON served_families TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON served_families TO doorstep_hub;
GRANT SELECT (id, program_id, org_id, listed_at, ended_at) ON served_families TO doorstep_report;

CREATE TABLE sessions (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    org_id uuid,
    role text,
    awaits_code boolean NOT NULL,
    started_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT sessions_check CHECK (((org_id IS NULL) = (role IS NULL))),
    CONSTRAINT sessions_check1 CHECK (((NOT awaits_code) OR (role IS NULL))),
    CONSTRAINT sessions_token_hash_check CHECK ((octet_length(token_hash) = 32)),
    CONSTRAINT sessions_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id),
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_token_hash_key UNIQUE (token_hash)
);
COMMENT ON COLUMN sessions.role IS 'NULL until a person of several roles has chosen one';
COMMENT ON COLUMN sessions.confirmed_at IS 'when the password was last typed: what is dangerous asks for it again';
CREATE INDEX sessions_started ON sessions USING btree (started_at);
CREATE INDEX sessions_user ON sessions USING btree (user_id) WHERE (ended_at IS NULL);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON sessions FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT DELETE, INSERT, SELECT, UPDATE ON sessions TO doorstep_hub;

CREATE TABLE sign_in_tries (
    subject text NOT NULL,
    key_hash bytea NOT NULL,
    tries integer NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT sign_in_tries_key_hash_check CHECK ((octet_length(key_hash) = 32)),
    CONSTRAINT sign_in_tries_subject_check CHECK ((subject = ANY (ARRAY['account'::text, 'address'::text, 'code'::text, 'letter'::text]))),
    CONSTRAINT sign_in_tries_pkey PRIMARY KEY (subject, key_hash)
);
CREATE INDEX sign_in_tries_since ON sign_in_tries USING btree (since);
ALTER TABLE sign_in_tries ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON sign_in_tries FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT DELETE, INSERT, SELECT, UPDATE ON sign_in_tries TO doorstep_hub;

CREATE TABLE sites (
    id uuid NOT NULL,
    org_id uuid NOT NULL,
    name text NOT NULL,
    feedback_email text,
    profile text NOT NULL DEFAULT 'office'::text,
    CONSTRAINT sites_profile_check CHECK ((profile = ANY (ARRAY['office'::text, 'ward'::text]))),
    CONSTRAINT sites_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT sites_pkey PRIMARY KEY (id),
    CONSTRAINT sites_org_id_name_key UNIQUE (org_id, name)
);
COMMENT ON COLUMN sites.profile IS 'ward: computers that many people walk past; the default is for the release before';
ALTER TABLE sites ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON sites FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON sites FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON sites TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON sites TO doorstep_hub;

CREATE TABLE snoozes (
    case_id uuid NOT NULL,
    until timestamp with time zone NOT NULL,
    version integer NOT NULL,
    by_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT snoozes_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT snoozes_pkey PRIMARY KEY (case_id)
);
COMMENT ON COLUMN snoozes.version IS 'of the case when it was put off: whatever happens to it brings it back';
ALTER TABLE snoozes ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON snoozes FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT DELETE, INSERT, SELECT, UPDATE ON snoozes TO doorstep_hub;

CREATE TABLE tasks (
    id uuid NOT NULL,
    case_id uuid,
    org_id uuid NOT NULL,
    role text NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    urgent boolean NOT NULL,
    due_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    closed_by uuid,
    closed_as text,
    opened_move uuid,
    closed_move uuid,
    CONSTRAINT tasks_check CHECK (((closed_at IS NULL) = (closed_as IS NULL))),
    CONSTRAINT tasks_closed_as_check CHECK ((closed_as = ANY (ARRAY['done'::text, 'could_not'::text, 'no_longer_needed'::text]))),
    CONSTRAINT tasks_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT tasks_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT tasks_pkey PRIMARY KEY (id)
);
CREATE INDEX tasks_case ON tasks USING btree (case_id);
CREATE UNIQUE INDEX tasks_one ON tasks USING btree (kind, subject_id) WHERE (closed_at IS NULL);
CREATE INDEX tasks_open ON tasks USING btree (org_id, urgent DESC, due_at, id) WHERE (closed_at IS NULL);
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON tasks FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON tasks FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON tasks TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON tasks TO doorstep_hub;

CREATE TABLE users (
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    disabled_at timestamp with time zone,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_email ON users USING btree (lower(email));
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON users FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON users TO doorstep_hub;

CREATE TABLE visits (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    org_id uuid NOT NULL,
    first boolean NOT NULL,
    place text NOT NULL,
    planned_for timestamp with time zone,
    status text NOT NULL,
    held_at timestamp with time zone,
    recorded_by uuid NOT NULL,
    opened_move uuid,
    closed_move uuid,
    address_id uuid,
    CONSTRAINT visits_check CHECK (((status = 'completed'::text) = (held_at IS NOT NULL))),
    CONSTRAINT visits_place_check CHECK ((place = ANY (ARRAY['home'::text, 'other_place'::text, 'virtual'::text, 'hospital'::text]))),
    CONSTRAINT visits_status_check CHECK ((status = ANY (ARRAY['planned'::text, 'completed'::text, 'missed'::text, 'moved'::text, 'cancelled'::text]))),
    CONSTRAINT visits_address_id_fkey FOREIGN KEY (address_id) REFERENCES addresses(id),
    CONSTRAINT visits_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT visits_org_id_fkey FOREIGN KEY (org_id) REFERENCES organizations(id),
    CONSTRAINT visits_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN visits.address_id IS 'of a visit at home; a visit that is kept checks it';
CREATE INDEX visits_case ON visits USING btree (case_id, held_at DESC);
CREATE UNIQUE INDEX visits_one_planned_first ON visits USING btree (case_id) WHERE (first AND (status = 'planned'::text));
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON visits FOR SELECT TO doorstep_report USING (true);
CREATE POLICY full_case ON visits FOR SELECT TO doorstep_app USING ((EXISTS ( SELECT 1 FROM case_access a WHERE ((a.case_id = visits.case_id) AND (a.org_id = ( SELECT app_org() AS app_org)) AND (a.level = 'full'::text) AND (a.until IS NULL)))));
CREATE POLICY hub ON visits FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON visits FOR SELECT TO doorstep_app USING ((org_id = ( SELECT app_org() AS app_org)));
GRANT SELECT ON visits TO doorstep_app;
GRANT INSERT, SELECT, UPDATE ON visits TO doorstep_hub;
GRANT SELECT ON visits TO doorstep_report;

CREATE TABLE waitlist_entries (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    program_id uuid NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_as text,
    opened_move uuid,
    closed_move uuid,
    CONSTRAINT waitlist_entries_check CHECK (((ended_at IS NULL) = (ended_as IS NULL))),
    CONSTRAINT waitlist_entries_ended_as_check CHECK ((ended_as = ANY (ARRAY['claimed'::text, 'her_choice'::text, 'no_answer'::text, 'case_closed'::text, 'program_closed'::text, 'withdrawn'::text, 'undone'::text]))),
    CONSTRAINT waitlist_entries_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT waitlist_entries_program_id_fkey FOREIGN KEY (program_id) REFERENCES programs(id),
    CONSTRAINT waitlist_entries_pkey PRIMARY KEY (id)
);
COMMENT ON COLUMN waitlist_entries.confirmed_at IS 'when she last said that she still wants to wait';
CREATE UNIQUE INDEX waitlist_one_open ON waitlist_entries USING btree (case_id, program_id) WHERE (ended_at IS NULL);
CREATE INDEX waitlist_open ON waitlist_entries USING btree (program_id) WHERE (ended_at IS NULL);
ALTER TABLE waitlist_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY figures ON waitlist_entries FOR SELECT TO doorstep_report USING (true);
CREATE POLICY hub ON waitlist_entries FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE ON waitlist_entries TO doorstep_hub;
GRANT SELECT ON waitlist_entries TO doorstep_report;

CREATE TABLE way_searches (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    place text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    began_by uuid NOT NULL,
    outcome text,
    settled_at timestamp with time zone,
    settled_by uuid,
    CONSTRAINT way_searches_check CHECK (((outcome IS NULL) = (settled_at IS NULL))),
    CONSTRAINT way_searches_outcome_check CHECK ((outcome = ANY (ARRAY['found'::text, 'not_found'::text, 'she_said_no'::text]))),
    CONSTRAINT way_searches_place_check CHECK ((place = ANY (ARRAY['clinic_visit'::text, 'school'::text, 'shelter'::text, 'trusted_person'::text, 'referrer_asks'::text]))),
    CONSTRAINT way_searches_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(id),
    CONSTRAINT way_searches_pkey PRIMARY KEY (id)
);
CREATE INDEX way_searches_case ON way_searches USING btree (case_id, began_at);
CREATE UNIQUE INDEX way_searches_one_open ON way_searches USING btree (case_id, place) WHERE (settled_at IS NULL);
ALTER TABLE way_searches ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON way_searches FOR ALL TO doorstep_hub USING (true) WITH CHECK (true);
GRANT INSERT, SELECT, UPDATE (outcome, settled_at, settled_by) ON way_searches TO doorstep_hub;
