-- Versions of the rules, and the gate before one goes live: simulated against what is live and seen, an equity note, the yes
-- of a second person. The gate is here and not only in the code, because a rule decides for every family that comes after it.

-- +goose Up

-- A text may come again: what was rolled back and is proposed anew goes through the gate anew. Two drafts of one text are one.
ALTER TABLE rule_sets DROP CONSTRAINT rule_sets_hash_key;
CREATE INDEX rule_sets_hash ON rule_sets (hash);
CREATE UNIQUE INDEX rule_sets_one_draft ON rule_sets (hash) WHERE status = 'draft';
ALTER TABLE rule_sets ADD COLUMN title text NOT NULL DEFAULT '', ADD COLUMN note text NOT NULL DEFAULT '',
    ADD COLUMN based_on uuid REFERENCES rule_sets (id), ADD COLUMN retired_at timestamptz;
COMMENT ON COLUMN rule_sets.title IS 'what changed, in one line; the defaults are for the release before, which imports only';
COMMENT ON COLUMN rule_sets.note IS 'why it changed';
COMMENT ON COLUMN rule_sets.based_on IS 'the version that it was drafted from';

CREATE TABLE rule_simulations (
    id           uuid PRIMARY KEY,
    rule_set_id  uuid NOT NULL REFERENCES rule_sets (id),
    hash         text NOT NULL,
    against_id   uuid NOT NULL REFERENCES rule_sets (id),
    against_hash text NOT NULL,
    days         integer NOT NULL CHECK (days BETWEEN 1 AND 400),
    asked_at     timestamptz NOT NULL,
    asked_by     uuid NOT NULL,
    state        text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    total        integer NOT NULL CHECK (total >= 0),
    done         integer NOT NULL CHECK (done >= 0),
    finished_at  timestamptz,
    progress     jsonb,
    result       jsonb,
    CHECK (progress IS NULL OR state = 'running'),
    CHECK ((state = 'done') = (result IS NOT NULL)),
    CHECK ((state IN ('done', 'failed')) = (finished_at IS NOT NULL))
);
COMMENT ON COLUMN rule_simulations.against_id IS 'the version that was live when it was asked for';
COMMENT ON COLUMN rule_simulations.progress IS 'what was counted so far, and where the next slice goes on';
COMMENT ON COLUMN rule_simulations.result IS 'counts only: no family can be found in it';
CREATE INDEX rule_simulations_rule_set ON rule_simulations (rule_set_id, asked_at DESC);

-- Who opened a finished simulation. A person signs only what they have seen.
CREATE TABLE rule_simulation_views (
    simulation_id uuid NOT NULL REFERENCES rule_simulations (id),
    user_id       uuid NOT NULL REFERENCES users (id),
    seen_at       timestamptz NOT NULL,
    PRIMARY KEY (simulation_id, user_id)
);

CREATE TABLE rule_notes (
    id            uuid PRIMARY KEY,
    simulation_id uuid NOT NULL REFERENCES rule_simulations (id),
    words         text NOT NULL CHECK (words ~ '\w'),
    written_at    timestamptz NOT NULL,
    written_by    uuid NOT NULL REFERENCES users (id)
);
COMMENT ON TABLE rule_notes IS 'what the simulation shows for each group of families, in the words of who looked';
CREATE INDEX rule_notes_simulation ON rule_notes (simulation_id);

CREATE TABLE rule_approvals (
    id          uuid PRIMARY KEY,
    note_id     uuid NOT NULL REFERENCES rule_notes (id),
    approved_at timestamptz NOT NULL,
    approved_by uuid NOT NULL REFERENCES users (id),
    community   text CHECK (community ~ '\w')
);
COMMENT ON COLUMN rule_approvals.community IS 'who signed for the community, where a hub asks for a third name';
CREATE INDEX rule_approvals_note ON rule_approvals (note_id);

