package pos_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
)

// refusedForSure has PayPay refuse the next refund, and do nothing.
func (r *rig) refusedForSure() {
	r.Helper()
	r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.StatusBefore, Status: 400, Code: "INVALID_PARAMS", Times: 1})
}

// secondDenied waits until the second of the newest attempt's modifications is
// denied, and gives that.
func (r *rig) secondDenied(id pos.SaleID) pos.Modification {
	r.Helper()
	for range 60 {
		synctest.Wait()
		if m := r.modification(id, 1); m.State == pos.Denied {
			return m
		}
		r.tick(poll)
	}
	r.Fatalf("not denied: %+v", r.sale(id).Last().Modifications)
	return pos.Modification{}
}

// panelRefund gives a part of the sale's money back in PayPay's own tools.
func (r *rig) panelRefund(id pos.SaleID, yen int64) {
	r.Helper()
	_, err := r.panel().Refund(r.Context(), paypay.RefundRequest{
		MerchantRefundID: time.Now().Format("panel-150405"), PaymentID: r.sale(id).Last().PaymentID, Amount: paypay.Yen(yen), RequestedAt: time.Now().Unix(),
	})
	r.must(err)
}

// back is how much PayPay has given back of the only payment.
func (r *rig) back() int64 {
	p := r.sim.State().Payments[0]
	return p.Refunded + p.Refunding
}

// needs checks what needs a person, also after a restart.
func (r *rig) needs(want ...pos.TaskKind) []pos.Task {
	r.Helper()
	var tasks []pos.Task
	for _, when := range []string{"", " after a restart"} {
		if tasks = r.Tasks(); len(tasks) != len(want) {
			r.Fatalf("tasks%s: %+v; want %v", when, tasks, want)
		}
		for i, k := range want {
			if tasks[i].Kind != k {
				r.Errorf("task %d%s: %+v; want %s", i, when, tasks[i], k)
			}
		}
		if when == "" {
			r.restart()
		}
	}
	return tasks
}

