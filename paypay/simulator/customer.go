package simulator

import (
	"errors"
	"fmt"
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
)

func (a action) known() bool { return a == scan || a == pay || a == decline || a == fail }

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

func (s *Simulator) act(codeID string, a action) error {
	_, err := s.actAndTell(s.codes, codeID, a)
	return err
}

// actAndTell lets the customer act on one of the payments in a map, and returns
// what it looks like then, or as it was where the action is refused.
func (s *Simulator) actAndTell(in map[string]*payment, id string, a action) (view, error) {
	now := s.lock()
	defer s.mu.Unlock()
	p := s.find(in, id, now)
	if p == nil {
		return view{}, fmt.Errorf("simulator: %s: %w", a, ErrUnknownCode)
	}
	err := s.do(p, a, now)
	return p.view(now), err
}

// do lets the customer act on a settled payment. The caller holds the lock.
func (s *Simulator) do(p *payment, a action, now time.Time) error {
	if err := p.closed(); err != nil {
		return fmt.Errorf("simulator: %s %s: %w", a, p.codeID, err)
	}
	switch a {
	case scan:
		p.scanned = true
	case pay:
		s.take(p, now)
	case decline:
		if !p.scanned {
			return fmt.Errorf("simulator: %s %s: %w", a, p.codeID, ErrNotScanned)
		}
		p.scanned = false
	case fail:
		p.fail(now)
	}
	return nil
}

// closed is why a code cannot be paid, or nil.
func (p *payment) closed() error {
	switch p.stage() {
	case StageWaiting, StageConfirming:
		return nil
	case StagePaid:
		return ErrPaid
	case StageDeleted:
		return ErrDeleted
	case StageExpired:
		return ErrExpired
	case StageFailed, StageCancelled:
		return ErrFailed
	}
	return ErrUnknownCode
}

// take moves the money, or lets the payment fail where it is over the limit. A
// cancel that lay in wait takes hold.
func (s *Simulator) take(p *payment, now time.Time) {
	if p.amount > payLimit {
		p.fail(now)
		return
	}
	p.status, p.paidAt, p.scanned = StatusCompleted, now, false
	s.taken += p.amount
	if p.cancelWait {
		p.cancelDue = now.Add(s.cfg.CancelDelay)
	}
}

func (p *payment) fail(now time.Time) {
	p.status, p.failedAt, p.scanned = StatusFailed, now, false
}
