package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// headerSize is how much of a SQLite file describes it.
const headerSize = 100

// header judges a file by its first bytes and says whether there is anything
// in it at all.
//
// It is the one place that opens the journal without SQLite, and so runs
// before the first SQLite connection, with the instance lock held: closing a
// file drops every POSIX lock that the process has on it. It is needed because
// SQLite takes a file of length zero for a new database and may touch a
// foreign one before we could ask whose it is.
func header(path string, expected bool) (exists bool, err error) {
	f, err := os.Open(path) //nolint:forbidigo // before the first SQLite connection, as said above
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, &Refusal{Reason: Unwritable, Path: path, Err: err}
	}
	defer f.Close() //nolint:errcheck // only read
	b := make([]byte, headerSize)
	switch n, err := io.ReadFull(f, b); {
	case n == 0 && err == io.EOF:
		return false, nil
	case err != nil && err != io.ErrUnexpectedEOF:
		return false, &Refusal{Reason: Damaged, Path: path, Err: err}
	case err != nil || string(b[:16]) != "SQLite format 3\x00":
		if expected {
			return true, &Refusal{Reason: Damaged, Path: path, Detail: "its first bytes are not SQLite's"}
		}
		return true, &Refusal{Reason: NotAJournal, Path: path, Detail: "not a SQLite file"}
	}
	return true, belongs(path, binary.BigEndian.Uint32(b[68:]), binary.BigEndian.Uint32(b[60:]))
}

// belongs judges a file by whose it says it is, and since when.
func belongs(path string, application, version uint32) error {
	all, err := scripts(migrations)
	switch {
	case err != nil:
		return err
	case application != applicationID:
		return &Refusal{Reason: Foreign, Path: path, Detail: fmt.Sprintf("application id %#x, ours is %#x", application, applicationID)}
	case int64(version) > int64(len(all)):
		return &Refusal{Reason: Newer, Path: path, Detail: fmt.Sprintf("its schema is version %d, this program knows %d", version, len(all))}
	case version == 0:
		return &Refusal{Reason: Damaged, Path: path, Detail: "it has no schema version"}
	}
	return nil
}
