package pos

import (
	"context"
	"fmt"
	"time"
)

// jst is the zone of PayPay's days. It has no summer time.
var jst = time.FixedZone("JST", 9*60*60)

// CancelUntil is the first moment at which PayPay no longer cancels what was
// paid at a time: 00:15 in Japan, on the day after the payment.
func CancelUntil(paidAt time.Time) time.Time {
	y, m, d := paidAt.In(jst).Date()
	return time.Date(y, m, d+1, 0, 15, 0, 0, jst)
}

// RefundUntil is the first moment at which PayPay no longer refunds what was
// paid at a time: the end, in Japan, of the 365th day after the payment.
func RefundUntil(paidAt time.Time) time.Time {
	y, m, d := paidAt.In(jst).Date()
	return time.Date(y, m, d+366, 0, 0, 0, 0, jst)
}

// Choice is how money would be given back, and until when that works.
type Choice struct {
	Way   Way
	Until time.Time // by PayPay's clock; zero when there is no such time
	Left  Yen       // how much can be given back at most
}

// GiveBack is how an amount of the attempt would be given back at a moment of
// PayPay's clock. A code is deleted, a hold is reverted, a whole payment is
// cancelled while PayPay does that, and all else is refunded. A cancel that
// PayPay has denied is not chosen again: when the clocks disagree, PayPay's
// answer decides. It is false when there is nothing to give back.
func (a Attempt) GiveBack(amount Yen, payPayNow time.Time) (Choice, bool) {
	c := Choice{Left: a.Left()}
	switch a.State {
	case Live:
		return Choice{Way: WayDelete, Until: a.ExpiresAt}, true
	case Held:
		return Choice{Way: WayRevert, Until: a.HoldEnds, Left: a.OnHold}, amount == a.OnHold
	case Paid:
		c.Way, c.Until = WayRefund, RefundUntil(a.PaidAt)
		if until := CancelUntil(a.PaidAt); a.cancellable(amount) && payPayNow.Before(until) {
			c.Way, c.Until = WayCancel, until
		}
		return c, amount > 0 && amount <= c.Left
	case Requested, Unknown, Closing, Lost, Refunded, Cancelled, Reverted, Lapsed, Failed, Closed, Expired, Refused:
	}
	return Choice{}, false
}

// cancellable reports whether a cancel can give back that amount, if it is not
// too late.
func (a Attempt) cancellable(amount Yen) bool {
	for _, m := range a.Modifications {
		if m.Way == WayRefund && m.State != Denied || m.Way == WayCancel {
			return false
		}
	}
	return !a.Hold && amount == a.Taken
}

// Return is what is to be given back, as the cashier has seen and confirmed it.
type Return struct {
	Attempt string
	Amount  Yen
	Way     Way // the way that was shown
	Left    Yen // what was left to give back
	Reason  string
	Goods   []Goods // what came back, when that is said

	InsteadOf string // the modification in whose place it is asked for, of those that PayPay has refused; empty when it is for something else
}

// GiveBack asks PayPay to give money back, or to let go of what it holds. It
// returns as soon as the intent is durable; what comes of it is told by
// Changes. If the way or what is left is not what the cashier has seen, or what
// it stands in the place of is not refused any more, it is ErrNews and nothing
// is asked; while PayPay has not answered an earlier request about the same
// payment, it is ErrUnsettled. Of a sale that is older than a gap, PayPay is
// asked first what has become of it since, which may take as long as a look-up;
// without an answer it is ErrUnsettled too.
func (r *Register) GiveBack(ctx context.Context, id SaleID, want Return) error {
	if err := r.refresh(ctx, id, want.Attempt); err != nil {
		return err
	}
	return r.ask(ctx, id, want.Attempt, func(a Attempt) (Modification, error) {
		c, ok := a.GiveBack(want.Amount, r.payPayNow())
		switch {
		case a.Mismatch:
			return Modification{}, fmt.Errorf("giving back attempt %s: %w", a.ID, ErrUnfit)
		case a.changing():
			return Modification{}, fmt.Errorf("giving back attempt %s: %w", a.ID, ErrUnsettled)
		case c.Left != want.Left, ok && c.Way != want.Way && !a.sooner(want.Way):
			return Modification{}, fmt.Errorf("%d yen are left, by %s: %w", c.Left, c.Way, ErrNews)
		case !ok, want.Way == WayDelete:
			return Modification{}, fmt.Errorf("giving back %d yen of attempt %s, which is %s: %w", want.Amount, a.ID, a.State, ErrAmount)
		}
		m := Modification{Way: want.Way, Amount: want.Amount, Reason: Clean(want.Reason, 200), Goods: want.Goods}
		if want.InsteadOf != "" && want.Way.gives() { // a hold can be let go only once
			c := a.claim(want.InsteadOf)
			if _, refused := c.refused(); !refused {
				return Modification{}, fmt.Errorf("in the place of %s: %w", want.InsteadOf, ErrNews)
			}
			m.Claim = c.id()
		}
		return m, nil
	})
}

