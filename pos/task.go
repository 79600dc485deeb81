package pos

import (
	"slices"
	"time"

	"example.jp/reji/paypay"
)

// Task is something that needs a person. Tasks are not kept: they follow from
// what the journal says, so that they outlive a restart and go away only when
// what they are about has changed. Of one kind alone PayPay can say nothing,
// TaskGap: it goes away when a person has written down what was found.
type Task struct {
	Kind    TaskKind
	Sale    SaleID
	Number  int64 // receipt number
	Attempt string
	Amount  Yen       // what it is about
	Since   time.Time // when that came about
	Until   time.Time // by PayPay's clock, until when something can be done; zero when there is no such time

	Gap Gap // TaskGap: what the journal has lost

	Lands        time.Time         // TaskDenied: until when, by PayPay's clock, PayPay may do it after all; zero when it may not
	Modification string            // which one was denied, or came twice
	Way          Way               // of that
	Code         paypay.ResultCode // why
	CodeNo       string
}

// TaskKind is what a person has to see to.
type TaskKind string

// The kinds.
const (
	TaskLate    TaskKind = "late payment"    // it pays the sale after all, or is given back
	TaskTwice   TaskKind = "paid twice"      // all but one have to be given back
	TaskDenied  TaskKind = "denied"          // PayPay did not do what was asked for
	TaskAgain   TaskKind = "given twice"     // the customer has got the same more than once
	TaskUnknown TaskKind = "unknown"         // PayPay has not said for a long time what became of something
	TaskSlow    TaskKind = "under way"       // PayPay has accepted a refund, and not carried it out for days
	TaskLapsing TaskKind = "hold ends"       // take it or let it go, before it is let go by itself
	TaskUnfit   TaskKind = "does not fit"    // PayPay's answer is about another amount or order
	TaskJournal TaskKind = "journal trouble" // nothing can be written down
	TaskGap     TaskKind = "entries lost"    // compare the books with PayPay's, and say so
	TaskSpace   TaskKind = "disk space"      // soon nothing can be written down
	TaskPrinter TaskKind = "printer"         // it does not print
)

const (
	// patienceUnknown is after how long something unknown becomes a task.
	patienceUnknown = 5 * time.Minute
	// patienceRefund is after how long a refund that PayPay has accepted becomes
	// one. PayPay carries refunds out in batches and repeats them until they
	// succeed, so that a day or two is ordinary; after three, a weekend's batch
	// has had its turn as well.
	patienceRefund = 3 * 24 * time.Hour
	// patiencePrinter is after how long a paper that does not come becomes one.
	patiencePrinter = time.Minute
	// lapsingSoon is how long before its end a hold becomes a task; one that
	// is short by contract does so in its last quarter.
	lapsingSoon = 24 * time.Hour
)

// tasks are the sale's tasks that follow from its state alone.
func (s Sale) tasks() []Task {
	var all []Task
	add := func(k TaskKind, a Attempt, amount Yen, since time.Time) *Task {
		all = append(all, Task{Kind: k, Sale: s.ID, Number: s.Number, Attempt: a.ID, Amount: amount, Since: since})
		return &all[len(all)-1]
	}
	kept := 0
	for _, a := range s.Attempts {
		if a.kept() && !a.evened() {
			kept++
		}
	}
	for _, a := range s.Attempts {
		worth := max(a.Kept(), a.OnHold)
		switch {
		case kept > 1 && a.kept() && !a.evened():
			add(TaskTwice, a, worth, a.PaidAt)
		case a.undecided():
			add(TaskLate, a, worth, a.PaidAt)
		}
		if a.Mismatch && a.unsettled() {
			add(TaskUnfit, a, a.Amount, a.RequestedAt)
		}
		for _, m := range a.refusals() {
			t := add(TaskDenied, a, m.Amount, m.AskedAt)
			t.Modification, t.Way, t.Code, t.CodeNo, t.Lands = m.ID, m.Way, m.Code, m.CodeNo, a.LandsUntil(m.ID)
		}
		for _, c := range a.claims() {
			if m, is := c.twice(); is {
				t := add(TaskAgain, a, m.Amount, c.since())
				t.Modification, t.Way = m.ID, m.Way
			}
		}
	}
	return all
}

