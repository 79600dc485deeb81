package pos

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.jp/reji/paypay"
)

// Modification is something that was asked of PayPay about money that it took
// or holds: to give it back, to take it, or to let it go. Like an attempt it is
// one intent with one id, followed until PayPay has ended it.
type Modification struct {
	ID     string   `json:"id"` // merchantRefundId, merchantRevertId, the root of the merchantCaptureIds; of a cancel the journal's own
	Way    Way      `json:"way"`
	Amount Yen      `json:"amount"`
	Reason string   `json:"reason,omitempty"`
	Goods  []Goods  `json:"goods,omitempty"` // what came back, when that was said
	Claim  string   `json:"claim,omitempty"` // of what gives back: the ID of the first try to give the same back, its own when it is that
	Gap    int64    `json:"gap,omitempty"`   // Number of the newest gap when it was asked for: what is from before a later one is not repeated
	State  Progress `json:"-"`

	AskedAt time.Time `json:"-"` // by our clock
	From    time.Time `json:"-"` // the same by PayPay's; zero of what is Outside
	Try     int       `json:"-"` // of a capture: the number of the id that was sent last, from 1
	Until   time.Time `json:"-"` // while it is Consenting: until when the customer may agree; zero when not known
	Doubted time.Time `json:"-"` // while it is Consenting, or Watched for long enough: when PayPay first said nothing of it; it has to do so twice
	Known   time.Time `json:"-"` // by PayPay's clock, when it said at last what became of it; zero if it did so at once
	DoneAt  time.Time `json:"-"` // by PayPay's clock, or ours where PayPay named no time

	Outside  bool              `json:"-"` // not asked for by this till
	Code     paypay.ResultCode `json:"-"` // why it was Denied
	CodeNo   string            `json:"-"`
	DeniedAt time.Time         `json:"-"` // when it was, by PayPay's clock, also if it was carried out after all; zero when it never was
	Dropped  bool              `json:"-"` // a person has seen that it was denied, and settled that in another way
	SeenTo   int               `json:"-"` // how often the same had been given back when a person saw to that
	Watched  time.Time         `json:"-"` // while it is Denied: until when, by PayPay's clock, an earlier try may yet be carried out; zero when none may
}

// lateTry is how long after a refusal PayPay may still carry out an earlier try
// that it has not answered: a shop's night is over by then.
const lateTry = 24 * time.Hour

// Goods is how many of one line of the order came back.
type Goods struct {
	Line     int   `json:"line"` // from 0
	Quantity int64 `json:"quantity"`
}

// Way is by which of PayPay's operations money is moved, or kept from moving.
type Way string

// The ways.
const (
	WayDelete  Way = "delete"  // the code is shut before anybody pays
	WayCancel  Way = "cancel"  // the whole payment is undone
	WayRefund  Way = "refund"  // the payment or a part of it is given back
	WayRevert  Way = "revert"  // what is held is let go
	WayCapture Way = "capture" // what is held is taken
)

// gives reports whether it gives back what PayPay has taken.
func (w Way) gives() bool { return w == WayCancel || w == WayRefund }

// Progress is how far a modification has come.
type Progress string

// The steps.
const (
	Asked      Progress = "asked"      // PayPay is being asked, or has given no usable answer
	Accepted   Progress = "accepted"   // PayPay has taken it and carries it out
	Consenting Progress = "consenting" // the customer is being asked to agree
	Carried    Progress = "carried"    // done
	Denied     Progress = "denied"     // refused: it moved nothing
)

// ended reports whether nothing can come of it any more.
func (p Progress) ended() bool { return p == Carried || p == Denied }

// captureID is the id of the capture's newest try. PayPay wants another one
// for each.
func (m Modification) captureID() string { return fmt.Sprintf("%s-%d", m.ID, m.Try) }

