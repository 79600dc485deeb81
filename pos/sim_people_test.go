package pos_test

import (
	"context"
	"errors"
	"strings"
	"time"

	"example.jp/reji/pos"
)

// sell is one sale from the charge to the moment when the cashier turns away
// from it. What the cashier does follows from what the screen says.
func (w *world) sell(id string) {
	d := w.dice
	name, _, _ := strings.Cut(id, "run")
	order := pos.Order{ID: id, Tax: pos.JapanTax()}
	for i := range 1 + d.below(3, 0, "lines", name) {
		order.Lines = append(order.Lines, pos.Line{
			Unit: pos.Yen(1 + d.below(3_000, i, "unit", name)), Quantity: int64(1 + d.below(3, i, "quantity", name)), Rate: one(d, pos.Rates(), i, "rate", name),
		})
	}
	sale, ok := w.charge(name, order, pos.Terms{Hold: d.chance(0.25, 0, "hold", name)})
	if !ok {
		return
	}
	looks := 4 + d.below(14, 0, "looks", name)
	for i := range looks {
		wait(one(d, []time.Duration{w.poll / 3, w.poll, w.poll, 2 * w.poll, 3 * w.poll}, i, "look", name) + d.between(0, time.Second, i, "look again", name))
		if d.chance(w.rates[stepping]/6, i, "set the clock", name) {
			w.set(d.between(-10*time.Minute, 10*time.Minute, i, "to", name))
		}
		if d.chance(0.01, i, "restart", name) {
			w.restart()
		}
		if w.Failed() {
			return
		}
		r, up := w.register()
		if !up {
			continue
		}
		if d.chance(w.rates[restoring]/6, i, "copy", name) {
			w.copy(name, i)
		}
		w.tells(r)
		s, ok := r.Sale(sale)
		if !ok {
			if w.nextDay(r, sale, name, i) {
				continue
			}
			return
		}
		if d.chance(w.rates[meddling]/2, i, "meddle", name) {
			w.meddle(s.Sale, name, i)
		}
		if w.act(r, s.Sale, name, i) {
			return
		}
	}
}

// charge charges an order until it is: the cashier presses the key again when
// the till says that something is wrong.
func (w *world) charge(name string, order pos.Order, terms pos.Terms) (pos.SaleID, bool) {
	for i := range 1000 {
		if w.Failed() {
			return "", false
		}
		if r, up := w.register(); up {
			w.mu.Lock()
			w.next = order.ID
			w.mu.Unlock()
			s, err := r.Charge(w.ctx(), order, terms)
			w.did("charge", err)
			if err == nil {
				return s.ID, true
			}
			terms.Anyway = errors.Is(err, pos.ErrSameAmount)
		}
		wait(w.dice.between(200*time.Millisecond, 5*time.Second, i, "charge again", name))
	}
	return "", false
}

func (w *world) ctx() context.Context { return context.WithoutCancel(w.Context()) }

// did counts what the cashier did and how that ended.
func (w *world) did(verb string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tally[verb]++
	if err != nil {
		w.tally[verb+" refused"]++
	}
}

