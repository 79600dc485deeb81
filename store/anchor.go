package store

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// anchor is kept in a small file of its own beside the journal and says how
// far the journal had come. A journal can be lost, emptied or replaced by an
// older copy without a trace in itself; the anchor is the trace.
//
// A journal without an anchor is accepted, and given one: that is a backup
// copied here, and its chain still holds. What it lacks nobody can say, so that
// the anchor then says that something may be lacking.
type anchor struct {
	journal  string
	at       link      // seq 0: nothing but the id
	gaps     []int64   // numbers of all gaps that were ever noted down, also in entries that were lost
	restored *Restored // the journal is an older copy, and does not say so yet
	aside    string    // where a restoring under way puts what was there before; empty when none is
}

// anchorFile is an anchor as written.
type anchorFile struct {
	Journal string `json:"journal"`
	Seq     int64  `json:"seq"`
	Hash    string `json:"hash"`

	Gaps     []int64   `json:"gaps,omitempty"`
	Restored *Restored `json:"restored,omitempty"`
	Aside    string    `json:"aside,omitempty"` // without its folder
}

// readAnchor is nil when there is no anchor.
func readAnchor(path string) (*anchor, error) {
	b, err := os.ReadFile(path + ".anchor") //nolint:forbidigo // a file of its own, beside the journal
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no anchor is an answer
	}
	if err != nil {
		return nil, &Refusal{Reason: Unwritable, Path: path, Err: err}
	}
	var f anchorFile
	var a anchor
	if err = json.Unmarshal(b, &f); err == nil {
		a.journal, a.at.seq, a.gaps, a.restored = f.Journal, f.Seq, f.Gaps, f.Restored
		if f.Aside != "" {
			a.aside = filepath.Join(filepath.Dir(path), filepath.Base(f.Aside))
		}
		var hash []byte
		if hash, err = hex.DecodeString(f.Hash); err == nil && len(hash) != len(a.at.hash) {
			err = errors.New("the hash has a wrong length")
		}
		copy(a.at.hash[:], hash)
	}
	if err != nil {
		return nil, &Refusal{Reason: Damaged, Path: path, Detail: fmt.Sprintf("its anchor %q makes no sense: %v", path+".anchor", err), Err: err}
	}
	return &a, nil
}

// write replaces the anchor of the journal at path, durably or not at all.
func (a anchor) write(path string) error {
	aside := ""
	if a.aside != "" {
		aside = filepath.Base(a.aside)
	}
	b, err := json.Marshal(anchorFile{a.journal, a.at.seq, hex.EncodeToString(a.at.hash[:]), a.gaps, a.restored, aside})
	if err != nil {
		return err
	}
	name := path + ".anchor"
	if err := writeDurably(name+".new", append(b, '\n')); err != nil {
		return err
	}
	if err := os.Rename(name+".new", name); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func writeDurably(name string, b []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:forbidigo // a file of its own, beside the journal
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}
