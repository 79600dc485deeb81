package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Report is what Verify found.
type Report struct {
	Entries   int64    // how many entries hold, from the first on
	Head      [32]byte // the last of their hashes
	JournalID string
	FirstBad  int64  // number of the first entry that is wrong or missing, 0 when none is
	Problem   string // what is wrong, empty when all is well

	Last     time.Time // when the last entry was written; zero when there is none
	Restored *Restored // of Restore: what it may lack; nil when it lacks nothing
}

// Verify checks a journal, also beside a running till: the whole chain from the
// first entry on, the anchor, the schema and SQLite's own structure. What is
// wrong with the journal is in the report; the error says why it could not be
// verified, a *Refusal when there is no journal that could be read.
//
// Whoever can write the file can also write a new chain and a new anchor. To
// be safe from that, compare the head with one that was printed.
func Verify(ctx context.Context, path string) (Report, error) {
	db, err := Inspect(ctx, path)
	if err != nil {
		return Report{}, err
	}
	report, err := db.Verify(ctx)
	return report, errors.Join(err, db.Close()) //nolint:contextcheck // closing is not cut short
}

// Verify checks the whole journal as the function Verify does, while it is in
// use. Sales go on meanwhile.
func (db *DB) Verify(ctx context.Context) (Report, error) {
	var report Report
	err := db.checking(ctx, func(ctx context.Context, i inspection) error {
		// The anchor first: the journal only grows, so it holds that much by
		// the time the chain is read.
		marked, err := readAnchor(db.path)
		if err != nil {
			return err
		}
		report, err = i.full(ctx, db.journal, marked)
		return err
	})
	if err != nil {
		return Report{}, fmt.Errorf("verify the journal: %w", err)
	}
	return report, nil
}

