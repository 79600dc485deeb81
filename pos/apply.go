package pos

import (
	"fmt"
	"slices"
	"time"

	"example.jp/reji/paypay"
)

const (
	// afterlife is how long PayPay is still asked about a code after it has
	// ended, counted from its expiry: a payment that was already under way may
	// land late.
	afterlife = time.Minute
	// doubt is how long a deleted code that PayPay still calls unpaid is not
	// believed to be.
	doubt = 10 * time.Second
	// lostLife is how long a code that was never shown is watched, counted from
	// the request: PayPay's codes live five minutes, and how long this one
	// lives was in the answer that did not arrive.
	lostLife = 5*time.Minute + afterlife
)

// Apply is the sale after an event. It is a pure function: the same events in
// the same order always make the same sale, and an event that is applied twice
// changes nothing the second time. What has ended stays ended, with one
// exception: a code that failed, was shut or timed out may turn out paid.
// An event that cannot follow on this sale is an ErrTransition.
func (s Sale) Apply(e Event) (Sale, error) {
	if e.Kind == Charged {
		return s.charge(e)
	}
	if s.ID == "" || s.ID != e.Sale {
		return s, fmt.Errorf("%s for sale %q on sale %q: %w", e.Kind, e.Sale, s.ID, ErrTransition)
	}
	if e.Kind == Recharged {
		return s.recharge(e)
	}
	if e.Kind == PrintAsked || e.Kind == Printed || e.Kind == PrintDropped { // paper is not money
		return s, nil
	}
	if e.Kind == Moved {
		s.Left = true
		return s, nil
	}
	i := s.index(e.Attempt)
	if i < 0 {
		return s, fmt.Errorf("%s for unknown attempt %q: %w", e.Kind, e.Attempt, ErrTransition)
	}
	a, err := s.Attempts[i].apply(e)
	if err != nil {
		return s, err
	}
	if before := s.Attempts[i]; a.kept() && before.State == Closing && before.Cause == ByCashier && s.Left {
		a.Late = true // given up, and the cashier has moved on: perhaps with other money
	}
	if a.Late && !s.Attempts[i].Late {
		s.Left = false // there is news that a person has to see
	}
	s.Attempts = slices.Clone(s.Attempts)
	s.Attempts[i] = a
	return s, nil
}

func (s Sale) charge(e Event) (Sale, error) {
	if s.ID == e.Sale && s.ID != "" {
		return s, nil
	}
	if s.ID != "" || e.Sale == "" || e.Charge == nil || e.Attempt == "" {
		return s, fmt.Errorf("charge of sale %q on sale %q: %w", e.Sale, s.ID, ErrTransition)
	}
	return Sale{
		ID: e.Sale, Number: e.Charge.Number, Day: e.Charge.Day, OpenedAt: e.At,
		Order: e.Charge.Order, Totals: e.Charge.Totals,
		Attempts: []Attempt{requested(e, 1, e.Charge.Totals.Total)},
	}, nil
}

func (s Sale) recharge(e Event) (Sale, error) {
	switch {
	case s.index(e.Attempt) >= 0:
		return s, nil
	case e.Attempt == "":
		return s, fmt.Errorf("another code without an id: %w", ErrTransition)
	case s.open():
		return s, fmt.Errorf("another code for sale %s: %w", s.ID, ErrUnsettled)
	}
	a := requested(e, len(s.Attempts)+1, s.Totals.Total)
	switch {
	case s.brought() && !e.Found:
		return s, fmt.Errorf("another code for sale %s: %w", s.ID, ErrPaid)
	case s.brought(): // whatever it brings, the sale was paid without it
		now := e.payPayTime()
		a.ExpiresAt = now.Add(lostLife)
		a = a.ended(now)
	}
	s.Left = false
	s.Attempts = append(slices.Clone(s.Attempts), a)
	return s, nil
}

func requested(e Event, number int, amount Yen) Attempt {
	hold := e.Request != nil && e.Request.IsAuthorization
	return Attempt{ID: e.Attempt, Number: number, Amount: amount, Hold: hold, Found: e.Found, State: Requested, RequestedAt: e.At}
}

func (a Attempt) apply(e Event) (Attempt, error) {
	switch e.Kind {
	case Coded:
		return a.coded(e)
	case Declined:
		return a.declined(e)
	case Unanswered:
		if a.State == Requested {
			a.State = Unknown
			return a, nil
		}
		return a.unless(e, Unknown)
	case Looked:
		if e.Answer == nil {
			return a, fmt.Errorf("look-up of %s without an answer: %w", a.ID, ErrTransition)
		}
		return a.looked(*e.Answer, e)
	case Mismatched:
		a.Mismatch = a.Mismatch || a.unsettled() || a.State == Paid
		if a.State == Requested {
			a.State = Unknown
		}
		return a, nil
	case Shut:
		return a.shut(e)
	case DeleteDone:
		if a.State == Closing {
			if a.Deletion == "" {
				a.ShutAt = e.payPayTime() // doubt begins with the deletion, not with the wish for it
			}
			a.Deletion = Deletion(e.Done)
		}
		return a, nil
	case CancelSent:
		if a.State == Lost {
			a.Cancel = CancelAsked
		}
		return a, nil
	case CancelDone:
		if a.State == Lost {
			a.Cancel = Cancellation(e.Done)
			a.Seen = "" // what was seen before says nothing about what the cancel did
		}
		return a, nil
	case ModAsked:
		return a.asked(e)
	case ModTried:
		return a.tried(e)
	case ModDone:
		return a.answered(e)
	case Attached:
		if !a.Late {
			return a, fmt.Errorf("attaching attempt %s, which was not late: %w", a.ID, ErrTransition)
		}
		a.Attached = true
		return a, nil
	case Dropped:
		return a.dropped(e)
	case Charged, Recharged, Moved, Started, Stopped, Mended, Restored, Reviewed, Accounted, Parked, Discarded, PrintAsked, Printed, PrintDropped:
	}
	return a, fmt.Errorf("event %q on attempt %s: %w", e.Kind, a.ID, ErrTransition)
}

