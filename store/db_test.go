package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noon is when the tests' sales happen.
var noon = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

// journalPath is where a test's journal goes.
func journalPath(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "reji", "journal.db")
}

// mustOpen opens a journal that the test's end closes.
func mustOpen(t testing.TB, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

// filled is the path of a closed journal with n entries of one sale each.
func filled(t testing.TB, n int) string {
	t.Helper()
	path := journalPath(t)
	db := mustOpen(t, path)
	fillFast(t, db, n, saleChange)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// fillFast writes n changes in one transaction.
func fillFast(t testing.TB, db *DB, n int, change func(number int64) Change) {
	t.Helper()
	ctx := t.Context()
	if _, err := db.writer.conn.ExecContext(ctx, "begin immediate"); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if _, err := db.writer.rows(ctx, db.journal, change(int64(i+1))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.writer.conn.ExecContext(ctx, "commit"); err != nil {
		t.Fatal(err)
	}
}

func mustAppend(t testing.TB, db *DB, c Change) Entry {
	t.Helper()
	e, err := db.Append(t.Context(), c)
	if err != nil {
		t.Fatalf("append: %v", err)
	}
	return e
}

func saleID(number int64) string { return fmt.Sprintf("sale-%06d", number) }

// saleChange is the first entry of a sale with one open attempt.
func saleChange(number int64) Change {
	id := saleID(number)
	return Change{
		Entry: Entry{
			At: noon.Add(time.Duration(number) * time.Minute), Kind: "code requested", Sale: id, Attempt: id + "-1",
			Actor: "佐藤", Body: json.RawMessage(`{"amount":` + strconv.FormatInt(100*number, 10) + `,"note":"レジ"}`),
		},
		Sale: &Sale{
			ID: id, Number: number, Day: "2026-11-23", State: "waiting", Total: 100 * number,
			OpenedAt: noon, Search: fmt.Sprintf("R-%06d Onigiri 梅 ¥%d", number, 100*number), Pending: true,
		},
		Attempts: []Attempt{{ID: id + "-1", Sale: id, Number: 1, State: "requested", Amount: 100 * number, Open: true}},
	}
}

// fingerprint is what all files of a folder hold, but for the lock file, which
// says who came last.
func fingerprint(t testing.TB, folder string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".lock") || !f.Type().IsRegular() {
			continue
		}
		b, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		sums[f.Name()] = fmt.Sprintf("%d bytes, %x", len(b), sha256.Sum256(b))
	}
	return sums
}

// wantRefusal opens path, wants to be refused for that reason, with words in
// the sentence, and nothing changed.
func wantRefusal(t *testing.T, path string, want Reason, words ...string) {
	t.Helper()
	before := fingerprint(t, filepath.Dir(path))
	db, err := Open(t.Context(), path)
	if err == nil {
		_ = db.Close()
		t.Fatalf("open succeeded, want refusal %q", want)
	}
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok || refusal.Reason != want {
		t.Fatalf("open: %v, want refusal %q", err, want)
	}
	for _, word := range append(words, refusal.Path) {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the sentence %q does not say %q", err, word)
		}
	}
	if diff := cmp.Diff(before, fingerprint(t, filepath.Dir(path))); diff != "" {
		t.Errorf("a refused open changed files:\n%s", diff)
	}
	if want == Locked || want == Unwritable || want == Unprotected {
		return
	}
	lock, err := take(path)
	if err != nil {
		t.Fatalf("a refused open kept the lock: %v", err)
	}
	if err := lock.restore(); err != nil {
		t.Error(err)
	}
}