// Check asks SQLite whether the structure of the file is sound. It may take
// seconds and is meant for behind the running till, after an unclean end. The
// error is a *Refusal when it is not.
func (db *DB) Check(ctx context.Context) error {
	err := db.checking(ctx, func(ctx context.Context, i inspection) error {
		problem, err := i.structure(ctx, "quick_check")
		if err == nil && problem != "" {
			err = &Refusal{Reason: Damaged, Path: db.path, Detail: problem}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("check the journal: %w", err)
	}
	return nil
}

// checking runs a check that may take long. Reopen and Close end it rather
// than wait for it.
func (db *DB) checking(ctx context.Context, f func(context.Context, inspection) error) error {
	ctx, cancel := deadline(ctx, checkPatience)
	defer cancel()
	return db.reading(func(readers *sql.DB) error {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		stop := context.AfterFunc(db.live, func() { cancel(errInterrupted) }) //nolint:contextcheck // the journal's life, not the caller's
		defer stop()
		err := f(ctx, inspection{db.path, db.connect, readers})
		if err != nil && errors.Is(context.Cause(ctx), errInterrupted) {
			return errInterrupted
		}
		return err
	})
}

var errInterrupted = errors.New("the journal was closed meanwhile")

// inspection looks at a journal through some connection.
type inspection struct {
	path    string
	connect connect
	db      *sql.DB
}

// tail is how many entries are verified at every start.
const tail = 1000

// quick is what every start can afford, and gives the journal's id: whose file
// it is, that its schema is whole, that the anchor's entry is in it and that
// the last entries follow one another.
func (i inspection) quick(ctx context.Context, marked *anchor) (string, error) {
	var library string
	var application, version uint32
	for text, value := range map[string]any{
		"select sqlite_version()": &library,
		"pragma application_id":   &application,
		"pragma user_version":     &version,
	} {
		if err := i.db.QueryRowContext(ctx, text).Scan(value); err != nil {
			return "", refuse(i.path, err)
		}
	}
	// Before 3.51.3 a checkpoint and a write at the same moment could damage
	// the file.
	if olderThan(library, 3, 51, 3) {
		return "", &Refusal{Reason: PragmaDenied, Path: i.path, Detail: "SQLite is " + library + ", 3.51.3 is the least"}
	}
	// Once more, since the log may know better than the header.
	if err := belongs(i.path, application, version); err != nil {
		return "", err
	}
	problem, err := i.schema(ctx, int(version))
	if err != nil {
		return "", refuse(i.path, err)
	}
	if problem != "" {
		return "", &Refusal{Reason: Damaged, Path: i.path, Detail: problem}
	}
	id, err := journalID(ctx, i.db)
	if err != nil {
		return "", refuse(i.path, err)
	}
	if err := i.tail(ctx, id); err != nil {
		if bad, ok := errors.AsType[*chainError](err); ok {
			return "", &Refusal{Reason: Damaged, Path: i.path, Detail: bad.Error(), Err: bad}
		}
		return "", refuse(i.path, err)
	}
	if bad, err := i.lost(ctx, id, marked); err != nil {
		return "", refuse(i.path, err)
	} else if bad != nil {
		return "", &Refusal{Reason: Emptied, Path: i.path, Detail: bad.what, Err: bad}
	}
	return id, nil
}

// olderThan compares a version of the form 3.51.3.
func olderThan(version string, least ...int) bool {
	var v [3]int
	if n, err := fmt.Sscanf(version, "%d.%d.%d", &v[0], &v[1], &v[2]); n < len(v) || err != nil {
		return true
	}
	return slices.Compare(v[:], least) < 0
}

// schema says what of the tables, indexes and triggers is not as we made it.
func (i inspection) schema(ctx context.Context, version int) (string, error) {
	want, err := wantedSchema(ctx, i.connect, version)
	if err != nil {
		return "", err
	}
	got, err := schema(ctx, i.db)
	if err != nil {
		return "", err
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch text, ok := got[name]; {
		case !ok:
			return "the " + name + " is missing", nil
		case text != want[name]:
			return "the " + name + " was changed", nil
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			return "the " + name + " is not ours", nil
		}
	}
	return "", nil
}

// lost compares the journal with its anchor.
func (i inspection) lost(ctx context.Context, id string, marked *anchor) (*chainError, error) {
	switch {
	case marked == nil:
		return nil, nil //nolint:nilnil // nothing lost is an answer
	case marked.journal != id:
		return &chainError{0, fmt.Sprintf("this is journal %s, the anchor is of journal %s", id, marked.journal)}, nil
	case marked.at.seq == 0:
		return nil, nil //nolint:nilnil // nothing lost is an answer
	}
	last, err := head(ctx, i.db, id)
	if err != nil {
		return nil, err
	}
	if last.seq < marked.at.seq {
		return &chainError{last.seq + 1, fmt.Sprintf("it ends at entry %d, the anchor knows of entry %d", last.seq, marked.at.seq)}, nil
	}
	var hash []byte
	err = i.db.QueryRowContext(ctx, "select hash from entry where seq = ?", marked.at.seq).Scan(&hash)
	switch {
	case errors.Is(err, sql.ErrNoRows) || err == nil && string(hash) != string(marked.at.hash[:]):
		return &chainError{marked.at.seq, fmt.Sprintf("entry %d is not the one that the anchor knows", marked.at.seq)}, nil
	case err != nil:
		return nil, err
	}
	return nil, nil //nolint:nilnil // nothing lost is an answer
}

// tail verifies the last entries of the chain.
func (i inspection) tail(ctx context.Context, id string) error {
	last, err := head(ctx, i.db, id)
	if err != nil {
		return err
	}
	from := genesis(id)
	if last.seq > tail {
		from.seq = last.seq - tail
		var hash []byte
		err := i.db.QueryRowContext(ctx, "select hash from entry where seq = ?", from.seq).Scan(&hash)
		if errors.Is(err, sql.ErrNoRows) {
			return &chainError{from.seq, "missing"}
		}
		if err != nil {
			return err
		}
		copy(from.hash[:], hash)
	}
	_, err = walk(ctx, i.db, from)
	return err
}

// full verifies everything and reports the first thing that is wrong.
func (i inspection) full(ctx context.Context, id string, marked *anchor) (Report, error) {
	report := Report{JournalID: id}
	bad := func(seq int64, problem string) (Report, error) {
		report.FirstBad, report.Problem = seq, problem
		return report, nil
	}

	last, err := walk(ctx, i.db, genesis(id))
	report.Entries, report.Head = last.seq, last.hash
	if broken, ok := errors.AsType[*chainError](err); ok {
		return bad(broken.seq, broken.Error())
	}
	if err != nil {
		if ended(err) {
			return Report{}, err
		}
		return bad(last.seq+1, fmt.Sprintf("entry %d cannot be read: %v", last.seq+1, err))
	}
	if report.Last, err = lastAt(ctx, i.db); err != nil {
		return Report{}, err
	}
	var first int64
	if err := i.db.QueryRowContext(ctx, "select coalesce(min(seq), 1) from entry").Scan(&first); err != nil {
		return Report{}, err
	}
	if first < 1 {
		return bad(first, fmt.Sprintf("entry %d: before the first", first))
	}
	lost, err := i.lost(ctx, id, marked)
	if err != nil {
		return Report{}, err
	}
	if lost != nil {
		return bad(lost.seq, lost.what)
	}
	problem, err := i.structure(ctx, "integrity_check")
	if err == nil && problem == "" {
		var version int
		if err = i.db.QueryRowContext(ctx, "pragma user_version").Scan(&version); err == nil {
			problem, err = i.schema(ctx, version)
		}
	}
	if err != nil {
		return Report{}, err
	}
	return bad(0, problem)
}

// structure runs one of SQLite's own checks, which see everything but a
// changed text. It says the first thing found.
func (i inspection) structure(ctx context.Context, check string) (string, error) {
	var said string
	err := i.db.QueryRowContext(ctx, "pragma "+check+"(1)").Scan(&said)
	switch {
	case err != nil && ended(err):
		return "", err
	case err != nil:
		// The check itself may stumble over what it looks for.
		return "SQLite cannot check it: " + err.Error(), nil //nolint:nilerr // it is the finding
	case said != "ok":
		return "SQLite says: " + said, nil
	}
	return "", nil
}