// act does what the screen suggests, and reports whether the cashier has
// turned away.
func (w *world) act(r *pos.Register, s pos.Sale, name string, i int) bool {
	d := w.dice
	roll := d.below(100, i, "act", name)
	leave := func() bool {
		err := r.MoveOn(w.ctx(), s.ID, s.Standing())
		w.did("move on", err)
		return err == nil && !d.chance(0.2, i, "comes back", name)
	}
	if roll < 50 && w.denied(r, s, roll < 25, name, i) {
		return false
	}
	switch s.Standing() {
	case pos.Waiting:
		switch {
		case roll < 5:
			w.did("give up", r.GiveUp(w.ctx(), s.ID))
		case roll < 10:
			w.did("new code", r.NewCode(w.ctx(), s.ID, pos.Terms{Anyway: true}))
		case roll < 13:
			return leave()
		case roll < 20:
			w.check(r, s.ID)
		}
	case pos.Unclear:
		switch {
		case roll < 30:
			w.check(r, s.ID)
		case roll < 40:
			w.did("give up", r.GiveUp(w.ctx(), s.ID))
		case roll < 50:
			return leave()
		}
	case pos.Unpaid:
		if roll < 30 {
			w.did("new code", r.NewCode(w.ctx(), s.ID, pos.Terms{Anyway: true}))
			return false
		}
		return leave()
	case pos.Settled:
		switch {
		case roll < 14, roll < 60 && w.rates[deadline] > 0:
			w.giveBack(r, s, 1, name, i)
		case roll < 30:
			w.giveBack(r, s, d.share(i, "part", name), name, i)
		case roll < 80:
			return leave()
		}
	case pos.PartReturned:
		switch {
		case roll < 20:
			w.giveBack(r, s, 1, name, i)
		case roll < 40:
			w.giveBack(r, s, d.share(i, "part", name), name, i)
		case roll < 70:
			return leave()
		}
	case pos.HeldOpen:
		switch {
		case roll < 15:
			w.capture(r, s, 1, name, i)
		case roll < 30:
			w.capture(r, s, d.share(i, "part", name), name, i)
		case roll < 48:
			w.capture(r, s, 1+d.share(i, "more", name), name, i)
		case roll < 62:
			w.giveBack(r, s, 1, name, i)
		case roll < 70:
			return leave()
		}
	case pos.Changing:
		switch {
		case roll < 20:
			w.check(r, s.ID)
		case roll < 23:
			return leave()
		case roll < 26:
			w.giveBack(r, s, 1, name, i)
		}
	case pos.LatePaid:
		if roll < 70 {
			w.late(r, s, roll < 25, name, i)
		} else if roll < 80 {
			return leave()
		}
	case pos.Returned, pos.Released:
		return leave()
	}
	return false
}

// nextDay gives back what was sold some time ago.
func (w *world) nextDay(r *pos.Register, id pos.SaleID, name string, i int) bool {
	s, _, err := r.History(w.ctx(), id)
	if err != nil || !w.dice.chance(0.3, i, "customer comes back", name) {
		return false
	}
	w.giveBack(r, s, 1, name, i)
	return true
}

// payPayNow is the time that the screen goes by.
func payPayNow(w *world, r *pos.Register) time.Time { return w.now().Add(r.Status().Skew) }

// giveBack gives a share of what is left back.
func (w *world) giveBack(r *pos.Register, s pos.Sale, share float64, name string, i int) {
	for _, a := range s.Attempts {
		amount := pos.Yen(share * float64(a.Left()))
		if a.State == pos.Held {
			amount = a.OnHold
		}
		if a.State == pos.Live || share < 1 && amount == 0 {
			continue
		}
		if w.rates[deadline] > 0 && w.dice.chance(0.15, i, "wait for 00:15", name) {
			at := pos.CancelUntil(a.PaidAt).Add(-w.skew + w.dice.between(-3*time.Second, time.Second, i, "at 00:15", name))
			if left := time.Until(at); left > 0 && left < 30*time.Minute {
				wait(left)
			}
		}
		c, ok := a.GiveBack(amount, payPayNow(w, r))
		if !ok {
			continue
		}
		err := r.GiveBack(w.ctx(), s.ID, pos.Return{Attempt: a.ID, Amount: amount, Way: c.Way, Left: c.Left, Reason: "返品"})
		w.did("give back by "+string(c.Way), err)
		return
	}
}

