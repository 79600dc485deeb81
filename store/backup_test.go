package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBackup_isTheJournal(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	for i := range int64(10) {
		mustAppend(t, db, saleChange(i+1))
	}
	to := filepath.Join(t.TempDir(), "控え #1?.db")
	if err := db.Backup(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(to)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	report, err := Verify(t.Context(), to)
	if err != nil || report.Problem != "" || report.Entries != 10 {
		t.Errorf("Verify = %+v, %v", report, err)
	}
	before := fingerprint(t, filepath.Dir(to))
	if err := db.Backup(t.Context(), to); !errors.Is(err, os.ErrExist) {
		t.Errorf("backup over a backup: %v", err)
	}
	for name, reason := range map[string]Reason{to: Taken, filepath.Join(t.TempDir(), "no such folder", "b.db"): Unwritable, "/proc/b.db": Unwritable} {
		if r, ok := errors.AsType[*Refusal](db.Backup(t.Context(), name)); !ok || r.Reason != reason || r.Path != name {
			t.Errorf("backup to %s: %+v", name, r)
		}
	}
	if diff := cmp.Diff(before, fingerprint(t, filepath.Dir(to))); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
	copied := mustOpen(t, to)
	if diff := cmp.Diff(all(t, db), all(t, copied)); diff != "" {
		t.Errorf("(-journal +backup):\n%s", diff)
	}
	mustAppend(t, copied, saleChange(11))
}

func TestBackup_ofADamagedJournalFails(t *testing.T) {
	t.Parallel()
	path := filled(t, 5)
	tamper(t, path, "update entry set actor = 'x' where seq = 2")
	db, err := Inspect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	to := filepath.Join(t.TempDir(), "backup.db")
	err = db.Backup(t.Context(), to)
	if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Reason != Damaged {
		t.Errorf("backup: %v, want Damaged", err)
	}
	if names, err := filepath.Glob(to + "*"); err != nil || len(names) > 0 {
		t.Errorf("left behind: %q, %v", names, err)
	}
	if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a damaged backup got its name: %v", err)
	}
}

func TestBackup_notUnderANameOfTheJournals(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db := mustOpen(t, path)
	mustAppend(t, db, saleChange(1))
	for _, suffix := range []string{"-journal", ".new", ".restored"} {
		if err := db.Backup(t.Context(), path+suffix); err == nil {
			t.Errorf("written to %s", suffix)
		}
		if _, err := os.Lstat(path + suffix); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", suffix, err)
		}
	}
}

func TestRestore_afterLoss(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(string) error{
		"missing": os.Remove,
		"emptied": func(path string) error { return os.Truncate(path, 0) },
		"damaged": func(path string) error { return os.Truncate(path, 5000) },
		"intact":  func(string) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := journalPath(t)
			db := mustOpen(t, path)
			mustAppend(t, db, saleChange(1))
			backup := filepath.Join(t.TempDir(), "backup.db")
			if err := db.Backup(t.Context(), backup); err != nil {
				t.Fatal(err)
			}
			want := all(t, db)
			mustAppend(t, db, saleChange(2))
			if _, err := Restore(t.Context(), backup, path, false); err == nil {
				t.Fatal("restored under a running till")
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if err := harm(path); err != nil {
				t.Fatal(err)
			}
			if name != "intact" {
				if _, err := Open(t.Context(), path); err == nil {
					t.Fatal("the loss is not noticed")
				}
			}
			report, err := Restore(t.Context(), backup, path, false)
			if err != nil || report.Entries != 1 {
				t.Fatalf("restore: %+v, %v", report, err)
			}
			db = mustOpen(t, path)
			if diff := cmp.Diff(want, all(t, db)); diff != "" {
				t.Errorf("(-backup +restored):\n%s", diff)
			}
			mustAppend(t, db, saleChange(2))
			kept, err := filepath.Glob(path + ".before-*Z")
			if err != nil || len(kept) != 1 && name != "missing" {
				t.Errorf("kept %v, %v", kept, err)
			}
		})
	}
}

func TestRestore_refusesADamagedBackup(t *testing.T) {
	t.Parallel()
	path, backup := filled(t, 3), filled(t, 5)
	tamper(t, backup, "update entry set actor = 'x' where seq = 2")
	before := fingerprint(t, filepath.Dir(path))
	report, err := Restore(t.Context(), backup, path, false)
	if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Reason != Damaged || report.FirstBad != 2 {
		t.Errorf("restore: %+v, %v, want Damaged at entry 2", report, err)
	}
	if diff := cmp.Diff(before, fingerprint(t, filepath.Dir(path))); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
}

// Another till's journal would bring its sales, and its numbers, into this one.
func TestRestore_refusesAnotherTillsBackup(t *testing.T) {
	t.Parallel()
	path, other := filled(t, 3), filled(t, 5)
	backup := filepath.Join(t.TempDir(), "backup.db")
	db := mustOpen(t, other)
	if err := db.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before := fingerprint(t, filepath.Dir(path))
	report, err := Restore(t.Context(), backup, path, false)
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok || refusal.Reason != OtherTill || refusal.Path != backup {
		t.Fatalf("restore: %+v, %v, want another till's", report, err)
	}
	there, err := readAnchor(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{there.journal, report.JournalID} {
		if id == "" || !strings.Contains(refusal.Error(), id) {
			t.Errorf("%q is not named: %v", id, refusal)
		}
	}
	if diff := cmp.Diff(before, fingerprint(t, filepath.Dir(path))); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
	if _, err := Restore(t.Context(), backup, path, true); err != nil {
		t.Errorf("although it is meant: %v", err)
	}
	if _, err := Restore(t.Context(), backup, journalPath(t), false); err != nil {
		t.Errorf("where there is none: %v", err)
	}
}
