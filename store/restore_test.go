package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// backedUp is a journal of five entries, the last three of which are newer than
// its backup and in the log, as a crash leaves both.
func backedUp(t *testing.T) (path, backup string, entries []Entry) {
	t.Helper()
	from := journalPath(t)
	db := mustOpen(t, from)
	for i := range 2 {
		mustAppend(t, db, saleChange(int64(i+1)))
	}
	backup = filepath.Join(t.TempDir(), "backup.db")
	if err := db.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := db.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		mustAppend(t, db, saleChange(int64(i+3)))
	}
	if err := db.MarkAnchor(t.Context()); err != nil {
		t.Fatal(err)
	}
	path = journalPath(t)
	copyJournal(t, from, path)
	return path, backup, all(t, db)
}

var errCut = errors.New("cut short")

// cutAfter restores as far as a step. What the lock says of us stays where we
// are killed, and goes where the step has only failed.
func cutAfter(t *testing.T, backup, path string, steps int, killed bool) {
	t.Helper()
	_, err := restore(t.Context(), backup, path, false, func(x exchange) []func() error {
		return append(slices.Clip(x.steps()[:steps]), func() error { return errCut })
	})
	if !errors.Is(err, errCut) {
		t.Fatalf("after step %d: %v", steps, err)
	}
	if killed {
		if err := os.WriteFile(path+".lock", []byte("process 1 since 2026-11-23T00:00:00Z\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A restoring that is cut short anywhere, twice too, can be repeated, and then
// the old journal is all in one place, and what the new one lacks is known.
func TestRestore_cutShort(t *testing.T) {
	t.Parallel()
	most := len(exchange{path: journalPath(t)}.steps())
	for first := range most + 1 {
		for second := -1; second <= most; second++ { // -1: not cut a second time
			for _, killed := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d, %d, %t", first, second, killed), func(t *testing.T) {
					t.Parallel()
					path, backup, entries := backedUp(t)
					cutAfter(t, backup, path, first, killed)
					if second >= 0 {
						cutAfter(t, backup, path, second, killed)
					}
					report, err := Restore(t.Context(), backup, path, false)
					if err != nil || report.Restored == nil || report.Restored.Missing != 3 {
						t.Fatalf("repeated: %+v, %v", report.Restored, err)
					}
					restored(t, path, entries, 2)
				})
			}
		}
	}
}

// restored fails unless the journal has so many of the entries, says that it
// lacks the others, and all of them are kept beside it.
func restored(t *testing.T, path string, entries []Entry, has int) {
	t.Helper()
	kept, err := filepath.Glob(path + ".before-*")
	if err != nil {
		t.Fatal(err)
	}
	whole := false
	for _, name := range kept {
		if strings.HasSuffix(name, "-wal") || strings.HasSuffix(name, "-shm") || strings.HasSuffix(name, ".lock") {
			continue
		}
		old, err := Inspect(t.Context(), name)
		if err != nil {
			t.Errorf("kept as %s: %v", filepath.Base(name), err)
			continue
		}
		whole = whole || cmp.Diff(entries, all(t, old)) == ""
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !whole {
		t.Errorf("the old journal is nowhere whole: %q", kept)
	}
	db := mustOpen(t, path)
	if diff := cmp.Diff(entries[:has], all(t, db)); diff != "" {
		t.Errorf("(-backup +restored):\n%s", diff)
	}
	if r := db.Restored(); r == nil || r.Missing != int64(len(entries)-has) {
		t.Errorf("it is said to lack %+v", r)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// What a till finds after a restoring that was cut short is the old journal,
// the backup, or a refusal that sends the owner to restore again, and never a
// part of either.
func TestOpen_afterARestoringCutShort(t *testing.T) {
	t.Parallel()
	for steps := range len(exchange{path: journalPath(t)}.steps()) + 1 {
		path, backup, entries := backedUp(t)
		cutAfter(t, backup, path, steps, true)
		db, err := Open(t.Context(), path)
		if r, ok := errors.AsType[*Refusal](err); ok && r.Reason == Emptied {
			continue
		}
		if err != nil {
			t.Fatalf("after step %d: %v", steps, err)
		}
		if n := len(all(t, db)); n != 2 && n != len(entries) {
			t.Errorf("after step %d: %d entries", steps, n)
		}
		if steps > 0 && db.Restored() == nil {
			t.Errorf("after step %d: nobody says that something may be lacking", steps)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Another backup than the one whose restoring was cut short does as well.
func TestRestore_cutShortThenAnOlderBackup(t *testing.T) {
	t.Parallel()
	path, backup, entries := backedUp(t)
	older := filepath.Join(t.TempDir(), "older.db")
	if _, err := Restore(t.Context(), backup, older, false); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(older + ".anchor"); err != nil {
		t.Fatal(err)
	}
	cutAfter(t, older, path, 2, true)
	if _, err := Restore(t.Context(), backup, path, false); err != nil {
		t.Fatal(err)
	}
	restored(t, path, entries, 2)
}

// A stick shows every file as anybody's, or is read only.
func TestRestore_fromAStick(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]struct{ folder, file os.FileMode }{
		"anybody's":        {0o777, 0o777},
		"no lock":          {0o700, 0o600},
		"a file for all":   {0o700, 0o666},
		"read only":        {0o555, 0o444},
		"a file read only": {0o700, 0o400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, backup, entries := backedUp(t)
			folder := filepath.Dir(backup)
			if err := errors.Join(os.Chmod(backup, mode.file), os.Chmod(folder, mode.folder)); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
			if name == "no lock" { // as a read-only disk has none, where tests run as root too
				if err := os.Mkdir(backup+".lock", 0o700); err != nil {
					t.Fatal(err)
				}
			}
			report, err := Verify(t.Context(), backup)
			if err != nil || report.Problem != "" || report.Entries != 2 {
				t.Errorf("Verify = %+v, %v", report, err)
			}
			if _, err := Restore(t.Context(), backup, path, false); err != nil {
				t.Fatal(err)
			}
			restored(t, path, entries, 2)
			for name, want := range map[string]os.FileMode{path: 0o600, backup: mode.file} {
				if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
					t.Errorf("%s: %v, %v", filepath.Base(name), info.Mode(), err)
				}
			}
		})
	}
}

// A journal that a till has open is not read past the lock that the till holds,
// whatever the modes say by now.
func TestInspect_notPastARunningTill(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db := mustOpen(t, path)
	mustAppend(t, db, saleChange(1))
	folder := filepath.Dir(path)
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := Inspect(t.Context(), path)
	if r, ok := errors.AsType[*Refusal](err); !ok || r.Reason != Unprotected {
		t.Errorf("Inspect: %v, want Unprotected", err)
	}
	if err := os.Chmod(folder, 0o700); err != nil {
		t.Fatal(err)
	}
}

// Also where the anchor is gone, the journal itself says whose it is.
func TestRestore_refusesAnotherTillsBackupWithoutAnAnchor(t *testing.T) {
	t.Parallel()
	path, _, _ := backedUp(t)
	_, backup, _ := backedUp(t)
	if err := os.Remove(path + ".anchor"); err != nil {
		t.Fatal(err)
	}
	before := fingerprint(t, filepath.Dir(path))
	_, err := Restore(t.Context(), backup, path, false)
	if r, ok := errors.AsType[*Refusal](err); !ok || r.Reason != OtherTill {
		t.Fatalf("restore: %v, want another till's", err)
	}
	if diff := cmp.Diff(before, fingerprint(t, filepath.Dir(path))); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
	if _, err := Restore(t.Context(), backup, path, true); err != nil {
		t.Errorf("although it is meant: %v", err)
	}
}

// Only a journal that holds more than the backup is worth a question.
func TestAhead(t *testing.T) {
	t.Parallel()
	path, backup, entries := backedUp(t)
	_, others, _ := backedUp(t)
	for name, c := range map[string]struct {
		from, path string
		want       int64
	}{
		"newer":             {backup, path, 3},
		"older":             {path, backup, 0},
		"the same":          {backup, backup, 0},
		"another till's":    {others, path, 0},
		"none":              {backup, journalPath(t), 0},
		"no backup":         {journalPath(t), path, 0},
		"held by its owner": {backup, func() string { p := filled(t, 9); mustOpen(t, p); return p }(), 0},
	} {
		journal, copied, lacks := Ahead(t.Context(), c.from, c.path)
		if lacks != c.want {
			t.Errorf("%s: %+v, %+v, %d", name, journal, copied, lacks)
		}
		if name == "newer" && (!journal.Last.Equal(entries[4].At) || !copied.Last.Equal(entries[1].At) || copied.Entries != 2) {
			t.Errorf("%s: %+v, %+v", name, journal, copied)
		}
	}
}

// A journal that went on from an older copy has entries that the newer backup
// lacks, however many each has.
func TestAhead_ofAFork(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db := mustOpen(t, path)
	backup := func() string {
		to := filepath.Join(t.TempDir(), "backup.db")
		if err := db.Backup(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		return to
	}
	mustAppend(t, db, saleChange(1))
	older := backup()
	for i := range 5 {
		mustAppend(t, db, saleChange(int64(i+2)))
	}
	newer := backup()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), older, path, false); err != nil { // the wrong one
		t.Fatal(err)
	}
	db = mustOpen(t, path)
	for i := range 3 {
		mustAppend(t, db, saleChange(int64(i+1002)))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, lacks := Ahead(t.Context(), newer, path); lacks != 3 {
		t.Errorf("the backup lacks three sales, and is said to lack %d", lacks)
	}
	r, err := Restore(t.Context(), newer, path, false)
	if err != nil {
		t.Fatal(err)
	}
	if r.Restored == nil || r.Restored.Missing == 0 {
		t.Errorf("nothing is said to be lacking: %+v", r.Restored)
	}
}