// midnight is when many want their money back just before it is too late to
// cancel: what is asked for in time and not answered is refused a moment later.
func (w *world) midnight() {
	now := time.Now().Add(w.skew)
	wait(pos.CancelUntil(now).Sub(now) - 4*time.Second)
	r, up := w.register()
	if !up || w.calm.Load() {
		return
	}
	for id, sale := range w.laws.paid() {
		w.work.Go(func() {
			wait(w.dice.between(0, 5*time.Second, 0, "at midnight", key(id)))
			s, _, err := r.History(w.ctx(), pos.SaleID(sale))
			a, ok := s.Attempt(id)
			if err != nil || !ok {
				return
			}
			if c, ok := a.GiveBack(a.Left(), payPayNow(w, r)); ok {
				err = r.GiveBack(w.ctx(), s.ID, pos.Return{Attempt: id, Amount: a.Left(), Way: c.Way, Left: c.Left})
				w.did("at midnight", err)
			}
		})
	}
}

// check is somebody who will not wait for the round.
func (w *world) check(r *pos.Register, id pos.SaleID) {
	w.laws.hurried(string(id))
	r.CheckNow(id)
}

func (w *world) capture(r *pos.Register, s pos.Sale, share float64, name string, i int) {
	a, ok := s.Held()
	if !ok {
		return
	}
	amount := max(pos.Yen(share*float64(a.OnHold)), 1)
	err := r.Capture(w.ctx(), s.ID, a.ID, amount)
	w.did("capture", err)
	if err == nil && amount > a.OnHold {
		w.work.Go(func() { w.consent(a.ID, name, i) })
	}
}

// consent is a customer who is asked to agree to a higher amount.
func (w *world) consent(id, name string, i int) {
	d := w.dice
	roll := d.below(100, i, "consent", name)
	for n := range 20 {
		wait(d.between(time.Second, 20*time.Second, i*20+n, "agree", name))
		var err error
		switch {
		case roll < 50:
			err = w.service.Consent(id)
		case roll < 75:
			err = w.service.Refuse(id)
		}
		if err == nil {
			break
		}
	}
	w.touch(id)
}

// late decides about money that came when nobody expected it any more.
func (w *world) late(r *pos.Register, s pos.Sale, attach bool, name string, i int) {
	for _, t := range s.Tasks(payPayNow(w, r), w.now()) {
		switch {
		case t.Kind != pos.TaskLate && t.Kind != pos.TaskTwice:
			continue
		case attach && t.Kind == pos.TaskLate:
			w.did("attach", r.Attach(w.ctx(), s.ID, t.Attempt))
			return
		}
		a, _ := s.Attempt(t.Attempt)
		one := s
		one.Attempts = []pos.Attempt{a}
		w.giveBack(r, one, 1, name, i)
		return
	}
}

// denied sees to what PayPay has denied, by cash or by asking again, and to what
// it has given back twice.
func (w *world) denied(r *pos.Register, s pos.Sale, drop bool, name string, i int) bool {
	for _, t := range s.Tasks(payPayNow(w, r), w.now()) {
		switch a, _ := s.Attempt(t.Attempt); {
		case t.Kind == pos.TaskAgain:
			w.did("see to what went twice", r.Drop(w.ctx(), s.ID, t.Attempt, t.Modification, seenTo))
		case t.Kind != pos.TaskDenied:
			continue
		case !drop && t.Way == pos.WayRevert && a.State == pos.Held:
			err := r.GiveBack(w.ctx(), s.ID, pos.Return{Attempt: a.ID, Amount: a.OnHold, Way: t.Way, Left: a.OnHold, InsteadOf: t.Modification})
			w.did("let go after all", err)
		case !drop && t.Way == pos.WayCapture && a.State == pos.Held:
			w.did("take after all", r.Capture(w.ctx(), s.ID, a.ID, t.Amount))
		case drop, a.State != pos.Paid:
			w.did("drop", r.Drop(w.ctx(), s.ID, t.Attempt, t.Modification, inCash))
		default:
			amount := min(t.Amount, a.Left())
			c, ok := a.GiveBack(amount, payPayNow(w, r))
			if !ok || c.Way == pos.WayCancel && w.dice.chance(0.5, i, "not yet", name) {
				continue
			}
			err := r.GiveBack(w.ctx(), s.ID, pos.Return{Attempt: a.ID, Amount: amount, Way: c.Way, Left: c.Left, InsteadOf: t.Modification})
			w.did("give back instead", err)
		}
		return true
	}
	return false
}

