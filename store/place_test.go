package store

import "testing"

func TestDB_Free(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	if free, err := db.Free(); err != nil || free <= 0 {
		t.Errorf("%d bytes are free, %v", free, err)
	}
}
