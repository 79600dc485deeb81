package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// chainVersion is hashed with every entry, so that a later way to hash can
// never be mistaken for this one.
const chainVersion = 1

// link is a place in the chain: an entry's number and hash.
type link struct {
	seq  int64
	hash [32]byte
}

// genesis is where the chain of a journal starts. It depends on the journal's
// random id, so that the entries of one journal fit no other.
func genesis(journal string) link {
	b := []byte{chainVersion}
	b = appendField(b, journal)
	return link{hash: sha256.Sum256(b)}
}

// hashOf is the hash of an entry that follows prev. Numbers have a fixed
// length and texts carry theirs, so that no two different entries give the
// same bytes.
func hashOf(prev [32]byte, e Entry) [32]byte {
	b := make([]byte, 0, 128+len(e.Kind)+len(e.Sale)+len(e.Attempt)+len(e.Actor)+len(e.Body))
	b = append(b, chainVersion)
	b = append(b, prev[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Seq)) //nolint:gosec // the bits as they are
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMilli()))
	b = appendField(b, e.Kind)
	b = appendField(b, e.Sale)
	b = appendField(b, e.Attempt)
	b = appendField(b, e.Actor)
	b = appendField(b, e.Body)
	return sha256.Sum256(b)
}

func appendField[T ~string | ~[]byte](b []byte, field T) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(field)))
	return append(b, field...)
}

// chainError says where the chain first fails.
type chainError struct {
	seq  int64
	what string
}

func (e *chainError) Error() string { return fmt.Sprintf("entry %d: %s", e.seq, e.what) }

// page is how many entries are read at a time: a reader that stays in one
// query for long would keep SQLite from emptying its write-ahead log.
const page = 500

// walk follows the chain from a known link to the journal's end and returns
// the last link. A *chainError names the first entry that does not fit.
func walk(ctx context.Context, db queryer, from link) (link, error) {
	at := from
	for {
		n := 0
		for row, err := range chainAfter(ctx, db, at.seq) {
			if err != nil {
				return at, err
			}
			n++
			switch {
			case row.Seq > at.seq+1:
				return at, &chainError{at.seq + 1, fmt.Sprintf("missing, the next there is is %d", row.Seq)}
			case row.prev != at.hash:
				return at, &chainError{row.Seq, "does not follow the entry before it"}
			case row.Hash != hashOf(at.hash, row.Entry):
				return at, &chainError{row.Seq, "its contents are not what was written"}
			}
			at = link{row.Seq, row.Hash}
		}
		if n < page {
			return at, nil
		}
	}
}
