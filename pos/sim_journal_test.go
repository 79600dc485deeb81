package pos_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"example.jp/reji/pos"
	"example.jp/reji/store"
)

// journal is one till's journal: the real one, whose writes may fail with the
// row in the file or not, and at whose writes the till may be killed.
type journal struct {
	*store.DB

	world *world
	till  *till

	trouble bool // until it is opened again; guarded by the register, which writes one at a time
	broken  int  // how many times opening it again fails
	unclean bool
	charged bool // killed as it had written a sale down, whose number it does not know to be taken; guarded likewise
}

var _ pos.Journal = (*journal)(nil)

func (j *journal) Append(ctx context.Context, c store.Change) (store.Entry, error) {
	w := j.world
	key, count := w.count("append", c.Entry.Kind, c.Entry.Attempt, c.Entry.Sale)
	switch {
	case j.till.dead.Load(), w.step(j.till, "before a write", key), j.charged && c.Entry.Kind == "charged":
		return store.Entry{}, errKilled
	case j.trouble:
		return store.Entry{}, fmt.Errorf("%w: open it again first", store.ErrTrouble)
	}
	fails := !w.calm.Load() && w.dice.chance(w.rates[failing]/4, count, "fails", key)
	if fails {
		w.laws.excused()
		j.trouble = true
		j.broken = w.dice.below(4, count, "stays broken", key)
		if w.dice.chance(0.5, count, "is not in the file", key) {
			return store.Entry{}, fmt.Errorf("%w: input/output error", store.ErrTrouble)
		}
	}
	e, err := j.DB.Append(ctx, c)
	w.trace(cmp.Or(c.Entry.Attempt, c.Entry.Sale), "%d %s %.300s", e.Seq, c.Entry.Kind, c.Entry.Body)
	if err != nil {
		// A till that was killed at this moment, after another write, goes on as if
		// that were not in the file: no till does.
		if !errors.Is(err, context.Canceled) && (!j.till.dies() || !errors.Is(err, store.ErrDuplicate)) {
			w.Errorf("the journal refuses %s of %s: %v", c.Entry.Kind, c.Entry.Attempt, err)
		}
		return e, err
	}
	w.laws.wrote(c, e)
	switch {
	case w.step(j.till, "after a write", key):
		j.charged = j.charged || c.Entry.Kind == "charged"
		return store.Entry{}, errKilled
	case fails:
		return store.Entry{}, fmt.Errorf("%w: input/output error", store.ErrTrouble)
	}
	return e, nil
}

func (j *journal) Reopen(ctx context.Context) error {
	if j.till.dead.Load() {
		return errKilled
	}
	j.world.laws.excused() // also about calls since the write that failed
	if j.broken > 0 && !j.world.calm.Load() {
		j.broken--
		return fmt.Errorf("%w: input/output error", store.ErrTrouble)
	}
	if j.world.dice.chance(0.03, int(j.till.number), "really opened again") { // it costs as much as a whole sale
		if err := j.DB.Reopen(ctx); err != nil {
			return err
		}
	}
	j.trouble = false
	return nil
}

func (j *journal) Unclean() bool { return j.unclean }

func (j *journal) Pending(ctx context.Context) ([]store.Entry, error) {
	if j.till.dead.Load() {
		return nil, errKilled
	}
	return j.DB.Pending(ctx)
}
