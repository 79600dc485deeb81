package pos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/store"
)

const (
	// reviewBack is how long ago a sale can have been that may have been given
	// back in a gap: PayPay's time for refunds, and for a hold before it.
	reviewBack = 430 * 24 * time.Hour
	// reviewRest is how long after a gap a sale is looked up at the earliest:
	// PayPay carries a cancel out a while after it was accepted, and until then
	// nothing shows it.
	reviewRest = time.Minute
	// reviewPage is after how many sales it is written down how far the till
	// has come.
	reviewPage = 50
	// reviewPause is how long PayPay is left alone between two look-ups.
	reviewPause = time.Second
	// reviewTries is how many answers about a payment may not fit it, and how
	// many may say nothing before the others have their turn.
	reviewTries = 4
	// reviewWait is how long a sale is left alone of which PayPay has said nothing,
	// or that is not settled: the copy may believe that its code has just been
	// made. It is twice as long the next time, and in the end reviewRarely.
	reviewWait, reviewRarely = 10 * time.Second, 10 * time.Minute
)

// review asks PayPay again, behind the running till, about what a restored
// journal believes is settled: it may have been given back in the gap, and a
// sale that nobody had paid may have got another code. What is not settled is
// followed in any case. A day later it asks once more about what is paid: what
// PayPay refused to give back in the gap may have been given back since.
func (r *Register) review() {
	for _, again := range []bool{false, true} {
		rest := reviewRest
		if again {
			rest += lateTry
		}
		for _, g := range r.Gaps() {
			if again && !g.Again {
				g.Again, g.Below = true, g.Number+1
			}
			if g.Again != again || g.Below == 1 {
				continue
			}
			if rests := min(g.To.Add(rest).Sub(r.opts.Now()), rest); rests > 0 && !r.pause(rests) {
				return
			}
			if !r.lookBack(g) {
				return
			}
		}
	}
}

// reviewed reports whether nothing that was asked for in the gap can come to light
// any more.
func (g Gap) reviewed() bool { return g.Again && g.Below == 1 }

// lookBack looks up the sales below the gap's mark, the newest first. One of
// which nothing can be said is put aside, so that it does not keep the others
// waiting, and its turn comes again in the end. It is false when the till is
// closed.
func (r *Register) lookBack(g Gap) bool {
	var aside []store.Sale
	for before := g.Below; before > 1; {
		rows, err := r.journal.Sales(r.life, store.Query{Before: before, Limit: reviewPage})
		if err != nil {
			if !r.pause(slowest) {
				return false
			}
			continue
		}
		before = 1
		if len(rows) == reviewPage {
			before = rows[len(rows)-1].Number
		}
		for _, row := range rows {
			if row.OpenedAt.Before(g.From.Add(-reviewBack)) {
				before = 1
				break
			}
			if !r.reviewSale(SaleID(row.ID), g) {
				aside = append(aside, row)
			}
			if r.life.Err() != nil {
				return false
			}
		}
		r.cameTo(&g, before, aside)
	}
	for wait := reviewWait; g.Below > 1; wait = min(2*wait, reviewRarely) {
		if !r.pause(wait) {
			return false
		}
		aside = slices.DeleteFunc(aside, func(row store.Sale) bool { return r.reviewSale(SaleID(row.ID), g) })
		r.cameTo(&g, 1, aside)
	}
	return r.life.Err() == nil
}

