package pos

import (
	"context"
	"maps"
	"slices"
	"time"
)

// mendEvery is how often a journal that cannot be written is tried again.
const mendEvery = 2 * time.Second

// inTrouble stops everything that writes, because a failed write may be in the
// file or not. Watchers go on asking PayPay, but what they hear changes
// nothing until it can be written down. It is called with writing held.
func (r *Register) inTrouble(err error) {
	r.view.Lock()
	was := r.trouble
	r.trouble = err
	if was == nil {
		r.troubled = r.opts.Now()
	}
	closed := r.closed
	r.view.Unlock()
	r.changed()
	if was == nil && !closed && !r.damaged {
		r.work.Go(r.mend)
	}
}

// mend opens the journal again, reads again what is unsettled, and proves that
// it can be written, until that succeeds.
func (r *Register) mend() {
	tick := time.NewTicker(mendEvery)
	defer tick.Stop()
	for {
		select {
		case <-r.life.Done():
			return
		case <-tick.C:
		}
		if r.mended() {
			return
		}
	}
}

func (r *Register) mended() bool {
	r.writing.Lock()
	defer r.writing.Unlock()
	if r.damaged {
		return true // a person has to restore it: the register stays in trouble
	}
	ctx, cancel := context.WithTimeout(r.life, patience)
	defer cancel()
	err := r.journal.Reopen(ctx)
	if err == nil {
		err = r.load(ctx)
	}
	if err == nil {
		err = r.note(ctx, Mended, "")
	}
	if err != nil {
		r.opts.Log.Error("journal still in trouble", "err", err)
		return false
	}
	r.view.Lock()
	r.trouble = nil
	pending := slices.SortedFunc(maps.Values(r.sales), byNumber)
	r.view.Unlock()
	for _, s := range pending { // what was asked for may have become possible meanwhile
		r.fulfil(ctx, s, s.Last())
	}
	r.resume()
	r.changed()
	return true
}
