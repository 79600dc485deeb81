package simulator

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Why a customer cannot do what was asked.
var (
	ErrUnknownCode = errors.New("there is no such code")
	ErrDeleted     = errors.New("the code was deleted")
	ErrExpired     = errors.New("the code has expired")
	ErrPaid        = errors.New("the code is paid")
	ErrFailed      = errors.New("the payment failed or was cancelled")
	ErrNotScanned  = errors.New("no confirm screen is open")
	ErrNotAsked    = errors.New("the customer is not asked to agree to anything")
	ErrUnlinked    = errors.New("the customer's account link has ended")
	ErrLimit       = errors.New("the customer's balance or limits do not allow it")

	ErrUnknownCustomer = errors.New("there is no such customer")
	ErrUnknownMeans    = errors.New("the customer has no such means of payment")
)

// payLimit is the most that one payment may be, in yen. Above it the customer's
// payment fails.
const payLimit = 500_000

// action is what a customer does with a code, named as in the control calls.
type action string

const (
	scan    action = "scan"
	pay     action = "pay"
	decline action = "decline"
	fail    action = "fail"
	consent action = "consent"
)

func (a action) known() bool {
	return a == scan || a == pay || a == decline || a == fail || a == consent
}

// Scan opens the confirm screen. Scanning twice changes nothing. The error is
// one of the Err values when nobody can pay the code any more.
func (s *Simulator) Scan(codeID string) error { return s.act(codeID, scan) }

// Pay pays, scanning first where that has not been done. An amount above
// ¥500,000 is no error here: the payment becomes FAILED. The error is one of the
// Err values when nobody can pay the code any more. A deleted code can still be
// paid where the confirm screen was open, see [DeleteRace].
func (s *Simulator) Pay(codeID string) error { return s.act(codeID, pay) }

// Decline closes the confirm screen. The code stays CREATED and can be scanned
// again, unless it was deleted meanwhile.
func (s *Simulator) Decline(codeID string) error { return s.act(codeID, decline) }

// FailPayment is a try to pay that PayPay refuses, by the customer's limits for
// instance: the payment becomes FAILED.
func (s *Simulator) FailPayment(codeID string) error { return s.act(codeID, fail) }

// PayAs is [Simulator.Pay] by a customer of [Config.Customers]. The error may
// also be [ErrUnknownCustomer].
func (s *Simulator) PayAs(codeID, customerID string) error {
	_, err := s.actAndTell(s.codes, codeID, pay, payer{customer: customerID})
	return err
}

// PayPending pays what a linked customer was asked to pay. The error is
// [ErrUnknownCode], [ErrUnlinked], [ErrLimit], or another of the Err values when it
// can no longer be paid.
func (s *Simulator) PayPending(merchantPaymentID string) error {
	_, err := s.actAndTell(s.payments, merchantPaymentID, pay, payer{})
	return err
}

// Consent agrees to a higher capture, or to a higher hold. The error is
// [ErrUnknownCode], [ErrNotAsked], or [ErrLimit] where the customer cannot pay
// so much.
func (s *Simulator) Consent(merchantPaymentID string) error {
	_, err := s.actAndTell(s.payments, merchantPaymentID, consent, payer{})
	return err
}

// Refuse declines what the customer is asked to agree to: the payment stays held
// as it was. The error is [ErrUnknownCode] or [ErrNotAsked].
func (s *Simulator) Refuse(merchantPaymentID string) error {
	_, err := s.actAndTell(s.payments, merchantPaymentID, decline, payer{})
	return err
}

func (s *Simulator) act(codeID string, a action) error {
	_, err := s.actAndTell(s.codes, codeID, a, payer{})
	return err
}

// payer is who acts, and with which means they pay from now on. An empty customer
// is the first; empty means leave the choice as it is.
type payer struct{ customer, means string }