// A refund that PayPay has refused and one that stands in its place are one wish
// of the customer's, however the two come out.
func TestClaim_refusedAndAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		happens func(r *rig, id pos.SaleID)
		back    int64
		want    []pos.TaskKind
	}{
		"the first lands, and the second is refused": {func(r *rig, id pos.SaleID) {
			r.refusedLater(simulator.OpCreateRefund, 2*time.Minute)
			r.giveBack(id, 300)
			first := r.denied(id)
			r.refusedForSure()
			r.giveInstead(id, first)
			r.secondDenied(id)
			r.needs(pos.TaskDenied)
		}, 300, nil},
		"the first lands, so that too little is left for the second": {func(r *rig, id pos.SaleID) {
			r.refusedLater(simulator.OpCreateRefund, 40*time.Second)
			r.giveBack(id, 600)
			first := r.denied(id)
			r.wire.broken.Store(true)
			r.tick(40 * time.Second)
			r.wire.broken.Store(false)
			r.giveInstead(id, first)
			r.tick(time.Minute)
		}, 600, nil},
		"the first lands while the second is asked for, which is refused": {func(r *rig, id pos.SaleID) {
			r.refusedLater(simulator.OpCreateRefund, 25*time.Second)
			r.giveBack(id, 300)
			first := r.denied(id)
			r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.DelayBefore, Delay: 12 * time.Second, Times: 100})
			r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.DropBefore, Times: 3})
			r.refusedForSure()
			r.tick(8 * time.Second)
			r.giveInstead(id, first)
			r.tick(20 * time.Second)
			if m := r.modification(id, 0); m.State != pos.Accepted && m.State != pos.Carried {
				r.Errorf("the first is %s", m.State)
			}
			r.sim.ClearFaults()
			r.refusedForSure()
		}, 300, nil},
		"both are refused, and both land": {func(r *rig, id pos.SaleID) {
			r.refusedLater(simulator.OpCreateRefund, 2*time.Minute)
			r.giveBack(id, 300)
			first := r.denied(id)
			r.refusedLater(simulator.OpCreateRefund, 4*time.Minute)
			r.giveInstead(id, first)
			r.secondDenied(id)
		}, 600, []pos.TaskKind{pos.TaskAgain}},
		"the second is settled with cash, and the first lands": {func(r *rig, id pos.SaleID) {
			r.refusedLater(simulator.OpCreateRefund, 20*time.Minute)
			r.giveBack(id, 300)
			first := r.denied(id)
			r.refusedForSure()
			r.giveInstead(id, first)
			second := r.secondDenied(id)
			r.must(r.Drop(r.Context(), id, r.sale(id).Last().ID, second.ID, "paid in cash"))
			r.needs()
		}, 300, []pos.TaskKind{pos.TaskAgain}},
		"it was for other goods": {func(r *rig, id pos.SaleID) {
			r.refusedForSure()
			r.giveBack(id, 300)
			r.denied(id)
			r.giveBack(id, 500)
		}, 500, []pos.TaskKind{pos.TaskDenied}},
		"it was for other goods, and the refused one lands": {func(r *rig, id pos.SaleID) {
			r.refusedLater(simulator.OpCreateRefund, 5*time.Minute)
			r.giveBack(id, 300)
			r.denied(id)
			r.giveBack(id, 500)
			r.tick(time.Minute)
			r.needs(pos.TaskDenied)
		}, 800, nil},
		"the owner gives it back in PayPay's own tools": {func(r *rig, id pos.SaleID) {
			r.refusedForSure()
			r.giveBack(id, 300)
			r.denied(id)
			r.tick(time.Minute)
			r.panelRefund(id, 300)
		}, 300, nil},
		"the owner gives it back, and the refused one lands": {func(r *rig, id pos.SaleID) {
			r.refusedLater(simulator.OpCreateRefund, 20*time.Minute)
			r.giveBack(id, 300)
			r.denied(id)
			r.tick(time.Second)
			r.panelRefund(id, 300)
			r.tick(12 * time.Minute)
			r.needs()
		}, 600, []pos.TaskKind{pos.TaskAgain}},
		"the owner gave the same back before it was refused": {func(r *rig, id pos.SaleID) {
			r.panelRefund(id, 300)
			r.tick(time.Minute)
			r.refusedForSure()
			r.giveBack(id, 300)
			r.denied(id)
		}, 300, []pos.TaskKind{pos.TaskDenied}},
		"the owner gives something else back": {func(r *rig, id pos.SaleID) {
			r.refusedForSure()
			r.giveBack(id, 300)
			r.denied(id)
			r.tick(time.Second)
			r.panelRefund(id, 200)
		}, 200, []pos.TaskKind{pos.TaskDenied}},
		"it was settled with cash, and the owner gives it back": {func(r *rig, id pos.SaleID) {
			r.refusedLater(simulator.OpCreateRefund, 25*time.Hour)
			r.giveBack(id, 300)
			m := r.denied(id)
			r.must(r.Drop(r.Context(), id, r.sale(id).Last().ID, m.ID, "paid in cash"))
			r.tick(time.Second)
			r.panelRefund(id, 300)
		}, 300, []pos.TaskKind{pos.TaskAgain}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.paid(1_000)
				c.happens(r, id)
				r.tick(time.Second)
				r.must(r.MoveOn(r.Context(), id, r.sale(id).Standing()))
				r.tick(time.Hour)
				if got := r.back(); got != c.back {
					r.Errorf("PayPay has given %d yen back, want %d", got, c.back)
				}
				if kept := r.sale(id).Last().Kept(); int64(kept) != 1_000-c.back {
					r.Errorf("the till has %d yen", kept)
				}
				for _, task := range r.needs(c.want...) {
					r.must(r.Drop(r.Context(), id, task.Attempt, task.Modification, "seen to"))
				}
				r.needs()
			})
		})
	}
}

// Who has seen to it that something was given back twice is told again when it
// is given back a third time.
func TestClaim_thrice(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.refusedLater(simulator.OpCreateRefund, time.Hour)
		r.giveBack(id, 300)
		first := r.denied(id)
		r.refusedLater(simulator.OpCreateRefund, 2*time.Minute)
		r.giveInstead(id, first)
		r.giveInstead(id, r.secondDenied(id))
		r.tick(30 * time.Minute)
		task := r.needs(pos.TaskAgain)[0]
		r.must(r.Drop(r.Context(), id, task.Attempt, task.Modification, "the customer has paid it back"))
		r.needs()
		r.tick(time.Hour)
		if got := r.back(); got != 900 {
			r.Errorf("%d yen are given back", got)
		}
		r.needs(pos.TaskAgain)
	})
}

