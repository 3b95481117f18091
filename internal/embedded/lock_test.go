package embedded_test

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"doorstep/internal/embedded"
)

func pidText() string { return strconv.Itoa(os.Getpid()) }

func TestLock(t *testing.T) {
	dir := t.TempDir()
	lock, err := embedded.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = embedded.Lock(dir)
	if !errors.Is(err, embedded.ErrInUse) || !strings.Contains(err.Error(), "process "+pidText()) {
		t.Errorf("got %v, want ErrInUse naming process %s", err, pidText())
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := embedded.Lock(dir)
	if err != nil {
		t.Fatalf("after Unlock: %v", err)
	}
	if err := errors.Join(again.Unlock(), again.Unlock()); err != nil {
		t.Errorf("a second Unlock: %v", err)
	}
}
