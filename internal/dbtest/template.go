package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"doorstep/internal/embedded"
	"doorstep/migrations"
)

// templateLock keeps two processes of one cluster from building the same template. Any number will do.
const templateLock = 7305164002

// ensureTemplate finds or builds the migrated database that New clones.
func (c *Cluster) ensureTemplate(ctx context.Context) error {
	name, err := templateName()
	if err != nil {
		return err
	}
	conn, err := c.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to build the template: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, templateLock); err != nil {
		return fmt.Errorf("wait for the template: %w", err)
	}
	defer func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, templateLock)
	}()
	var ready bool
	if err := conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)`, name).Scan(&ready); err != nil {
		return fmt.Errorf("look for the template: %w", err)
	}
	if !ready {
		if err := c.buildTemplate(ctx, name); err != nil {
			return err
		}
	}
	c.template = name
	return nil
}

func (c *Cluster) buildTemplate(ctx context.Context, name string) error {
	// What a killed builder left is not marked as a template, and is built anew.
	if err := c.exec(ctx, `DROP DATABASE IF EXISTS`, name, `WITH (FORCE)`); err != nil {
		return err
	}
	if err := c.exec(ctx, `CREATE DATABASE`, name, `OWNER`, embedded.OwnerRole); err != nil {
		return err
	}
	if err := migrations.Up(ctx, c.url(embedded.OwnerRole, name)); err != nil {
		return fmt.Errorf("migrate the template: %w", err)
	}
	// Without connections: a database in use cannot be cloned.
	return c.exec(ctx, `ALTER DATABASE`, name, `WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`)
}

// templateName tells one state of the migrations from another. The hash is of the source files, which a test process has
// at hand; a binary that runs far from the source builds a template for itself alone.
func templateName() (string, error) {
	dir, err := migrationsDir()
	if err != nil {
		return "doorstep_template_" + suffix(), nil //nolint:nilerr // not sharing is slower, not wrong
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return "", fmt.Errorf("list the migrations: %w", err)
	}
	sum := sha256.New()
	for _, f := range files { // Glob sorts
		if ext := filepath.Ext(f); ext != ".sql" && ext != ".go" { // the roles are in Go
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			return "", fmt.Errorf("read the migrations: %w", err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", filepath.Base(f), len(text), text)
	}
	return "doorstep_template_" + hex.EncodeToString(sum.Sum(nil)[:6]), nil
}

var errFarFromSource = errors.New("not below the module's folder")

// migrationsDir looks upward from the working folder, which go test sets to the package's.
func migrationsDir() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the working folder: %w", err)
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), "module doorstep\n") {
			return filepath.Join(dir, "migrations"), nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errFarFromSource
		}
		dir = up
	}
}
