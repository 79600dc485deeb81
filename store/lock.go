package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"
)

// lock is the instance lock: a file beside the journal, held by flock as long
// as the journal is open, by one process and there by one DB. What is written
// in it names the holder, and is emptied only by a clean end: whoever finds
// something there without the lock being held knows that the last one ended
// badly.
type lock struct {
	file   *os.File
	before []byte // what the file held when we got it
	holder []byte // our name
}

// logs stands in the file as long as the journal has a write-ahead log.
const logs = "it has a log\n"

// take locks the journal at path, at once or not at all.
func take(path string) (*lock, error) {
	const flags = os.O_RDWR | os.O_CREATE | syscall.O_NOFOLLOW
	f, err := os.OpenFile(path+".lock", flags, 0o600) //nolint:forbidigo // a file of its own, beside the journal
	if err != nil {
		return nil, &Refusal{Reason: Unwritable, Path: path, Err: err}
	}
	l := &lock{file: f}
	if err := l.hold(path); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

func (l *lock) hold(path string) error {
	err := syscall.EINTR
	for errors.Is(err, syscall.EINTR) {
		err = flock(l.file, syscall.LOCK_EX|syscall.LOCK_NB)
	}
	content, readErr := io.ReadAll(io.LimitReader(l.file, 4096))
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		holder, _, _ := strings.Cut(string(content), "\n")
		if holder == "" {
			holder = "it is just starting"
		}
		return &Refusal{Reason: Locked, Path: path, Detail: holder, Err: readErr}
	case err != 0:
		return &Refusal{Reason: Unwritable, Path: path, Detail: "the lock file", Err: err}
	case readErr != nil:
		return &Refusal{Reason: Unwritable, Path: path, Err: readErr}
	}
	l.before = content
	l.holder = fmt.Appendf(nil, "process %d since %s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339))
	if err := l.write(l.holder); err != nil {
		return &Refusal{Reason: Unwritable, Path: path, Err: err}
	}
	return nil
}

// held reports whether a till holds the lock of the journal at path. It needs no
// more than the right to read it.
func held(path string) bool {
	f, err := os.OpenFile(path+".lock", os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0) //nolint:forbidigo // a file of its own, beside the journal
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	errno := flock(f, syscall.LOCK_SH|syscall.LOCK_NB)
	_ = f.Close() // only read, and the lock ends with it
	return errno == syscall.EWOULDBLOCK
}

func flock(f *os.File, how int) syscall.Errno {
	err := syscall.Flock(int(f.Fd()), how)
	if err == nil {
		return 0
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno
	}
	return syscall.EINVAL
}

// write makes content the whole of the file, durably.
func (l *lock) write(content []byte) error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	if _, err := l.file.WriteAt(content, 0); err != nil {
		return err
	}
	return l.file.Sync()
}

// log says in the file whether the journal has a write-ahead log from now on.
func (l *lock) log(has bool) error {
	at := int64(len(l.holder))
	err := l.file.Truncate(at)
	if has && err == nil {
		_, err = l.file.WriteAt([]byte(logs), at)
	}
	return errors.Join(err, l.file.Sync())
}

// wrote tells whether the holder before us ended when the journal had a
// write-ahead log.
func (l *lock) wrote() bool { return bytes.HasSuffix(l.before, []byte("\n"+logs)) }

// taken forgets that the holder before us left a log: it is there, and ours now.
func (l *lock) taken() { l.before = bytes.TrimSuffix(l.before, []byte(logs)) }

// unclean tells whether the holder before us ended badly.
func (l *lock) unclean() bool { return len(l.before) > 0 }

// release lets the next one in. After a clean end it finds nothing; else it
// finds what we found, or us when there was nothing.
func (l *lock) release(clean bool) error {
	var err error
	if clean {
		err = l.write(nil)
	}
	return errors.Join(err, l.unlock())
}

// restore lets the next one in as if we had never been here.
func (l *lock) restore() error {
	return errors.Join(l.write(l.before), l.unlock())
}

// unlock gives the lock up also for a program that is just being started from
// here: until it runs it has our files, and a lock ends with the last of them.
func (l *lock) unlock() error {
	var err error
	if errno := flock(l.file, syscall.LOCK_UN); errno != 0 {
		err = errno
	}
	return errors.Join(err, l.file.Close())
}

// moved refuses to go on when the lock file was removed or replaced.
func (l *lock) moved(path string) error {
	ours, err := l.file.Stat()
	if err == nil {
		var named os.FileInfo
		if named, err = os.Stat(path + ".lock"); err == nil && !os.SameFile(ours, named) {
			err = errors.New("another lock file was put in its place")
		}
	}
	if err != nil {
		return &Refusal{Reason: Unprotected, Path: path, Detail: "the lock file is gone, so another till could start: close the till and start it again", Err: err}
	}
	return nil
}
