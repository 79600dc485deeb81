package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVerify_sound(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"closed": filled(t, page+7), "crashed": crashed(t, 5), "empty": filled(t, 0),
	} {
		before := fingerprint(t, filepath.Dir(path))
		report, err := Verify(t.Context(), path)
		if err != nil || report.Problem != "" || report.FirstBad != 0 {
			t.Errorf("%s: %+v, %v", name, report, err)
		}
		if diff := cmp.Diff(before, fingerprint(t, filepath.Dir(path))); diff != "" {
			t.Errorf("%s: verifying changed files:\n%s", name, diff)
		}
		db := mustOpen(t, path)
		seq, hash, err := db.Head(t.Context())
		if err != nil || seq != report.Entries || hash != report.Head {
			t.Errorf("%s: head %d %x, %v; report %+v", name, seq, hash, err, report)
		}
	}
}

func TestVerify_tampered(t *testing.T) {
	t.Parallel()
	const n = 20
	statements := func(s ...string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			t.Helper()
			tamper(t, path, s...)
		}
	}
	swap := func(columns ...string) func(*testing.T, string) {
		var set []string
		for _, c := range columns {
			set = append(set, fmt.Sprintf("%s = (select %[1]s from entry e where e.seq = 17 - entry.seq)", c))
		}
		return statements(
			// In two steps, since each looks at the other.
			"create table swapped as select * from entry where seq in (8, 9)",
			"update entry set "+strings.ReplaceAll(strings.Join(set, ", "), "from entry e", "from swapped e")+" where seq in (8, 9)",
			"drop table swapped",
		)
	}
	cases := map[string]struct {
		harm func(*testing.T, string)
		bad  int64
	}{
		"first row deleted":     {statements("delete from entry where seq = 1"), 1},
		"row deleted":           {statements("delete from entry where seq = 7"), 7},
		"rows deleted":          {statements("delete from entry where seq between 7 and 12"), 7},
		"row deleted and moved": {statements("delete from entry where seq = 7", "update entry set seq = seq - 1 where seq > 7"), 7},
		"at changed":            {statements("update entry set at = at + 1 where seq = 5"), 5},
		"kind changed":          {statements("update entry set kind = kind || 'x' where seq = 5"), 5},
		"sale changed":          {statements("update entry set sale = 'other' where seq = 5"), 5},
		"attempt changed":       {statements("update entry set attempt = '' where seq = 5"), 5},
		"actor changed":         {statements("update entry set actor = '鈴木' where seq = 5"), 5},
		"body changed":          {statements("update entry set body = replace(body, '500', '600') where seq = 5"), 5},
		"body emptied":          {statements("update entry set body = '' where seq = 5"), 5},
		"prev changed":          {statements("update entry set prev = zeroblob(32) where seq = 5"), 5},
		"hash changed":          {statements("update entry set hash = zeroblob(32) where seq = 5"), 5},
		"seq changed":           {statements("update entry set seq = 100 where seq = 20"), 20},
		"letter moved":          {statements("update entry set attempt = attempt || substr(actor, 1, 1), actor = substr(actor, 2) where seq = 5"), 5},
		"contents swapped":      {swap("at", "kind", "sale", "attempt", "actor", "body"), 8},
		"rows swapped":          {swap("at", "kind", "sale", "attempt", "actor", "body", "prev", "hash"), 8},
		"tail cut":              {statements("delete from entry where seq > 15"), 16},
		"last row cut":          {statements("delete from entry where seq = 20"), 20},
		"all rows cut":          {statements("delete from entry"), 1},
		"row before the first": {statements("insert into entry (seq, at, kind, sale, attempt, actor, body, prev, hash)" +
			" values (-5, 0, 'x', '', '', '', '', zeroblob(32), zeroblob(32))"), -5},
		"row after the last": {statements("insert into entry (seq, at, kind, sale, attempt, actor, body, prev, hash)" +
			" select 21, at, kind, sale, attempt, actor, body, hash, hash from entry where seq = 20"), 21},
		"another id": {statements("update meta set value = 'X'"), 1},
		"one letter on the disk": {func(t *testing.T, path string) {
			t.Helper()
			edit(t, path, func(b []byte) []byte {
				return bytes.Replace(b, []byte(`{"amount":1300,`), []byte(`{"amount":1800,`), 1)
			})
		}, 13},
		"older copy": {func(t *testing.T, path string) {
			t.Helper()
			tamper(t, path, "delete from entry where seq > 12")
		}, 13},
		"newer chain in its place": {func(t *testing.T, path string) {
			t.Helper()
			// All is consistent but for the anchor: same id, other history.
			other := journalPath(t)
			copyJournal(t, path, other)
			marked, err := readAnchor(other)
			if err != nil {
				t.Fatal(err)
			}
			tamper(t, other, "delete from entry", "delete from attempt", "delete from sale")
			if err := (anchor{journal: marked.journal, at: genesis(marked.journal)}).write(other); err != nil {
				t.Fatal(err)
			}
			db := mustOpen(t, other)
			for i := range int64(n + 1) {
				c := saleChange(i + 1)
				c.Entry.Actor = "someone else"
				mustAppend(t, db, c)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(other)
			if err != nil {
				t.Fatal(err)
			}
			edit(t, path, func([]byte) []byte { return b })
		}, n},
		"trigger dropped": {func(t *testing.T, path string) {
			t.Helper()
			rawSQL(t, path, "drop trigger entry_is_never_changed")
		}, 0},
		"index out of step": {func(t *testing.T, path string) {
			t.Helper()
			// The key 'sale-000003' in the index, not in the table.
			edit(t, path, func(b []byte) []byte {
				return bytes.ReplaceAll(b, []byte("sale-000003-1sale-000003"), []byte("sale-000003-1sale-000004"))
			})
		}, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filled(t, n)
			c.harm(t, path)
			before := fingerprint(t, filepath.Dir(path))
			report, err := Verify(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if report.Problem == "" || report.FirstBad != c.bad {
				t.Errorf("%+v, want entry %d named", report, c.bad)
			}
			if diff := cmp.Diff(before, fingerprint(t, filepath.Dir(path))); diff != "" {
				t.Errorf("verifying changed files:\n%s", diff)
			}
		})
	}
}

func TestVerify_refuses(t *testing.T) {
	t.Parallel()
	_, err := Verify(t.Context(), journalPath(t))
	if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Reason != NotAJournal {
		t.Errorf("missing: %v, want %q", err, NotAJournal)
	}
}

func TestCheck_garbageInAPage(t *testing.T) {
	t.Parallel()
	path := filled(t, 3)
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // the file is damaged
	if err := db.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The cells of a page that holds no entry.
	edit(t, path, func(b []byte) []byte { copy(b[4096+8:4096+64], bytes.Repeat([]byte{0xff}, 56)); return b })
	if err = db.Reopen(t.Context()); err == nil {
		err = db.Check(t.Context())
	}
	if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Reason != Damaged {
		t.Errorf("%v, want Damaged", err)
	}
}

func TestVerify_endsWhenTheJournalCloses(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, filled(t, 10))
	started := make(chan struct{})
	done := make(chan error)
	go func() {
		done <- db.checking(t.Context(), func(ctx context.Context, _ inspection) error {
			close(started)
			<-ctx.Done()
			return ctx.Err()
		})
	}()
	<-started
	if err := db.Reopen(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, errInterrupted) {
		t.Errorf("check: %v", err)
	}
	if err := db.Check(t.Context()); err != nil {
		t.Errorf("check after reopening: %v", err)
	}
}
