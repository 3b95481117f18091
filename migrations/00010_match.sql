-- Who is this? What finds the same person among those on record: by name as it is spelt and as it sounds, birth date, number and home.
-- Names, numbers and streets stay in the tables where they are, and under their policies.

-- +goose Up
-- All three are trusted extensions: the database's owner may add them. They must stand in the schema of the tables.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- unaccent is STABLE because its dictionary may be changed; ours is named with its schema and stays, so an index may rest on it. Every
-- function inside is named with its schema too: a restore, and maintenance, run without a search path.
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format($f$
        CREATE FUNCTION plain_name(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
        $b$ SELECT btrim(regexp_replace(lower(%1$I.unaccent('%1$I.unaccent', translate(name, '''’‘ʼ`´', ''))), '[[:space:][:punct:]]+', ' ', 'g')) $b$
    $f$, current_schema());
    EXECUTE format($f$
        CREATE FUNCTION name_codes(given text, family text, born date) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
        $b$ SELECT coalesce(array_agg(code), '{}') FROM (SELECT coalesce(nullif(%1$I.dmetaphone(w), ''), w) AS first
                FROM split_part(%1$I.plain_name(given), ' ', 1) AS w) AS g,
            (SELECT coalesce(nullif(%1$I.dmetaphone(w), ''), w) AS part FROM unnest(string_to_array(%1$I.plain_name(family), ' ')) AS w
                WHERE w NOT IN ('de', 'del', 'la', 'las', 'los', 'al', 'el', 'van', 'von')) AS f,
            unnest(ARRAY['n' || least(first, part) || '.' || greatest(first, part),
                'y' || extract(year FROM born) || left(first, 1) || '.' || part,
                'd' || extract(month FROM born) || '-' || extract(day FROM born) || '.' || part]) AS code WHERE code IS NOT NULL $b$
    $f$, current_schema());
END $$;
-- +goose StatementEnd
COMMENT ON FUNCTION plain_name(text) IS 'lower case without accents, apostrophes and hyphens';
COMMENT ON FUNCTION name_codes(text, text, date) IS 'what each part of the family name sounds like: with the sound of the given name, either first; with the year of birth and the first sound of the given name; with month and day';

ALTER TABLE clients ADD COLUMN plain_name text GENERATED ALWAYS AS (plain_name(given_name || ' ' || family_name)) STORED;
CREATE INDEX clients_plain_name ON clients (plain_name);
-- By likeness only those of whom no birth date is known: all others are found by something that costs less, or a like name is not enough.
CREATE INDEX clients_like_name ON clients USING gin (plain_name gin_trgm_ops) WITH (fastupdate = off) WHERE date_of_birth IS NULL;
CREATE INDEX clients_name_codes ON clients USING gin (name_codes(given_name, family_name, date_of_birth)) WITH (fastupdate = off);
CREATE INDEX clients_born ON clients (date_of_birth);
CREATE INDEX contact_methods_value ON contact_methods (value, client_id) WHERE channel = 'phone';
CREATE INDEX addresses_home ON addresses (zip, substring(street FROM '[0-9]+'), client_id);

-- +goose Down
DROP INDEX addresses_home;
DROP INDEX contact_methods_value;
DROP INDEX clients_born;
DROP INDEX clients_name_codes;
ALTER TABLE clients DROP COLUMN plain_name;
DROP FUNCTION name_codes(text, text, date);
DROP FUNCTION plain_name(text);
DROP EXTENSION fuzzystrmatch;
DROP EXTENSION pg_trgm;
DROP EXTENSION unaccent;