// unless lets an event pass that was applied before, and refuses it where it
// makes no sense.
func (a Attempt) unless(e Event, done State) (Attempt, error) {
	if a.State == done {
		return a, nil
	}
	return a, fmt.Errorf("%s on attempt %s, which is %s: %w", e.Kind, a.ID, a.State, ErrTransition)
}

func (a Attempt) coded(e Event) (Attempt, error) {
	if e.Code == nil || a.CodeID != "" && a.CodeID != e.Code.CodeID {
		return a, fmt.Errorf("second code for attempt %s: %w", a.ID, ErrTransition)
	}
	if a.State != Requested {
		return a.unless(e, Live)
	}
	a.State = Live
	a.CodeID, a.URL = e.Code.CodeID, e.Code.URL
	a.ExpiresAt = time.Unix(e.Code.ExpiresAt, 0).UTC()
	a.Seen = paypay.StatusCreated
	return a, nil
}

func (a Attempt) declined(e Event) (Attempt, error) {
	if a.State != Requested {
		return a.unless(e, Refused)
	}
	a.State = Refused
	if e.Answer != nil {
		a.Code, a.CodeNo = e.Answer.Code, e.Answer.CodeID
	}
	return a, nil
}

func (a Attempt) shut(e Event) (Attempt, error) {
	switch {
	case a.State == Live, a.State == Unknown && a.CodeID != "":
		a.State, a.Cause, a.ShutAt = Closing, e.Cause, e.payPayTime()
		return a, nil
	case a.State == Requested, a.State == Unknown:
		return a, fmt.Errorf("shutting attempt %s, which has no code yet: %w", a.ID, ErrTransition)
	}
	return a, nil // it is being shut, or has ended: nothing to shut
}

// looked is the attempt after an answer to a look-up.
func (a Attempt) looked(n Answer, e Event) (Attempt, error) {
	now := e.asked()
	switch a.State {
	case Refused, Cancelled, Reverted, Lapsed:
		return a, nil // never backwards
	case Held, Paid, Refunded:
		if e.First && a.State != Held {
			return a, nil // the money has come
		}
		return a.seen(n, e), nil
	case Failed, Closed, Expired:
		return a.lookedAfterEnd(n, e)
	case Lost:
		return a.lookedWhenLost(n, e)
	case Requested, Unknown, Live, Closing:
	}
	if took(n.Status, a.Hold) {
		return a.took(n, e)
	}
	if a.CodeID == "" {
		return a.lookedWithoutCode(n, e.At), nil
	}
	a.Seen = n.Status
	switch {
	case n.Status == NotFound, n.Status == paypay.StatusCreated:
		return a.lookedUnpaid(n, now), nil
	case failed(n.Status):
		if a.State == Closing && a.Deletion != "" {
			a.Cause = ByFailure
			return a.ended(now), nil
		}
		return a, nil // the watcher shuts the code first: it might be paid by a second try
	case a.State == Live:
		a.State = Unknown // a status that an ordinary sale never has: shown as it came
	}
	return a, nil
}

// lookedWithoutCode: PayPay was asked for a code and its answer was lost. The
// code was never shown and its address cannot be had again; unless it was shown,
// and that is what was lost: then a customer may be about to pay it.
func (a Attempt) lookedWithoutCode(n Answer, at time.Time) Attempt {
	switch n.Status {
	case NotFound, paypay.StatusCreated:
		a.State, a.Seen = Lost, n.Status
		switch {
		case a.outlived(at):
			a.State = Closed
		case a.Found:
			a.State = Unknown
		}
	case paypay.StatusFailed, paypay.StatusCanceled, paypay.StatusExpired:
		a.State, a.Seen = Failed, n.Status
	default:
		a.State, a.Seen = Unknown, n.Status
	}
	return a
}