// is reports whether an id that PayPay names is one of the modification's. A
// journal that was restored may have lost the last tries of a capture.
func (m Modification) is(id string) bool {
	if m.Way != WayCapture {
		return m.ID == id
	}
	last, ok := strings.CutPrefix(id, m.ID+"-")
	n, err := strconv.Atoi(last)
	return ok && err == nil && 0 < n
}

// Working is the modification that PayPay has not ended: the one being asked
// for, else the oldest that is being carried out. False when there is none.
func (a Attempt) Working() (Modification, bool) { return a.working(0) }

// working is Working, with PayPay's several works taken in turn.
func (a Attempt) working(turn int) (Modification, bool) {
	var under []Modification
	for _, m := range a.Modifications {
		if m.State == Asked {
			return m, true
		}
		if !m.State.ended() {
			under = append(under, m)
		}
	}
	if len(under) == 0 {
		return Modification{}, false
	}
	return under[turn%len(under)], true
}

// Returned is how much of what PayPay took it gives or has given back. What it
// has only been asked for does not count.
func (a Attempt) Returned() Yen {
	if a.State == Cancelled {
		return a.Taken
	}
	var sum Yen
	for _, m := range a.Modifications {
		if m.Way == WayRefund && (m.State == Accepted || m.State == Carried) {
			sum += m.Amount
		}
	}
	return min(sum, a.Taken)
}

// Kept is what the shop has of the attempt: what PayPay took, less what it
// gives back.
func (a Attempt) Kept() Yen { return a.Taken - a.Returned() }

// Left is how much can still be given back, also if everything that is being
// asked for comes true.
func (a Attempt) Left() Yen {
	left := a.Kept()
	for _, m := range a.Modifications {
		if m.State == Asked && m.Way == WayRefund {
			left -= m.Amount
		}
		if !m.State.ended() && m.Way == WayCancel {
			return 0
		}
	}
	return max(left, 0)
}

// changing reports whether PayPay has been asked to move money and it is not
// known whether it will.
func (a Attempt) changing() bool {
	return slices.ContainsFunc(a.Modifications, func(m Modification) bool {
		return m.State == Asked || m.State == Accepted && m.Way == WayCancel
	})
}

// denied reports whether PayPay has refused to give money back, and nobody has
// settled that in another way: then the till's picture of the payment may be
// wrong, and PayPay is asked what it is.
func (a Attempt) denied() bool { return a.State == Paid && len(a.refusals()) > 0 }

// watching reports whether PayPay may yet give back what it has refused to.
func (a Attempt) watching() bool {
	return a.State == Paid && slices.ContainsFunc(a.Modifications, func(m Modification) bool {
		return m.State == Denied && !m.Watched.IsZero()
	})
}

// revised reports whether something else than a capture was wanted of what is
// held after it had been denied: another amount, or nothing at all.
func (a Attempt) revised(m Modification) bool {
	return m.Dropped || slices.ContainsFunc(a.Modifications[a.modification(m.ID)+1:], func(n Modification) bool {
		return !n.Outside && (n.Way == WayRevert || n.Amount != m.Amount)
	})
}

func (a Attempt) equal(b Attempt) bool { return reflect.DeepEqual(a, b) }

// asked is the attempt after an intent to modify it.
func (a Attempt) asked(e Event) (Attempt, error) {
	m := e.Modification
	if m == nil || m.ID == "" {
		return a, fmt.Errorf("a modification of %s without an id: %w", a.ID, ErrTransition)
	}
	if a.modification(m.ID) >= 0 {
		return a, nil
	}
	if other, busy := a.Working(); busy && (other.State == Asked || m.Way != WayRefund) {
		return a, fmt.Errorf("%s of attempt %s during %s: %w", m.Way, a.ID, other.Way, ErrUnsettled)
	}
	var fits bool
	switch m.Way {
	case WayRefund:
		fits = a.State == Paid && m.Amount > 0 && m.Amount <= a.Left()
	case WayCancel:
		fits = a.State == Paid && !a.Hold && m.Amount == a.Taken && a.Returned() == 0
	case WayCapture:
		fits = a.State == Held && m.Amount > 0
	case WayRevert:
		fits = a.State == Held && m.Amount == a.OnHold
	case WayDelete:
	}
	if !fits {
		return a, fmt.Errorf("%s of %d yen of attempt %s, which is %s: %w", m.Way, m.Amount, a.ID, a.State, ErrTransition)
	}
	n := *m
	n.State, n.AskedAt, n.From, n.Try = Asked, e.At, e.payPayTime(), 1
	if n.Way.gives() {
		n.Claim = cmp.Or(n.Claim, a.older(), n.ID)
	}
	a.Modifications = append(slices.Clone(a.Modifications), n)
	return a, nil
}

