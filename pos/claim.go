package pos

import (
	"cmp"
	"slices"
	"time"
)

// claim is what a customer is to get back once: the try that was asked for
// first, and those that were put in its place because PayPay had refused it.
// PayPay may carry out what it has refused all the same, so that what has become
// of a claim follows from all its tries, each time anew. The oldest comes first.
type claim []Modification

// claims are what the customer of a payment was to get back.
func (a Attempt) claims() []claim {
	var all []claim
	place := map[string]int{}
	for _, m := range a.Modifications {
		if !m.Way.gives() {
			continue
		}
		id := cmp.Or(m.Claim, m.ID)
		i, known := place[id]
		if !known {
			i = len(all)
			place[id], all = i, append(all, nil)
		}
		all[i] = append(all[i], m)
	}
	return all
}

// claim is the one to which a modification belongs; empty when it gives nothing
// back.
func (a Attempt) claim(modification string) claim {
	for _, c := range a.claims() {
		if slices.ContainsFunc(c, func(m Modification) bool { return m.ID == modification }) {
			return c
		}
	}
	return nil
}

// LandsUntil is until when, by PayPay's clock, PayPay may yet give back what it
// has refused to: that of a modification or of another try to give the same
// back. It is zero when it may not.
func (a Attempt) LandsUntil(modification string) time.Time {
	var until time.Time
	if a.State != Paid {
		return until
	}
	for _, m := range a.claim(modification) {
		if m.State == Denied && m.Watched.After(until) {
			until = m.Watched
		}
	}
	return until
}

func (c claim) id() string { return cmp.Or(c[0].Claim, c[0].ID) }

// landed reports whether PayPay gives the money back, or has. A refund that it
// has accepted reaches the customer; a cancel has to be seen to be done.
func (m Modification) landed() bool {
	return m.Way.gives() && (m.State == Carried || m.State == Accepted && m.Way == WayRefund)
}

// landed is how many tries PayPay has carried out.
func (c claim) landed() int {
	n := 0
	for _, m := range c {
		if m.landed() {
			n++
		}
	}
	return n
}

// dropped reports whether a person has settled it in another way.
func (c claim) dropped() bool {
	return slices.ContainsFunc(c, func(m Modification) bool { return m.Dropped })
}

// Settled is how much PayPay has refused to give back that a person says was
// settled in another way, with cash, say. It is still in Left: PayPay has it.
func (a Attempt) Settled() Yen {
	var sum Yen
	for _, c := range a.claims() {
		if c.dropped() && c.landed() == 0 {
			sum += c[len(c)-1].Amount
		}
	}
	return sum
}

// evened reports whether a person says that all which PayPay still has of the
// attempt was given back in another way, after PayPay had refused to.
func (a Attempt) evened() bool {
	return a.State == Paid && a.Kept() > 0 && a.Settled() >= a.Kept()
}

// given is how often the customer has got it.
func (c claim) given() int {
	n := c.landed()
	if c.dropped() {
		n++
	}
	return n
}

// deniedAt is when PayPay first refused it; zero when it never did.
func (c claim) deniedAt() time.Time {
	for _, m := range c {
		if !m.DeniedAt.IsZero() {
			return m.DeniedAt
		}
	}
	return time.Time{}
}

// refused is the newest try of this till, when PayPay has refused every one and
// the customer has got nothing.
func (c claim) refused() (newest Modification, is bool) {
	for _, m := range c {
		if !m.State.ended() {
			return Modification{}, false
		}
		if !m.Outside {
			newest, is = m, true
		}
	}
	return newest, is && c.given() == 0
}

// twice is the first try that was carried out, when the customer has got it more
// than once and nobody has seen to that.
func (c claim) twice() (Modification, bool) {
	seen := 1
	for _, m := range c {
		seen = max(seen, m.SeenTo)
	}
	i := slices.IndexFunc(c, Modification.landed)
	if i < 0 || c.given() <= seen {
		return Modification{}, false
	}
	return c[i], true
}

// since is when the newest of what the customer has got came about, by PayPay's
// clock or nearly so.
func (c claim) since() time.Time {
	var at time.Time
	for _, m := range c {
		if was := cmp.Or(m.DoneAt, m.AskedAt); m.landed() && was.After(at) {
			at = was
		}
	}
	return at
}

// outside is the claim that somebody has met who gave an amount back at a moment
// of PayPay's clock and told this till nothing: one of the same amount that was
// asked for before, whether PayPay had refused it by then or was still to do so,
// and that nothing was known to have met; rather one that nobody has settled. It
// is empty when there is none such.
func (a Attempt) outside(amount Yen, at time.Time) string {
	met := func(m Modification) bool { return m.landed() && !at.Before(m.Known) || m.Outside && m.State != Denied }
	found := ""
	for _, c := range slices.Backward(a.claims()) {
		fits := !slices.ContainsFunc(c, met) && c[len(c)-1].Amount == amount && !at.Before(c[0].From.Truncate(time.Second)) // PayPay counts in seconds
		if fits && (found == "" || !c.dropped()) {
			found = c.id()
		}
	}
	return found
}

// older is the claim of something that a till asked for which did not write that
// down: it took whatever was given back after a refusal to be in its place.
func (a Attempt) older() string {
	for _, c := range slices.Backward(a.claims()) {
		if _, is := c.refused(); is {
			return c.id()
		}
	}
	return ""
}
