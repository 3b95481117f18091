-- People sign in: passwords, second factors, sessions, and letters that let somebody in. All times here are machine time: a clock that
-- demo and tests move must not open or shut the door.

-- +goose Up
ALTER TABLE sites ADD COLUMN profile text NOT NULL DEFAULT 'office' CHECK (profile IN ('office', 'ward'));
COMMENT ON COLUMN sites.profile IS 'ward: computers that many people walk past; the default is for the release before';
ALTER TABLE memberships ADD COLUMN site_id uuid REFERENCES sites (id);
COMMENT ON COLUMN memberships.site_id IS 'where this person works; NULL: anywhere in the organization';

CREATE TABLE credentials (
    user_id           uuid PRIMARY KEY REFERENCES users (id),
    password_hash     text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    password_set_at   timestamptz NOT NULL,
    totp_sealed       bytea CHECK (is_sealed(totp_sealed)),
    totp_confirmed_at timestamptz,
    totp_step         bigint NOT NULL DEFAULT 0,
    CHECK (totp_confirmed_at IS NULL OR totp_sealed IS NOT NULL)
);
COMMENT ON COLUMN credentials.totp_confirmed_at IS 'NULL: no second factor, or one that is being set up';
COMMENT ON COLUMN credentials.totp_step IS 'of the last code that opened: each opens once';

CREATE TABLE sessions (
    id           uuid PRIMARY KEY,
    token_hash   bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    user_id      uuid NOT NULL REFERENCES users (id),
    org_id       uuid REFERENCES organizations (id),
    role         text,
    awaits_code  boolean NOT NULL,
    started_at   timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    confirmed_at timestamptz NOT NULL,
    ended_at     timestamptz,
    CHECK ((org_id IS NULL) = (role IS NULL)),
    CHECK (NOT awaits_code OR role IS NULL)
);
COMMENT ON COLUMN sessions.role IS 'NULL until a person of several roles has chosen one';
COMMENT ON COLUMN sessions.confirmed_at IS 'when the password was last typed: what is dangerous asks for it again';
CREATE INDEX sessions_user ON sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_started ON sessions (started_at);

-- Guesses are counted before they are looked at, so that many at once count too. No address or account stands here in plain text.
CREATE TABLE sign_in_tries (
    subject  text NOT NULL CHECK (subject IN ('account', 'address', 'code', 'letter')),
    key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
    tries    int NOT NULL,
    since    timestamptz NOT NULL,
    PRIMARY KEY (subject, key_hash)
);
CREATE INDEX sign_in_tries_since ON sign_in_tries (since);

CREATE TABLE account_letters (
    id         uuid PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('invitation', 'reset')),
    user_id    uuid NOT NULL REFERENCES users (id),
    asked_at   timestamptz NOT NULL,
    token_hash bytea UNIQUE CHECK (octet_length(token_hash) = 32),
    expires_at timestamptz,
    used_at    timestamptz,
    CHECK ((token_hash IS NULL) = (expires_at IS NULL))
);
COMMENT ON COLUMN account_letters.token_hash IS 'NULL until the letter leaves: the token is made as it does, so that no table ever holds it';
CREATE INDEX account_letters_user ON account_letters (user_id, asked_at);
CREATE INDEX account_letters_asked ON account_letters (asked_at);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['credentials', 'sessions', 'sign_in_tries', 'account_letters'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY hub ON %I TO doorstep_hub USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO doorstep_hub', t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT DELETE ON sessions, sign_in_tries, account_letters TO doorstep_hub;

-- +goose Down
DROP TABLE account_letters, sign_in_tries, sessions, credentials;
ALTER TABLE memberships DROP COLUMN site_id;
ALTER TABLE sites DROP COLUMN profile;
