package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"doorstep/jobs"
	"doorstep/jobs/channel"
)

// queueName is the one asynq queue. Its name is part of every key in Redis.
const queueName = "doorstep"

// redisLimit is what a hanging Redis may cost one command.
const redisLimit = time.Second

// payload is all that Redis gets to know. Queued tasks outlive deploys: add fields only.
type payload struct {
	OutboxID uuid.UUID `json:"outbox_id"`
	Attempt  int       `json:"attempt"`
}

// link is the connection to Redis: one client for the relay and the server.
type link struct {
	redis  *redis.Client
	client *asynq.Client
}

// connect refuses a Redis that would drop queued work by itself. One that is away, or does not say, is taken: work waits in
// PostgreSQL until it comes.
func (w *Worker) connect(ctx context.Context) (*link, error) {
	options, err := redis.ParseURL(w.RedisURL)
	if err != nil {
		return nil, errors.New("REDIS_URL is not a redis:// or unix:// address") // the cause may quote its password
	}
	options.ContextTimeoutEnabled = true
	options.MaxRetries, options.DialerRetries = 1, 1
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = redisLimit, redisLimit, redisLimit
	redis.SetLogger(redisLog{w.Log}) // go-redis has one log a process
	client := redis.NewClient(options)
	asking, cancel := context.WithTimeout(ctx, redisLimit)
	defer cancel()
	const setting = "maxmemory-policy"
	if policy := client.ConfigGet(asking, setting).Val()[setting]; policy != "" && policy != "noeviction" {
		_ = client.Close()
		return nil, fmt.Errorf("redis may evict queued work: set maxmemory-policy to noeviction (it is %s)", policy)
	}
	return &link{redis: client, client: asynq.NewClientFromRedisClient(client)}, nil
}

func (l *link) close() { _ = l.redis.Close() }

// relay leases what is ready and wakes a worker for each. The window is what the workers of this process finish within the
// lease even when every job is a slow send.
func (w *Worker) relay(ctx context.Context, l *link) error {
	until := time.Now().Add(w.Lease / 2) // from before the lease begins: a wait for its answer may be long
	leased, err := w.queue.Lease(ctx, 4*w.Concurrency, w.Lease)
	if err != nil {
		return err
	}
	w.held.add(leased, until)
	for i, job := range leased {
		err := l.wakeUp(ctx, job, w.Lease)
		if errors.Is(err, asynq.ErrTaskIDConflict) { // a call that seemed to fail has arrived, or is over: take the next number
			err = w.queue.Retry(ctx, job, 0, "wake_up_known")
		}
		if err != nil {
			return errors.Join(fmt.Errorf("wake a worker for job %s: %w", job.ID, err),
				w.queue.Release(context.WithoutCancel(ctx), leased[i:]))
		}
	}
	return nil
}

// wakeUp enqueues one attempt. The attempt is in the task's id because a worker that was killed keeps an id taken for more
// than a minute.
func (l *link) wakeUp(ctx context.Context, job jobs.Job, lease time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, redisLimit)
	defer cancel()
	body, err := json.Marshal(payload{job.ID, job.Attempt})
	if err != nil {
		return err
	}
	_, err = l.client.EnqueueContext(ctx, asynq.NewTask(string(job.Kind), body), asynq.Queue(queueName),
		asynq.TaskID(fmt.Sprintf("%s:%d", job.ID, job.Attempt)), asynq.MaxRetry(0), asynq.Retention(0), asynq.Timeout(lease*3/4))
	return err
}

// serve runs the asynq server until ctx ends, and waits for the jobs under way. One handler serves every kind, since asynq's own
// mux matches by prefix; it never fails, since asynq must not retry or archive.
func (l *link) serve(ctx context.Context, w *Worker) {
	server := asynq.NewServerFromRedisClient(l.redis, asynq.Config{
		Concurrency:       w.Concurrency,
		Queues:            map[string]int{queueName: 1},
		TaskCheckInterval: 20 * time.Millisecond,
		ShutdownTimeout:   channel.SendLimit + 5*time.Second,
		Logger:            asynqLog{w.Log},
		LogLevel:          asynq.WarnLevel,
	})
	err := server.Start(asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		w.receive(ctx, t.Payload())
		return nil
	}))
	if err != nil { // only when started twice
		w.Log.ErrorContext(ctx, "asynq did not start", "error", err)
		return
	}
	<-ctx.Done()
	server.Shutdown()
}

// receive works on one wake-up call. One for an attempt that is over, or that nobody can read, is dropped.
func (w *Worker) receive(ctx context.Context, body []byte) {
	w.running.Add(1)
	defer w.leave()
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		w.Log.ErrorContext(ctx, "a wake-up call cannot be read; its lease will run out")
		return
	}
	job, known := w.held.take(p.OutboxID, p.Attempt)
	if !known {
		var err error
		if job, err = w.queue.Find(ctx, p.OutboxID, p.Attempt); err != nil {
			if !errors.Is(err, jobs.ErrSuperseded) {
				w.Log.WarnContext(ctx, "a job cannot be read; its lease will run out", "job", p.OutboxID)
			}
			return
		}
	}
	w.work(ctx, job)
}

// leave wakes the relay when a quarter of a window has ended or nothing runs any more: one lease for each job that ends would cost
// as much as the job.
func (w *Worker) leave() {
	ended, idle := w.ended.Add(1), w.running.Add(-1) == 0
	if idle || ended >= int64(w.Concurrency) {
		w.ended.Store(0)
		w.hurry()
	}
}