// refusals are what PayPay has refused to do and nobody has settled: of what was
// to be given back the newest try, while there is anything to give back, by
// PayPay or in another way, and of what is held that after which nothing else
// was wanted.
func (a Attempt) refusals() []Modification {
	var all []Modification
	if a.State == Paid && !a.evened() {
		for _, c := range a.claims() {
			if m, is := c.refused(); is {
				all = append(all, m)
			}
		}
	}
	for i, m := range a.Modifications {
		if m.State == Denied && !m.Dropped && !m.Outside && a.stillHolds(i) {
			all = append(all, m)
		}
	}
	return all
}

// stillHolds reports whether a denied modification of what is held is still
// wanted.
func (a Attempt) stillHolds(i int) bool {
	m := a.Modifications[i]
	if m.Way.gives() || slices.ContainsFunc(a.Modifications[i+1:], func(n Modification) bool {
		return !n.Outside && (n.Way == m.Way || n.Way == WayRevert || a.State == Held)
	}) {
		return false
	}
	switch a.State {
	case Held:
		return true
	case Lapsed, Cancelled, Reverted: // the goods may be gone, and nothing was taken
		return m.Way == WayCapture
	default:
		return false
	}
}

// unclearSince is since when PayPay should have said what became of the
// attempt, by our clock or nearly so.
func (a Attempt) unclearSince(payPayNow time.Time) (time.Time, bool) {
	switch a.State {
	case Unknown, Requested:
		return a.RequestedAt, true
	case Closing:
		return a.ShutAt, true
	case Live:
		return a.ExpiresAt, !payPayNow.Before(a.ExpiresAt)
	default:
		return time.Time{}, false
	}
}

// Tasks are the sale's tasks at a moment: PayPay's time and ours.
func (s Sale) Tasks(payPayNow, now time.Time) []Task {
	all := s.tasks()
	add := func(k TaskKind, a Attempt, amount Yen, since, until time.Time) {
		all = append(all, Task{Kind: k, Sale: s.ID, Number: s.Number, Attempt: a.ID, Amount: amount, Since: since, Until: until})
	}
	for _, a := range s.Attempts {
		if since, is := a.unclearSince(payPayNow); is && now.Sub(since) >= patienceUnknown {
			add(TaskUnknown, a, a.Amount, since, time.Time{})
		}
		soon := min(lapsingSoon, a.HoldEnds.Sub(a.RequestedAt)/4)
		if a.State == Held && !a.HoldEnds.IsZero() && a.HoldEnds.Sub(payPayNow) <= soon {
			add(TaskLapsing, a, a.OnHold, a.HoldEnds.Add(-soon), a.HoldEnds)
		}
		for _, m := range a.Modifications {
			if m.State == Accepted && m.Way == WayRefund && now.Sub(m.AskedAt) >= patienceRefund {
				t := Task{Kind: TaskSlow, Sale: s.ID, Number: s.Number, Attempt: a.ID, Amount: m.Amount, Since: m.AskedAt}
				t.Modification, t.Way = m.ID, m.Way
				all = append(all, t)
			}
		}
		if m, working := a.Working(); working && a.changing() && now.Sub(m.AskedAt) >= patienceUnknown {
			t := Task{Kind: TaskUnknown, Sale: s.ID, Number: s.Number, Attempt: a.ID, Amount: m.Amount, Since: m.AskedAt}
			t.Modification, t.Way = m.ID, m.Way
			all = append(all, t)
		}
	}
	return all
}

// Tasks are all tasks, oldest sale first. They are read from memory.
func (r *Register) Tasks() []Task {
	payPayNow, now := r.payPayNow(), r.opts.Now()
	r.view.RLock()
	defer r.view.RUnlock()
	var all []Task
	if r.trouble != nil {
		all = append(all, Task{Kind: TaskJournal, Since: r.troubled})
	}
	for _, g := range r.gaps {
		if g.Open {
			all = append(all, Task{Kind: TaskGap, Since: g.To, Gap: g})
		}
	}
	if r.cramped {
		all = append(all, Task{Kind: TaskSpace})
	}
	if len(r.prints) > 0 && r.opts.Printer != nil && now.Sub(r.prints[0].At) >= patiencePrinter {
		all = append(all, Task{Kind: TaskPrinter, Since: r.prints[0].At})
	}
	sales := make([]Sale, 0, len(r.sales))
	for _, s := range r.sales {
		sales = append(sales, s)
	}
	slices.SortFunc(sales, byNumber)
	for _, s := range sales {
		all = append(all, s.Tasks(payPayNow, now)...)
	}
	return all
}
