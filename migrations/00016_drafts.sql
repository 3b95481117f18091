-- Referrals that were begun and not sent, and what a referrer tells the hub about one that was.

-- +goose Up
CREATE TABLE drafts (
    id             uuid PRIMARY KEY,
    org_id         uuid NOT NULL REFERENCES organizations (id),
    site_id        uuid REFERENCES sites (id),
    owner_id       uuid NOT NULL,
    payload_sealed bytea CHECK (is_sealed(payload_sealed)),
    sent_as        uuid REFERENCES referrals (id),
    saved_at       timestamptz NOT NULL,
    CHECK ((payload_sealed IS NULL) = (sent_as IS NOT NULL))
);
COMMENT ON TABLE drafts IS 'Kept seven days after the last change, for their owner at the same site; no column tells who the family is';
COMMENT ON COLUMN drafts.sent_as IS 'the draft was sent: what it held is gone, and it cannot be written or sent again';
CREATE INDEX drafts_owner ON drafts (owner_id, saved_at DESC, id DESC);
CREATE INDEX drafts_saved ON drafts (saved_at);
ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON drafts TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON drafts TO doorstep_app USING (org_id = (SELECT app_org())) WITH CHECK (org_id = (SELECT app_org()));
GRANT SELECT, INSERT, UPDATE, DELETE ON drafts TO doorstep_hub, doorstep_app;

CREATE TABLE referrer_notes (
    id          uuid PRIMARY KEY,
    referral_id uuid NOT NULL REFERENCES referrals (id),
    case_id     uuid NOT NULL REFERENCES cases (id),
    org_id      uuid NOT NULL REFERENCES organizations (id),
    note_sealed bytea NOT NULL CHECK (is_sealed(note_sealed)),
    written_at  timestamptz NOT NULL,
    written_by  uuid NOT NULL
);
COMMENT ON TABLE referrer_notes IS 'What a referrer tells the triage team; read at the hub alone';
CREATE INDEX referrer_notes_case ON referrer_notes (case_id, written_at DESC, id DESC);
CREATE TRIGGER referrer_notes_append_only BEFORE UPDATE OR DELETE ON referrer_notes FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE referrer_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON referrer_notes TO doorstep_hub USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON referrer_notes TO doorstep_hub;

-- +goose Down
DROP TABLE referrer_notes, drafts;