func all(t testing.TB, db *DB) []Entry {
	t.Helper()
	var entries []Entry
	for e, err := range db.All(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}

func TestOpen_newJournal(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db := mustOpen(t, path)
	if db.Unclean() {
		t.Error("a new journal is unclean")
	}
	if got, err := db.LastNumber(t.Context()); got != 0 || err != nil {
		t.Errorf("LastNumber = %d, %v", got, err)
	}
	if err := db.StillThere(); err != nil {
		t.Error(err)
	}
	report, err := db.Verify(t.Context())
	if err != nil || report.Problem != "" || report.Entries != 0 || report.JournalID == "" {
		t.Errorf("Verify = %+v, %v", report, err)
	}
}

func TestOpen_keepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db := mustOpen(t, path)
	change := saleChange(1)
	change.Entry.At = time.Date(2026, 11, 23, 12, 0, 0, 123_456_789, time.FixedZone("JST", 9*3600))
	change.Sale.OpenedAt = change.Entry.At.Truncate(time.Millisecond)
	written := []Entry{
		mustAppend(t, db, change),
		mustAppend(t, db, Change{Entry: Entry{At: noon, Kind: "till started", Actor: "till"}}),
	}
	if want := time.Date(2026, 11, 23, 3, 0, 0, 123_000_000, time.UTC); written[0].At != want {
		t.Errorf("At = %v, want %v", written[0].At, want)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = mustOpen(t, path)
	if diff := cmp.Diff(written, all(t, db)); diff != "" {
		t.Errorf("entries (-written +read):\n%s", diff)
	}
	entries, err := db.Entries(t.Context(), saleID(1))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(written[:1], entries); diff != "" {
		t.Errorf("entries of the sale (-written +read):\n%s", diff)
	}
	sale, attempts, ok, err := db.Sale(t.Context(), saleID(1))
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	change.Sale.OpenedAt = change.Sale.OpenedAt.UTC()
	if diff := cmp.Diff(*change.Sale, sale); diff != "" {
		t.Errorf("sale (-written +read):\n%s", diff)
	}
	if diff := cmp.Diff(change.Attempts, attempts); diff != "" {
		t.Errorf("attempts (-written +read):\n%s", diff)
	}
	if db.Unclean() {
		t.Error("unclean after a clean close")
	}
}

func TestOpen_weirdFolderNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"レジ #1 ?x%20", "a&b=c;d", "it's \"quoted\"", "%2e%2e", "?mode=memory", "-wal"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), name, "ジャーナル #1?.db")
			db := mustOpen(t, path)
			mustAppend(t, db, saleChange(1))
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(path); err != nil {
				t.Error(err)
			}
			if got := all(t, mustOpen(t, path)); len(got) != 1 {
				t.Errorf("%d entries, want 1", len(got))
			}
		})
	}
}

func TestOpen_fileModes(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db := mustOpen(t, path)
	mustAppend(t, db, saleChange(1))
	if err := db.MarkAnchor(t.Context()); err != nil {
		t.Fatal(err)
	}
	folder, err := os.Stat(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if got := folder.Mode().Perm(); got != 0o700 {
		t.Errorf("folder has mode %#o", got)
	}
	for _, suffix := range []string{"", "-wal", "-shm", ".lock", ".anchor"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s has mode %#o", info.Name(), got)
		}
	}
}

func TestOpen_sameFileByTwoNames(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	mustOpen(t, path)
	link := filepath.Join(t.TempDir(), "till.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "linked")
	if err := os.Symlink(filepath.Dir(path), folder); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, link, filepath.Join(folder, "journal.db")} {
		start := time.Now()
		_, err := Open(t.Context(), name)
		if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Reason != Locked || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
			t.Errorf("open %s: %v, want Locked with process %d", name, err, os.Getpid())
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("refused only after %v", took)
		}
	}
}

