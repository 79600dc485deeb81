package store

import (
	"path/filepath"
	"syscall"
	"testing"
)

// A program that is being started has our files until it runs.
func TestLock_endsThoughAnotherHasTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	for _, clean := range []bool{true, false} {
		l, err := take(path)
		if err != nil {
			t.Fatal(err)
		}
		inherited, err := syscall.Dup(int(l.file.Fd()))
		if err != nil {
			t.Fatal(err)
		}
		if err := l.release(clean); err != nil {
			t.Fatal(err)
		}
		again, err := take(path)
		if err != nil {
			t.Fatalf("clean %v: %v", clean, err)
		}
		if again.unclean() == clean {
			t.Errorf("clean %v: it is taken for unclean: %v", clean, again.unclean())
		}
		if err := again.restore(); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Close(inherited); err != nil {
			t.Fatal(err)
		}
	}
}
