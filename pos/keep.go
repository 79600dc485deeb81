package pos

import (
	"context"
	"time"
)

// keepEvery is how often the journal is looked after.
const keepEvery = time.Minute

// keep looks after the journal behind the running till: after an unclean end
// its structure is checked, and from time to time it is seen to be still in
// its place, anchored, and its write-ahead log folded in, which would cost a
// sale a moment if SQLite did it in between.
func (r *Register) keep() {
	if r.journal.Unclean() {
		if err := r.journal.Check(r.life); err != nil && r.life.Err() == nil {
			r.writing.Lock()
			r.damaged = true
			r.inTrouble(err)
			r.writing.Unlock()
			return
		}
	}
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-r.life.Done():
			return
		case <-tick.C:
			r.tidy()
		}
	}
}

func (r *Register) tidy() {
	ctx, cancel := context.WithTimeout(r.life, patience)
	defer cancel()
	r.writing.Lock()
	defer r.writing.Unlock()
	if r.able() != nil {
		return
	}
	if err := r.journal.StillThere(); err != nil {
		r.inTrouble(err)
		return
	}
	if !r.written || len(r.Unsettled()) > 0 {
		return
	}
	r.written = false
	for _, do := range []func(context.Context) error{r.journal.Checkpoint, r.journal.MarkAnchor} {
		if err := do(ctx); err != nil {
			r.opts.Log.Error("journal", "err", err)
		}
	}
}