// tried is the attempt after the intent to try a capture once more, under
// another id.
func (a Attempt) tried(e Event) (Attempt, error) {
	return a.modify(e, func(_ *Attempt, m *Modification) error {
		if m.State == Asked && m.Way == WayCapture && e.Try == m.Try+1 {
			m.Try = e.Try
		}
		return nil
	})
}

// answered is the attempt after PayPay's answer to a modification.
func (a Attempt) answered(e Event) (Attempt, error) {
	if e.Answer == nil {
		return a, fmt.Errorf("an answer for %s without one: %w", a.ID, ErrTransition)
	}
	return a.modify(e, func(a *Attempt, m *Modification) error {
		a.Mismatch = false // this answer fits
		if m.State == Asked && m.Way.gives() && e.Doubt {
			a.Unread, m.Known = true, e.payPayTime() // somebody may have waited no longer, and given it back in PayPay's own tools
		}
		switch to := Progress(e.Done); {
		case m.State.ended(), m.State != Asked && to != Carried && to != Denied, to == Asked:
			// never backwards
		case to == Denied:
			m.State, m.Code, m.CodeNo, m.DeniedAt = Denied, e.Answer.Code, e.Answer.CodeID, e.payPayTime()
			if e.Doubt && m.Way.gives() {
				m.Watched = e.payPayTime().Add(lateTry)
			}
		case to == Carried:
			carry(a, m, *e.Answer, e.payPayTime())
		default:
			m.State = to
			if to == Consenting && e.Answer.ExpiresAt > 0 {
				m.Until = time.Unix(e.Answer.ExpiresAt, 0).UTC()
			}
		}
		return nil
	})
}

// dropped is the attempt after a person has settled in another way that a
// modification was denied, or has seen to it that the same was given back twice.
func (a Attempt) dropped(e Event) (Attempt, error) {
	return a.modify(e, func(a *Attempt, m *Modification) error {
		c := a.claim(m.ID)
		_, twice := c.twice()
		switch {
		case twice, m.SeenTo > 0, c.landed() > 0 && !c.deniedAt().IsZero():
			m.SeenTo = c.given()
		case m.State == Denied:
			m.Dropped = true
		default:
			return fmt.Errorf("%s of attempt %s is %s: %w", m.Way, a.ID, m.State, ErrTransition)
		}
		return nil
	})
}

// modify changes one modification of a copy of the attempt.
func (a Attempt) modify(e Event, change func(*Attempt, *Modification) error) (Attempt, error) {
	before := a
	i := -1
	if e.Modification != nil {
		i = a.modification(e.Modification.ID)
	}
	if i < 0 {
		return a, fmt.Errorf("%s for an unknown modification of attempt %s: %w", e.Kind, a.ID, ErrTransition)
	}
	a.Modifications = slices.Clone(a.Modifications)
	if err := change(&a, &a.Modifications[i]); err != nil {
		return before, err
	}
	return a.whole(), nil
}

