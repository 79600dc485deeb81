package pos_test

import (
	"bytes"
	"slices"
	"time"

	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
)

// duty is something that needs a person, by what is known outside the till.
type duty struct {
	attempt string
	kinds   []pos.TaskKind // any of which tells a person of it
}

// asked is something that the journal says PayPay is asked for.
type asked struct {
	at time.Time // virtual
	id string
}

// notice takes up what an entry says of what needs a person.
func (l *laws) notice(w written, modification, done string) {
	attempt := w.Attempt
	switch w.Kind {
	case "asked":
		delete(l.denied, attempt)
		l.asked[attempt] = asked{w.at, modification}
	case "answered":
		if done == "denied" {
			l.denied[attempt] = asked{w.at, modification}
		}
		delete(l.asked, attempt)
	case "looked": // it may have settled what was asked for
		delete(l.asked, attempt)
		if l.ways[l.denied[attempt].id] == "capture" && bytes.Contains(w.Body, []byte(`"USER_REQUESTED"`)) {
			delete(l.denied, attempt) // a try of before has come after all, and waits for the customer
		}
	case "dropped":
		delete(l.denied, attempt)
		delete(l.takes, attempt)
	case "attached":
		delete(l.late, attempt)
	}
}

const (
	patient = 5*time.Minute + 5*time.Second // from when on something unknown is a task
	settled = 2 * time.Second               // for how long something has to be so before the screen must say it
)

// duties are what somebody has to see to at this moment. The clocks of a seed
// may be such that the till cannot know how late it is, and one that has just
// been started may not have heard how late it is at PayPay.
func (l *laws) duties(clocks, heard bool) []duty {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []duty
	add := func(id string, kinds ...pos.TaskKind) { all = append(all, duty{id, kinds}) }
	kept := map[string]int{}
	for id, a := range l.attempts {
		if (a.State == "paid" || a.State == "held") && time.Since(l.became[id]) > settled && !l.evened(id, l.moved[id]) {
			kept[a.Sale]++
		}
	}
	for id, a := range l.attempts {
		since := time.Since(l.became[id])
		if since <= settled {
			continue
		}
		has := a.State == "paid" || a.State == "held"
		switch {
		case has && (l.late[id] || kept[a.Sale] > 1) && !l.evened(id, l.moved[id]):
			add(id, pos.TaskLate, pos.TaskTwice)
		case (a.State == "requested" || a.State == "unknown") && clocks && time.Since(l.since[id]) > patient:
			add(id, pos.TaskUnknown)
		}
		if d, ok := l.denied[id]; ok && a.State == "held" && time.Since(d.at) > settled {
			if way := l.ways[d.id]; way == "revert" || way == "capture" {
				add(id, pos.TaskDenied)
			}
		}
		if over := a.State == "reverted" || a.State == "lapsed" || a.State == "cancelled"; over && l.takes[id] && l.moved[id] == 0 {
			add(id, pos.TaskDenied) // the goods may be gone
		}
		if unmet, twice := l.restless(id); !l.outside[id] {
			if unmet && a.State == "paid" && !l.more(id) && !l.evened(id, l.moved[id]) {
				add(id, pos.TaskDenied)
			}
			if twice {
				add(id, pos.TaskAgain)
			}
		}
		if m, ok := l.asked[id]; ok && has && clocks && time.Since(m.at) > patient {
			add(id, pos.TaskUnknown)
		}
		if a.State == "held" && clocks && heard {
			truth := l.truth()
			p, _ := find(truth, id)
			soon := min(24*time.Hour, p.HoldEnds.Sub(p.HeldAt)/4) - 3*time.Minute // of two clocks
			if p.Stage == simulator.StageHeld && p.HoldEnds.Sub(truth.Now) < soon {
				add(id, pos.TaskLapsing)
			}
		}
	}
	return all
}

// tells checks that the till's list of tasks has everything that needs a
// person.
func (w *world) tells(r *pos.Register) {
	clocks := w.rates[stepping] == 0 && w.rates[dates] == 0
	w.laws.fits(r.Tasks())
	w.mu.Lock()
	heard := len(w.samples) > 0
	w.mu.Unlock()
	before := w.laws.duties(clocks, heard)
	if len(before) == 0 {
		return
	}
	if r.Status().Trouble != nil {
		return
	}
	tasks := r.Tasks()
	after := w.laws.duties(clocks, heard)
	if now, up := w.register(); !up || now != r || r.Status().Trouble != nil {
		return
	}
	for _, d := range before {
		still := slices.ContainsFunc(after, func(e duty) bool { return e.attempt == d.attempt && slices.Equal(e.kinds, d.kinds) })
		told := slices.ContainsFunc(tasks, func(t pos.Task) bool { return t.Attempt == d.attempt && slices.Contains(d.kinds, t.Kind) })
		if still && !told {
			w.laws.broken("I21: nobody is told of %s: %v; the tasks are %+v", d.attempt, d.kinds, tasks)
		}
	}
}
