package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// maxFile is far above any settings file, and low enough that a wrong name
// (a disk, a log) cannot fill the memory.
const maxFile = 1 << 20

// File is a file as it was read, with what tells whether others could read it.
type File struct {
	Data   []byte
	Perm   fs.FileMode // permission bits only
	Linked bool        // the name was a symbolic link
	Own    bool        // it belongs to this user or to root
}

// ReadFile reads a regular file of at most 1 MiB. All that it tells is about
// the bytes it read: the mode is asked from the open file, so that nobody can
// change the one for the other in between.
func ReadFile(name string) (File, error) {
	const flags = os.O_RDONLY | syscall.O_NONBLOCK // a pipe must not hold up the start
	f, err := os.OpenFile(name, flags|syscall.O_NOFOLLOW, 0)
	linked := errors.Is(err, syscall.ELOOP)
	if linked {
		f, err = os.OpenFile(name, flags, 0)
	}
	if err != nil {
		return File{}, err
	}
	defer f.Close() //nolint:errcheck // only read from

	info, err := f.Stat()
	if err != nil {
		return File{}, err
	}
	if !info.Mode().IsRegular() {
		return File{}, &fs.PathError{Op: "read", Path: name, Err: errors.New("not a regular file")}
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return File{}, err
	}
	if len(data) > maxFile {
		return File{}, &fs.PathError{Op: "read", Path: name, Err: errors.New("larger than 1 MiB")}
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	own := ok && (stat.Uid == 0 || int64(stat.Uid) == int64(os.Geteuid()))
	return File{Data: data, Perm: info.Mode().Perm(), Linked: linked, Own: own}, nil
}

// exposed says why a secret is not safe in this file, or nothing.
func (f File) exposed() string {
	switch {
	case f.Linked:
		return "is a symbolic link: name the file itself"
	case !f.Own:
		return "belongs to another user: give it to the user who runs reji"
	case f.Perm&0o077 != 0:
		return fmt.Sprintf("is open to other users (mode %04o): chmod 600 it", f.Perm)
	}
	return ""
}
