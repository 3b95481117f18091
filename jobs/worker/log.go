package worker

import (
	"context"
	"fmt"
	"log/slog"
	"os"
)

// asynqLog sends asynq's remarks to slog. They hold task ids, which are ids and attempts.
type asynqLog struct{ log *slog.Logger }

func (l asynqLog) Debug(args ...any) { l.log.Debug("asynq", "remark", fmt.Sprint(args...)) }
func (l asynqLog) Info(args ...any)  { l.log.Info("asynq", "remark", fmt.Sprint(args...)) }
func (l asynqLog) Warn(args ...any)  { l.log.Warn("asynq", "remark", fmt.Sprint(args...)) }
func (l asynqLog) Error(args ...any) { l.log.Error("asynq", "remark", fmt.Sprint(args...)) }

// Fatal ends the process: asynq calls it only when it could not go on.
func (l asynqLog) Fatal(args ...any) {
	l.Error(args...)
	os.Exit(1)
}

// redisLog sends go-redis's remarks on its connections to slog.
type redisLog struct{ log *slog.Logger }

func (l redisLog) Printf(ctx context.Context, format string, args ...any) {
	l.log.WarnContext(ctx, "redis", "remark", fmt.Sprintf(format, args...))
}
