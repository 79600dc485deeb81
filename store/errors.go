package store

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrTrouble means that a write failed in a way that leaves its outcome
// unknown: it may be in the file or not. Nothing is written until Reopen has
// succeeded, and what was read before must be read again.
var ErrTrouble = errors.New("the journal could not be written")

// ErrDuplicate means that a rule of uniqueness refused the change: nothing of
// it is in the file.
var ErrDuplicate = errors.New("the journal has this already")

// ErrReadOnly is the answer of every write to a journal opened by Inspect.
var ErrReadOnly = errors.New("the journal is open for inspection only")

// ErrClosed is the answer of every call after Close.
var ErrClosed = errors.New("the journal is closed")

// Reason is why a journal file was refused.
type Reason string

// The reasons.
const (
	NotAJournal  Reason = "not a journal"         // not SQLite at all
	Foreign      Reason = "another application's" // SQLite, but not ours
	OtherTill    Reason = "another till's"        // a backup of another journal than the one that it is to replace
	Newer        Reason = "newer"                 // written by a newer reji
	Damaged      Reason = "damaged"               // structure or chain broken
	Emptied      Reason = "emptied"               // missing, empty or older than the anchor says
	Locked       Reason = "locked"                // another till has it open
	Unwritable   Reason = "unwritable"            // file, folder or disk cannot be written
	Unprotected  Reason = "unprotected"           // other users of the machine may write here
	Taken        Reason = "taken"                 // a backup was to get the name of a file that is there, or belongs to the journal
	PragmaDenied Reason = "pragma denied"         // SQLite did not take a setting we rely on
)

// Refusal is the error of Open when the file must not be used. Nothing of it
// was changed.
type Refusal struct { //nolint:errname // it is what callers call it
	Reason Reason
	Path   string
	Detail string // what was found, e.g. the other till's process, both schema versions, the first bad entry
	Err    error
}

// Error says what is wrong with which file and what to do about it.
func (r *Refusal) Error() string {
	detail := r.Detail
	if detail == "" && r.Err != nil {
		detail = r.Err.Error()
	}
	switch r.Reason {
	case NotAJournal:
		return fmt.Sprintf("%q is not a journal (%s): name another file, or move this one away", r.Path, detail)
	case Foreign:
		return fmt.Sprintf("%q belongs to another application (%s): name another file", r.Path, detail)
	case OtherTill:
		return fmt.Sprintf("%q is another till's (%s): name a backup of this till, or say `reji journal restore --other-till` if it is meant", r.Path, detail)
	case Newer:
		return fmt.Sprintf("%q was written by a newer reji (%s): install that version or a later one", r.Path, detail)
	case Damaged:
		return fmt.Sprintf("%q is damaged (%s): look at it with `reji journal verify`, then bring back a backup with `reji journal restore`", r.Path, detail)
	case Emptied:
		return fmt.Sprintf("%q has lost what it held (%s): bring it back with `reji journal restore`", r.Path, detail)
	case Locked:
		return fmt.Sprintf("%q is in use by another till (%s): close that one first", r.Path, detail)
	case Unwritable:
		return fmt.Sprintf("%q cannot be written (%s): free the disk, or give this user the right to write there", r.Path, detail)
	case Unprotected:
		return fmt.Sprintf("%q is open to other users of this machine: %s", r.Path, detail)
	case Taken:
		return fmt.Sprintf("%q is not free (%s): name another file", r.Path, detail)
	case PragmaDenied:
		return fmt.Sprintf("%q cannot be kept safely here, SQLite did not take a setting (%s): use a local disk and the released program", r.Path, detail)
	default:
		return fmt.Sprintf("%q was refused (%s): %s", r.Path, r.Reason, detail)
	}
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// code is SQLite's result code, with its extension; 0 when err is not SQLite's.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}

// primary is the part of a result code that all its extensions share.
func primary(err error) int { return code(err) & 0xff }

// ended tells whether a call failed only because its time was over.
func ended(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// refuse turns an error of opening path into a refusal. What is a refusal
// already stays what it is; the end of the caller's time is not the file's fault.
func refuse(path string, err error) error {
	if _, ok := errors.AsType[*Refusal](err); ok || ended(err) {
		return err
	}
	reason := Damaged
	switch primary(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return &Refusal{Reason: Locked, Path: path, Detail: "another program has the file open", Err: err}
	case sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN:
		reason = Unwritable
	case sqlite3.SQLITE_IOERR:
		switch code(err) {
		// A page that cannot be read, or is cut short, is the file's fault.
		case sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS:
		default:
			reason = Unwritable
		}
	}
	if _, ok := errors.AsType[syscall.Errno](err); ok {
		reason = Unwritable
	}
	return &Refusal{Reason: reason, Path: path, Err: err}
}
