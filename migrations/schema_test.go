package migrations_test

import (
	"database/sql"
	"flag"
	"os"
	"strings"
	"testing"

	"doorstep/internal/dbtest"
)

var update = flag.Bool("update", false, "write schema.sql anew from the migrated database")

// schema.sql is for readers: what all migrations together have made. It is read from the catalog in a fixed order, since
// pg_dump may be absent and its output changes with its version.
func TestSchemaFileShowsTheMigratedDatabase(t *testing.T) {
	db, err := sql.Open("pgx", dbtest.New(t).OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	rows, err := db.QueryContext(t.Context(), catalog)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var b strings.Builder
	b.WriteString("-- Written from the catalog of a migrated database (make schema). Never edit it: write a migration.\n")
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n" + strings.TrimRight(text, "\n") + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("schema.sql", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Split(b.String(), "\n"); string(have) != b.String() {
		for i, line := range strings.Split(string(have), "\n") {
			if i >= len(want) || line != want[i] {
				t.Fatalf("schema.sql line %d is not what the migrations make:\nfile     %s\ndatabase %s\nRun make schema and read the diff.",
					i+1, line, strings.Join(want[min(i, len(want)):min(i+1, len(want))], ""))
			}
		}
		t.Fatal("schema.sql ends too early. Run make schema and read the diff.")
	}
}

// catalog yields one text a function, and one a table with all that belongs to it. Everything is ordered by name, columns
// by their place. What the owner may do to its own tables is left out: it is not a choice.
const catalog = `
WITH tables AS (
	SELECT c.oid, c.relname AS name, c.relowner, c.relacl, c.reloptions, c.relrowsecurity, c.relforcerowsecurity
	FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
), parts(tab, kind, ord, text) AS (
	SELECT t.oid, 'column', lpad(a.attnum::text, 4, '0'), '    ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
		|| CASE WHEN a.attidentity <> '' THEN ' GENERATED ' || CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END || ' AS IDENTITY' ELSE '' END
		|| CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
		|| coalesce(CASE a.attgenerated WHEN '' THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
			ELSE ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED' END, '')
	FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
	UNION ALL
	SELECT t.oid, 'column', 'constraint ' || c.contype::text || c.conname, '    CONSTRAINT ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid)
	FROM tables t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype IN ('p', 'u', 'f', 'c', 'x')
	UNION ALL
	SELECT t.oid, 'after', '1' || lpad(d.objsubid::text, 4, '0'), 'COMMENT ON ' || CASE WHEN d.objsubid = 0 THEN 'TABLE ' || quote_ident(t.name)
		ELSE 'COLUMN ' || quote_ident(t.name) || '.' || quote_ident(a.attname) END || ' IS ' || quote_literal(d.description) || ';'
	FROM tables t JOIN pg_description d ON d.objoid = t.oid AND d.classoid = 'pg_class'::regclass
	LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.objsubid AND d.objsubid > 0
	UNION ALL
	SELECT t.oid, 'after', '2' || i.relname, replace(pg_get_indexdef(i.oid), ' ON ' || current_schema() || '.', ' ON ') || ';'
	FROM tables t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
	WHERE NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype IN ('p', 'u', 'x'))
	UNION ALL
	SELECT t.oid, 'after', '3' || g.tgname, replace(pg_get_triggerdef(g.oid), ' ON ' || current_schema() || '.', ' ON ') || ';'
	FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
	UNION ALL
	SELECT t.oid, 'after', '4', 'ALTER TABLE ' || quote_ident(t.name) || ' ENABLE ROW LEVEL SECURITY;'
		|| CASE WHEN t.relforcerowsecurity THEN E'\nALTER TABLE ' || quote_ident(t.name) || ' FORCE ROW LEVEL SECURITY;' ELSE '' END
	FROM tables t WHERE t.relrowsecurity
	UNION ALL
	SELECT t.oid, 'after', '5' || p.policyname, 'CREATE POLICY ' || quote_ident(p.policyname) || ' ON ' || quote_ident(t.name)
		|| CASE p.permissive WHEN 'PERMISSIVE' THEN '' ELSE ' AS RESTRICTIVE' END || ' FOR ' || p.cmd
		|| ' TO ' || (SELECT string_agg(r, ', ' ORDER BY r) FROM unnest(p.roles::text[]) r)
		|| regexp_replace(coalesce(' USING (' || p.qual || ')', '') || coalesce(' WITH CHECK (' || p.with_check || ')', ''), '\s+', ' ', 'g') || ';'
	FROM tables t JOIN pg_policies p ON p.schemaname = current_schema() AND p.tablename = t.name
	UNION ALL
	SELECT t.oid, 'after', '6' || g.who, 'GRANT ' || string_agg(g.what, ', ' ORDER BY g.what) || ' ON ' || quote_ident(t.name) || ' TO ' || g.who || ';'
	FROM tables t CROSS JOIN LATERAL (
		SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END AS who, x.privilege_type AS what
		FROM aclexplode(t.relacl) x WHERE x.grantee <> t.relowner
		UNION ALL
		SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END,
			x.privilege_type || ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
		FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) x WHERE a.attrelid = t.oid AND x.grantee <> t.relowner
		GROUP BY x.grantee, x.privilege_type
	) g GROUP BY t.oid, t.name, g.who
), texts(ord, text) AS (
	SELECT '1' || p.proname || pg_get_function_identity_arguments(p.oid),
		replace(pg_get_functiondef(p.oid), ' FUNCTION ' || current_schema() || '.', ' FUNCTION ') || ';'
	FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
		AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
	UNION ALL
	SELECT '0' || e.extname, 'CREATE EXTENSION ' || e.extname || ';' FROM pg_extension e WHERE e.extname <> 'plpgsql'
	UNION ALL
	SELECT '2' || t.name, 'CREATE TABLE ' || quote_ident(t.name) || E' (\n'
		|| (SELECT string_agg(p.text, E',\n' ORDER BY p.ord COLLATE "C") FROM parts p WHERE p.tab = t.oid AND p.kind = 'column')
		|| E'\n)' || coalesce(' WITH (' || array_to_string(t.reloptions, ', ') || ')', '') || ';'
		|| coalesce((SELECT E'\n' || string_agg(p.text, E'\n' ORDER BY p.ord COLLATE "C") FROM parts p WHERE p.tab = t.oid AND p.kind = 'after'), '')
	FROM tables t
)
SELECT text FROM texts ORDER BY ord COLLATE "C"`
