package pos_test

import (
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
)

// refusedLater has the first try of the next such call take effect only after a
// while, and the second be refused.
func (r *rig) refusedLater(op simulator.Operation, late time.Duration) {
	r.Helper()
	r.fault(simulator.Fault{Operation: op, Kind: simulator.Late, Times: 1, Delay: late})
	r.fault(simulator.Fault{Operation: op, Kind: simulator.StatusBefore, Status: 400, Code: "INVALID_PARAMS", Times: 1})
}

// modification is one of the sale's newest attempt.
func (r *rig) modification(id pos.SaleID, i int) pos.Modification {
	r.Helper()
	return r.sale(id).Last().Modifications[i]
}

// denied waits until the sale's newest modification is so, and gives it.
func (r *rig) denied(id pos.SaleID) pos.Modification {
	r.Helper()
	for range 20 {
		synctest.Wait()
		all := r.sale(id).Last().Modifications
		if m := all[len(all)-1]; m.State == pos.Denied {
			return m
		}
		r.tick(poll)
	}
	r.Fatalf("not denied: %+v", r.sale(id).Last().Modifications)
	return pos.Modification{}
}

// giveInstead gives back in the place of what PayPay has refused.
func (r *rig) giveInstead(id pos.SaleID, m pos.Modification) {
	r.Helper()
	want := r.wanted(id, m.Amount)
	want.InsteadOf = m.ID
	r.must(r.GiveBack(r.Context(), id, want))
}

// What PayPay gives back after all, although the till had it as refused, is
// seen; and if the money was given back in another way since, a person is told.
func TestGiveBack_refusedAndCarriedOutAfterAll(t *testing.T) {
	t.Parallel()
	drop := func(r *rig, id pos.SaleID, m pos.Modification) {
		r.must(r.Drop(r.Context(), id, r.sale(id).Last().ID, m.ID, "paid in cash"))
	}
	again := func(r *rig, id pos.SaleID, m pos.Modification) { r.giveInstead(id, m) }
	for name, c := range map[string]struct {
		amount  pos.Yen // of 1,000
		op      simulator.Operation
		late    time.Duration
		instead func(*rig, pos.SaleID, pos.Modification)
		kept    int64
		told    bool
	}{
		"refund, and nothing since":     {300, simulator.OpCreateRefund, 2 * time.Minute, func(*rig, pos.SaleID, pos.Modification) {}, 700, false},
		"refund, and asked for again":   {300, simulator.OpCreateRefund, 2 * time.Minute, again, 400, true},
		"refund, hours later":           {300, simulator.OpCreateRefund, 20 * time.Hour, again, 400, true},
		"refund, and settled with cash": {300, simulator.OpCreateRefund, 2 * time.Minute, drop, 700, true},
		"cancel, and settled with cash": {1_000, simulator.OpCancelPayment, 2 * time.Minute, drop, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.paid(1_000)
				r.refusedLater(c.op, c.late)
				r.giveBack(id, c.amount)
				c.instead(r, id, r.denied(id))
				r.tick(time.Second)
				r.must(r.MoveOn(r.Context(), id, r.sale(id).Standing()))
				r.tick(c.late + 15*time.Minute)
				truth := r.sim.State().Payments[0]
				left := truth.Amount - truth.Refunded - truth.Refunding
				if truth.Status != simulator.StatusCompleted && truth.Status != simulator.StatusRefunded {
					left = 0
				}
				if kept := r.sale(id).Last().Kept(); int64(kept) != c.kept || left != c.kept {
					r.Errorf("the till has %d yen, PayPay %d, want %d", kept, left, c.kept)
				}
				m := r.modification(id, 0)
				if m.State != pos.Carried {
					r.Errorf("it is %+v", m)
				}
				r.restart()
				tasks := r.Tasks()
				if !c.told {
					if len(tasks) != 0 {
						r.Errorf("tasks %+v", tasks)
					}
					return
				}
				if len(tasks) != 1 || tasks[0].Kind != pos.TaskAgain || tasks[0].Amount != c.amount || tasks[0].Modification != m.ID {
					r.Fatalf("tasks %+v", tasks)
				}
				drop(r, id, m)
				if tasks := r.Tasks(); len(tasks) != 0 {
					r.Errorf("tasks when it was seen to: %+v", tasks)
				}
			})
		})
	}
}