// lookedUnpaid: nobody has paid the code, so far.
func (a Attempt) lookedUnpaid(n Answer, now time.Time) Attempt {
	switch a.State {
	case Live, Unknown:
		if n.Status == NotFound && !now.Before(a.ExpiresAt) {
			a.Cause = ByExpiry
			return a.ended(now)
		}
		// NotFound before expiry is lag: believed only after expiry or deletion.
		if a.State == Unknown && n.Status == paypay.StatusCreated && !a.Mismatch {
			a.State = Live
		}
	case Closing:
		if a.unpaidForGood(n.Status == NotFound, now) {
			return a.ended(now)
		}
	case Requested, Lost, Held, Paid, Refunded, Cancelled, Reverted, Lapsed, Failed, Closed, Expired, Refused:
	}
	return a
}

// unpaidForGood reports whether a code that is being shut, and that PayPay says
// is unpaid (or not known), can be called ended.
func (a Attempt) unpaidForGood(notFound bool, now time.Time) bool {
	switch a.Deletion {
	case Deleted, DeleteNotFound:
		// "Not found" says that nothing can follow. "Unpaid" does not: a customer
		// whose confirm screen was open may be paying at this moment.
		return notFound || !now.Before(a.ShutAt.Add(doubt)) || !now.Before(a.ExpiresAt)
	case DeleteTooLate:
		// PayPay has said that it is paid, and must say how that ended. Only when
		// no payment can be under way any more is "not found" the end of it.
		return notFound && !now.Before(a.ExpiresAt.Add(afterlife))
	case DeleteRefused:
		// PayPay may go on answering CREATED for ever.
		return notFound && !now.Before(a.ExpiresAt) || !now.Before(a.ExpiresAt.Add(afterlife))
	}
	return notFound && !now.Before(a.ExpiresAt)
}

// ended is the attempt when PayPay has confirmed that it ended without
// payment. It is watched a little longer, for a payment already under way.
func (a Attempt) ended(now time.Time) Attempt {
	switch a.Cause {
	case ByExpiry:
		a.State = Expired
	case ByFailure:
		a.State = Failed
	case ByCashier, ByNewCode, ByPayment:
		a.State = Closed
	default:
		a.State = Closed
	}
	last := a.ExpiresAt
	if now.After(last) {
		last = now
	}
	a.Watched, a.WatchedTo = true, last.Add(afterlife)
	return a
}

func (a Attempt) lookedAfterEnd(n Answer, e Event) (Attempt, error) {
	now := e.asked()
	switch {
	case took(n.Status, a.Hold):
		a.Late = true
		return a.took(n, e)
	case !a.Watched:
		return a, nil
	case n.Status == NotFound:
		a.Seen = n.Status // from now on nothing can follow
	case n.Status != paypay.StatusCreated && !failed(n.Status):
		return a, nil // what PayPay means by this nobody knows: it has to say that nothing came
	}
	switch {
	case now.Before(a.WatchedTo):
	case a.Confirmed:
		a.Watched = false
	default: // one answer may be stale, the first after an outage above all
		a.Confirmed, a.WatchedTo = true, now.Add(doubt)
	}
	return a, nil
}

// outlived reports whether a code that was never shown cannot be alive any
// more. Both times are by our clock, so that PayPay's, which may not have been
// known at the request, plays no part.
func (a Attempt) outlived(at time.Time) bool { return at.Sub(a.RequestedAt) >= lostLife }

func (a Attempt) lookedWhenLost(n Answer, e Event) (Attempt, error) {
	over := a.outlived(e.At)
	if took(n.Status, a.Hold) {
		if over || a.Cancel == CancelRefused || a.Cancel == CancelNotFound || n.Status == paypay.StatusRefunded {
			a.Late = true
			return a.took(n, e)
		}
		a.Seen = n.Status // the cancel that was sent gives it back
		return a, nil
	}
	switch n.Status {
	case paypay.StatusFailed, paypay.StatusCanceled, paypay.StatusExpired:
		a.State, a.Seen = Closed, n.Status
	default:
		a.Seen = n.Status
		if over {
			a.State = Closed
		}
	}
	return a, nil
}

// took reports whether a status says that PayPay has taken the amount, or of a
// hold that it holds it.
func took(s paypay.Status, hold bool) bool {
	switch s {
	case paypay.StatusCompleted, paypay.StatusRefunded:
		return true
	case paypay.StatusAuthorized, paypay.StatusReauthorizing:
		return hold
	default:
		return false
	}
}

// took is the attempt when PayPay first says that it has taken or holds the
// amount.
func (a Attempt) took(n Answer, e Event) (Attempt, error) {
	if n.PaymentID == "" || Yen(n.Amount) != a.Amount && !a.Hold {
		return a, fmt.Errorf("attempt %s for %d yen, paid %d yen by %q: %w", a.ID, a.Amount, n.Amount, n.PaymentID, ErrTransition)
	}
	a.Seen, a.Watched, a.Mismatch, a.PaymentID = n.Status, false, false, n.PaymentID
	if a.Hold {
		a.State, a.OnHold = Held, a.Amount
		if n.AcceptedAt > 0 {
			a.PaidAt = time.Unix(n.AcceptedAt, 0).UTC()
		}
		return a.seen(n, e), nil
	}
	a.State, a.Taken = Paid, a.Amount
	a.PaidAt = time.Unix(n.AcceptedAt, 0).UTC()
	if e.First {
		a.Unread = true
		return a, nil
	}
	return a.seen(n, e), nil
}
