package store

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// backUp is a person who backs the journal up while the till sells.
func backUp(_ io.Writer, path string) error {
	ctx := context.Background()
	db, err := Inspect(ctx, path)
	if err != nil {
		return err
	}
	report, err := db.Verify(ctx)
	if err == nil && report.Problem != "" {
		err = errors.New(report.Problem)
	}
	if _, appended := db.Append(ctx, Change{Entry: Entry{Kind: "test"}}); !errors.Is(appended, ErrReadOnly) {
		err = errors.Join(err, errors.New("it could be written to"))
	}
	return errors.Join(err, db.Backup(ctx, path+".copy"), db.Close())
}

func TestInspect_besideARunningTill(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db := mustOpen(t, path)
	for n := range int64(3) {
		mustAppend(t, db, saleChange(n+1))
	}
	if said, err := childOf(t, "backup", path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	mustAppend(t, db, saleChange(4)) // sales go on
	copied, err := Verify(t.Context(), path+".copy")
	if err != nil || copied.Problem != "" || copied.Entries != 3 {
		t.Errorf("the copy: %+v, %v", copied, err)
	}
	// And in place of a running till's journal nothing is restored.
	_, err = Restore(t.Context(), path+".copy", path, false)
	if r, ok := errors.AsType[*Refusal](err); !ok || r.Reason != Locked {
		t.Errorf("a running till's journal was replaced: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	report, err := Verify(t.Context(), path)
	if err != nil || report.Problem != "" || report.Entries != 4 {
		t.Errorf("the journal: %+v, %v", report, err)
	}
	left, err := filepath.Glob(path + "*.new")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %s, %v", strings.Join(left, ", "), err)
	}
}