// While PayPay takes its time over a second refund, the first is not forgotten.
func TestGiveBack_refusedAndCarriedOutDuringAnother(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.refusedLater(simulator.OpCreateRefund, 2*time.Minute)
		r.giveBack(id, 300)
		r.giveInstead(id, r.denied(id))
		r.tick(30 * time.Minute)
		if first, second := r.modification(id, 0), r.modification(id, 1); first.State != pos.Accepted || second.State != pos.Accepted {
			r.Errorf("the refunds are %s and %s", first.State, second.State)
		}
		if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskAgain {
			r.Errorf("tasks %+v", tasks)
		}
	}, func(c *simulator.Config) { c.RefundDelay = 48 * time.Hour })
}

// The watch over a refusal ends when PayPay has had a day to carry it out, and
// says twice that it has not.
func TestGiveBack_refusedIsWatchedForADay(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.DropBefore, Times: 1})
		r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.StatusBefore, Status: 400, Code: "INVALID_PARAMS", Times: 1})
		r.giveBack(id, 300)
		m := r.denied(id)
		r.must(r.Drop(r.Context(), id, r.sale(id).Last().ID, m.ID, "paid in cash"))
		r.must(r.MoveOn(r.Context(), id, r.sale(id).Standing()))
		r.tick(24*time.Hour - time.Minute)
		if s, pending := r.Sale(id); !pending || time.Since(s.Contact.AskedAt) > 12*time.Minute {
			r.Errorf("after nearly a day it was looked at at %v", s.Contact.AskedAt)
		}
		r.tick(30 * time.Minute)
		if _, pending := r.Sale(id); pending {
			r.Error("it is looked at for ever")
		}
	})
	inBubble(t, func(r *rig) { // what was refused for sure is not watched
		id := r.paid(1_000)
		r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.StatusBefore, Status: 400, Code: "INVALID_PARAMS", Times: 1})
		r.giveBack(id, 300)
		m := r.denied(id)
		r.must(r.Drop(r.Context(), id, r.sale(id).Last().ID, m.ID, "paid in cash"))
		r.must(r.MoveOn(r.Context(), id, r.sale(id).Standing()))
		r.tick(time.Minute)
		if _, pending := r.Sale(id); pending {
			r.Error("it is looked at")
		}
	})
}

// A capture that lands after it was refused, and after another amount was
// wanted, or nothing at all, is for a person to decide about.
func TestHold_refusedCaptureThatLandsAfterAll(t *testing.T) {
	t.Parallel()
	for name, instead := range map[string]func(*rig, pos.SaleID, string){
		"another amount": func(r *rig, id pos.SaleID, a string) { r.must(r.Capture(r.Context(), id, a, 900)) },
		"let go":         func(r *rig, id pos.SaleID, _ string) { r.giveBack(id, 1_000) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.held(1_000)
				a := r.sale(id).Last().ID
				r.refusedLater(simulator.OpCapture, 40*time.Second)
				r.must(r.Capture(r.Context(), id, a, 700))
				r.denied(id)
				r.wire.broken.Store(true) // so that the first is faster
				instead(r, id, a)
				r.tick(time.Minute)
				r.wire.broken.Store(false)
				r.tick(20 * time.Minute)
				r.is(id, pos.Paid, pos.LatePaid)
				r.books(700)
				if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskLate || tasks[0].Amount != 700 {
					r.Errorf("tasks %+v", tasks)
				}
			}, mayHold)
		})
	}
}

// What PayPay said while nothing could be written down was not heard: it is
// asked again before anything follows from its answer.
func TestGiveBack_answeredWhileTheDiskFailed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.DropAfter, Times: 1})
		r.fault(simulator.Fault{Operation: simulator.OpRefund, Kind: simulator.NotFound, Times: 1})
		r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.StatusBefore, Status: 400, Code: "INVALID_PARAMS", Times: 1})
		r.disk.skips.Store(1)
		r.disk.fails.Store(1 << 30)
		r.giveBack(id, 300)
		r.tick(time.Minute)
		r.disk.fails.Store(0)
		r.tick(time.Minute)
		_, events, err := r.History(r.Context(), id)
		r.must(err)
		for _, e := range events {
			if e.Kind == pos.ModDone && e.Done == string(pos.Denied) {
				r.Errorf("it was called denied: %+v", e.Event)
			}
		}
		r.books(700)
	})
}
