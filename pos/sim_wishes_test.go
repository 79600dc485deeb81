package pos_test

import (
	"encoding/json"
	"slices"
	"time"

	"example.jp/reji/pos"
)

// wish is something that a customer is to get back once, by the journal's words:
// everything that was asked of PayPay for it, and what a person has said of it.
type wish struct {
	attempt string
	amount  int64            // of what was asked for first
	tries   map[string]state // by id
	cash    bool             // it was given back in another way
	seen    int              // how often it had gone when a person saw to that
	changed time.Time
}

// state is what the journal says has become of a try.
type state int

const (
	wanted state = iota
	refused
	landed
)

// What a person writes down.
const (
	inCash = "cash"
	seenTo = "seen to"
)

// gone is how often the customer has got it.
func (h *wish) gone() int {
	n := 0
	for _, s := range h.tries {
		if s == landed {
			n++
		}
	}
	if h.cash {
		n++
	}
	return n
}

// unmet reports whether PayPay has refused all that it was asked for, and the
// customer has nothing.
func (h *wish) unmet() bool {
	for _, s := range h.tries {
		if s != refused {
			return false
		}
	}
	return !h.cash
}

// evened reports whether a customer was given what PayPay still has of an
// attempt in another way.
func (l *laws) evened(attempt string, left int64) bool {
	cash := int64(0)
	for _, h := range l.wishOf {
		if h.attempt == attempt && h.cash && h.gone() == 1 {
			cash += h.amount
		}
	}
	return left > 0 && cash >= left
}

// wish takes up what an entry says of what customers are to get back.
func (l *laws) wish(w written) {
	switch w.Kind {
	case "asked", "answered", "looked", "dropped":
	default:
		return
	}
	if w.Kind == "looked" && !slices.ContainsFunc(l.wishOf, func(h *wish) bool { return h.attempt == w.Attempt }) {
		return
	}
	var s said
	if err := json.Unmarshal(w.Body, &s); err != nil {
		return // which intend says
	}
	find := func(id string) *wish {
		i := slices.IndexFunc(l.wishOf, func(h *wish) bool { _, is := h.tries[id]; return is })
		if i < 0 {
			return nil
		}
		return l.wishOf[i]
	}
	set := func(h *wish, id string, to state) {
		if was, known := h.tries[id]; !known || was != to {
			h.tries[id], h.changed = to, w.at
		}
	}
	m := s.Modification
	switch w.Kind {
	case "asked":
		if m == nil || m.Way != "refund" && m.Way != "cancel" {
			return
		}
		h := find(m.Claim)
		if h == nil {
			h = &wish{attempt: w.Attempt, amount: m.Amount, tries: map[string]state{}}
			l.wishOf = append(l.wishOf, h)
		}
		set(h, m.ID, wanted)
	case "answered":
		h := find(m.ID)
		switch {
		case h == nil:
		case s.Done == "denied":
			set(h, m.ID, refused)
		case s.Done == "carried", s.Done == "accepted" && l.ways[m.ID] == "refund":
			set(h, m.ID, landed)
		}
	case "looked":
		for _, r := range s.Answer.Refunds {
			switch h := find(r.ID); {
			case h == nil:
			case r.Status == "FAILED":
				set(h, r.ID, refused)
			default:
				set(h, r.ID, landed)
			}
		}
	case "dropped":
		switch h := find(m.ID); {
		case h == nil:
		case s.Note == inCash:
			h.cash, h.changed = true, w.at
		default:
			h.seen, h.changed = h.gone(), w.at
		}
	}
}

// undone: the whole payment was cancelled, so that whoever asked for that has
// got it.
func (l *laws) undone(attempt string, at time.Time) {
	for _, h := range l.wishOf {
		for id := range h.tries {
			if h.attempt == attempt && l.ways[id] == "cancel" && h.tries[id] != landed {
				h.tries[id], h.changed = landed, at
			}
		}
	}
}

// restless reports whether the customer of an attempt has asked something back and
// not got it, or got it twice, for so long
// that the screen must say so.
func (l *laws) restless(attempt string) (unmet, twice bool) {
	for _, h := range l.wishOf {
		if h.attempt != attempt || time.Since(h.changed) <= settled {
			continue
		}
		unmet = unmet || h.unmet()
		twice = twice || h.gone() > max(1, h.seen)
	}
	return unmet, twice
}

// fits checks what the list of tasks says of what was given back. What somebody
// else has given back, the laws cannot tell apart.
func (l *laws) fits(tasks []pos.Task) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range tasks {
		i := slices.IndexFunc(l.wishOf, func(h *wish) bool { _, is := h.tries[t.Modification]; return is })
		if i < 0 || l.outside[t.Attempt] || time.Since(l.wishOf[i].changed) <= settled {
			continue
		}
		switch h := l.wishOf[i]; {
		case t.Kind == pos.TaskDenied && h.gone() > 0:
			l.broken("I23: %s is called refused, and was given back %d times: %v", t.Modification, h.gone(), h.tries)
		case t.Kind == pos.TaskAgain && h.gone() < 2 && !l.more(t.Attempt):
			l.broken("I23: %s is said to have been given back twice, and was %d times: %v", t.Modification, h.gone(), h.tries)
		}
	}
}

// more reports whether PayPay has given more back than the journal has asked for:
// a try of which an older copy knows nothing may have met the same wish.
func (l *laws) more(attempt string) bool {
	p, _ := find(l.truth(), attempt)
	known := int64(0)
	for _, h := range l.wishOf {
		for _, s := range h.tries {
			if h.attempt == attempt && s == landed {
				known += h.amount
			}
		}
	}
	return len(l.marks) > 0 && p.Refunded+p.Refunding > known
}

// wished checks that in the end every customer has got once what was wished for,
// or that a person has seen to it.
func (l *laws) wished() {
	for _, h := range l.wishOf {
		if n := h.gone(); n > max(1, h.seen) && !l.outside[h.attempt] {
			l.broken("I23: %d yen of %s were given back %d times, and nobody was told: %v", h.amount, h.attempt, n, h.tries)
		}
	}
}
