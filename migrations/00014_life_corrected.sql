-- What is known of a pregnancy and of children may be wrong at first: due dates with how each was found, and the history of what was
-- corrected. What was entered in error is ended, never deleted.

-- +goose Up

-- Every due date that somebody gave; pregnancies.due_on is the one that counts. None is ever changed.
CREATE TABLE due_dates (
    id          uuid PRIMARY KEY,
    episode_id  uuid NOT NULL REFERENCES episodes (id),
    due_on      date NOT NULL,
    method      text NOT NULL CHECK (method IN ('lmp', 'ultrasound', 'clinical_estimate', 'told_by_her', 'unknown')),
    referral_id uuid REFERENCES referrals (id),
    org_id      uuid NOT NULL REFERENCES organizations (id),
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    chosen_at   timestamptz,
    chosen_by   uuid,
    CHECK ((chosen_at IS NULL) = (chosen_by IS NULL))
);
COMMENT ON COLUMN due_dates.referral_id IS 'the referral that gave it; NULL: a person of org_id wrote it on the case';
COMMENT ON COLUMN due_dates.chosen_at IS 'when a person said that this one counts; the newest choice stands';
CREATE INDEX due_dates_episode ON due_dates (episode_id);
INSERT INTO due_dates (id, episode_id, due_on, method, referral_id, org_id, recorded_by, recorded_at)
    SELECT gen_random_uuid(), p.episode_id, p.due_on, CASE p.dating WHEN 'last_period' THEN 'lmp' ELSE 'unknown' END, r.id, r.org_id,
        '00000000-0000-0000-0000-000000000000', r.received_at
    FROM pregnancies p JOIN LATERAL (SELECT r.id, r.org_id, r.received_at FROM referrals r JOIN cases c ON c.id = r.case_id
        WHERE c.episode_id = p.episode_id ORDER BY r.received_at, r.id LIMIT 1) r ON true WHERE p.due_on IS NOT NULL;

-- With whom a child lives, as far as its own case needs it. The other side's case says nothing of it.
ALTER TABLE infants ADD COLUMN custody text NOT NULL DEFAULT 'unknown' CHECK (custody IN
    ('with_parent', 'kin', 'foster', 'adoption_planned', 'adopted', 'guardian', 'unknown'));
COMMENT ON COLUMN infants.custody IS 'the default is for the release before';
-- A child that was never born is ended, and leaves its place to the one that will be.
ALTER TABLE infants ADD COLUMN ended_at timestamptz;
COMMENT ON COLUMN infants.ended_at IS 'recorded in error';
ALTER TABLE infants DROP CONSTRAINT infants_episode_id_birth_order_key;
CREATE UNIQUE INDEX infants_one ON infants (episode_id, birth_order) WHERE ended_at IS NULL;

-- One row a field that was typed wrong. The referral as received is no subject. Both values are sealed, whatever the field: an old name or
-- an answer that was never hers is nobody's to search.
CREATE TABLE corrections (
    id            uuid PRIMARY KEY,
    case_id       uuid NOT NULL REFERENCES cases (id),
    move_id       uuid NOT NULL,
    subject       text NOT NULL CHECK (subject IN ('client', 'pregnancy', 'infant', 'answer', 'screening')),
    row_id        uuid NOT NULL,
    field         text NOT NULL,
    before_sealed bytea CHECK (is_sealed(before_sealed)),
    after_sealed  bytea CHECK (is_sealed(after_sealed)),
    org_id        uuid NOT NULL REFERENCES organizations (id),
    corrected_by  uuid NOT NULL,
    corrected_at  timestamptz NOT NULL
);
COMMENT ON COLUMN corrections.row_id IS 'of the subject: the episode for a pregnancy, the case for an answer';
COMMENT ON COLUMN corrections.before_sealed IS 'NULL: nothing was known; likewise after';
CREATE INDEX corrections_case ON corrections (case_id, corrected_at);
CREATE INDEX corrections_row ON corrections (row_id, corrected_at);
CREATE TRIGGER corrections_append_only BEFORE UPDATE OR DELETE ON corrections FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['due_dates', 'corrections'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY hub ON %I TO doorstep_hub USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO doorstep_hub', t);
        EXECUTE format('GRANT SELECT ON %I TO doorstep_app', t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT UPDATE (chosen_at, chosen_by) ON due_dates TO doorstep_hub;
-- Readable where the row is that they speak of: the policies of those tables hold in these subqueries. Answers and screenings are
-- the hub's alone.
CREATE POLICY as_pregnancy ON due_dates FOR SELECT TO doorstep_app
    USING (EXISTS (SELECT 1 FROM pregnancies p WHERE p.episode_id = due_dates.episode_id));
CREATE POLICY as_row ON corrections FOR SELECT TO doorstep_app USING (
    subject = 'client' AND EXISTS (SELECT 1 FROM clients x WHERE x.id = row_id)
    OR subject = 'pregnancy' AND EXISTS (SELECT 1 FROM pregnancies x WHERE x.episode_id = row_id)
    OR subject = 'infant' AND EXISTS (SELECT 1 FROM infants x WHERE x.id = row_id));

-- Who has a family sees what was sent to her by machine; what was sent to others stays the hub's.
CREATE POLICY to_her ON messages FOR SELECT TO doorstep_app USING (audience = 'client' AND EXISTS (SELECT 1 FROM case_access a
    WHERE a.case_id = messages.case_id AND a.org_id = (SELECT app_org()) AND a.level = 'full' AND a.until IS NULL));
GRANT SELECT ON messages TO doorstep_app;
CREATE INDEX messages_client ON messages (client_id) WHERE audience = 'client';

-- +goose Down
DROP INDEX messages_client;
REVOKE SELECT ON messages FROM doorstep_app;
DROP POLICY to_her ON messages;
DROP TABLE corrections, due_dates;
DROP INDEX infants_one;
UPDATE infants i SET birth_order = (SELECT min(n) FROM generate_series(1, 9) n
    WHERE NOT EXISTS (SELECT 1 FROM infants o WHERE o.episode_id = i.episode_id AND o.birth_order = n)) WHERE ended_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM infants o WHERE o.episode_id = i.episode_id AND o.birth_order = i.birth_order AND o.id <> i.id);
ALTER TABLE infants ADD CONSTRAINT infants_episode_id_birth_order_key UNIQUE (episode_id, birth_order);
ALTER TABLE infants DROP COLUMN ended_at, DROP COLUMN custody;
