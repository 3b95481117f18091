-- The words that machines send to families: versions in each language, and the yes of a second person before one is used. That two people are
-- behind it is said here and not only in the code. And the files of caseloads that are brought by a page.

-- +goose Up
CREATE TABLE message_versions (
    id          uuid PRIMARY KEY,
    template_id uuid NOT NULL,
    language    text NOT NULL CHECK (language IN ('en', 'es')),
    version     int NOT NULL CHECK (version > 0),
    subject     text NOT NULL,
    body        text NOT NULL CHECK (body ~ '\w'),
    status      text NOT NULL CHECK (status IN ('draft', 'approved', 'replaced', 'stopped')),
    written_at  timestamptz,
    written_by  uuid REFERENCES users (id),
    approved_at timestamptz,
    approved_by uuid REFERENCES users (id),
    ended_at    timestamptz,
    UNIQUE (template_id, language, version),
    CHECK ((written_by IS NULL) = (written_at IS NULL)),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK (status <> 'approved' OR approved_by IS NOT NULL),
    CHECK (status <> 'draft' OR approved_by IS NULL),
    CONSTRAINT message_versions_two_people CHECK (approved_by IS NULL OR written_by IS NULL OR approved_by <> written_by)
);
COMMENT ON COLUMN message_versions.template_id IS 'of the list in the code: a template that nothing sends would be of no use';
COMMENT ON COLUMN message_versions.written_by IS 'NULL: it came with the service, and somebody of this hub approved it';
COMMENT ON COLUMN message_versions.status IS 'draft: not approved yet; replaced: by a newer draft or approval; stopped: taken out of use';
CREATE UNIQUE INDEX message_versions_approved ON message_versions (template_id, language) WHERE status = 'approved';
CREATE UNIQUE INDEX message_versions_draft ON message_versions (template_id, language) WHERE status = 'draft';

ALTER TABLE message_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON message_versions TO doorstep_hub USING (true) WITH CHECK (true);
-- A text is never changed: new words are a new version.
GRANT SELECT, INSERT, UPDATE (status, approved_at, approved_by, ended_at) ON message_versions TO doorstep_hub;

-- A caseload that an agency brings, between the look at what it would make and the making of it. It is gone when it was brought, and after a day.
CREATE TABLE caseload_files (
    id          uuid PRIMARY KEY,
    org_id      uuid NOT NULL REFERENCES organizations (id),
    program_id  uuid NOT NULL REFERENCES programs (id),
    file_sealed bytea NOT NULL CHECK (is_sealed(file_sealed)),
    kept_at     timestamptz NOT NULL,
    kept_by     uuid NOT NULL
);
COMMENT ON COLUMN caseload_files.kept_at IS 'machine time';
CREATE INDEX caseload_files_kept ON caseload_files (kept_at);
ALTER TABLE caseload_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY hub ON caseload_files TO doorstep_hub USING (true) WITH CHECK (true);
CREATE POLICY own ON caseload_files TO doorstep_app USING (org_id = (SELECT app_org())) WITH CHECK (org_id = (SELECT app_org()));
GRANT SELECT, INSERT, DELETE ON caseload_files TO doorstep_hub, doorstep_app;

-- +goose Down
DROP TABLE caseload_files;
DROP TABLE message_versions;
