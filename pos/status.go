package pos

import (
	"cmp"
	"slices"
	"time"
)

// Contact is how PayPay was last heard of, about one attempt or at all.
type Contact struct {
	AskedAt    time.Time // last call's end, by our clock; zero before the first
	AnsweredAt time.Time // last usable answer
	NextAt     time.Time // when PayPay is asked next; zero when it is not
	Problem    error     // why the last call gave no usable answer; nil when it did

	Pause time.Duration // after AskedAt, for which PayPay wants no more calls
}

// left is how much of the pause is left. Whatever is done to the clock, it is
// no longer than PayPay has asked for.
func (c Contact) left(now time.Time) time.Duration { return c.Pause - max(now.Sub(c.AskedAt), 0) }

// pause is for how long PayPay wants no calls after one that has just ended, and
// that began when the last to have ended was that of since: what PayPay has
// asked for meanwhile, of whoever else was asking, is not over by this answer.
func (c Contact) pause(now, since time.Time, asked time.Duration) time.Duration {
	if c.AskedAt.Equal(since) {
		return asked
	}
	return max(asked, c.left(now))
}

// Snapshot is one sale as it stands.
type Snapshot struct {
	Sale    Sale
	Contact Contact // about its newest attempt
}

// Status is how the register as a whole is doing.
type Status struct {
	Contact   Contact       // about all attempts
	Skew      time.Duration // PayPay's clock minus ours
	SkewKnown bool
	Trouble   error     // why nothing can be sold; nil when it can
	Unsettled int       // sales of which PayPay has yet to say what became of something
	Held      int       // sales of which PayPay holds the amount
	Tasks     int       // how much needs a person
	Prints    int       // papers that are not printed yet
	Printing  time.Time // since when the first of them waits
	Unprinted error     // why the last try to print it failed; nil when it did not
}

// changed tells the screens to look again. One unread message is enough.
func (r *Register) changed() {
	select {
	case r.changes <- struct{}{}:
	default:
	}
}

// Changes has a message whenever something may have changed since the last one
// was taken. The journal is the truth: a message only says "look again".
func (r *Register) Changes() <-chan struct{} { return r.changes }

func (r *Register) sale(id SaleID) (Sale, bool) {
	r.view.RLock()
	defer r.view.RUnlock()
	s, ok := r.sales[id]
	return s, ok
}

// Sale is one pending sale as it stands, and false for a sale that is settled
// and left behind: History has those.
func (r *Register) Sale(id SaleID) (Snapshot, bool) {
	r.view.RLock()
	defer r.view.RUnlock()
	s, ok := r.sales[id]
	return Snapshot{Sale: s, Contact: r.contacts[s.Last().ID]}, ok
}

// Unfinished is the newest sale that the cashier has not turned away from,
// and false when there is none: what a till that starts again has to show
// first.
func (r *Register) Unfinished() (SaleID, bool) {
	r.view.RLock()
	defer r.view.RUnlock()
	var newest Sale
	for _, s := range r.sales {
		if !s.Left && s.Number > newest.Number {
			newest = s
		}
	}
	return newest.ID, newest.ID != ""
}

// Unsettled are the sales of which PayPay has yet to say what became of
// something, oldest first.
func (r *Register) Unsettled() []Snapshot {
	r.view.RLock()
	defer r.view.RUnlock()
	var open []Snapshot
	for _, s := range r.sales {
		if s.unsettled() {
			open = append(open, Snapshot{Sale: s, Contact: r.contacts[s.Last().ID]})
		}
	}
	slices.SortFunc(open, func(a, b Snapshot) int { return byNumber(a.Sale, b.Sale) })
	return open
}

// Holds are the sales of which PayPay holds an amount, those that end first
// in front.
func (r *Register) Holds() []Snapshot {
	r.view.RLock()
	defer r.view.RUnlock()
	var held []Snapshot
	for _, s := range r.sales {
		for _, a := range s.Attempts {
			if a.State == Held {
				held = append(held, Snapshot{Sale: s, Contact: r.contacts[a.ID]})
				break
			}
		}
	}
	ends := func(s Snapshot) time.Time {
		a, _ := s.Sale.Held()
		return a.HoldEnds
	}
	slices.SortFunc(held, func(a, b Snapshot) int {
		return cmp.Or(ends(a).Compare(ends(b)), byNumber(a.Sale, b.Sale))
	})
	return held
}

// Status is how the register is doing.
func (r *Register) Status() Status {
	var st Status
	st.Skew, st.SkewKnown = r.gateway.Skew()
	st.Tasks = len(r.Tasks())
	r.view.RLock()
	defer r.view.RUnlock()
	st.Contact, st.Trouble = r.last, r.trouble
	if st.Prints = len(r.prints); st.Prints > 0 {
		st.Printing, st.Unprinted = r.prints[0].At, r.prints[0].problem
	}
	for _, s := range r.sales {
		if s.unsettled() {
			st.Unsettled++
		}
		if s.Standing() == HeldOpen {
			st.Held++
		}
	}
	return st
}

func byNumber(a, b Sale) int { return cmp.Compare(a.Number, b.Number) }

// Tax is the tax in force, which a new order gets.
func (r *Register) Tax() Tax { return r.opts.Taxes.At(r.opts.Now(), r.opts.Calendar.Zone) }

// Day is the business day of this moment.
func (r *Register) Day() Day { return r.opts.Calendar.Day(r.opts.Now()) }
