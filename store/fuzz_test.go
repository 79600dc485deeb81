package store

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzOpen changes the files of a journal: Open never panics, and what it
// refuses it leaves as it was.
func FuzzOpen(f *testing.F) {
	model := crashed(f, 12)
	files := map[string][]byte{}
	for _, suffix := range []string{"", "-wal", ".anchor"} {
		b, err := os.ReadFile(model + suffix)
		if err != nil {
			f.Fatal(err)
		}
		files[suffix] = b
	}
	// One change is four bytes: where, in 1/65536 of the file, what to add, and
	// in which file; or where to cut it.
	f.Add([]byte{0, 0, 1, 0})
	f.Add([]byte{0, 0, 1, 1})
	f.Add([]byte{0x80, 0, 0, 2})
	f.Add([]byte{0x80, 0, 0, 3})
	f.Add([]byte{0, 0, 0, 2})
	f.Add([]byte{0, 9, 1, 4, 0xff, 0xff, 7, 0, 0x40, 0, 0x80, 1})
	for i := range byte(20) {
		f.Add([]byte{i * 13, i, 0x55, i % 2})
	}
	f.Fuzz(func(t *testing.T, changes []byte) {
		path := journalPath(t)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		changed := map[string][]byte{}
		for suffix, b := range files {
			changed[suffix] = append([]byte(nil), b...)
		}
		for ; len(changes) >= 4; changes = changes[4:] {
			suffix := []string{"", "-wal", "", "-wal", ".anchor"}[changes[3]%5]
			b := changed[suffix]
			at := int(binary.BigEndian.Uint16(changes)) * len(b) >> 16
			if cut := changes[3]%5 == 2 || changes[3]%5 == 3; cut {
				changed[suffix] = b[:at]
			} else if at < len(b) {
				b[at] += changes[2]
			}
		}
		for suffix, b := range changed {
			if err := os.WriteFile(path+suffix, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		before := fingerprint(t, filepath.Dir(path))
		report, verifyErr := Verify(t.Context(), path)
		db, err := Open(t.Context(), path)
		if err != nil {
			if _, ok := errors.AsType[*Refusal](err); !ok {
				t.Errorf("open: %v is no refusal", err)
			}
			if diff := cmp.Diff(before, fingerprint(t, filepath.Dir(path))); diff != "" {
				t.Errorf("refused with %v, and changed:\n%s", err, diff)
			}
			return
		}
		if verifyErr == nil && report.FirstBad > 0 {
			t.Errorf("opened although %+v", report)
		}
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
}
