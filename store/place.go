package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// place finds the journal's real path: absolute, all links followed, so that
// two names of one file are one journal with one lock. It makes the folder if
// there is none, and refuses one that others may write.
func place(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", &Refusal{Reason: Unwritable, Path: path, Err: err}
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", &Refusal{Reason: Unwritable, Path: path, Err: err}
	}
	real, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		if link, err := os.Readlink(path); err == nil {
			// Perhaps a disk that is not mounted: a new journal here would
			// hide the old one.
			return "", &Refusal{Reason: Emptied, Path: path, Detail: fmt.Sprintf("it is a link to %q, where there is nothing", link)}
		}
		if real, err = filepath.EvalSymlinks(folder); err == nil {
			real = filepath.Join(real, filepath.Base(path))
		}
	}
	if err != nil {
		return "", &Refusal{Reason: Unwritable, Path: path, Err: err}
	}
	return real, protected(real)
}

// protected refuses a journal that other users of the machine could replace or
// write to.
func protected(path string) error {
	folder := filepath.Dir(path)
	info, err := os.Stat(folder)
	if err != nil {
		return &Refusal{Reason: Unwritable, Path: path, Err: err}
	}
	if info.Mode().Perm()&0o022 != 0 {
		return &Refusal{Reason: Unprotected, Path: path, Detail: fmt.Sprintf("its folder has mode %#o, say `chmod 700 %q`", info.Mode().Perm(), folder)}
	}
	info, err = os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return &Refusal{Reason: Unwritable, Path: path, Err: err}
	case !info.Mode().IsRegular():
		return &Refusal{Reason: NotAJournal, Path: path, Detail: "it is not a plain file"}
	case info.Mode().Perm()&0o022 != 0:
		return &Refusal{Reason: Unprotected, Path: path, Detail: fmt.Sprintf("it has mode %#o, say `chmod 600 %q`", info.Mode().Perm(), path)}
	}
	// A second hard link could have a lock and a write-ahead log of its own.
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Nlink > 1 {
		return &Refusal{Reason: Unprotected, Path: path, Detail: "the file has a second name, remove the other one (`find / -samefile` shows it)"}
	}
	return nil
}

// writable refuses a journal that SQLite could read but not write, before
// SQLite would find out half-way.
func writable(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:forbidigo // before the first SQLite connection
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		// SQLite has to make files beside the journal.
		probe := path + ".probe"
		if f, err = os.OpenFile(probe, os.O_WRONLY|os.O_CREATE, 0o600); err == nil { //nolint:forbidigo // a file of its own, beside the journal
			err = errors.Join(f.Close(), os.Remove(probe))
		}
	}
	if err != nil {
		return &Refusal{Reason: Unwritable, Path: path, Err: err}
	}
	return nil
}

// syncNames makes the names that lead to a file durable: its own, and those of
// the folders above it, all of which may have been made just now. It goes as
// far as the file system does, and stops at a folder that we may not read,
// which we have not made.
func syncNames(path string) error {
	for folder := filepath.Dir(path); ; folder = filepath.Dir(folder) {
		if err := syncFolder(folder); err != nil {
			if errors.Is(err, fs.ErrPermission) && folder != filepath.Dir(path) {
				return nil
			}
			return err
		}
		if topmost(folder) {
			return nil
		}
	}
}

// topmost reports whether the folder above is on another file system, or
// there is none.
func topmost(folder string) bool {
	here, err := os.Stat(folder)
	above, errAbove := os.Stat(filepath.Dir(folder))
	if err != nil || errAbove != nil || os.SameFile(here, above) {
		return true
	}
	a, ok := here.Sys().(*syscall.Stat_t)
	b, okAbove := above.Sys().(*syscall.Stat_t)
	return ok && okAbove && a.Dev != b.Dev
}

// syncFolder makes the names in a folder durable.
func syncFolder(folder string) error {
	f, err := os.Open(folder) //nolint:forbidigo // a folder, not the journal
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Free is how many bytes the journal's disk has left for us.
func (db *DB) Free() (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(db.path), &s); err != nil {
		return 0, fmt.Errorf("room left at %q: %w", db.path, err)
	}
	const most = 1 << 40                                    // blocks, so that the product fits
	return int64(min(s.Bavail, most)) * int64(s.Bsize), nil //nolint:unconvert // its type differs between systems
}
