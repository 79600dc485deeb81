package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"modernc.org/sqlite"
)

// edit changes a file's bytes.
func edit(t testing.TB, path string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, change(b), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// tamper runs SQL on a closed journal as someone with the file could, past
// every trigger that stands in the way.
func tamper(t testing.TB, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, "rw", nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // a test's own
	db.SetMaxOpenConns(1)
	triggers, err := schema(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	for name := range triggers {
		if trigger, ok := strings.CutPrefix(name, "trigger "); ok {
			if _, err := db.ExecContext(t.Context(), "drop trigger "+trigger); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	for name, text := range triggers {
		if strings.HasPrefix(name, "trigger ") {
			if _, err := db.ExecContext(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpen_refuses(t *testing.T) {
	t.Parallel()
	remove := func(suffixes ...string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			t.Helper()
			for _, s := range suffixes {
				if err := os.Remove(path + s); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	bytes := func(suffix string, change func([]byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			t.Helper()
			edit(t, path+suffix, change)
		}
	}
	statements := func(s ...string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			t.Helper()
			tamper(t, path, s...)
		}
	}
	number := func(at int, n uint32) func([]byte) []byte {
		return func(b []byte) []byte {
			binary.BigEndian.PutUint32(b[at:], n)
			return b
		}
	}
	cases := []struct {
		name  string
		harm  func(*testing.T, string)
		want  Reason
		words []string
	}{
		{"text file", func(t *testing.T, path string) {
			t.Helper()
			remove(".anchor")(t, path)
			edit(t, path, func([]byte) []byte { return []byte("these are not the sales you are looking for\n") })
		}, NotAJournal, []string{"not a SQLite file"}},
		{"short file", func(t *testing.T, path string) {
			t.Helper()
			remove(".anchor")(t, path)
			edit(t, path, func(b []byte) []byte { return b[:20] })
		}, NotAJournal, nil},
		{"folder", func(t *testing.T, path string) {
			t.Helper()
			remove("")(t, path)
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, NotAJournal, []string{"not a plain file"}},
		{"pipe", func(t *testing.T, path string) {
			t.Helper()
			remove("")(t, path)
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
		}, NotAJournal, []string{"not a plain file"}},
		{"another application", bytes("", number(68, 0x0f055112)), Foreign, []string{"0xf055112"}},
		{"another application, in the log alone", func(t *testing.T, path string) {
			t.Helper()
			pragmaInLog(t, path, "pragma application_id = 7")
		}, Foreign, []string{"0x7"}},
		{"newer", bytes("", number(60, 99)), Newer, []string{"99", "knows 6"}},
		{"newer, in the log alone", func(t *testing.T, path string) {
			t.Helper()
			pragmaInLog(t, path, "pragma user_version = 98")
		}, Newer, []string{"98", "knows 6"}},
		{"no version", bytes("", number(60, 0)), Damaged, nil},
		{"header", bytes("", func(b []byte) []byte { copy(b, "SQLITE"); return b }), Damaged, []string{"reji journal restore"}},
		{"page size", bytes("", func(b []byte) []byte { b[16], b[17] = 0, 3; return b }), Damaged, nil},
		{"cut in half", bytes("", func(b []byte) []byte { return b[:len(b)/2] }), Damaged, []string{"reji journal verify"}},
		{"cut to its header", bytes("", func(b []byte) []byte { return b[:headerSize] }), Damaged, nil},
		{"pages zeroed", bytes("", func(b []byte) []byte { clear(b[4096:]); return b }), Damaged, nil},
		{"changed letter", bytes("", func(b []byte) []byte {
			i := strings.LastIndex(string(b), "code requested")
			b[i] = 'C'
			return b
		}), Damaged, []string{"entry "}},
		{"changed amount", statements(`update entry set body = '{"amount":1}' where seq = 4`), Damaged, []string{"entry 4"}},
		{"missing entry", statements("delete from entry where seq = 3"), Damaged, []string{"entry 3"}},
		{"missing table", func(t *testing.T, path string) {
			t.Helper()
			rawSQL(t, path, "drop table attempt")
		}, Damaged, []string{"attempt", "is missing"}},
		{"missing trigger", func(t *testing.T, path string) {
			t.Helper()
			rawSQL(t, path, "drop trigger entry_is_never_removed")
		}, Damaged, []string{"trigger entry_is_never_removed is missing"}},
		{"foreign trigger", func(t *testing.T, path string) {
			t.Helper()
			rawSQL(t, path, "create trigger extra after insert on entry begin select 1; end")
		}, Damaged, []string{"trigger extra is not ours"}},
		{"no id", statements("delete from meta"), Damaged, nil},
		{"another program's rollback journal", func(t *testing.T, path string) {
			t.Helper()
			if err := os.WriteFile(path+"-journal", []byte("old pages"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, Damaged, []string{"rollback journal"}},
		{"missing", remove(""), Emptied, []string{"reji journal restore", "held 5 entries"}},
		{"length zero", bytes("", func([]byte) []byte { return nil }), Emptied, []string{"reji journal restore"}},
		{"older copy", statements("delete from entry where seq = 5"), Emptied, []string{"ends at entry 4", "entry 5"}},
		{"new empty journal in its place", func(t *testing.T, path string) {
			t.Helper()
			b, err := os.ReadFile(filled(t, 0))
			if err != nil {
				t.Fatal(err)
			}
			edit(t, path, func([]byte) []byte { return b })
		}, Emptied, []string{"the anchor is of journal"}},
		{"anchor's hash", bytes(".anchor", func(b []byte) []byte {
			return []byte(strings.Replace(string(b), `"hash":"`, `"hash":"00`, 1)[:len(b)-3] + "\"}\n")
		}), Emptied, []string{"entry 5 is not the one"}},
		{"anchor makes no sense", bytes(".anchor", func(b []byte) []byte { return b[:10] }), Damaged, []string{".anchor"}},
		{"missing but for its log", func(t *testing.T, path string) {
			t.Helper()
			remove("", ".anchor")(t, path)
			if err := os.WriteFile(path+"-wal", []byte("commits"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, Emptied, []string{"write-ahead log"}},
		{"link to nowhere", func(t *testing.T, path string) {
			t.Helper()
			remove("", ".anchor")(t, path)
			if err := os.Symlink("/mnt/no such disk/journal.db", path); err != nil {
				t.Fatal(err)
			}
		}, Emptied, []string{"no such disk"}},
		{"folder others can write", func(t *testing.T, path string) {
			t.Helper()
			if err := os.Chmod(filepath.Dir(path), 0o770); err != nil {
				t.Fatal(err)
			}
		}, Unprotected, []string{"chmod 700"}},
		{"file others can write", func(t *testing.T, path string) {
			t.Helper()
			if err := os.Chmod(path, 0o602); err != nil {
				t.Fatal(err)
			}
		}, Unprotected, []string{"chmod 600"}},
		{"second hard link", func(t *testing.T, path string) {
			t.Helper()
			if err := os.Link(path, filepath.Join(t.TempDir(), "other.db")); err != nil {
				t.Fatal(err)
			}
		}, Unprotected, []string{"second name"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filled(t, 5)
			c.harm(t, path)
			wantRefusal(t, path, c.want, c.words...)
		})
	}
}

// rawSQL runs one statement on a closed journal as any SQLite program would.
func rawSQL(t testing.TB, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, "rw", nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), statement)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// pragmaInLog sets a pragma in the write-ahead log and leaves the journal file
// as it was.
func pragmaInLog(t testing.TB, path, statement string) {
	t.Helper()
	elsewhere := journalPath(t)
	copyJournal(t, path, elsewhere)
	db, err := sql.Open("sqlite", dsn(elsewhere, "rw", nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // a test's own
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(elsewhere + "-wal")
	if err == nil {
		err = os.WriteFile(path+"-wal", b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpen_refusesWithCommitsInTheLog(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		harm func(*testing.T, string)
		want Reason
	}{
		{"log lost", func(t *testing.T, path string) {
			t.Helper()
			if err := os.Remove(path + "-wal"); err != nil {
				t.Fatal(err)
			}
		}, Emptied},
		{"log cut", func(t *testing.T, path string) {
			t.Helper()
			edit(t, path+"-wal", func(b []byte) []byte { return b[:len(b)/2] })
		}, Emptied},
		{"log of another journal", func(t *testing.T, path string) {
			t.Helper()
			b, err := os.ReadFile(crashed(t, 40) + "-wal")
			if err != nil {
				t.Fatal(err)
			}
			edit(t, path+"-wal", func([]byte) []byte { return b })
		}, Damaged},
		{"file emptied", func(t *testing.T, path string) {
			t.Helper()
			edit(t, path, func([]byte) []byte { return nil })
		}, Emptied},
		{"newer", func(t *testing.T, path string) {
			t.Helper()
			edit(t, path, func(b []byte) []byte { binary.BigEndian.PutUint32(b[60:], 7); return b })
		}, Newer},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := crashed(t, 20)
			c.harm(t, path)
			wantRefusal(t, path, c.want)
		})
	}
}

func TestOpen_zeroLengthIsNewWithoutAnchor(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, mustOpen(t, path), saleChange(1))
}

func TestOpen_copyWithoutAnchorGetsOne(t *testing.T) {
	t.Parallel()
	path := filled(t, 3)
	if err := os.Remove(path + ".anchor"); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, path)
	marked, err := readAnchor(path)
	if err != nil || marked == nil || marked.at.seq != 3 {
		t.Errorf("anchor = %+v, %v, want entry 3", marked, err)
	}
}

func TestOpen_draftLeftByACrashIsNoHindrance(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{".new", ".new-wal", ".anchor.new"} {
		if err := os.WriteFile(path+suffix, []byte("half a journal"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustAppend(t, mustOpen(t, path), saleChange(1))
}

// asNobody runs f with the file rights of a user who owns nothing, so that
// modes mean something to tests that root runs.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const nobody = 65534
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Setfsuid(0); err != nil {
			t.Error(err)
		}
	}()
	f()
}

func TestOpen_refusesWhatItCannotWrite(t *testing.T) {
	t.Parallel()
	const nobody = 65534
	for name, modes := range map[string]struct{ folder, file os.FileMode }{
		"file":   {0o700, 0o400},
		"folder": {0o500, 0o600},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filled(t, 2)
			folder := filepath.Dir(path)
			if os.Geteuid() == 0 {
				files, err := os.ReadDir(folder)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range files {
					err = errors.Join(err, os.Chown(filepath.Join(folder, f.Name()), nobody, -1))
				}
				// The test's own folder is closed to others.
				above := filepath.Dir(filepath.Dir(folder))
				if err := errors.Join(err, os.Chown(folder, nobody, -1), os.Chmod(above, 0o711)); err != nil {
					t.Fatal(err)
				}
			}
			err := errors.Join(os.Chmod(path, modes.file), os.Chmod(folder, modes.folder))
			if err != nil {
				t.Fatal(err)
			}
			asNobody(t, func() { wantRefusal(t, path, Unwritable, "denied") })
			if err := os.Chmod(folder, 0o700); err != nil {
				t.Fatal(err)
			}
		})
	}
	t.Run("file system", func(t *testing.T) {
		t.Parallel()
		_, err := Open(t.Context(), "/proc/self/reji/journal.db")
		if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Reason != Unwritable {
			t.Errorf("open: %v, want Unwritable", err)
		}
	})
}

func TestRefuse_fullDisk(t *testing.T) {
	t.Parallel()
	for _, err := range []error{syscall.ENOSPC, &os.PathError{Op: "write", Path: "x", Err: syscall.EROFS}, fullError(t)} {
		refusal, ok := errors.AsType[*Refusal](refuse("j.db", err))
		if !ok || refusal.Reason != Unwritable || !errors.Is(refusal, err) {
			t.Errorf("%v gives %v, want Unwritable", err, refusal)
		}
	}
}

// fullError is SQLite's own error for a disk with no space left.
func fullError(t *testing.T) error {
	t.Helper()
	db, err := sql.Open("sqlite", memoryDSN)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // in memory
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(t.Context(), "pragma max_page_count = 1; create table t (x); create table u (x)")
	if err == nil {
		t.Fatal("two tables fit into one page")
	}
	return err
}

func TestOpen_refusesWhenASettingDidNotTake(t *testing.T) {
	t.Parallel()
	for _, s := range writing {
		t.Run(s.pragma, func(t *testing.T) {
			t.Parallel()
			path := filled(t, 2)
			before := fingerprint(t, filepath.Dir(path))
			// A SQLite that takes another value than the one it was asked for.
			other := map[string]string{"journal_mode": "delete", "busy_timeout": "1", "trusted_schema": "1"}[s.pragma]
			if other == "" {
				other = "0"
			}
			deaf := func(dsn string) (driver.Connector, error) {
				return sqlite.NewConnector(strings.ReplaceAll(dsn, s.pragma+"%3D"+s.want, s.pragma+"%3D"+other))
			}
			_, err := openWith(t.Context(), path, deaf)
			refusal, ok := errors.AsType[*Refusal](err)
			if !ok || refusal.Reason != PragmaDenied || !strings.Contains(err.Error(), s.pragma) {
				t.Fatalf("open: %v, want PragmaDenied for %s", err, s.pragma)
			}
			if s.pragma == "journal_mode" {
				return // the deaf one has changed the file's mode itself
			}
			if after := fingerprint(t, filepath.Dir(path)); len(after) != len(before) || after["journal.db"] != before["journal.db"] {
				t.Errorf("before %v\nafter %v", before, after)
			}
			mustOpen(t, path)
		})
	}
}

func TestOpen_sqliteRefusesMistakes(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	for _, statement := range []string{
		`select "no such column"`, // double quotes are no string
		"insert into sqlite_schema (type) values ('table')",
	} {
		if _, err := db.writer.conn.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("%s: accepted", statement)
		}
	}
	if _, err := db.readers.ExecContext(t.Context(), "insert into meta (key, value) values ('a', 'b')"); err == nil {
		t.Error("a reader can write")
	}
}

func TestOlderThan(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{
		"3.51.3": false, "3.51.10": false, "3.54.1": false, "4.0.0": false,
		"3.51.2": true, "3.6.23": true, "2.99.99": true, "": true, "x": true,
	} {
		if got := olderThan(version, 3, 51, 3); got != want {
			t.Errorf("olderThan(%q) = %t", version, got)
		}
	}
}

func TestOpen_libraryHasNoResetRace(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	var version string
	if err := db.readers.QueryRowContext(context.Background(), "select sqlite_version()").Scan(&version); err != nil {
		t.Fatal(err)
	}
	if olderThan(version, 3, 51, 3) {
		t.Errorf("SQLite is %s", version)
	}
}
