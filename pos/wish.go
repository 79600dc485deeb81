package pos

import (
	"context"
	"slices"

	"example.jp/reji/paypay"
)

// wish is what a screen asked for that has to wait for PayPay. It is not
// journalled: after a restart nobody waits for it any more.
type wish struct {
	another bool // a new code as soon as the old one has ended
	first   bool // if the first code is lost before it was shown, ask for another at once
}

// fulfil does what a screen asked for and what had to wait for PayPay. It is
// called with writing held.
func (r *Register) fulfil(ctx context.Context, s Sale, a Attempt) {
	if a.Seen == NotFound && a.Deletion == Deleted {
		r.gone.Store(true)
	}
	if last := s.Last(); a.brought() && last.ID != a.ID {
		r.poke(last.ID) // a newer code, if there is one, has to go at once
	}
	if s.open() {
		return
	}
	wish, last := r.wishes[s.ID], s.Last()
	paid := s.brought()
	lost := last.State == Lost && last.Number == 1
	ended := last.State == Closed || last.State == Expired || last.State == Failed
	if wanted := wish.another && ended || wish.first && lost; paid || !wanted {
		delete(r.wishes, s.ID)
		return
	}
	if r.payable(s) {
		return // a later look-up brings it here again
	}
	if err := r.recharge(ctx, s, Till); err != nil {
		r.opts.Log.Error("new code", "sale", s.ID, "err", err)
	}
}

// payable reports whether a code of the sale that has ended here might still be
// paid by a customer whose confirm screen was open when it was deleted. A
// PayPay that says NOT_FOUND of deleted codes says so as soon as that cannot
// happen any more. One that never does leaves only the doubt that is part of
// the ending.
func (r *Register) payable(s Sale) bool {
	now := r.payPayNow()
	return r.gone.Load() && slices.ContainsFunc(s.Attempts, func(a Attempt) bool {
		return a.CodeID != "" && a.Watched && a.Seen == paypay.StatusCreated && now.Before(a.ExpiresAt)
	})
}
