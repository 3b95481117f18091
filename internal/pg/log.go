package pg

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm/logger"
)

// gormLog prints no SQL values: a statement's arguments are client data.
type gormLog struct{ log *slog.Logger }

// LogMode is part of gorm's interface; the level is slog's affair.
func (l *gormLog) LogMode(logger.LogLevel) logger.Interface { return l }

// Info, Warn and Error carry gorm's own remarks; their arguments may hold values and are dropped.
func (l *gormLog) Info(ctx context.Context, msg string, _ ...any) {
	l.log.DebugContext(ctx, "gorm", "remark", msg)
}

// Warn drops its arguments, as Info does.
func (l *gormLog) Warn(ctx context.Context, msg string, _ ...any) {
	l.log.WarnContext(ctx, "gorm", "remark", msg)
}

// Error drops its arguments, as Info does.
func (l *gormLog) Error(ctx context.Context, msg string, _ ...any) {
	l.log.ErrorContext(ctx, "gorm", "remark", msg)
}

// Trace says only how long a slow statement took; which one is found by its use case in the same request.
func (l *gormLog) Trace(ctx context.Context, begin time.Time, _ func() (string, int64), _ error) {
	if took := time.Since(begin); took > time.Second {
		l.log.WarnContext(ctx, "slow statement", "ms", took.Milliseconds())
	}
}

// ParamsFilter makes gorm build its log line with placeholders.
func (l *gormLog) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}

// SafeError is err as the log may show it: PostgreSQL's code and constraint, never its detail, which quotes the row.
func SafeError(err error) string {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return "postgres " + pe.Code + " " + pe.ConstraintName
	}
	return err.Error()
}