// carry makes a modification of an attempt one that PayPay has done.
func carry(a *Attempt, m *Modification, n Answer, now time.Time) {
	undeny(m)
	m.State, m.DoneAt, m.Code, m.CodeNo = Carried, now, "", ""
	at := n.AcceptedAt
	if i := slices.IndexFunc(n.Captures, func(c CaptureAnswer) bool { return m.is(c.ID) }); i >= 0 {
		at = n.Captures[i].AcceptedAt // the answer's own time is that of the hold
	}
	if at > 0 {
		m.DoneAt = time.Unix(at, 0).UTC()
	}
	switch m.Way {
	case WayCapture:
		if a.State == Held {
			if a.revised(*m) {
				a.Late, a.Attached = true, false // perhaps it was settled with other money, or was to be let go
			}
			a.State, a.Taken, a.OnHold, a.PaidAt = Paid, m.Amount, 0, m.DoneAt
		}
	case WayRevert:
		if a.State == Held {
			a.State, a.OnHold = Reverted, 0
		}
	case WayCancel:
		if a.State == Paid {
			a.State = Cancelled
			for i := range a.Modifications { // nothing is left that could be given back
				if o := &a.Modifications[i]; o != m && !o.State.ended() {
					o.State = Denied
				}
			}
		}
	case WayRefund, WayDelete:
	}
}

// undeny ends the watch over a modification that the till had as Denied, and
// that PayPay has taken on after all.
func undeny(m *Modification) {
	if m.Way.gives() {
		m.Watched, m.Doubted = time.Time{}, time.Time{}
	}
}

// whole is the attempt with its state made to fit what was given back.
func (a Attempt) whole() Attempt {
	if a.State == Paid && a.Taken > 0 && a.Returned() == a.Taken {
		a.State = Refunded
	}
	if a.State == Refunded && a.Returned() < a.Taken {
		a.State = Paid // PayPay could not give it back after all
	}
	return a
}

func (a Attempt) modification(id string) int {
	return slices.IndexFunc(a.Modifications, func(m Modification) bool { return m.ID == id })
}

// seen is the attempt, whose money PayPay has taken or holds, after an answer
// to a look-up: what became of its modifications, and those of others.
func (a Attempt) seen(n Answer, e Event) Attempt {
	a.Modifications = slices.Clone(a.Modifications)
	a.Mismatch = a.Mismatch && a.State != Held && !a.tells(n)
	switch a.State {
	case Held:
		a = a.seenHeld(n, e)
	case Paid, Refunded:
		if !cancelled(&a, n, e.payPayTime()) {
			a = a.seenRefunds(n, e.payPayTime())
			unwatch(&a, n, e)
		}
	default: // Cancelled, Reverted and Lapsed are the end of it
	}
	return a.whole()
}

// cancelled makes the attempt Cancelled if PayPay says that a payment which it
// took has failed: that is what it calls a cancel that was carried out. Without
// a cancel of ours it has to name when.
func cancelled(a *Attempt, n Answer, now time.Time) bool {
	if a.State != Paid || n.Status != paypay.StatusFailed {
		return false
	}
	for i := range a.Modifications {
		if m := &a.Modifications[i]; m.Way == WayCancel && !m.State.ended() {
			carry(a, m, Answer{AcceptedAt: n.CanceledAt}, now)
			return true
		}
	}
	if n.CanceledAt == 0 {
		return false
	}
	for i := range a.Modifications {
		if m := &a.Modifications[i]; m.Way == WayCancel && !m.Watched.IsZero() {
			carry(a, m, Answer{AcceptedAt: n.CanceledAt}, now)
			return true
		}
	}
	m := Modification{ID: "outside-cancel", Way: WayCancel, Amount: a.Taken, AskedAt: now, Outside: true}
	m.Claim = a.outside(m.Amount, time.Unix(n.CanceledAt, 0))
	carry(a, &m, Answer{AcceptedAt: n.CanceledAt}, now)
	a.Modifications = append(a.Modifications, m)
	return true
}

