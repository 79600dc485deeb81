package pos

import (
	"context"
	"errors"
	"time"

	"example.jp/reji/store"
)

// keepEvery is how often the journal is looked after.
const keepEvery = time.Minute

// spare is how much room the disk must have left, in bytes. A sale needs a few
// thousand; with less than this somebody has to make room before a sale fails.
const spare = 100 << 20

// keep looks after the journal behind the running till: after an unclean end
// its structure is checked, and from time to time it is seen to be still in
// its place, anchored, and its write-ahead log folded in, which would cost a
// sale a moment if SQLite did it in between.
func (r *Register) keep() {
	due := r.journal.Unclean()
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		r.measure()
		if due {
			due = !r.sound()
		}
		select {
		case <-r.life.Done():
			return
		case <-tick.C:
			r.tidy()
		}
	}
}

// sound checks the journal's structure and reports whether the check was
// completed. Only what SQLite finds is damage: a check that was cut short says
// nothing.
func (r *Register) sound() bool {
	err := r.journal.Check(r.life)
	if err == nil {
		return true
	}
	r.opts.Log.Error("journal", "err", err)
	refusal, ok := errors.AsType[*store.Refusal](err)
	if !ok || refusal.Reason != store.Damaged {
		return false
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	r.damaged = true
	r.inTrouble(err)
	return true
}

// measure finds out whether the disk is nearly full.
func (r *Register) measure() {
	free, err := r.journal.Free()
	if err != nil {
		r.opts.Log.Error("journal", "err", err)
		return
	}
	cramped := free < spare
	r.view.Lock()
	news := cramped != r.cramped
	r.cramped = cramped
	r.view.Unlock()
	if news {
		r.opts.Log.Warn("disk", "bytes free", free)
		r.changed()
	}
}

func (r *Register) tidy() {
	ctx, cancel := context.WithTimeout(r.life, patience)
	defer cancel()
	r.writing.Lock()
	defer r.writing.Unlock()
	if r.inPlace() != nil {
		return
	}
	if r.written {
		r.written, r.unfolded = false, true
		if err := r.journal.MarkAnchor(ctx); err != nil {
			r.opts.Log.Error("journal", "err", err)
		}
	}
	if !r.unfolded || len(r.Unsettled()) > 0 { // while a customer pays, nothing has to wait for it
		return
	}
	r.unfolded = false
	if err := r.journal.Checkpoint(ctx); err != nil {
		r.opts.Log.Error("journal", "err", err)
	}
}
