package pos

import (
	"time"

	"example.jp/reji/paypay"
)

// task is what a watcher does next.
type task int

const (
	rest     task = iota // nothing is left to do
	create               // ask PayPay for the code
	look                 // look the payment up
	shutCode             // write down that the code is to be deleted
	deleteIt             // delete the code
	askOff               // write down that the lost attempt is to be cancelled
	cancelIt             // cancel the lost attempt
)

const (
	// margin is how long after expiry a code is left alone, so that a payment
	// of the last second can arrive.
	margin = 5 * time.Second
	// refusedLooks is after how many look-ups a deletion that PayPay refused is
	// tried again.
	refusedLooks = 3
	// slowest is the longest pause between two look-ups.
	slowest = 30 * time.Second
)

// memory is what a watcher knows that the journal does not need to: what it
// last did, and how PayPay took it.
type memory struct {
	mayCreate bool          // this process wrote the request down and has not had an answer
	did       task          // the last call
	at        time.Time     // when it ended, by our clock; zero before the first
	now       bool          // somebody asks for a look without waiting for the round
	looks     int           // look-ups since the state last changed
	slowed    time.Duration // PayPay needs a longer pause
	told      time.Duration // PayPay has asked for this pause, and nobody can hurry it
}

// next is what to do about one of the sale's attempts, why, and how long after
// the last call. It is a pure function of what is known.
func (s Sale) next(a Attempt, payPayNow time.Time, m memory, poll time.Duration) (task, Cause, time.Duration) {
	if _, paid := s.PaidBy(); paid && a.CodeID != "" && (a.State == Live || a.State == Unknown) {
		return shutCode, ByPayment, m.slowed // the sale must not be paid twice
	}
	t, wait := a.next(payPayNow, m, poll)
	if t == look && !a.State.Open() && s.open() {
		wait = min(wait, max(poll, m.slowed)) // a payment of the old code has to be seen before the new one is paid too
	}
	cause := ByExpiry
	if failed(a.Seen) || a.Mismatch {
		cause = ByFailure
	}
	return t, cause, wait
}

func (a Attempt) next(payPayNow time.Time, m memory, poll time.Duration) (task, time.Duration) {
	t, wait := a.plan(payPayNow, m, poll)
	if m.at.IsZero() {
		wait = 0
	}
	if t == rest {
		return rest, 0
	}
	if m.now && (t == look || t == deleteIt || t == cancelIt) {
		return t, m.told
	}
	return t, max(wait, m.slowed)
}

func (a Attempt) plan(payPayNow time.Time, m memory, poll time.Duration) (task, time.Duration) {
	pause := poll
	if m.did != look {
		pause = 0 // the state has just moved: look where it moved to
	}
	switch a.State {
	case Requested:
		if m.mayCreate {
			return create, 0
		}
		return look, pause
	case Unknown, Live:
		if a.CodeID == "" {
			return look, pause
		}
		if a.Mismatch || failed(a.Seen) || a.State == Live && !payPayNow.Before(a.ExpiresAt.Add(margin)) {
			return shutCode, 0
		}
		if left := a.ExpiresAt.Add(margin).Sub(payPayNow); a.State == Live && left < poll {
			return look, max(left, poll/3)
		}
		return look, poll
	case Closing:
		if again := a.Deletion == DeleteRefused && m.did == look && m.looks%refusedLooks == 0; again {
			return deleteIt, poll
		}
		if a.Deletion != "" {
			return look, pause
		}
		if m.did == deleteIt {
			return look, 0 // the deletion was not answered: perhaps the customer was faster
		}
		if m.did == look && m.looks > 0 {
			return deleteIt, poll
		}
		return deleteIt, 0
	case Lost:
		switch {
		case a.Cancel == "", a.Cancel == CancelNotFound && a.Seen == paypay.StatusCreated:
			return askOff, 0
		case a.Cancel == CancelAsked && m.did == cancelIt:
			return look, 0 // not answered: perhaps it was done all the same
		case a.Cancel == CancelAsked && m.looks > 0:
			return cancelIt, fading(m.looks, poll)
		case a.Cancel == CancelAsked:
			return cancelIt, 0
		}
		return look, fading(m.looks, poll)
	case Failed, Closed, Expired:
		if a.Watched {
			return look, fading(m.looks, poll)
		}
	case Paid, Refunded, Refused:
	}
	return rest, 0
}

// failed reports whether a status says that nothing was or will be taken by
// what has happened so far.
func failed(s paypay.Status) bool {
	return s == paypay.StatusFailed || s == paypay.StatusCanceled || s == paypay.StatusExpired
}

// fading looks often at first and ever less later.
func fading(looks int, poll time.Duration) time.Duration {
	return min(poll<<min(looks/2, 8), slowest)
}
