package pg

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestLineServesInTheOrderOfAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(1)
		if err := l.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var served []int
		for i := range 50 {
			go func() {
				if i == 20 { // who gives up leaves no gap
					if err := l.enter(impatient); !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("waiting longer than it may: %v", err)
					}
					return
				}
				if err := l.enter(t.Context()); err != nil {
					t.Error(err)
				}
				served = append(served, i)
				l.leave()
			}()
			synctest.Wait()
		}
		time.Sleep(2 * time.Second) // on a clock that costs nothing
		l.leave()
		synctest.Wait()
		if len(served) != 49 || !slices.IsSorted(served) {
			t.Errorf("served in the order %v", served)
		}
		if waited := time.Duration(l.waited.Load()); waited != 49*2*time.Second+time.Second {
			t.Errorf("waited %s in all", waited)
		}
	})
}
