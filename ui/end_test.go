package ui_test

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// endedFromOutside ends a till with an order in hand by a signal, and by taking
// its terminal away. The order is parked, and the journal ends clean.
func (p program) endedFromOutside(t *testing.T) {
	t.Helper()
	// Where the tests are run by nohup, which a till respects, it would inherit
	// that from us; of a signal that is caught, a new program knows nothing.
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(hangup) })
	signalled := func(s syscall.Signal) func(*till) {
		return func(l *till) {
			if err := l.cmd.Process.Signal(s); err != nil {
				l.Fatal(err)
			}
		}
	}
	const gone = "the terminal is gone"
	for name, end := range map[string]func(*till){
		"SIGTERM": signalled(syscall.SIGTERM),
		"SIGHUP":  signalled(syscall.SIGHUP),
		"SIGINT":  signalled(syscall.SIGINT),
		gone: func(l *till) {
			if err := l.tty.Close(); err != nil {
				l.Fatal(err)
			}
		},
	} {
		for _, paying := range []bool{false, true} {
			kind := name
			if name == gone && !paying {
				continue // it is gone as soon as the till draws, which it then does each second
			}
			if paying {
				kind += ", and another sale is not paid yet"
			}
			t.Run(kind, func(t *testing.T) {
				t.Parallel()
				home := t.TempDir()
				till := p.open(t, home)
				till.await("Ready for the next", soon)
				if paying {
					till.press("6", "5", "0", "Enter", "F9")
					till.await("Waiting for payment", soon)
					till.press("l")
					till.await("Ready for the next", soon)
				}
				till.press("1", "2", "8", "0", "Enter")
				till.await("price entered", soon)
				end(till)
				if code := till.ends(); code != 0 {
					t.Errorf("exit code %d:\n%s", code, till.term.String())
				}
				if held := holders(t, home); held != "" {
					t.Errorf("the journal did not end clean: %q", held)
				}
				out, err := p.command(t, []string{"HOME=" + home, "REJI_LANG=en"}, "journal", "verify").CombinedOutput()
				if err != nil {
					t.Errorf("%v\n%s", err, out)
				}
				again := p.open(t, home)
				again.await("Ready for the next", soon)
				again.press("F5")
				again.await("price entered", soon)
			})
		}
	}
}

// ends waits until the till has ended by itself, and gives its exit code.
func (l *till) ends() int {
	l.Helper()
	limit := time.AfterFunc(soon, func() { _ = l.cmd.Process.Signal(syscall.SIGKILL) })
	defer limit.Stop()
	_ = l.cmd.Wait() // its exit code says it
	return l.cmd.ProcessState.ExitCode()
}

// holders is what the lock of a practice journal says: nothing after a clean end.
func holders(t *testing.T, home string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(home, ".local", "share", "reji", "training", "journal.db.lock"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
