package pos

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"example.jp/reji/paypay"
)

const (
	createTries = 3                // of a request that PayPay did not process
	createPause = time.Second      // before it is sent again, and twice that the next time
	createLimit = 10 * time.Second // a customer does not wait longer for a code
	longestLife = 24 * time.Hour   // of a code; a longer one is a mistake, such as milliseconds
	refusedWait = 10 * time.Second // between look-ups while PayPay refuses our keys
)

// creates is the contact about the creating of codes, which is no attempt's own.
const creates = "codes"

// resume follows every attempt that needs it and is not followed yet.
func (r *Register) resume() {
	r.view.RLock()
	sales := slices.SortedFunc(maps.Values(r.sales), byNumber)
	r.view.RUnlock()
	for _, s := range sales {
		for _, a := range s.Attempts {
			if a.unsettled() {
				r.watch(s.ID, a.ID, nil)
			}
		}
	}
}

// watch follows one attempt until PayPay has ended it. A watcher that is given
// a request asks for the code; without one, the request may or may not have
// left before a crash, so that PayPay is only asked what became of it.
func (r *Register) watch(id SaleID, attempt string, request *paypay.CodeRequest) {
	poke := make(chan struct{}, 1)
	r.view.Lock()
	if ch := r.pokes[attempt]; ch != nil { // it is watched, and finds out that there is more to do
		select {
		case ch <- struct{}{}:
		default:
		}
	}
	if r.closed || r.pokes[attempt] != nil {
		r.view.Unlock()
		return
	}
	r.pokes[attempt] = poke
	r.view.Unlock()
	w := &watcher{r: r, sale: id, attempt: attempt, request: request, poke: poke}
	r.work.Go(func() {
		w.run(r.life)
	})
}

// atRest ends a watch if there is nothing left to do, and reports whether that
// is so. Nobody can give it more to do in between.
func (w *watcher) atRest() bool {
	w.r.view.Lock()
	defer w.r.view.Unlock()
	s, ok := w.r.sales[w.sale]
	if a, known := s.Attempt(w.attempt); ok && known {
		if t, _, _ := s.next(a, w.r.payPayNow(), w.m, w.r.opts.Poll); t != rest {
			return false
		}
	}
	delete(w.r.pokes, w.attempt)
	return true
}

func (r *Register) poke(attempt string) {
	r.view.RLock()
	defer r.view.RUnlock()
	select {
	case r.pokes[attempt] <- struct{}{}:
	default: // nobody watches it, or it is about to be looked at anyway
	}
}

type watcher struct {
	r       *Register
	sale    SaleID
	attempt string
	request *paypay.CodeRequest
	poke    chan struct{}

	m     memory
	tries int
	calls uint64
	since time.Time // when the last call about the attempt had ended, whoever made it, as ours began
	panic int
}

// run does what is next, again and again, until nothing is.
func (w *watcher) run(ctx context.Context) {
	w.m.mayCreate = w.request != nil
	for ctx.Err() == nil {
		s, ok := w.r.sale(w.sale)
		a, known := s.Attempt(w.attempt)
		if !ok || !known {
			if w.atRest() {
				return
			}
			continue
		}
		w.mind(a)
		t, cause, wait := s.next(a, w.r.payPayNow(), w.m, w.r.opts.Poll)
		if t == rest {
			if w.atRest() {
				return
			}
			continue
		}
		if !w.wait(ctx, wait) {
			continue // poked, or the end: decide anew
		}
		w.step(ctx, a, t, cause)
	}
}

// wait sleeps until so long after the last call, and reports whether it was
// left in peace.
func (w *watcher) wait(ctx context.Context, after time.Duration) bool {
	now := w.r.opts.Now()
	pause := jitter(after, w.attempt, w.calls)
	if since := now.Sub(w.m.at); !w.m.at.IsZero() && since > 0 {
		pause -= since
	}
	left, asked := w.r.told(w.attempt)
	for pause = max(pause, left); pause > 0; { // what PayPay has asked for is the least
		next := w.r.opts.Now().Add(pause)
		w.contact(func(c *Contact) { c.NextAt = next })
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return false
		case <-w.poke:
			t.Stop()
			w.m.now = true
			return false
		}
		pause = 0
		if left, again := w.r.told(w.attempt); !again.Equal(asked) { // by whoever else asks about it
			pause, asked = left, again
		}
	}
	return ctx.Err() == nil
}

// told is for how much longer PayPay wants no call about an attempt, by its
// answer to the last one, and when that was. Nobody can hurry it.
func (r *Register) told(attempt string) (left time.Duration, asked time.Time) {
	r.view.RLock()
	defer r.view.RUnlock()
	c := r.contacts[attempt]
	return c.left(r.opts.Now()), c.AskedAt
}

// called notes that a call has ended.
func (w *watcher) called(t task) {
	w.calls++
	w.m.did, w.m.at, w.m.now = t, w.r.opts.Now(), false
}