// actAndTell lets a customer act on one of the payments in a map, and returns
// what it looks like then, or as it was where the action is refused.
func (s *Simulator) actAndTell(in map[string]*payment, id string, a action, by payer) (view, error) {
	now := s.lock()
	defer s.mu.Unlock()
	p := in[id]
	if p == nil {
		return view{}, fmt.Errorf("simulator: %s: %w", a, ErrUnknownCode)
	}
	w := s.wallet(by.customer)
	if w == nil {
		return p.view(now), fmt.Errorf("simulator: %s: %w", a, ErrUnknownCustomer)
	}
	if by.means != "" {
		m, ok := w.byID(by.means)
		if !ok {
			return p.view(now), fmt.Errorf("simulator: %s: %w", a, ErrUnknownMeans)
		}
		w.chosen = m
	}
	err := s.do(p, a, w, now)
	if err != nil {
		err = fmt.Errorf("simulator: %s %s: %w", a, id, err)
	}
	return p.view(now), err
}

// do lets a customer act on a payment. The caller holds the lock.
func (s *Simulator) do(p *payment, a action, w *wallet, now time.Time) error {
	switch {
	case a == consent && p.question == nil:
		return ErrNotAsked
	case a == consent:
		return s.consent(p, now)
	case a == decline && p.question != nil:
		p.withdraw()
		return nil
	}
	if p.stage() == StageDeciding && a == fail {
		s.fail(p, now)
		return nil
	}
	if err := p.closed(); err != nil {
		return err
	}
	switch a {
	case scan:
		p.scanned = true
	case pay:
		return s.pay(p, w, now)
	case decline:
		if !p.scanned {
			return ErrNotScanned
		}
		p.scanned = false
	case fail:
		if p.asked != nil {
			p.scanned = false
		} else {
			s.fail(p, now)
		}
	case consent:
	}
	return nil
}

// closed is why a code cannot be paid, or nil.
func (p *payment) closed() error {
	switch p.stage() {
	case StageWaiting, StageConfirming:
		return nil
	case StagePaid, StageHeld, StageRaising, StageRefunded:
		return ErrPaid
	case StageDeciding:
		return ErrNotAsked
	case StageDeleted:
		return ErrDeleted
	case StageExpired:
		return ErrExpired
	case StageFailed, StageCancelled, StageReverted, StageLapsed:
		return ErrFailed
	}
	return ErrUnknownCode
}

// pay moves the money of a customer who pays by hand. Where that is over a limit
// the payment fails, but what is pending can be paid later. Only who is asked
// can pay what is pending.
func (s *Simulator) pay(p *payment, w *wallet, now time.Time) error {
	if p.asked != nil {
		if !p.asked.active(now) {
			return ErrUnlinked
		}
		w = p.asked.wallet
	}
	p.chosen = w.chosen
	within := w.can(p.chosen, p.amount, p.amount, now) == withinLimits
	switch {
	case !within && p.asked != nil:
		return ErrLimit
	case !within || s.cfg.SimilarCodeFails && p.asked == nil && s.similar(w, p.amount, now):
		s.fail(p, now)
	default:
		s.take(p, w, now)
	}
	return nil
}

// take moves the money, or holds it. A cancel that lay in wait takes hold.
func (s *Simulator) take(p *payment, w *wallet, now time.Time) {
	p.wallet, p.scanned, p.again, p.failedAt = w, false, false, time.Time{}
	if p.isAuthorization {
		s.authorizeHold(p, now)
	} else {
		s.hold(p, p.amount, now)
		s.collect(p)
		p.acceptedAt, p.paidAt = now, now
		s.turn(p, StatusCompleted, p.merchantPaymentID, now)
	}
	if p.userAuthorizationID != nil {
		s.extend(s.authorizations[*p.userAuthorizationID], now)
	}
	if p.cancelWait {
		s.undo(p, now)
	}
}

// similar reports whether a customer has paid the same amount a moment ago.
func (s *Simulator) similar(w *wallet, yen int64, now time.Time) bool {
	for _, p := range slices.Backward(s.order) {
		accepted := p.acceptedAt
		if p.stage() == StageDeciding {
			accepted = p.createdAt
		}
		if p.wallet == w && p.amount == yen && p.stage() != StageCancelled && now.Sub(accepted) < similarWithin {
			return true
		}
	}
	return false
}

func (s *Simulator) fail(p *payment, now time.Time) {
	p.failedAt, p.scanned = now, false
	p.again = s.cfg.PayAfterFailure && p.codeID != ""
	s.turn(p, StatusFailed, p.merchantPaymentID, now)
}
