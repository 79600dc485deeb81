package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"modernc.org/sqlite"
)

// gapOf is the gap that a caller notes down for what was restored.
func gapOf(r *Restored) *Gap {
	return &Gap{From: r.Last, To: r.At, FirstDay: "2026-11-23", LastDay: "2026-11-24", Missing: r.Missing, Number: 1000, Entries: r.Entries, Lost: NumbersOf(r.Gaps...), Below: 2, Open: true}
}

func TestRestored_isSaidUntilItIsNotedDown(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db := mustOpen(t, path)
	if r := db.Restored(); r != nil {
		t.Fatalf("a new journal is an older copy: %+v", r)
	}
	kept := mustAppend(t, db, saleChange(1))
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := db.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, db, saleChange(2))
	mustAppend(t, db, saleChange(3))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	report, err := Restore(t.Context(), backup, path, false)
	if err != nil {
		t.Fatal(err)
	}
	want := &Restored{At: report.Restored.At, Last: kept.At, Entries: 1, Missing: 2}
	if diff := cmp.Diff(want, report.Restored); diff != "" {
		t.Errorf("-want +reported\n%s", diff)
	}
	for range 2 { // also a till that comes no further than opening is told
		db = mustOpen(t, path)
		if diff := cmp.Diff(want, db.Restored()); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if err := db.MarkAnchor(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}

	// The anchor of a till that is killed just after it has noted the gap down
	// still speaks of it.
	old, err := os.ReadFile(path + ".anchor")
	if err != nil {
		t.Fatal(err)
	}
	db = mustOpen(t, path)
	gap := gapOf(want)
	mustAppend(t, db, Change{Entry: Entry{At: noon, Kind: "restored", Actor: "till"}, Gap: gap})
	if r := db.Restored(); r != nil {
		t.Errorf("still said: %+v", r)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, anchor := range [][]byte{nil, old} {
		if anchor != nil {
			if err := os.WriteFile(path+".anchor", anchor, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		db = mustOpen(t, path)
		if r := db.Restored(); r != nil {
			t.Errorf("said again: %+v", r)
		}
		if got, err := db.Gaps(t.Context()); err != nil || cmp.Diff([]Gap{*gap}, got) != "" {
			t.Errorf("gaps %+v, %v", got, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}

	db = mustOpen(t, path)
	later := *gap
	later.Open, later.Below, later.Again = false, 1, true
	mustAppend(t, db, Change{Entry: Entry{At: noon, Kind: "accounted", Actor: "cashier"}, Gap: &later})
	if got, err := db.Gaps(t.Context()); err != nil || cmp.Diff([]Gap{later}, got) != "" {
		t.Errorf("gaps %+v, %v", got, err)
	}
}

func TestRestored_ofAFileThatWasPutInPlaceByHand(t *testing.T) {
	t.Parallel()
	path := filled(t, 3)
	backup := filepath.Join(t.TempDir(), "by hand", "journal.db")
	db := mustOpen(t, path)
	if err := os.MkdirAll(filepath.Dir(backup), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	last := all(t, db)[2].At
	if r := db.Restored(); r != nil {
		t.Errorf("a journal with its anchor is a copy: %+v", r)
	}
	began := time.Now().Truncate(time.Millisecond)
	for range 2 {
		db = mustOpen(t, backup)
		r := db.Restored()
		if r == nil || !r.Last.Equal(last) || r.At.Before(began) {
			t.Fatalf("nobody says that it is a copy: %+v", r)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// The anchor outlives what is lost: it still knows the gaps that were noted down
// in that, also when another copy is put in place before a till was started.
func TestRestored_namesTheGapsThatAreLost(t *testing.T) {
	t.Parallel()
	path := filled(t, 2)
	first := filepath.Join(t.TempDir(), "first.db")
	open := func(number int64) {
		t.Helper()
		db := mustOpen(t, path)
		gap := gapOf(db.Restored())
		gap.Number = number
		mustAppend(t, db, Change{Entry: Entry{At: noon, Kind: "restored", Actor: "till"}, Gap: gap})
		if err := db.MarkAnchor(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	restored := func() []int64 {
		t.Helper()
		<-time.After(2 * time.Millisecond) // a gap is named by its millisecond
		report, err := Restore(t.Context(), first, path, false)
		if err != nil {
			t.Fatal(err)
		}
		return report.Restored.Gaps
	}
	db := mustOpen(t, path)
	if err := db.Backup(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, db, saleChange(9))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]int64{nil, {1000}, {1000, 2000}} {
		for range i + 1 { // also when nobody has opened what was put in place
			if got := restored(); !slices.Equal(got, want) {
				t.Errorf("restored for the %d. time: it lacks gaps %v, want %v", i+1, got, want)
			}
		}
		open(int64(i+1) * 1000)
	}
}

// A journal that ended cleanly where its backup does has lost nothing.
func TestRestored_nothingIsLacking(t *testing.T) {
	t.Parallel()
	path := filled(t, 2)
	backup := filepath.Join(t.TempDir(), "backup.db")
	db := mustOpen(t, path)
	if err := db.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if report, err := Restore(t.Context(), backup, path, false); err != nil || report.Restored != nil {
		t.Errorf("restored: %+v, %v", report.Restored, err)
	}
	if r := mustOpen(t, path).Restored(); r != nil {
		t.Errorf("something is lacking: %+v", r)
	}
}

// An anchor that is removed from a till that runs makes no copy of its journal.
func TestRestored_notByReopening(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	mustAppend(t, db, saleChange(1))
	if err := os.Remove(db.path + ".anchor"); err != nil {
		t.Fatal(err)
	}
	if err := db.Reopen(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := db.Restored(); r != nil {
		t.Errorf("it is a copy of itself: %+v", r)
	}
}

// What a crash leaves in the log is lost with it.
func TestRestored_ofALogThatWasLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		entries int
		logLost bool
		want    bool
	}{
		"the log is there":       {3, false, false},
		"the log is lost":        {3, true, true},
		"nothing was written":    {0, false, false},
		"nothing is in the file": {1, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := journalPath(t)
			db := mustOpen(t, from)
			mustAppend(t, db, saleChange(1))
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			db = mustOpen(t, from)
			for i := range c.entries {
				mustAppend(t, db, saleChange(int64(i+2)))
				if i == 1 {
					if err := db.Checkpoint(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
			}
			to := journalPath(t)
			copyJournal(t, from, to)
			if c.logLost {
				if err := os.Remove(to + "-wal"); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 { // also when nobody has noted it down
				db = mustOpen(t, to)
				if r := db.Restored(); (r != nil) != c.want {
					t.Errorf("restored: %+v", r)
				}
				marked, err := readAnchor(to)
				if entries := all(t, db); err != nil || marked.at.seq != int64(len(entries)) {
					t.Errorf("the anchor is %+v after %d entries were found: %v", marked, len(entries), err)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// A till that does not get as far as to open takes the log over and closes it.
func TestRestored_notByAStartThatFails(t *testing.T) {
	t.Parallel()
	path := crashed(t, 3)
	_, err := openWith(t.Context(), path, func(dsn string) (driver.Connector, error) {
		if strings.Contains(dsn, "mode=ro") && !strings.Contains(dsn, "vfs=") && !strings.Contains(dsn, "immutable=") {
			return nil, errors.New("input/output error")
		}
		return sqlite.NewConnector(dsn)
	})
	if err == nil {
		t.Fatal("it opens without readers")
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("the log is still there, and proves nothing: %v", err)
	}
	db := mustOpen(t, path)
	if r := db.Restored(); r != nil {
		t.Errorf("entries are called lost: %+v", r)
	}
	if seq, _, err := db.Head(t.Context()); err != nil || seq != 3 {
		t.Errorf("%d entries, %v", seq, err)
	}
}

// A backup from before a table was made is read as one in which it is empty.
func TestInspect_ofAnOlderVersion(t *testing.T) {
	t.Parallel()
	path := filled(t, 1)
	old, err := sql.Open("sqlite", dsn(path, "rw", nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"gap", "print", "parked", "movement"} {
		if _, err := old.ExecContext(t.Context(), "drop trigger "+table+"_is_never_removed; drop table "+table); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := Inspect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	gaps, err1 := db.Gaps(t.Context())
	prints, err2 := db.Prints(t.Context())
	parked, err3 := db.Parked(t.Context())
	sums, err4 := db.Sums(t.Context(), "2026-11-23")
	moves, err5 := db.Movements(t.Context(), saleID(1))
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil || len(gaps)+len(prints)+len(parked)+len(sums)+len(moves) > 0 {
		t.Errorf("%v, %v, %v, %v, %v: %v", gaps, prints, parked, sums, moves, err)
	}
}
