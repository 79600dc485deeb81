package pos

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.jp/reji/paypay"
)

// throttled is how long PayPay wants to be left alone between two refunds of
// one payment.
const throttled = time.Minute

// mind makes the watcher's memory be about the modification at hand.
func (w *watcher) mind(a Attempt) {
	m, _ := a.working(w.m.turn)
	if m.ID == w.m.modification {
		return
	}
	w.m.modification, w.m.denied = m.ID, nil
	if m.State != Accepted { // those that PayPay carries out share one pace
		w.m.looks, w.m.slowed = 0, 0
	}
	w.r.view.Lock()
	w.m.maySend = w.r.fresh[m.ID]
	delete(w.r.fresh, m.ID)
	w.r.view.Unlock()
	w.m.restored, w.m.deniedAt = !m.Outside && m.Gap < w.r.gap().Number, w.r.opts.Now()
	w.m.used, w.m.doubtful = !w.m.maySend, !w.m.maySend
	w.m.did = rest
}

// modify takes the next step of the modification at hand.
func (w *watcher) modify(ctx context.Context, a Attempt, t task) {
	m, working := a.working(w.m.turn)
	if !working {
		return
	}
	switch t {
	case send:
		w.send(ctx, a, m)
	case ask:
		if m.Way == WayRefund {
			w.askRefund(ctx, a, m)
		} else {
			w.lookAs(ctx, a, ask)
		}
	case tryAnew:
		w.record(ctx, Event{Kind: ModTried, Modification: &Modification{ID: m.ID}, Try: m.Try + 1})
		s, _ := w.r.sale(w.sale)
		after, _ := s.Attempt(w.attempt)
		if now, _ := after.working(w.m.turn); now.Try > m.Try { // else it could not be written down
			w.m.maySend, w.m.used = true, false
		}
	case deny:
		n := Answer{Code: NotRepeated}
		if w.m.denied != nil {
			n = *w.m.denied
		}
		w.record(ctx, Event{Kind: ModDone, Modification: &Modification{ID: m.ID}, Done: string(Denied), Answer: &n, Doubt: true})
	default:
	}
}

// modified writes down what PayPay has answered to a modification, and whether
// nobody knew for a while what had become of it.
func (w *watcher) modified(ctx context.Context, m Modification, to Progress, n Answer, doubtful bool) {
	w.record(ctx, Event{
		Kind: ModDone, Modification: &Modification{ID: m.ID}, Done: string(to), Answer: &n,
		Doubt: doubtful && to != Denied, // a no to a try that PayPay knows is about all of them
	})
}

// send asks PayPay for the modification. A request that is repeated has the
// same id and the same contents, but for a capture, of which PayPay wants
// another id each time.
func (w *watcher) send(ctx context.Context, a Attempt, m Modification) {
	w.m.maySend, w.m.used = false, true // until PayPay says that it did not process the request
	doubtful := w.m.doubtful
	w.m.doubtful = true // what PayPay says may be lost on the way here, by our own fault
	var (
		to  Progress
		n   Answer
		err error
	)
	switch m.Way {
	case WayRefund:
		to, n, err = w.sendRefund(ctx, a, m)
	case WayCancel:
		to, err = Accepted, w.r.gateway.CancelPayment(ctx, a.ID)
	case WayRevert:
		to, n, err = w.sendRevert(ctx, a, m)
	case WayCapture:
		to, n, err = w.sendCapture(ctx, a, m)
	case WayDelete:
		return
	}
	if ctx.Err() != nil && err != nil {
		return // the till is closing: the next start asks what became of it
	}
	w.called(send)
	if err == nil {
		w.answered()
		w.modified(ctx, m, to, n, doubtful) // while that is not written down, it stays doubtful
		return
	}
	w.m.doubtful = doubtful
	w.unsent(ctx, m, err)
}