// What has been settled meanwhile is neither asked for again nor dropped.
func TestClaim_settledMeanwhile(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.refusedLater(simulator.OpCreateRefund, 2*time.Minute)
		r.giveBack(id, 300)
		m := r.denied(id)
		r.tick(20 * time.Minute)
		want := r.wanted(id, 300)
		want.InsteadOf = m.ID
		if err := r.GiveBack(r.Context(), id, want); !errors.Is(err, pos.ErrNews) {
			r.Errorf("given back in its place: %v", err)
		}
		if err := r.Drop(r.Context(), id, want.Attempt, m.ID, "cash"); !errors.Is(err, pos.ErrNews) {
			r.Errorf("settled in another way: %v", err)
		}
		want.InsteadOf = "another"
		if err := r.GiveBack(r.Context(), id, want); !errors.Is(err, pos.ErrNews) {
			r.Errorf("given back in the place of nothing: %v", err)
		}
	})
}

// A till that did not write down what stands in the place of what took whatever
// came after a refusal to do so.
func TestClaim_ofAnOlderJournal(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.refusedForSure()
		r.giveBack(id, 300)
		r.denied(id)
		r.giveBack(id, 500)
		r.tick(time.Hour)
		r.needs(pos.TaskDenied)
		_, events, err := r.History(r.Context(), id)
		r.must(err)
		var s pos.Sale
		for _, e := range events {
			if e.Kind == pos.ModAsked {
				e.Modification.Claim = ""
			}
			s, err = s.Apply(e.Event)
			r.must(err)
		}
		if tasks := s.Tasks(time.Now(), time.Now()); len(tasks) != 0 {
			r.Errorf("tasks of an older journal: %+v", tasks)
		}
	})
}

// What somebody gives back elsewhere without an id is told apart.
func TestLooked_refundsWithoutAnID(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		s := r.sale(id)
		a := s.Last()
		e := pos.Event{Kind: pos.Looked, Sale: id, Attempt: a.ID, At: time.Now(), Answer: &pos.Answer{
			Status: paypay.StatusCompleted, PaymentID: a.PaymentID, Amount: 1000, AcceptedAt: a.PaidAt.Unix(),
			Refunds: []pos.RefundAnswer{{Status: "REFUNDED", Amount: 300}, {ID: "panel-1", Status: "REFUNDED", Amount: 100}, {Status: "REFUNDED", Amount: 200}},
		}}
		for range 2 {
			var err error
			s, err = s.Apply(e)
			r.must(err)
			if kept := s.Last().Kept(); kept != 400 {
				r.Errorf("the shop keeps %d yen: %+v", kept, s.Last().Modifications)
			}
		}
	})
}

// Goods for which the money was given back twice came back once, and the others
// can still come back.
func TestWorth_goodsGivenBackTwice(t *testing.T) {
	t.Parallel()
	for name, instead := range map[string]bool{"in its place": true, "as if it were another": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				s, err := r.Charge(r.Context(), pos.NewOrder(
					pos.Line{Name: "茶", Unit: 300, Quantity: 2, Rate: pos.Standard}, pos.Line{Name: "菓子", Unit: 700, Quantity: 1, Rate: pos.Standard},
				), pos.Terms{})
				r.must(err)
				synctest.Wait()
				id := s.ID
				r.must(r.sim.Pay(r.sale(id).Last().CodeID))
				r.tick(10 * time.Second)
				r.refusedLater(simulator.OpCreateRefund, 5*time.Minute)
				want := r.wanted(id, 600)
				want.Goods = []pos.Goods{{Line: 0, Quantity: 2}}
				r.must(r.GiveBack(r.Context(), id, want))
				m := r.denied(id)
				if instead {
					want.InsteadOf = m.ID
				}
				r.must(r.GiveBack(r.Context(), id, want))
				r.tick(30 * time.Minute)
				before := r.sale(id).Last().BroughtBack()
				if worth, err := r.sale(id).Worth([]pos.Goods{{Line: 1, Quantity: 1}}, before); err != nil || worth != 700 {
					r.Errorf("the others are worth %d yen, %v", worth, err)
				}
				if _, err := r.sale(id).Worth([]pos.Goods{{Line: 0, Quantity: 1}}, before); !errors.Is(err, pos.ErrQuantity) {
					r.Errorf("one more than was sold: %v", err)
				}
			})
		})
	}
}

// Whoever gives the amount back in PayPay's tools while the till has no answer
// to its own refund has settled what that was for, once the refund is refused.
func TestClaim_metElsewhereBeforeTheRefusal(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.DropBefore, Times: 1})
		r.giveBack(id, 300)
		synctest.Wait()
		r.wire.broken.Store(true)
		r.tick(10 * time.Second)
		r.panelRefund(id, 300)
		r.tick(5 * time.Minute)
		r.refusedForSure()
		r.wire.broken.Store(false)
		r.tick(time.Hour)
		if tasks := r.Tasks(); len(tasks) > 0 {
			r.Errorf("the customer has the 300, and the till says %+v", tasks)
		}
	})
}