// cameTo writes down that all sales from this number on were looked up, but for
// those put aside: a till that is started again begins with the first of them.
func (r *Register) cameTo(g *Gap, below int64, aside []store.Sale) {
	if len(aside) > 0 {
		below = aside[0].Number + 1
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	if below == g.Below || r.able() != nil {
		return
	}
	for _, now := range r.Gaps() { // it may have been accounted for meanwhile
		if now.To.Equal(g.To) {
			now.Below, now.Again = below, g.Again
			if r.appendGap(r.life, Event{Kind: Reviewed, Actor: Till}, now) == nil {
				*g = now
			}
		}
	}
}

// reviewSale looks one sale up again. It is false when that is not done yet.
func (r *Register) reviewSale(id SaleID, g Gap) bool {
	s, err := r.read(id)
	if err != nil {
		return false
	}
	for _, a := range s.Attempts {
		if a.State == Paid && !r.lookAgain(id, a) {
			return false
		}
	}
	if g.Again || s.OpenedAt.Before(g.From.Add(-reviewCodes)) {
		return true
	}
	// Also of a sale that is paid: what has paid it may have come in the gap, and
	// another code before that.
	return r.findLost(id, g)
}

func (r *Register) read(id SaleID) (Sale, error) {
	ctx, cancel := context.WithTimeout(r.life, patience)
	defer cancel()
	r.writing.Lock()
	defer r.writing.Unlock()
	return r.current(ctx, id)
}

// lookAgain looks a payment up, and is false when PayPay has not answered, each
// time it was asked. An answer that does not fit what is known, or has a status
// that tells nothing, may be wrong once; when it comes again and again, it is for
// the watcher and a person.
func (r *Register) lookAgain(id SaleID, a Attempt) bool {
	unfit, silent := 0, 0
	for pause := reviewPause; ; pause = min(max(2*pause, r.opts.Poll), slowest) {
		if !r.patient(a.ID, pause) {
			return false
		}
		began := r.opts.Now()
		p, err := r.askAgain(r.life, a.ID)
		switch {
		case err == nil && matches(p, a) && a.tells(*answer(p)):
			took := max(r.opts.Now().Sub(began), 0).Truncate(time.Millisecond)
			return r.saw(Event{Kind: Looked, Sale: id, Attempt: a.ID, Actor: Till, Answer: answer(p), Took: took})
		case err == nil, errors.Is(err, paypay.ErrMismatch):
			r.opts.Log.Warn("looking up again", "attempt", a.ID, "err", fmt.Sprint(err), "status", p.Status, "amount", p.Amount.Amount)
			if unfit++; unfit >= reviewTries {
				return r.saw(Event{Kind: Mismatched, Sale: id, Attempt: a.ID, Actor: Till, Answer: answer(p), Note: note(err)})
			}
		case !unsaid(err):
			if unfit++; unfit >= reviewTries {
				return true // too long ago for PayPay: what is written down stands
			}
		default:
			if silent++; silent >= reviewTries {
				return false
			}
		}
	}
}

// askAgain looks a payment up, and notes down how that went for whoever else
// asks about it: PayPay may want to be left alone. A fault of the till's own in
// it is an error that says nothing, as one with a watcher is: the till goes on.
func (r *Register) askAgain(ctx context.Context, attempt string) (p paypay.Payment, err error) {
	_, since := r.told(attempt)
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("the till's own fault: %v", fault)
			r.opts.Log.Error("looking up again panicked", "attempt", attempt, "panic", fmt.Sprint(fault))
		}
		now := r.opts.Now()
		r.contact(attempt, func(c *Contact) {
			c.Pause, c.AskedAt, c.Problem = c.pause(now, since, retryAfter(err)), now, err
			if err == nil || !unsaid(err) {
				c.AnsweredAt, c.Problem = now, nil
			}
		})
	}()
	return r.gateway.CodePayment(ctx, attempt)
}

// refresh looks a payment up that may have been given back in a gap, or since by
// what was asked for in it, until the review has come to its end.
func (r *Register) refresh(ctx context.Context, id SaleID, attempt string) error {
	r.writing.Lock()
	s, err := r.current(ctx, id)
	r.writing.Unlock()
	if err != nil {
		return err
	}
	a, ok := s.Attempt(attempt)
	due := slices.ContainsFunc(r.Gaps(), func(g Gap) bool { return s.Number <= g.Number && !g.reviewed() })
	if !ok || !due || a.State != Paid {
		return nil
	}
	if left, _ := r.told(attempt); left > 0 {
		return fmt.Errorf("attempt %s after a gap, in %v: %w", attempt, left, ErrUnsettled)
	}
	began := r.opts.Now()
	p, err := r.askAgain(ctx, attempt)
	switch {
	case err == nil && (!matches(p, a) || !a.tells(*answer(p))), errors.Is(err, paypay.ErrMismatch):
		return fmt.Errorf("attempt %s after a gap: %w", attempt, ErrUnfit)
	case err != nil && unsaid(err):
		return fmt.Errorf("attempt %s after a gap: %w: %w", attempt, ErrUnsettled, err)
	case err != nil:
		return nil //nolint:nilerr // too long ago for PayPay: what is written down stands
	}
	took := max(r.opts.Now().Sub(began), 0).Truncate(time.Millisecond)
	if !r.saw(Event{Kind: Looked, Sale: id, Attempt: attempt, Actor: Till, Answer: answer(p), Took: took}) {
		return fmt.Errorf("attempt %s after a gap: %w", attempt, ErrJournal)
	}
	return nil
}

// saw writes down what a look-up has brought to light, and follows what is
// not settled by it.
func (r *Register) saw(e Event) bool {
	r.writing.Lock()
	defer r.writing.Unlock()
	s, err := r.current(r.life, e.Sale)
	if err != nil {
		return false
	}
	if s, err = r.record(r.life, s, e); errors.Is(err, ErrUnsettled) || errors.Is(err, ErrPaid) {
		return true // the till has been faster
	} else if err != nil {
		return false
	}
	if a, ok := s.Attempt(e.Attempt); ok && a.unsettled() {
		r.watch(s.ID, a.ID, nil)
	}
	return true
}

// patient waits before PayPay is asked about an attempt, for longer when PayPay
// has asked for that, also whoever else asks meanwhile. It is false when the
// till is closed.
func (r *Register) patient(attempt string, pause time.Duration) bool {
	left, asked := r.told(attempt)
	for pause = max(pause, left); pause > 0; {
		if !r.pause(pause) {
			return false
		}
		pause = 0
		if left, again := r.told(attempt); !again.Equal(asked) {
			pause, asked = left, again
		}
	}
	return true
}

// pause is false when the till is closed meanwhile.
func (r *Register) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.life.Done():
		return false
	}
}