// unsent is what follows when PayPay did not do what it was asked for, or did
// not say so.
func (w *watcher) unsent(ctx context.Context, m Modification, err error) {
	pause := max(w.pauseAfter(err), retryAfter(err))
	if paypay.CodeOf(err) == paypay.RefundThrottled {
		pause = max(pause, throttled)
	}
	w.failed(err, pause)
	if pause >= throttled {
		w.contact(func(c *Contact) { c.Pause = pause })
	}
	class := paypay.ClassOf(err)
	switch {
	case class == paypay.Unsent, class == paypay.Retry:
		w.m.maySend = true
		w.m.slowed = max(pause, w.r.opts.Poll)
		w.m.used = class == paypay.Retry
	case unsaid(err), paypay.CodeOf(err) == paypay.AlreadyCaptured:
		w.m.doubtful = true
	case !w.m.doubtful:
		w.modified(ctx, m, Denied, *refusal(err), false)
	default:
		w.m.denied, w.m.deniedAt = refusal(err), w.r.opts.Now()
	}
}

func (m Modification) refund(a Attempt) paypay.RefundRequest {
	return paypay.RefundRequest{
		MerchantRefundID: m.ID, PaymentID: a.PaymentID, Amount: paypay.Yen(int64(m.Amount)),
		RequestedAt: m.AskedAt.Unix(), Reason: m.Reason,
	}
}

func (w *watcher) sendRefund(ctx context.Context, a Attempt, m Modification) (Progress, Answer, error) {
	r, err := w.r.gateway.Refund(ctx, m.refund(a))
	if err != nil {
		return "", Answer{}, err
	}
	return refundProgress(r), refundAnswer(r), nil
}

// askRefund asks what became of a refund.
func (w *watcher) askRefund(ctx context.Context, a Attempt, m Modification) {
	began := w.r.opts.Now()
	r, err := w.r.gateway.RefundDetails(ctx, m.ID, a.PaymentID)
	if ctx.Err() != nil && err != nil {
		return
	}
	w.called(ask)
	w.m.looks++
	w.m.asked = began
	w.m.turn++
	switch {
	case err == nil && Yen(r.Amount.Amount) != m.Amount:
		err = fmt.Errorf("asked about a refund of %d yen, told of %d: %w", m.Amount, r.Amount.Amount, paypay.ErrMismatch)
		w.failed(err, slowest)
		w.record(ctx, Event{Kind: Mismatched, Answer: new(refundAnswer(r)), Note: note(err)})
	case err == nil:
		w.answered()
		w.modified(ctx, m, refundProgress(r), refundAnswer(r), m.State == Asked)
	case errors.Is(err, paypay.ErrMismatch):
		w.failed(err, slowest)
	case paypay.CodeOf(err) == paypay.NoSuchRefund:
		w.answered() // so it was not taken; one that was taken is not forgotten
	default:
		w.failed(err, w.pauseAfter(err))
	}
}

func refundProgress(r paypay.Refund) Progress {
	switch r.Status {
	case paypay.RefundDone:
		return Carried
	case paypay.RefundFailed:
		return Denied
	default: // created, or something newer: PayPay has taken it
		return Accepted
	}
}

func refundAnswer(r paypay.Refund) Answer {
	return Answer{
		Status: paypay.Status(r.Status), PaymentID: r.PaymentID, AcceptedAt: r.AcceptedAt,
		Amount: r.Amount.Amount, RequestID: r.RequestID,
	}
}

func (w *watcher) sendRevert(ctx context.Context, a Attempt, m Modification) (Progress, Answer, error) {
	r, err := w.r.gateway.Revert(ctx, paypay.RevertRequest{
		MerchantRevertID: m.ID, PaymentID: a.PaymentID, RequestedAt: m.AskedAt.Unix(), Reason: m.Reason,
	})
	return Carried, Answer{Status: r.Status, PaymentID: r.PaymentID, AcceptedAt: r.AcceptedAt, RequestID: r.RequestID}, err
}

func (w *watcher) sendCapture(ctx context.Context, a Attempt, m Modification) (Progress, Answer, error) {
	s, _ := w.r.sale(w.sale)
	c, err := w.r.gateway.Capture(ctx, paypay.CaptureRequest{
		MerchantPaymentID: a.ID, Amount: paypay.Yen(int64(m.Amount)), RequestedAt: m.AskedAt.Unix(),
		OrderDescription: w.r.description(s.Number), NewID: m.captureID,
	})
	if err != nil {
		return "", Answer{}, err
	}
	if p, done := c.Done(); done {
		return Carried, *answer(p), nil
	}
	page, _ := c.Waits()
	return Consenting, Answer{ExpiresAt: page.ExpiresAt, RequestID: page.RequestID}, nil
}
