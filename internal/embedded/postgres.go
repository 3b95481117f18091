package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// The names in a private cluster.
const (
	OwnerRole = "doorstep_owner" // owns the schema; not a superuser; may create roles
	Database  = "doorstep"       // owned by OwnerRole
	superuser = "postgres"       // also the name of the maintenance database
)

// PostgresOptions says how to start a private server.
type PostgresOptions struct {
	Dir      string            // holds the cluster, its log and, when the path is short enough, its socket; kept
	Log      *slog.Logger      // nil: silent
	Durable  bool              // survive a crash of the machine; without it a crash of the server may lose the last commits
	Settings map[string]string // more settings, or other values for ours
	Env      []string          // more environment of the server, such as LD_PRELOAD
	Timeout  time.Duration     // for a start, crash recovery included; 0 = one minute
}

// Postgres is a private server. Its methods may be called from several goroutines.
type Postgres struct {
	o    PostgresOptions
	bin  binaries
	as   *identity
	run  string // socket folder
	mu   sync.Mutex
	lock *FolderLock
	proc *child // nil when stopped on purpose
}

// StartPostgres starts a server in o.Dir, making a cluster there first when there is none, with OwnerRole and Database in
// it. As root the server runs as the user postgres, else nobody.
//
// An error wraps ErrInUse when another Doorstep or another server is at work in the folder; when no PostgreSQL programs
// are found it names every way to get them.
func StartPostgres(ctx context.Context, o PostgresOptions) (*Postgres, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil || o.Dir == "" {
		return nil, errors.Join(fmt.Errorf("start PostgreSQL in %q: not a folder", o.Dir), err)
	}
	o.Dir = dir
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	p := &Postgres{o: o}
	if p.as, err = unprivileged("postgres"); err != nil {
		return nil, err
	}
	if err := p.Start(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

// Start starts a server that was stopped or has died, on the same data and with the same URL.
func (p *Postgres) Start(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.proc.running() {
		return fmt.Errorf("start PostgreSQL in %s: %w: it already runs as process %d", p.o.Dir, ErrInUse, p.proc.pid)
	}
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	if err := p.launch(ctx); err != nil {
		return errors.Join(fmt.Errorf("start PostgreSQL in %s: %w", p.o.Dir, err), p.lock.Unlock())
	}
	return nil
}

func (p *Postgres) launch(ctx context.Context) error {
	begun := time.Now()
	if err := os.MkdirAll(p.o.Dir, 0o755); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	if err := p.as.reachable(p.o.Dir); err != nil {
		return err
	}
	if err := p.lock.Unlock(); err != nil { // of a server that died by itself
		return err
	}
	var err error
	if p.lock, err = lockFile(p.o.Dir, "postgres.lock"); err != nil {
		return err
	}
	if err := clearStale(ctx, p.o.Dir); err != nil {
		return err
	}
	if err := p.prepare(ctx); err != nil {
		return err
	}
	spec := childSpec{
		path: p.bin.path("postgres"), args: []string{"-D", p.data()}, home: p.o.Dir,
		env: serverEnv(p.bin, p.o.Env), as: p.as, deathSig: sigQuit,
	}
	if p.proc, err = startChild(spec); err != nil {
		return err
	}
	conn, err := p.awaitReady(ctx, p.proc)
	if err == nil {
		err = errors.Join(ensureOwner(ctx, conn), conn.Close(ctx))
	}
	if err != nil {
		if p.proc.running() {
			err = errors.Join(err, p.proc.killAll())
		}
		p.proc = nil
		return err
	}
	p.o.Log.Info("PostgreSQL is ready", "dir", p.o.Dir, "pid", p.proc.pid, "programs", p.bin.dir, "took", time.Since(begun).Round(time.Millisecond))
	return nil
}

// prepare finds the programs, and makes the cluster and the socket folder where they are missing.
func (p *Postgres) prepare(ctx context.Context) error {
	want, err := dataMajor(p.data())
	if err != nil {
		return err
	}
	if p.bin.dir == "" {
		if p.bin, err = newFinder(p.o).find(ctx, want); err != nil {
			return err
		}
	}
	if err := p.as.reachable(p.bin.dir); err != nil {
		return err
	}
	if want == 0 {
		if err := initDB(ctx, p.bin, p.data(), p.as, p.o.Durable); err != nil {
			return err
		}
	}
	if p.run, err = socketDir(p.o.Dir, ".s.PGSQL.5432", p.as); err != nil {
		return err
	}
	return writeConfig(p.data(), settings(p.run, p.o), p.as)
}

func (p *Postgres) data() string { return filepath.Join(p.o.Dir, "data") }

// URL is for pgx, gorm and goose. The socket needs no password: only this user and root can reach it.
func (p *Postgres) URL(user, db string) string {
	// port and sslmode are given so that PGPORT and PGSSLMODE of the caller cannot change the meaning.
	q := url.Values{"host": {p.run}, "port": {"5432"}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + db, RawQuery: q.Encode()}
	// A URL with a user and no host prints "//user@/db"; url.URL does so when Host is empty and User is set.
	return u.String()
}

// SuperuserURL is for the maintenance database as superuser: making and dropping databases, ending sessions.
func (p *Postgres) SuperuserURL() string { return p.URL(superuser, superuser) }

// LogPath is the server's log. It survives restarts.
func (p *Postgres) LogPath() string { return logPath(p.o.Dir) }
