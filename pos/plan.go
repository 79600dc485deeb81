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
	send                 // ask PayPay for the modification
	ask                  // ask PayPay what became of it
	tryAnew              // write down that a capture is to be tried under another id
	deny                 // write down that PayPay has refused it
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
	// idle is the longest pause between two look-ups of something that PayPay
	// is carrying out, or holds, and that takes hours or days.
	idle = 10 * time.Minute
	// unsure is how long after a cancel that was refused, when an earlier try
	// was not answered, PayPay may still carry out that try.
	unsure = doubt
)

// memory is what a watcher knows that the journal does not need to: what it
// last did, and how PayPay took it.
type memory struct {
	mayCreate bool          // this process wrote the request down and has not had an answer
	did       task          // the last call
	at        time.Time     // when it ended, by our clock; zero before the first
	asked     time.Time     // when the last look-up began: what happened later it need not know
	now       bool          // somebody asks for a look without waiting for the round
	heard     bool          // the last call was answered
	looks     int           // look-ups since the state last changed
	slowed    time.Duration // PayPay needs a longer pause

	turn int // which of several that PayPay carries out is asked about next

	// Of the modification at hand.
	modification string    // which one this is about
	maySend      bool      // it has not left yet, or PayPay said that it was not processed
	restored     bool      // it was asked for before the journal was restored
	used         bool      // of a capture: the newest id has left
	doubtful     bool      // a try may have worked, although nothing said so
	denied       *Answer   // PayPay's refusal, not yet believed
	deniedAt     time.Time // by our clock; of what was restored, when the watcher came to it
}

// next is what to do about one of the sale's attempts, why, and how long after
// the last call. It is a pure function of what is known.
func (s Sale) next(a Attempt, payPayNow time.Time, m memory, poll time.Duration) (task, Cause, time.Duration) {
	if s.brought() && a.CodeID != "" && (a.State == Live || a.State == Unknown) {
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
	if hurried := t == look || t == deleteIt || t == cancelIt || t == send || t == ask; m.now && hurried {
		return t, 0
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
	case Held, Paid, Refunded:
		return a.planModification(payPayNow, m, poll)
	case Cancelled, Reverted, Lapsed, Refused:
	}
	return rest, 0
}

// planModification is what to do next about money that PayPay has taken or
// holds.
func (a Attempt) planModification(payPayNow time.Time, m memory, poll time.Duration) (task, time.Duration) {
	w, working := a.working(m.turn)
	switch {
	case !working && a.State == Held:
		wait := waning(m.looks, poll)
		if left := a.HoldEnds.Add(margin).Sub(payPayNow); !a.HoldEnds.IsZero() && left > 0 {
			wait = min(wait, max(left, poll))
		}
		return look, wait
	case !working && (a.denied() || a.watching() || a.unfit() || a.unread()):
		return look, waning(m.looks, poll) // perhaps somebody else has given it back, or PayPay after all
	case !working:
		return rest, 0
	case w.State != Asked && w.Way == WayRefund && (a.watching() || a.unread()) && m.did == ask:
		return look, waning(m.looks, poll) // what it asks about says nothing of the other
	case w.State != Asked && w.Way == WayRefund:
		return ask, waning(m.looks, poll)
	case w.State != Asked:
		return ask, fading(m.looks, poll)
	case m.modification == w.ID && m.maySend && w.Way == WayCapture && m.used:
		return tryAnew, 0
	case m.modification == w.ID && m.maySend:
		return send, 0
	case m.did != ask:
		return ask, 0 // it was not answered, perhaps before the till was started
	case !m.heard:
		return ask, poll
	case m.denied != nil && m.asked.Sub(m.deniedAt) >= unsure:
		return deny, 0
	case m.denied != nil:
		return ask, poll
	case m.restored && m.asked.Sub(m.deniedAt) >= unsure:
		return deny, 0 // PayPay knows nothing of it, and what was decided since, nobody here does
	case m.restored:
		return ask, poll // perhaps it does not know of it yet
	case w.Way == WayCapture:
		return tryAnew, poll
	}
	return send, poll
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

// waning is fading for what takes hours or days.
func waning(looks int, poll time.Duration) time.Duration {
	return min(poll<<min(looks/2, 16), idle)
}
