package store

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The test binary runs itself as a second process, told by this variable what
// to be, with the journal's path as its argument.
const childVar = "REJI_STORE_CHILD"

func TestMain(m *testing.M) {
	children := map[string]func(io.Writer, string) error{
		"till":      openOnce,
		"writer":    writeForEver,
		"foreign":   useAsAnyProgram,
		"backup":    backUp,
		"powerloss": cutPower,
	}
	child, ok := children[os.Getenv(childVar)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := child(os.Stdout, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// childOf prepares to run ourselves as that child.
func childOf(t *testing.T, kind, path string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], path) //nolint:gosec // ourselves
	cmd.Env = append(os.Environ(), childVar+"="+kind)
	return cmd
}

// openOnce is a second till.
func openOnce(_ io.Writer, path string) error {
	db, err := Open(context.Background(), path)
	if err != nil {
		return err
	}
	return db.Close()
}

// writeForEver appends until it is killed, and says what was acknowledged.
func writeForEver(out io.Writer, path string) error {
	ctx := context.Background()
	db, err := Open(ctx, path)
	if err != nil {
		return err
	}
	number, err := db.LastNumber(ctx)
	if err != nil {
		return err
	}
	for {
		number++
		e, err := db.Append(ctx, saleChange(number))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "ACK %d %x\n", e.Seq, e.Hash); err != nil {
			return err
		}
		if number%20 == 0 {
			if err := errors.Join(db.MarkAnchor(ctx), db.Checkpoint(ctx)); err != nil {
				return err
			}
		}
	}
}

// useAsAnyProgram opens, reads and closes the journal with nothing but SQLite,
// as a browser of databases does.
func useAsAnyProgram(_ io.Writer, path string) error {
	db, err := sql.Open("sqlite", dsn(path, "rw", nil, nil))
	if err != nil {
		return err
	}
	var n int
	err = db.QueryRowContext(context.Background(), "select count(*) from entry").Scan(&n)
	return errors.Join(err, db.Close())
}

func TestOpen_secondProcess(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db := mustOpen(t, path)
	mustAppend(t, db, saleChange(1))
	before := fingerprint(t, strings.TrimSuffix(path, "/journal.db"))
	for _, when := range []string{"at first", "after another handle was closed"} {
		start := time.Now()
		said, err := childOf(t, "till", path).CombinedOutput()
		if err == nil {
			t.Fatalf("%s: a second till started", when)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%s: refused after %v", when, took)
		}
		for _, word := range []string{"in use by another till", "process " + strconv.Itoa(os.Getpid()), path} {
			if !strings.Contains(string(said), word) {
				t.Errorf("%s: it said %q, not %q", when, said, word)
			}
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	after := fingerprint(t, strings.TrimSuffix(path, "/journal.db"))
	if before["journal.db"] != after["journal.db"] || before["journal.db-wal"] != after["journal.db-wal"] {
		t.Errorf("the second till changed the journal:\n%v\n%v", before, after)
	}
}

// Closing any handle of a file drops the POSIX locks that a process has on it.
// Another program would then take itself for the last user of the journal and
// remove the write-ahead log under the running till.
func TestOpen_locksOutliveAnotherHandle(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db := mustOpen(t, path)
	mustAppend(t, db, saleChange(1))
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if said, err := childOf(t, "foreign", path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if _, err := os.Stat(path + "-wal"); err != nil {
		t.Errorf("the log was removed under the running till: %v", err)
	}
	mustAppend(t, db, saleChange(2))
	report, err := db.Verify(t.Context())
	if err != nil || report.Problem != "" || report.Entries != 2 {
		t.Errorf("Verify = %+v, %v", report, err)
	}
}

func TestAppend_killedAtAnyMoment(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	random := rand.New(rand.NewPCG(1, 2))
	acknowledged := map[int64]string{}
	const rounds = 20
	for round := range rounds {
		cmd := childOf(t, "writer", path)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for kill := random.IntN(30); lines.Scan(); kill-- {
			var seq int64
			var hash string
			if _, err := fmt.Sscanf(lines.Text(), "ACK %d %s", &seq, &hash); err != nil {
				t.Fatalf("%q: %v", lines.Text(), err)
			}
			acknowledged[seq] = hash
			if kill == 0 {
				// What it had said before it died is read until the pipe's end.
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
			t.Fatalf("round %d: the writer ended by itself: %v", round, err)
		}
	}
	db := mustOpen(t, path)
	if !db.Unclean() {
		t.Error("the kill is not seen")
	}
	entries := all(t, db)
	found := map[int64]string{}
	for _, e := range entries {
		found[e.Seq] = fmt.Sprintf("%x", e.Hash)
	}
	for seq, hash := range acknowledged {
		if found[seq] != hash {
			t.Errorf("entry %d was acknowledged as %s and is %q", seq, hash, found[seq])
		}
	}
	// At most one a round had no time left to be acknowledged.
	if extra := len(entries) - len(acknowledged); extra > rounds {
		t.Errorf("%d entries were never acknowledged", extra)
	}
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