// One refusal is met once, however many returns of the same amount are seen, and
// in however many looks.
func TestClaim_metElsewhereOnce(t *testing.T) {
	t.Parallel()
	for name, down := range map[string]bool{"in one look": true, "in two looks": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.paid(1_000)
				r.refusedForSure()
				r.giveBack(id, 300)
				r.denied(id)
				r.wire.broken.Store(down)
				r.panelRefund(id, 300)
				r.tick(15 * time.Minute)
				r.panelRefund(id, 300)
				r.wire.broken.Store(false)
				r.tick(time.Hour)
				if tasks := r.Tasks(); len(tasks) > 0 {
					r.Errorf("tasks %+v", tasks)
				}
			})
		})
	}
}

// What a copy of the journal holds for asked, and what was given in its place in
// the time that the copy lacks, are for the same.
func TestClaim_metInAGap(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.DropBefore, Times: 1})
		r.refusedForSure()
		r.giveBack(id, 300)
		copied := r.backup()
		r.giveInstead(id, r.denied(id))
		r.tick(time.Minute)
		r.restore(copied)
		r.tick(time.Hour)
		for _, k := range r.Tasks() {
			if k.Kind != pos.TaskGap {
				r.Errorf("the customer has the 300, and the till says %+v", k)
			}
		}
	})
}

// A hold that PayPay has once refused to let go is let go by asking again.
func TestGiveBack_revertAgain(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.held(1_000)
		r.fault(simulator.Fault{Operation: simulator.OpRevert, Kind: simulator.StatusBefore, Status: 400, Code: "INVALID_PARAMS", Times: 1})
		r.giveBack(id, 1_000)
		m := r.denied(id)
		want := r.wanted(id, m.Amount)
		want.InsteadOf = m.ID
		r.must(r.GiveBack(r.Context(), id, want))
		r.tick(time.Minute)
		r.is(id, pos.Reverted, pos.Released)
		if tasks := r.Tasks(); len(tasks) > 0 {
			r.Errorf("tasks %+v", tasks)
		}
	}, mayHold)
}

// A revert that was refused lands while the goods are taken after all: they may
// be gone, and nothing was paid for them.
func TestTasks_revertLandedInsteadOfTheCapture(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.held(1_000)
		attempt := r.sale(id).Last().ID
		r.refusedLater(simulator.OpRevert, 40*time.Second)
		r.giveBack(id, 1_000)
		r.denied(id)
		r.wire.broken.Store(true)
		r.must(r.Capture(r.Context(), id, attempt, 1_000))
		r.tick(time.Minute)
		r.wire.broken.Store(false)
		r.tick(20 * time.Minute)
		r.is(id, pos.Reverted, pos.Released)
		if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskDenied || tasks[0].Way != pos.WayCapture {
			r.Errorf("tasks %+v", tasks)
		}
	}, mayHold)
}

// Goods that came back and were settled with cash do not come back once more.
func TestClaim_goodsSettledWithCash(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.refusedForSure()
		want := r.wanted(id, 300)
		want.Goods = []pos.Goods{{Quantity: 1}}
		r.must(r.GiveBack(r.Context(), id, want))
		m := r.denied(id)
		r.must(r.Drop(r.Context(), id, r.sale(id).Last().ID, m.ID, "現金で返した"))
		if diff := cmp.Diff(want.Goods, r.sale(id).Last().BroughtBack()); diff != "" {
			r.Errorf("-want +got\n%s", diff)
		}
		if a := r.sale(id).Last(); a.Settled() != 300 || a.Left() != 1_000 {
			r.Errorf("%d yen are settled, and PayPay has %d left", a.Settled(), a.Left())
		}
	})
}

// Somebody who waits no longer for what nobody knows gives the same back in
// PayPay's own tools.
func TestClaim_metElsewhereWhileNobodyKnew(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]bool{"and then refused": true, "and then carried out too": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.paid(1_000)
				r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.DropBefore, Times: 1})
				r.giveBack(id, 300)
				synctest.Wait()
				r.wire.broken.Store(true)
				r.tick(10 * time.Second)
				r.panelRefund(id, 300)
				r.tick(5 * time.Minute)
				if refused {
					r.refusedForSure()
				}
				r.wire.broken.Store(false)
				r.tick(time.Hour)
				if refused {
					r.needs()
					r.books(700)
				} else {
					r.needs(pos.TaskAgain)
					r.books(400)
				}
			})
		})
	}
}