CREATE TABLE rule_releases (
    id          uuid PRIMARY KEY,
    rule_set_id uuid NOT NULL REFERENCES rule_sets (id),
    kind        text NOT NULL CHECK (kind IN ('release', 'rollback')),
    replaced_id uuid REFERENCES rule_sets (id),
    approval_id uuid REFERENCES rule_approvals (id),
    reason      text CHECK (reason ~ '\w'),
    released_at timestamptz NOT NULL,
    released_by uuid NOT NULL REFERENCES users (id),
    xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CHECK ((kind = 'release') = (approval_id IS NOT NULL)),
    CHECK (kind = 'release' OR reason IS NOT NULL)
);
COMMENT ON TABLE rule_releases IS 'a version going live. The row is checked before it stands, and the swap follows from it';
CREATE INDEX rule_releases_rule_set ON rule_releases (rule_set_id);

-- +goose StatementBegin
CREATE FUNCTION refuse_rule(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', why USING ERRCODE = 'check_violation', CONSTRAINT = 'rule_gate';
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION rule_note_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM rule_simulation_views v JOIN rule_simulations s ON s.id = v.simulation_id
        WHERE s.id = NEW.simulation_id AND s.state = 'done' AND v.user_id = NEW.written_by AND v.seen_at >= s.finished_at) THEN
        PERFORM refuse_rule('an equity note is written by who has seen the finished simulation');
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER rule_notes_gate BEFORE INSERT ON rule_notes FOR EACH ROW EXECUTE FUNCTION rule_note_gate();

-- +goose StatementBegin
CREATE FUNCTION rule_approval_gate() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$;
-- +goose StatementEnd
CREATE TRIGGER rule_approvals_gate BEFORE INSERT ON rule_approvals FOR EACH ROW EXECUTE FUNCTION rule_approval_gate();

-- +goose StatementBegin
CREATE FUNCTION rule_release_gate() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$;
-- +goose StatementEnd
CREATE TRIGGER rule_releases_gate BEFORE INSERT ON rule_releases FOR EACH ROW EXECUTE FUNCTION rule_release_gate();

-- +goose StatementBegin
CREATE FUNCTION rule_release_swap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rule_sets SET status = 'retired', retired_at = NEW.released_at WHERE id = NEW.replaced_id;
    UPDATE rule_sets SET status = 'live', effective_at = NEW.released_at, retired_at = NULL WHERE id = NEW.rule_set_id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER rule_releases_swap AFTER INSERT ON rule_releases FOR EACH ROW EXECUTE FUNCTION rule_release_swap();

-- +goose StatementBegin
CREATE FUNCTION rule_set_gate() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$;
-- +goose StatementEnd
CREATE TRIGGER rule_sets_gate BEFORE INSERT OR UPDATE ON rule_sets FOR EACH ROW EXECUTE FUNCTION rule_set_gate();

-- +goose StatementBegin
CREATE FUNCTION rule_simulation_gate() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$;
-- +goose StatementEnd
CREATE TRIGGER rule_simulations_gate BEFORE INSERT OR UPDATE ON rule_simulations FOR EACH ROW EXECUTE FUNCTION rule_simulation_gate();

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['rule_simulations', 'rule_simulation_views', 'rule_notes', 'rule_approvals', 'rule_releases'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY hub ON %I TO doorstep_hub USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO doorstep_hub', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['rule_simulation_views', 'rule_notes', 'rule_approvals', 'rule_releases'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t || '_append_only', t);
    END LOOP;
    GRANT UPDATE ON rule_simulations TO doorstep_hub;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER rule_sets_gate ON rule_sets;
DROP TABLE rule_releases, rule_approvals, rule_notes, rule_simulation_views, rule_simulations;
DROP FUNCTION rule_set_gate(), rule_release_swap(), rule_release_gate(), rule_approval_gate(), rule_note_gate(), rule_simulation_gate(), refuse_rule(text);
ALTER TABLE rule_sets DROP COLUMN retired_at, DROP COLUMN based_on, DROP COLUMN note, DROP COLUMN title;
DROP INDEX rule_sets_one_draft, rule_sets_hash;
ALTER TABLE rule_sets ADD CONSTRAINT rule_sets_hash_key UNIQUE (hash);
