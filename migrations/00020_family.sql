-- What families see: their own form, their page, and what they ask for there. Times of visits and guesses are machine time, as of sessions.

-- +goose Up
-- Her page is opened by a person of the hub for her, behind a word that she chose by voice.
CREATE TABLE family_pages (
    id         uuid PRIMARY KEY,
    case_id    uuid NOT NULL REFERENCES cases (id),
    client_id  uuid NOT NULL REFERENCES clients (id),
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    word_salt  bytea NOT NULL CHECK (octet_length(word_salt) = 16),
    word_hash  bytea NOT NULL CHECK (octet_length(word_hash) = 32),
    said       text NOT NULL CHECK (said IN ('voice', 'in_person')),
    opened_at  timestamptz NOT NULL,
    opened_by  uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    guesses    int NOT NULL DEFAULT 0,
    closed_at  timestamptz,
    closed_as  text CHECK (closed_as IN ('hub', 'another', 'guesses', 'safety')),
    CHECK ((closed_at IS NULL) = (closed_as IS NULL))
);
COMMENT ON COLUMN family_pages.said IS 'how she named her word: it is never a number or date of hers';
COMMENT ON COLUMN family_pages.guesses IS 'wrong words since the last right one; the fifth shuts the page';
CREATE UNIQUE INDEX family_pages_open ON family_pages (case_id) WHERE closed_at IS NULL;

-- One browser on a public page. What she wrote lives here, sealed, for 15 minutes after the last page, and nowhere else until she sends it.
CREATE TABLE public_visits (
    id             uuid PRIMARY KEY,
    token_hash     bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    page_id        uuid REFERENCES family_pages (id),
    answers_sealed bytea CHECK (is_sealed(answers_sealed)),
    begun_at       timestamptz NOT NULL,
    seen_at        timestamptz NOT NULL,
    sent_at        timestamptz
);
COMMENT ON COLUMN public_visits.page_id IS 'the page that her word opened; NULL: the form of her own';
COMMENT ON COLUMN public_visits.sent_at IS 'what is sealed since then is the receipt, and no answer';
CREATE INDEX public_visits_seen ON public_visits (seen_at);

CREATE TABLE public_tries (
    subject  text NOT NULL CHECK (subject IN ('begin', 'send', 'word', 'wrong')),
    key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
    tries    int NOT NULL,
    since    timestamptz NOT NULL,
    PRIMARY KEY (subject, key_hash)
);
CREATE INDEX public_tries_since ON public_tries (since);

-- What she asked for on a page. Nothing changes by it: a person does it with her, by a way that was safe before.
CREATE TABLE family_requests (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('change_contact', 'changed_mind', 'take_back', 'wrong')),
    case_id     uuid REFERENCES cases (id),
    page_id     uuid REFERENCES family_pages (id),
    text_sealed bytea NOT NULL CHECK (is_sealed(text_sealed)),
    asked_at    timestamptz NOT NULL,
    CONSTRAINT family_requests_apart CHECK ((kind = 'wrong') = (case_id IS NULL))
);
COMMENT ON CONSTRAINT family_requests_apart ON family_requests IS 'what went wrong is for the privacy officer: no list by case leads there';
CREATE INDEX family_requests_case ON family_requests (case_id, asked_at);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['family_pages', 'public_visits', 'public_tries', 'family_requests'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY hub ON %I TO doorstep_hub USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO doorstep_hub', t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT UPDATE (guesses, closed_at, closed_as) ON family_pages TO doorstep_hub;
GRANT UPDATE, DELETE ON public_visits, public_tries TO doorstep_hub;

-- +goose Down
DROP TABLE family_requests, public_tries, public_visits, family_pages;