// seenRefunds takes over what PayPay says about refunds. The status alone tells
// a refund of a part from none no better than from a whole one.
func (a Attempt) seenRefunds(n Answer, now time.Time) Attempt {
	if n.Status != paypay.StatusCompleted && n.Status != paypay.StatusRefunded {
		return a
	}
	a.Unread = false
	refunds := named(n.Refunds)
	for _, r := range refunds { // before anything of this answer changes what they can have been for
		if a.modification(r.ID) >= 0 {
			continue
		}
		m := Modification{ID: r.ID, Way: WayRefund, Amount: Yen(r.Amount), State: Asked, AskedAt: now, Outside: true}
		at := now
		if asked := cmp.Or(r.RequestedAt, r.AcceptedAt); asked > 0 { // it may be carried out hours later, in a batch
			at = time.Unix(asked, 0)
		}
		m.Claim = a.outside(m.Amount, at)
		a.Modifications = append(a.Modifications, m)
	}
	for _, r := range refunds {
		m := &a.Modifications[a.modification(r.ID)]
		if m.Outside {
			m.Amount = Yen(r.Amount)
		}
		switch {
		case Yen(r.Amount) != m.Amount:
			a.Mismatch = true
		case paypay.RefundStatus(r.Status) == paypay.RefundFailed:
			m.State, m.Watched = Denied, time.Time{}
			if m.DeniedAt.IsZero() {
				m.DeniedAt = now
			}
		case m.State == Carried:
		case paypay.RefundStatus(r.Status) == paypay.RefundDone:
			carry(&a, m, Answer{AcceptedAt: r.AcceptedAt}, now)
		default:
			undeny(m)
			m.State = Accepted
		}
	}
	if n.Status == paypay.StatusRefunded && len(n.Refunds) == 0 && a.Returned() == 0 {
		a.Modifications = append(a.Modifications, Modification{
			ID: "outside-refund", Claim: a.outside(a.Taken, now), Way: WayRefund, Amount: a.Taken,
			State: Carried, AskedAt: now, DoneAt: now, Outside: true,
		})
	}
	return a
}

// named are refunds with an id each, also those that somebody made who gave them
// none.
func named(refunds []RefundAnswer) []RefundAnswer {
	all, without := slices.Clone(refunds), 0
	for i := range all {
		if all[i].ID == "" {
			without++
			all[i].ID = fmt.Sprintf("outside-refund-%d", without)
		}
	}
	return all
}

// unwatch ends the watch over what was Denied when PayPay says, twice, that it
// has not carried it out in the time that there was.
func unwatch(a *Attempt, n Answer, e Event) {
	if n.Status != paypay.StatusCompleted && n.Status != paypay.StatusRefunded && n.Status != NotFound {
		return
	}
	for i := range a.Modifications {
		switch m := &a.Modifications[i]; {
		case m.Watched.IsZero(), e.asked().Before(m.Watched):
		case m.Doubted.IsZero():
			m.Doubted = e.At
		case e.At.After(m.Doubted):
			m.Watched, m.Doubted = time.Time{}, time.Time{}
		}
	}
}