// PayPay carries refunds out in batches: what somebody asked for in PayPay's own
// tools before the till asked is not in its place, whenever it is carried out.
func TestClaim_elsewhereBefore(t *testing.T) {
	t.Parallel()
	for name, delay := range map[string]time.Duration{"at once": 0, "by the night's batch": 10 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.paid(1_000)
				r.panelRefund(id, 300)
				r.tick(2 * time.Hour)
				r.refusedForSure()
				r.giveBack(id, 300)
				r.denied(id)
				r.tick(24 * time.Hour)
				r.needs(pos.TaskDenied)
				if kept := r.sale(id).Last().Kept(); kept != 700 {
					r.Errorf("the shop keeps %d yen", kept)
				}
			}, func(c *simulator.Config) { c.RefundDelay = delay })
		})
	}
}

// What came too late, or twice, and PayPay does not give back, is decided when a
// person has given the customer as much in another way.
func TestDropped_decidesWhatCameTooLateOrTwice(t *testing.T) {
	t.Parallel()
	late := func(r *rig) pos.SaleID {
		id := r.charge(500)
		code := r.sale(id).Last().CodeID
		r.must(r.sim.Scan(code))
		r.must(r.GiveUp(r.Context(), id))
		r.tick(15 * time.Second)
		r.must(r.sim.Pay(code))
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.LatePaid)
		return id
	}
	refuse := func(r *rig, id pos.SaleID, attempt int) {
		a := r.sale(id).Attempts[attempt]
		c, ok := a.GiveBack(a.Left(), time.Now())
		if !ok {
			r.Fatal("nothing can be given back")
		}
		r.fault(simulator.Fault{Operation: simulator.OpCancelPayment, Kind: simulator.StatusBefore, Status: 400, Code: "ORDER_NOT_REVERSIBLE", CodeID: "00200044", Times: 1})
		r.fault(simulator.Fault{Operation: simulator.OpCreateRefund, Kind: simulator.StatusBefore, Status: 400, Code: "INVALID_PARAMS", Times: 1})
		r.must(r.GiveBack(r.Context(), id, pos.Return{Attempt: a.ID, Amount: a.Left(), Way: c.Way, Left: c.Left}))
		r.tick(time.Minute)
		tasks := r.Tasks()
		i := slices.IndexFunc(tasks, func(t pos.Task) bool { return t.Kind == pos.TaskDenied && t.Attempt == a.ID })
		if i < 0 {
			r.Fatalf("%+v", tasks)
		}
		r.must(r.Drop(r.Context(), id, a.ID, tasks[i].Modification, "paid in cash"))
		r.sim.ClearFaults()
	}
	t.Run("late", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(r *rig) {
			id := late(r)
			refuse(r, id, 0)
			if tasks := r.Tasks(); len(tasks) > 0 {
				r.Errorf("%+v", tasks)
			}
			r.is(id, pos.Paid, pos.Returned)
			if err := r.Attach(r.Context(), id, r.sale(id).Last().ID); !errors.Is(err, pos.ErrNews) {
				r.Errorf("it pays the sale all the same: %v", err)
			}
			r.restart()
			if tasks := r.Tasks(); len(tasks) > 0 {
				r.Errorf("after a restart: %+v", tasks)
			}
		})
	})
	t.Run("twice", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(r *rig) {
			id := r.charge(500)
			first := r.sale(id).Last().CodeID
			r.must(r.sim.Scan(first))
			r.must(r.NewCode(r.Context(), id, pos.Terms{}))
			r.tick(20 * time.Second)
			r.must(r.sim.Pay(r.sale(id).Last().CodeID))
			r.must(r.sim.Pay(first))
			r.tick(time.Minute)
			r.is(id, pos.Paid, pos.LatePaid)
			refuse(r, id, 0)
			s := r.sale(id)
			if by, _ := s.PaidBy(); s.Standing() != pos.Settled || by.ID != s.Attempts[1].ID {
				r.Errorf("%s, paid by %s", s.Standing(), by.ID)
			}
			if tasks := r.Tasks(); len(tasks) > 0 {
				r.Errorf("%+v", tasks)
			}
		})
	})
}
