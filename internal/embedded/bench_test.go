package embedded_test

import (
	"path/filepath"
	"strconv"
	"testing"

	"doorstep/internal/embedded"
)

// BenchmarkStart prints what each server costs: a new cluster, the same cluster again, and both kinds of Redis.
func BenchmarkStart(b *testing.B) {
	dir, remove, err := embedded.TempDir()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = remove() })
	n := 0
	next := func() string { n++; return filepath.Join(dir, strconv.Itoa(n)) }
	postgres := func(b *testing.B, dir string) {
		p, err := embedded.StartPostgres(b.Context(), embedded.PostgresOptions{Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := p.StopImmediate(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.Run("postgres/new", func(b *testing.B) {
		for b.Loop() {
			postgres(b, next())
		}
	})
	b.Run("postgres/again", func(b *testing.B) {
		same := next()
		postgres(b, same)
		for b.Loop() {
			postgres(b, same)
		}
	})
	for _, inProcess := range []bool{false, true} {
		b.Run("redis/inProcess="+strconv.FormatBool(inProcess), func(b *testing.B) {
			for b.Loop() {
				r, err := embedded.StartRedis(b.Context(), embedded.RedisOptions{Dir: next(), InProcess: inProcess})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := r.Stop(b.Context()); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}