// customer is who sees a code. It is paid at once, later, at the last moment,
// twice, or not at all.
func (w *world) customer(id, code string, expires time.Time) {
	d, k := w.dice, key(id)
	roll := d.below(100, 0, "customer", k)
	soon := d.between(500*time.Millisecond, 20*time.Second, 0, "soon", k)
	if d.chance(0.4, 0, "at once", k) {
		soon = d.between(0, 3*time.Second, 0, "soon", k)
	}
	switch {
	case roll < 55:
		wait(soon)
		_ = w.service.Pay(code)
	case roll < 68: // the confirm screen is open for a while
		wait(soon)
		_ = w.service.Scan(code)
		w.touch(id)
		wait(d.between(time.Second, time.Minute, 0, "confirm", k))
		_ = w.service.Pay(code)
	case roll < 72: // for as long as it can be
		wait(soon)
		_ = w.service.Scan(code)
		w.touch(id)
		wait(time.Until(expires.Add(-w.skew - d.between(0, 100*time.Second, 0, "long", k))))
		_ = w.service.Pay(code)
	case roll < 76:
		wait(soon)
		_ = w.service.Scan(code)
		wait(d.between(time.Second, 20*time.Second, 0, "decline", k))
		_ = w.service.Decline(code)
		w.touch(id)
		if d.chance(0.5, 0, "after all", k) {
			wait(d.between(time.Second, 20*time.Second, 0, "after all", k))
			_ = w.service.Pay(code)
		}
	case roll < 80:
		wait(soon)
		_ = w.service.FailPayment(code)
	case roll < 84:
		wait(time.Until(expires.Add(-w.skew + d.between(-2*time.Second, 2*time.Second, 0, "last second", k))))
		_ = w.service.Pay(code)
	case roll < 88: // two phones
		wait(soon)
		_ = w.service.Pay(code)
		_ = w.service.Pay(code)
	}
	w.touch(id)
}

// eyes look at the screen whenever it may have changed, compare it with the
// truth, and let the customer see the code.
func (w *world) eyes(t *till) {
	seen := map[string]bool{}
	for {
		select {
		case <-t.killed:
			return
		case <-t.register.Changes():
		}
		wait(time.Microsecond) // nobody sees what comes with the till's end
		if t.dead.Load() {
			return
		}
		for _, id := range w.laws.changed() {
			s, ok := t.register.Sale(pos.SaleID(id))
			if !ok {
				continue
			}
			w.laws.shows(screen(s.Sale))
			for _, a := range s.Sale.Attempts {
				w.mu.Lock()
				first := a.State == pos.Live && !seen[a.ID] && w.counts["code "+a.ID] == 0
				if first {
					w.counts["code "+a.ID]++
				}
				w.mu.Unlock()
				if first {
					w.work.Go(func() { w.customer(a.ID, a.CodeID, a.ExpiresAt) })
				}
			}
		}
	}
}

// screen is a sale as it is shown.
func screen(s pos.Sale) shown {
	v := shown{id: string(s.ID), standing: string(s.Standing())}
	for _, a := range s.Attempts {
		w, working := a.Working()
		n := shownAttempt{
			id: a.ID, state: string(a.State), code: a.CodeID, taken: int64(a.Taken), kept: int64(a.Kept()), onHold: int64(a.OnHold),
			late: a.Late, attached: a.Attached, wants: working && w.State == pos.Asked,
		}
		for _, m := range a.Modifications {
			n.changes = append(n.changes, shownChange{m.ID, string(m.Way), string(m.State), int64(m.Amount)})
		}
		v.attempts = append(v.attempts, n)
	}
	return v
}
