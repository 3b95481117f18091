-- Who is this? What finds the same person among those on record: by name as it is spelt and as it sounds, birth date, number and home.
-- Names, numbers and streets stay in the tables where they are, and under their policies.

-- +goose Up
-- All three are trusted extensions: the database's owner may add them. They must stand in the schema of the tables.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- unaccent is STABLE because its dictionary may be changed; ours is named with its schema and stays, so an index may rest on it. Every
-- function inside is named with its schema too: a restore, and maintenance, run without a search path. In plpgsql, since a function
-- in SQL would be planned anew for each client who is written.
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format($f$
        CREATE FUNCTION plain_name(name text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $b$
        BEGIN
            RETURN btrim(regexp_replace(lower(%1$I.unaccent('%1$I.unaccent', translate(name, '''’‘ʼ`´', ''))), '[[:space:][:punct:]]+', ' ', 'g'));
        END $b$
    $f$, current_schema());
    EXECUTE format($f$
        CREATE FUNCTION name_codes(given text, family text, born date) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $b$
        DECLARE
            word text := split_part(%1$I.plain_name(given), ' ', 1);
            first text := coalesce(nullif(%1$I.dmetaphone(word), ''), word);
            part text;
            codes text[] := '{}';
        BEGIN
            FOREACH word IN ARRAY string_to_array(%1$I.plain_name(family), ' ') LOOP
                CONTINUE WHEN word IN ('de', 'del', 'la', 'las', 'los', 'al', 'el', 'van', 'von');
                part := coalesce(nullif(%1$I.dmetaphone(word), ''), word);
                codes := codes || ('n' || least(first, part) || '.' || greatest(first, part));
                IF born IS NOT NULL THEN
                    codes := codes || ('y' || date_part('year', born) || left(first, 1) || '.' || part)
                        || ('d' || date_part('month', born) || '-' || date_part('day', born) || '.' || part);
                END IF;
            END LOOP;
            RETURN codes;
        END $b$
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
