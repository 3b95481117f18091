package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// The database roles. doorstep_app is the only one that logs in for serve and worker: it inherits nothing, owns nothing and
// may become doorstep_hub (reads across organizations), doorstep_report (figures) or doorstep_part2 (records of a treatment
// program, and nothing else) for one transaction.
const (
	AppRole    = "doorstep_app"
	HubRole    = "doorstep_hub"
	ReportRole = "doorstep_report"
	Part2Role  = "doorstep_part2"
)

// RolesSQL is what an administrator runs by hand where the migrating user may not create roles.
const RolesSQL = `CREATE ROLE doorstep_hub NOLOGIN;
CREATE ROLE doorstep_report NOLOGIN;
CREATE ROLE doorstep_part2 NOLOGIN;
CREATE ROLE doorstep_app LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
GRANT doorstep_hub, doorstep_report, doorstep_part2 TO doorstep_app;`

// rolesLock keeps two starters apart: roles belong to the cluster, so the lock of one database is not enough, but the
// same key in the same database is what two replicas of one installation share; a lost race is seen and read again.
const rolesLock = 7305164001

// ensureRoles makes the roles where they are missing. When the user may not, the error carries the SQL to run.
func ensureRoles(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to create roles: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, rolesLock); err != nil {
		return fmt.Errorf("wait for the role lock: %w", err)
	}
	defer func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, rolesLock)
	}()
	for attempt := 0; ; attempt++ {
		missing, err := missingRoles(ctx, conn)
		if err != nil || len(missing) == 0 {
			return err
		}
		if _, err = conn.ExecContext(ctx, strings.Join(missing, "\n")); err != nil && attempt == 3 {
			return fmt.Errorf("create the database roles: %w\nRun this as a database administrator, then start again:\n%s", err, RolesSQL)
		}
	}
}

// missingRoles lists the statements of RolesSQL that this cluster still needs.
func missingRoles(ctx context.Context, conn *sql.Conn) ([]string, error) {
	var statements []string
	for _, s := range strings.Split(RolesSQL, "\n") {
		have := true
		var err error
		if name, ok := strings.CutPrefix(s, "CREATE ROLE "); ok {
			name = strings.TrimSuffix(strings.Fields(name)[0], ";")
			err = conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)`, name).Scan(&have)
		} else {
			err = conn.QueryRowContext(ctx, `SELECT count(*) = 3 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
				JOIN pg_roles a ON a.oid = m.member WHERE a.rolname = 'doorstep_app' AND g.rolname IN ('doorstep_hub', 'doorstep_report', 'doorstep_part2')`).Scan(&have)
		}
		if err != nil {
			return nil, fmt.Errorf("look up the database roles: %w", err)
		}
		if !have {
			statements = append(statements, s)
		}
	}
	return statements, nil
}