// sooner reports whether a way was right a moment ago: a cancel that was shown
// just before it was too late is still asked for, and PayPay decides.
func (a Attempt) sooner(w Way) bool { return w == WayCancel && a.cancellable(a.Taken) }

// Capture asks PayPay to take an amount of what it holds; of more than it
// holds, the customer is asked first. Errors are as of GiveBack.
func (r *Register) Capture(ctx context.Context, id SaleID, attempt string, amount Yen) error {
	return r.ask(ctx, id, attempt, func(a Attempt) (Modification, error) {
		switch _, working := a.Working(); {
		case a.Mismatch:
			return Modification{}, fmt.Errorf("capturing attempt %s: %w", a.ID, ErrUnfit)
		case working:
			return Modification{}, fmt.Errorf("capturing attempt %s: %w", a.ID, ErrUnsettled)
		case a.State != Held:
			return Modification{}, fmt.Errorf("capturing attempt %s, which is %s: %w", a.ID, a.State, ErrNews)
		case amount <= 0 || amount > MaxYen:
			return Modification{}, ErrAmount
		}
		return Modification{Way: WayCapture, Amount: amount}, nil
	})
}

// modificationApart is how much of a random id sets the changes to one payment
// apart. All of it would leave no room for the number of a till whose journal was
// restored: PayPay takes 64 characters.
const modificationApart = 6

// ask writes down what is to be asked of PayPay about an attempt, and has it
// asked.
func (r *Register) ask(ctx context.Context, id SaleID, attempt string, decide func(Attempt) (Modification, error)) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	s, err := r.current(ctx, id)
	if err != nil {
		return err
	}
	a, ok := s.Attempt(attempt)
	if !ok {
		return fmt.Errorf("attempt %s: %w", attempt, ErrNoSale)
	}
	m, err := decide(a)
	if err != nil {
		return err
	}
	if err := r.inPlace(); err != nil {
		return err
	}
	// The number alone would come again in a journal that was restored.
	m.Gap = r.gap().Number
	apart := r.opts.ID()
	apart = apart[max(len(apart)-modificationApart, 0):]
	m.ID = fmt.Sprintf("%s-%c%d-%s", a.ID, m.Way.letter(), len(a.Modifications)+1, apart)
	if m.Way.gives() && m.Claim == "" {
		m.Claim = m.ID
	}
	r.view.Lock()
	r.fresh[m.ID] = true
	r.view.Unlock()
	if _, err := r.record(ctx, s, Event{Kind: ModAsked, Sale: id, Attempt: a.ID, Actor: Cashier, Modification: &m}); err != nil {
		r.view.Lock()
		delete(r.fresh, m.ID) // it may still be in the file: then PayPay is asked first
		r.view.Unlock()
		return err
	}
	r.watch(id, a.ID, nil)
	return nil
}

// letter sets the ids of one attempt's modifications apart.
func (w Way) letter() byte {
	if w == WayCancel {
		return 'x'
	}
	return w[0] // r for refund and revert, c for capture
}

// Attach writes down that a late payment pays the sale after all: the customer
// has the goods. It is possible when no other attempt has brought money.
func (r *Register) Attach(ctx context.Context, id SaleID, attempt string) error {
	return r.decide(ctx, id, attempt, func(s Sale, a Attempt) error {
		others := 0
		for _, b := range s.Attempts {
			if b.kept() && !b.evened() && b.ID != a.ID {
				others++
			}
		}
		if !a.undecided() || others > 0 {
			return fmt.Errorf("attaching attempt %s, which is %s: %w", a.ID, a.State, ErrNews)
		}
		return nil
	}, Event{Kind: Attached})
}

// Drop writes down that a person has settled in another way what PayPay has
// denied, or has seen to it that the same was given back twice. It moves no
// money. If neither is so any more, it is ErrNews.
func (r *Register) Drop(ctx context.Context, id SaleID, attempt, modification, reason string) error {
	return r.decide(ctx, id, attempt, func(_ Sale, a Attempt) error {
		c := a.claim(modification)
		_, refused := c.refused()
		_, twice := c.twice()
		if len(c) > 0 && !refused && !twice {
			return fmt.Errorf("settling %s in another way: %w", modification, ErrNews)
		}
		return nil
	}, Event{
		Kind: Dropped, Modification: &Modification{ID: modification}, Note: Clean(reason, 200),
	})
}

// decide writes a person's decision about an attempt down.
func (r *Register) decide(ctx context.Context, id SaleID, attempt string, allowed func(Sale, Attempt) error, e Event) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	s, err := r.current(ctx, id)
	if err != nil {
		return err
	}
	a, ok := s.Attempt(attempt)
	if !ok {
		return fmt.Errorf("attempt %s: %w", attempt, ErrNoSale)
	}
	if allowed != nil {
		if err := allowed(s, a); err != nil {
			return err
		}
	}
	e.Sale, e.Attempt, e.Actor = id, attempt, Cashier
	_, err = r.record(ctx, s, e)
	return err
}