// seenHeld is an attempt whose amount is held, after an answer to a look-up.
// What ends a hold without our asking is believed when the time fits or when
// PayPay says it twice: one answer may be wrong.
func (a Attempt) seenHeld(n Answer, e Event) Attempt {
	now, twice := e.payPayTime(), a.Seen == n.Status && e.At.After(a.EndSeen)
	reverting := slices.IndexFunc(a.Modifications, func(m Modification) bool { return m.Way == WayRevert && m.State == Asked })
	switch n.Status {
	case paypay.StatusCompleted, paypay.StatusRefunded:
		return a.captured(n, e)
	case paypay.StatusAuthorized, paypay.StatusReauthorizing:
		if amount := Yen(n.Amount); amount > 0 && amount != a.OnHold {
			if amount == a.Offered && e.At.After(a.OfferedAt) {
				a.OnHold = amount // one answer may be wrong
			} else if amount != a.Offered {
				a.Offered, a.OfferedAt = amount, e.At
			}
		}
		if n.ExpiresAt > 0 {
			a.HoldEnds = time.Unix(n.ExpiresAt, 0).UTC()
		}
		seeCapture(&a, n, e.At)
	case paypay.StatusCanceled:
		if reverting >= 0 {
			carry(&a, &a.Modifications[reverting], Answer{AcceptedAt: n.CanceledAt}, now)
		} else if n.Reverted || twice {
			a.State, a.OnHold = Reverted, 0
		}
	case NotFound:
		if !twice || a.HoldEnds.IsZero() || now.Before(a.HoldEnds) {
			break // PayPay does not forget what it holds
		}
		a.State, a.OnHold = Lapsed, 0
	case paypay.StatusExpired:
		if twice || !a.HoldEnds.IsZero() && !now.Before(a.HoldEnds) {
			a.State, a.OnHold = Lapsed, 0
		}
	case paypay.StatusFailed:
		if n.CanceledAt > 0 || twice {
			a.State, a.OnHold = Cancelled, 0
		}
	default: // of a hold that PayPay has confirmed it says nothing
		return a
	}
	if n.Status != a.Seen {
		a.EndSeen = e.At
	}
	a.Seen = n.Status
	if a.State != Held {
		endCaptures(&a)
	}
	return a
}

// captured is the attempt when PayPay says that what it held was taken. The
// amount is that of the capture, which need not be what was held.
func (a Attempt) captured(n Answer, e Event) Attempt {
	amount, at, now := Yen(n.Amount), n.AcceptedAt, e.payPayTime()
	for _, c := range n.Captures {
		if c.Status != string(paypay.CaptureCompleted) {
			continue
		}
		amount, at = Yen(c.Amount), c.AcceptedAt
		for i := range a.Modifications {
			m := &a.Modifications[i]
			if m.Way == WayCapture && m.is(c.ID) {
				if m.Amount != amount {
					a.Mismatch = true // what was taken is not what was asked for: a person has to look
					return a
				}
				carry(&a, m, Answer{AcceptedAt: at}, now)
			}
		}
	}
	if amount <= 0 {
		return a
	}
	a.State, a.Seen, a.Taken, a.OnHold = Paid, n.Status, amount, 0
	a.PaidAt = now
	if at > 0 {
		a.PaidAt = time.Unix(at, 0).UTC()
	}
	endCaptures(&a)
	if e.First {
		a.Unread = true
		return a
	}
	return a.seenRefunds(n, now)
}

// seeCapture takes over what PayPay says about a capture that is not done. An
// answer may be older than the capture, so that one without it is believed when
// it comes again; and one that was Denied all the same, and is listed, was not.
func seeCapture(a *Attempt, n Answer, at time.Time) {
	for i := range a.Modifications {
		m := &a.Modifications[i]
		if m.Way != WayCapture || m.State == Carried {
			continue
		}
		waits := slices.IndexFunc(n.Captures, func(c CaptureAnswer) bool {
			return m.is(c.ID) && (m.State != Denied || c.Status == string(paypay.CaptureRequested))
		})
		switch {
		case waits >= 0:
			m.State, m.Doubted, m.Code, m.CodeNo = Consenting, time.Time{}, "", ""
			if at := n.Captures[waits].ExpiresAt; at > 0 {
				m.Until = time.Unix(at, 0).UTC()
			}
		case m.State != Consenting || n.Status != paypay.StatusAuthorized:
		case m.Doubted.IsZero():
			m.Doubted = at
		case at.After(m.Doubted):
			m.State = Denied // the customer has said no, or nothing
		}
	}
}

// endCaptures: nothing is held any more, so that nothing can be taken.
func endCaptures(a *Attempt) {
	for i := range a.Modifications {
		if m := &a.Modifications[i]; !m.State.ended() && (m.Way == WayCapture || m.Way == WayRevert) {
			m.State = Denied
		}
	}
}