func TestClose_twice(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	for range 2 {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := db.Append(t.Context(), saleChange(1)); !errors.Is(err, ErrClosed) {
		t.Errorf("append after close: %v", err)
	}
	if _, err := db.Pending(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("read after close: %v", err)
	}
	if err := db.Reopen(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("reopen after close: %v", err)
	}
}

func TestStillThere_fileGone(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(path string) error{
		"removed":      os.Remove,
		"renamed":      func(path string) error { return os.Rename(path, path+".old") },
		"lock removed": func(path string) error { return os.Remove(path + ".lock") },
		"replaced": func(path string) error {
			b, err := os.ReadFile(path)
			return errors.Join(err, os.WriteFile(path+".copy", b, 0o600), os.Rename(path+".copy", path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := journalPath(t)
			db, err := Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close() //nolint:errcheck // the file is gone
			mustAppend(t, db, saleChange(1))
			if err := harm(path); err != nil {
				t.Fatal(err)
			}
			if _, ok := errors.AsType[*Refusal](db.StillThere()); !ok {
				t.Error("not noticed")
			}
		})
	}
}

func TestReopen_neverMakesAJournal(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // the file is gone
	if err := errors.Join(os.Remove(path), os.Remove(path+".anchor")); err != nil {
		t.Fatal(err)
	}
	err = db.Reopen(t.Context())
	if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Reason != Emptied {
		t.Errorf("reopen: %v, want Emptied", err)
	}
	if _, err := db.Append(t.Context(), saleChange(1)); !errors.Is(err, ErrTrouble) {
		t.Errorf("append: %v, want ErrTrouble", err)
	}
	if _, err := db.Pending(t.Context()); !errors.Is(err, ErrTrouble) {
		t.Errorf("read: %v, want ErrTrouble", err)
	}
}

func TestCheckpoint_emptiesTheLog(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db := mustOpen(t, path)
	for i := range int64(20) {
		mustAppend(t, db, saleChange(i+1))
	}
	before, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, db, saleChange(21)) // begins at the log's start again
	after, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if after.Size() > before.Size() {
		t.Errorf("the log grew from %d to %d bytes", before.Size(), after.Size())
	}
}

func TestInspect_writesNothing(t *testing.T) {
	t.Parallel()
	path := filled(t, 3)
	before := fingerprint(t, filepath.Dir(path))
	db, err := Inspect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(all(t, db)); got != 3 {
		t.Errorf("%d entries, want 3", got)
	}
	for name, write := range map[string]func() error{
		"append":     func() error { _, err := db.Append(t.Context(), saleChange(4)); return err },
		"checkpoint": func() error { return db.Checkpoint(t.Context()) },
		"anchor":     func() error { return db.MarkAnchor(t.Context()) },
		"reopen":     func() error { return db.Reopen(t.Context()) },
	} {
		if err := write(); !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v, want ErrReadOnly", name, err)
		}
	}
	if _, err := Open(t.Context(), path); err == nil {
		t.Error("a till could start during the inspection")
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(before, fingerprint(t, filepath.Dir(path))); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
	if mustOpen(t, path).Unclean() {
		t.Error("an inspection looks like an unclean end")
	}
}

func TestUnclean_untilACleanClose(t *testing.T) {
	t.Parallel()
	path := crashed(t, 3)
	db, err := Inspect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = mustOpen(t, path)
	if !db.Unclean() {
		t.Error("the crash is not seen, or the inspection has hidden it")
	}
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if got := len(all(t, db)); got != 3 {
		t.Errorf("%d entries, want 3", got)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if mustOpen(t, path).Unclean() {
		t.Error("unclean after a clean close")
	}
}

// crashed is the path of a journal as a crash leaves it: n entries, some of
// them in the write-ahead log only.
func crashed(t testing.TB, n int) string {
	t.Helper()
	from := journalPath(t)
	db := mustOpen(t, from)
	for i := range n {
		if i == n/2 {
			if err := db.Checkpoint(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		mustAppend(t, db, saleChange(int64(i+1)))
	}
	if err := db.MarkAnchor(t.Context()); err != nil {
		t.Fatal(err)
	}
	to := journalPath(t)
	copyJournal(t, from, to)
	return to
}

// copyJournal copies all files of a journal but the -shm, which a crash of the
// machine would lose too.
func copyJournal(t testing.TB, from, to string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", ".lock", ".anchor"} {
		b, err := os.ReadFile(from + suffix)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err := errors.Join(err, os.WriteFile(to+suffix, b, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpen_endsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := filled(t, 1)
	if _, err := Open(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("open: %v", err)
	}
	mustOpen(t, path)
}