// jitter spreads pauses by a tenth either way, so that many attempts that
// began together do not ask together. It depends on nothing but the attempt
// and the count, so that a run can be repeated.
func jitter(d time.Duration, attempt string, n uint64) time.Duration {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s/%d", attempt, n)
	tenth := int64(d / 10)
	return d - time.Duration(tenth) + time.Duration(int64(h.Sum64()>>1)%(2*tenth+1))
}

// step does one thing and writes down what came of it.
func (w *watcher) step(ctx context.Context, a Attempt, t task, cause Cause) {
	defer func() {
		if p := recover(); p != nil {
			w.panic++
			w.m.now = false // whoever has asked for it at once gets no second try at once
			w.r.opts.Log.Error("watcher panicked", "attempt", w.attempt, "panic", fmt.Sprint(p))
			w.failed(fmt.Errorf("the till's own fault: %v", p), refusedWait<<min(w.panic, 5))
		}
	}()
	_, w.since = w.r.told(w.attempt)
	switch t {
	case create:
		w.create(ctx)
	case look:
		w.look(ctx, a)
	case deleteIt:
		w.delete(ctx, a)
	case cancelIt:
		w.cancel(ctx)
	case shutCode:
		w.record(ctx, Event{Kind: Shut, Cause: cause})
	case askOff:
		w.record(ctx, Event{Kind: CancelSent})
	case send, ask, tryAnew, deny:
		w.modify(ctx, a, t)
	case rest:
	}
}

// early keeps a code from being asked for while PayPay wants to be asked for
// none, whichever sale it said so about. It waits for as long as a customer does.
func (w *watcher) early(ctx context.Context) bool {
	left, _ := w.r.told(creates)
	if left <= 0 {
		return false
	}
	w.r.view.RLock()
	err := w.r.contacts[creates].Problem
	w.r.view.RUnlock()
	now := w.r.opts.Now()
	w.m.at, w.m.heard = now, false
	w.contact(func(c *Contact) { c.AskedAt, c.Problem, c.Pause = now, err, left })
	if w.tries+1 < createTries && left <= createLimit {
		w.tries++
		w.m.mayCreate, w.m.slowed = true, left
		return true
	}
	w.record(ctx, Event{Kind: Declined, Answer: refusal(err)})
	return true
}

func (w *watcher) create(ctx context.Context) {
	w.m.mayCreate = false // until PayPay says that it did not process the request
	if w.early(ctx) {
		return
	}
	code, err := w.r.gateway.CreateCode(ctx, *w.request)
	if ctx.Err() != nil && err != nil {
		return // the till is closing: the next start looks the attempt up
	}
	w.called(create)
	if err == nil && code.ExpiryDate > w.r.payPayNow().Add(longestLife).Unix() {
		err = fmt.Errorf("a code that can be paid until %d: %w", code.ExpiryDate, paypay.ErrMismatch)
	}
	if err == nil {
		w.answered()
		w.record(ctx, Event{Kind: Coded, Code: &NewCode{CodeID: code.CodeID, URL: code.URL, ExpiresAt: code.ExpiryDate}, Answer: &Answer{RequestID: code.RequestID}})
		return
	}
	class := paypay.ClassOf(err)
	w.failed(err, 0)
	if after := retryAfter(err); after > 0 {
		w.r.contact(creates, func(c *Contact) { c.Pause, c.AskedAt, c.Problem = max(after, c.left(w.m.at)), w.m.at, err })
	}
	pause := max(createPause<<w.tries, retryAfter(err))
	if again := class == paypay.Unsent || class == paypay.Retry; again && w.tries+1 < createTries && pause <= createLimit {
		// PayPay did not process it, so the same request may go once more. Nobody
		// can hurry that: PayPay has asked for the pause.
		w.tries++
		w.m.mayCreate, w.m.slowed = true, pause
		return
	}
	switch class {
	case paypay.Unsent, paypay.Retry, paypay.Failed, paypay.Bug:
		w.record(ctx, Event{Kind: Declined, Answer: refusal(err)})
	case paypay.Unknown, paypay.State:
		w.record(ctx, Event{Kind: Unanswered, Answer: refusal(err), Note: note(err)})
	}
}

func (w *watcher) look(ctx context.Context, a Attempt) {
	w.lookAs(ctx, a, look)
}

// lookAs looks the payment up, as one task or another.
func (w *watcher) lookAs(ctx context.Context, a Attempt, t task) {
	began := w.r.opts.Now()
	p, err := w.r.gateway.CodePayment(ctx, w.attempt)
	if ctx.Err() != nil && err != nil {
		return
	}
	w.called(t)
	w.m.looks++
	w.m.asked = began
	var n Answer
	switch {
	case errors.Is(err, paypay.ErrMismatch), err == nil && !matches(p, a):
		if err == nil {
			err = fmt.Errorf("asked about %d yen, told of %d: %w", a.Amount, p.Amount.Amount, paypay.ErrMismatch)
		}
		w.failed(err, 0)
		w.record(ctx, Event{Kind: Mismatched, Answer: answer(p), Note: note(err)})
		return
	case err == nil:
		n = *answer(p)
	case notFound(err):
		n = *refusal(err)
		n.Status = NotFound
	default:
		w.failed(err, w.pauseAfter(err))
		return
	}
	w.answered()
	if t == ask && !took(n.Status, a.Hold) {
		w.m.heard = false // whether the request was carried out, this does not say
	}
	since := max(w.m.at.Sub(began), 0).Truncate(time.Millisecond)
	w.record(ctx, Event{Kind: Looked, Answer: &n, Took: since})
}

func (w *watcher) delete(ctx context.Context, a Attempt) {
	err := w.r.gateway.DeleteCode(ctx, a.CodeID)
	if ctx.Err() != nil && err != nil {
		return
	}
	w.called(deleteIt)
	done := Deleted
	switch {
	case err == nil:
	case unsaid(err):
		w.failed(err, w.pauseAfter(err))
		return
	case paypay.CodeOf(err) == paypay.CodeNotFound:
		done = DeleteNotFound
	case paypay.CodeOf(err) == paypay.CodeAlreadyPaid:
		done = DeleteTooLate
	default:
		done = DeleteRefused
	}
	w.answered()
	w.record(ctx, Event{Kind: DeleteDone, Done: string(done), Answer: refusal(err)})
}

func (w *watcher) cancel(ctx context.Context) {
	err := w.r.gateway.CancelPayment(ctx, w.attempt)
	if ctx.Err() != nil && err != nil {
		return
	}
	w.called(cancelIt)
	done := CancelAccepted
	switch {
	case err == nil:
	case unsaid(err):
		w.failed(err, w.pauseAfter(err))
		return
	case notFound(err):
		done = CancelNotFound
	default:
		done = CancelRefused
	}
	w.answered()
	w.record(ctx, Event{Kind: CancelDone, Done: string(done), Answer: refusal(err)})
}

// record writes an event of this attempt down, and does what has been waiting
// for it. If it cannot be written, nothing has changed and the next round
// finds out again.
func (w *watcher) record(ctx context.Context, e Event) {
	w.r.writing.Lock()
	defer w.r.writing.Unlock()
	s, ok := w.r.sale(w.sale)
	if !ok {
		return
	}
	before, _ := s.Attempt(w.attempt)
	e.Sale, e.Attempt, e.Actor = w.sale, w.attempt, Till
	next, err := w.r.record(ctx, s, e)
	if err != nil {
		w.r.opts.Log.Error("event not recorded", "event", e.Kind, "attempt", w.attempt, "err", err)
		w.m.at, w.m.slowed, w.m.now = w.r.opts.Now(), w.r.opts.Poll, false
		w.m.did = rest // nothing may follow from an answer that was not kept
		return
	}
	if e.Kind == Shut || e.Kind == CancelSent {
		w.m.slowed = 0 // what kept it waiting is over
	}
	after, _ := next.Attempt(w.attempt)
	if after.State != before.State || len(after.Modifications) != len(before.Modifications) {
		w.m.looks = 0
	}
	if !after.equal(before) {
		w.r.fulfil(ctx, next, after)
	}
}

func (w *watcher) answered() {
	now := w.r.opts.Now()
	w.m.slowed, w.m.heard = 0, true
	w.contact(func(c *Contact) { *c = Contact{AskedAt: now, AnsweredAt: now, Pause: c.pause(now, w.since, 0)} })
}

func (w *watcher) failed(err error, pause time.Duration) {
	now := w.r.opts.Now()
	w.m.at, w.m.slowed, w.m.heard = now, pause, false
	w.contact(func(c *Contact) { c.Pause, c.AskedAt, c.Problem = c.pause(now, w.since, retryAfter(err)), now, err })
	w.r.opts.Log.Warn("paypay", "attempt", w.attempt, "err", err)
}

func (w *watcher) contact(change func(*Contact)) { w.r.contact(w.attempt, change) }

// contact changes what is known of PayPay, about an attempt and at all.
func (r *Register) contact(attempt string, change func(*Contact)) {
	r.view.Lock()
	c := r.contacts[attempt]
	change(&c)
	r.contacts[attempt] = c
	change(&r.last)
	r.last.Pause = c.Pause
	r.view.Unlock()
	r.changed()
}

// pauseAfter is how long to leave PayPay alone after an answer that was none.
// A connection that is down is tried every round, so that its return is seen
// at once; a PayPay that has too much to do is left alone ever longer.
func (w *watcher) pauseAfter(err error) time.Duration {
	e, ok := errors.AsType[*paypay.Error](err)
	switch {
	case ok && e.Code == paypay.Unauthorized:
		return refusedWait
	case ok && e.Class == paypay.Retry:
		longer := min(max(2*w.m.slowed, 2*w.r.opts.Poll), slowest)
		return max(longer, e.RetryAfter)
	}
	return 0
}

// payPayNow is the earliest that it can be at PayPay. What is waited for may
// come a little later then, but nothing is over too soon when our clock is set.
func (r *Register) payPayNow() time.Time {
	skew, _ := r.gateway.SkewAtLeast()
	return r.opts.Now().Add(skew)
}
