package pos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
)

// paid sells, and has the customer pay.
func (r *rig) paid(yen pos.Yen) pos.SaleID {
	r.Helper()
	id := r.charge(yen)
	r.must(r.sim.Pay(r.sale(id).Last().CodeID))
	r.tick(2 * poll)
	r.is(id, pos.Paid, pos.Settled)
	return id
}

// held sells with the amount only held.
func (r *rig) held(yen pos.Yen) pos.SaleID {
	r.Helper()
	s, err := r.Charge(r.Context(), pos.NewOrder(pos.Line{Unit: yen, Quantity: 1, Rate: pos.Standard}), pos.Terms{Hold: true})
	r.must(err)
	synctest.Wait()
	r.must(r.sim.Pay(r.sale(s.ID).Last().CodeID))
	r.tick(2 * poll)
	r.is(s.ID, pos.Held, pos.HeldOpen)
	return s.ID
}

func mayHold(c *simulator.Config) { c.Capture = simulator.CaptureAllowed }

// wanted is a return as the screen would ask for it.
func (r *rig) wanted(id pos.SaleID, amount pos.Yen) pos.Return {
	r.Helper()
	a := r.sale(id).Last()
	c, ok := a.GiveBack(amount, time.Now())
	if !ok {
		r.Fatalf("%d yen of %+v cannot be given back", amount, a)
	}
	return pos.Return{Attempt: a.ID, Amount: amount, Way: c.Way, Left: c.Left}
}

func (r *rig) giveBack(id pos.SaleID, amount pos.Yen) pos.Way {
	r.Helper()
	want := r.wanted(id, amount)
	r.must(r.GiveBack(r.Context(), id, want))
	return want.Way
}

// books checks that the till's money is PayPay's.
func (r *rig) books(kept int64) {
	r.Helper()
	var truth int64
	for _, p := range r.sim.State().Payments {
		if p.Status == simulator.StatusCompleted || p.Status == simulator.StatusRefunded {
			truth += p.Amount - p.Refunded - p.Refunding
		}
	}
	if truth != kept {
		r.Errorf("PayPay keeps %d yen for the shop, want %d", truth, kept)
	}
	rep, err := r.Report(context.WithoutCancel(r.Context()), r.Day())
	if err != nil || int64(rep.Net) != kept {
		r.Errorf("the day comes to %+v, %v; want %d", rep, err, kept)
	}
}

func TestGiveBack_wholeOnTheSameDay(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_280)
		r.books(1_280)
		if way := r.giveBack(id, 1_280); way != pos.WayCancel {
			r.Errorf("given back by %s", way)
		}
		synctest.Wait()
		r.is(id, pos.Paid, pos.Changing) // accepted is not done
		r.tick(time.Minute)
		r.is(id, pos.Cancelled, pos.Returned)
		r.books(0)
		if n := r.calls(simulator.OpCancelPayment); n != 1 {
			r.Errorf("%d cancels", n)
		}
	})
}

func TestGiveBack_inParts(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_280)
		if way := r.giveBack(id, 200); way != pos.WayRefund {
			r.Errorf("a part is given back by %s", way)
		}
		synctest.Wait()
		r.is(id, pos.Paid, pos.PartReturned) // CREATED is success
		if m := r.sale(id).Last().Modifications[0]; m.State != pos.Accepted {
			r.Errorf("the refund is %s", m.State)
		}
		r.tick(2 * time.Minute)
		if m := r.sale(id).Last().Modifications[0]; m.State != pos.Carried {
			r.Errorf("the refund is %s", m.State)
		}
		r.giveBack(id, 1_000)
		r.tick(2 * time.Minute)
		if err := r.GiveBack(r.Context(), id, pos.Return{Attempt: r.sale(id).Last().ID, Amount: 81, Way: pos.WayRefund, Left: 80}); !errors.Is(err, pos.ErrAmount) {
			r.Errorf("more than is left: %v", err)
		}
		r.books(80)
		r.giveBack(id, 80)
		r.tick(2 * time.Minute)
		r.is(id, pos.Refunded, pos.Returned)
		r.books(0)
	})
}

func TestGiveBack_pressedTwice(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_280)
		want := r.wanted(id, 100)
		r.must(r.GiveBack(r.Context(), id, want))
		if err := r.GiveBack(r.Context(), id, want); !errors.Is(err, pos.ErrUnsettled) {
			r.Errorf("twice at once: %v", err)
		}
		r.tick(time.Minute)
		if err := r.GiveBack(r.Context(), id, want); !errors.Is(err, pos.ErrNews) {
			r.Errorf("the same once more: %v", err)
		}
		r.books(1_180)
	})
}

func TestGiveBack_lostAnswers(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{simulator.DropBefore, simulator.DropAfter, simulator.HTMLAfter, simulator.Truncated} {
		for _, op := range []simulator.Operation{simulator.OpCreateRefund, simulator.OpCancelPayment} {
			t.Run(fmt.Sprintf("%s/%s", op, kind), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(r *rig) {
					id := r.paid(1_280)
					amount := pos.Yen(1_280)
					if op == simulator.OpCreateRefund {
						amount = 280
					}
					r.fault(simulator.Fault{Operation: op, Kind: kind, Times: 3})
					r.giveBack(id, amount)
					synctest.Wait()
					r.restart()
					r.tick(5 * time.Minute)
					if s := r.sale(id); s.Last().Kept() != 1_280-amount || r.Status().Unsettled != 0 {
						r.Errorf("%d yen are kept, the sale is %s", s.Last().Kept(), s.Standing())
					}
					r.books(int64(1_280 - amount))
				})
			})
		}
	}
}

func TestGiveBack_theClocksDisagree(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_280)
		want := r.wanted(id, 1_280)
		if want.Way != pos.WayCancel {
			r.Fatalf("given back by %s", want.Way)
		}
		r.sim.Advance(time.Minute)
		r.tick(24*time.Hour + 30*time.Minute)
		// The screen showed a cancel a moment ago; PayPay decides.
		r.must(r.GiveBack(r.Context(), id, want))
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.Settled)
		tasks := r.Tasks()
		if len(tasks) != 1 || tasks[0].Kind != pos.TaskDenied || tasks[0].Code != "ORDER_NOT_REVERSIBLE" {
			r.Fatalf("the tasks are %+v", tasks)
		}
		r.restart()
		if len(r.Tasks()) != 1 {
			r.Error("a restart has lost the task")
		}
		if way := r.giveBack(id, 1_280); way != pos.WayRefund {
			r.Errorf("then by %s", way)
		}
		r.tick(2 * time.Minute)
		r.is(id, pos.Refunded, pos.Returned)
		if n := len(r.Tasks()); n != 0 {
			r.Errorf("%d tasks are left", n)
		}
	})
}

func TestGiveBack_refusedAndDropped(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_280)
		r.giveBack(id, 100)
		r.tick(2 * time.Minute)
		r.giveBack(id, 100)
		r.tick(2 * time.Minute)
		tasks := r.Tasks()
		if len(tasks) != 1 || tasks[0].Way != pos.WayRefund {
			r.Fatalf("the tasks are %+v", tasks)
		}
		r.must(r.Drop(r.Context(), id, tasks[0].Attempt, tasks[0].Modification, "cash"))
		if n := len(r.Tasks()); n != 0 {
			r.Errorf("%d tasks are left", n)
		}
		r.books(1_180)
	}, func(c *simulator.Config) { c.SingleRefund = true })
}

func TestGiveBack_throttled(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_280)
		r.fault(simulator.Fault{
			Operation: simulator.OpCreateRefund, Kind: simulator.StatusBefore, Status: 400,
			Code: "THROTTLED_MULTIPLE_REFUND_REJECTED", Times: 1,
		})
		r.giveBack(id, 100)
		r.tick(50 * time.Second)
		if n := r.calls(simulator.OpCreateRefund); n != 1 {
			r.Errorf("%d refunds were asked for within the minute", n)
		}
		r.tick(30 * time.Second)
		r.is(id, pos.Paid, pos.PartReturned)
		r.books(1_180)
	})
}

func TestHold_captured(t *testing.T) {
	t.Parallel()
	for _, amount := range []pos.Yen{1_280, 1_000} {
		inBubble(t, func(r *rig) {
			id := r.held(1_280)
			r.books(0)
			if at := r.sale(id).Last().PaidAt; time.Since(at).Abs() > time.Minute {
				r.Errorf("held since %s", at)
			}
			r.tick(10 * time.Minute)
			r.must(r.Capture(r.Context(), id, r.sale(id).Last().ID, amount))
			r.tick(time.Minute)
			r.is(id, pos.Paid, pos.Settled)
			if at := r.sale(id).Last().PaidAt; time.Since(at) > 2*time.Minute {
				r.Errorf("captured at %s, which is when it was held", at)
			}
			r.books(int64(amount))
			for _, search := range []string{"1280", amount.String()} {
				list, err := r.List(r.Context(), pos.ListQuery{Search: search})
				if err != nil || len(list) != 1 || list[0].Total != amount {
					r.Errorf("searching %s found %+v, %v", search, list, err)
				}
			}
			if way := r.giveBack(id, amount); way != pos.WayRefund {
				r.Errorf("given back by %s", way)
			}
			r.tick(2 * time.Minute)
			r.is(id, pos.Refunded, pos.Returned)
			r.books(0)
		}, mayHold)
	}
}

func TestHold_captureNotAnswered(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{simulator.DropBefore, simulator.DropAfter} {
		inBubble(t, func(r *rig) {
			id := r.held(1_280)
			r.fault(simulator.Fault{Operation: simulator.OpCapture, Kind: kind, Times: 2})
			r.must(r.Capture(r.Context(), id, r.sale(id).Last().ID, 1_000))
			synctest.Wait()
			r.restart()
			r.tick(time.Minute)
			r.is(id, pos.Paid, pos.Settled)
			r.books(1_000)
		}, mayHold)
	}
}

func TestHold_consent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(r *rig, id string) error
		state  pos.State
		kept   int64
	}{
		"given":   {func(r *rig, id string) error { return r.sim.Consent(id) }, pos.Paid, 1_500},
		"refused": {func(r *rig, id string) error { return r.sim.Refuse(id) }, pos.Held, 0},
		"never":   {func(r *rig, _ string) error { r.tick(6 * time.Hour); return nil }, pos.Held, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.held(1_280)
				attempt := r.sale(id).Last().ID
				r.must(r.Capture(r.Context(), id, attempt, 1_500))
				r.tick(10 * time.Second)
				m, _ := r.sale(id).Last().Working()
				if m.State != pos.Consenting || time.Until(m.Until) < 5*time.Hour {
					r.Fatalf("the capture is %+v", m)
				}
				r.restart()
				r.must(c.answer(r, attempt))
				r.tick(10 * time.Minute)
				if s := r.sale(id).Last(); s.State != c.state {
					r.Errorf("the attempt is %s", s.State)
				}
				r.books(c.kept)
				if c.state == pos.Held {
					if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskDenied {
						r.Errorf("the tasks are %+v", tasks)
					}
					r.must(r.Capture(r.Context(), id, attempt, 1_280))
					r.tick(time.Minute)
					r.is(id, pos.Paid, pos.Settled)
					r.books(1_280)
				}
			}, mayHold)
		})
	}
}

// One old answer about a capture that waits for the customer says nothing.
func TestHold_consentAndOldAnswers(t *testing.T) {
	t.Parallel()
	for _, times := range []int{1, 2} {
		inBubble(t, func(r *rig) {
			id := r.held(1_000)
			attempt := r.sale(id).Last().ID
			r.tick(3 * time.Minute)
			r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.Cached, Times: times})
			r.must(r.Capture(r.Context(), id, attempt, 1_500))
			for range 30 {
				r.tick(time.Second)
				if m := r.sale(id).Last().Modifications[0]; times == 1 && m.State == pos.Denied {
					r.Fatalf("after one old answer: %+v", m)
				}
			}
			r.tick(20 * time.Minute)
			if m := r.sale(id).Last().Modifications[0]; m.State != pos.Consenting || len(r.Tasks()) != 0 {
				r.Errorf("after %d old answers: %+v, tasks %+v", times, m, r.Tasks())
			}
		}, mayHold)
	}
}

// What a person has settled in another way, and the customer agrees to all the
// same, has to be seen by a person.
func TestHold_consentAfterItWasSettled(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.held(1_000)
		attempt := r.sale(id).Last().ID
		r.tick(3 * time.Minute)
		r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.Cached, Times: 3})
		r.must(r.Capture(r.Context(), id, attempt, 1_500))
		for r.sale(id).Last().Modifications[0].State != pos.Denied {
			r.tick(poll)
		}
		r.must(r.Drop(r.Context(), id, attempt, r.sale(id).Last().Modifications[0].ID, "paid in cash"))
		r.must(r.MoveOn(r.Context(), id, r.sale(id).Standing()))
		r.tick(time.Hour)
		r.must(r.sim.Consent(attempt))
		r.tick(time.Hour)
		r.is(id, pos.Paid, pos.LatePaid)
		if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskLate || tasks[0].Amount != 1_500 {
			r.Errorf("tasks %+v", tasks)
		}
		r.restart()
		if tasks := r.Tasks(); len(tasks) != 1 {
			r.Errorf("tasks after a restart %+v", tasks)
		}
	}, mayHold)
}

func TestHold_revertedAndLapsed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.held(1_280)
		r.fault(simulator.Fault{Operation: simulator.OpRevert, Kind: simulator.DropAfter, Times: 1})
		if way := r.giveBack(id, 1_280); way != pos.WayRevert {
			r.Errorf("let go by %s", way)
		}
		r.tick(time.Minute)
		r.is(id, pos.Reverted, pos.Released)

		id = r.held(500)
		r.tick(29*24*time.Hour + time.Hour)
		if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskLapsing {
			r.Errorf("the tasks are %+v", tasks)
		}
		r.tick(24 * time.Hour)
		r.is(id, pos.Lapsed, pos.Released)
		if n := len(r.Tasks()); n != 0 {
			r.Errorf("%d tasks are left", n)
		}
	}, mayHold)
}

func TestLate_attachedOrGivenBack(t *testing.T) {
	t.Parallel()
	late := func(r *rig) (pos.SaleID, string) {
		id := r.charge(500)
		a := r.sale(id).Last()
		r.must(r.sim.Scan(a.CodeID))
		r.must(r.GiveUp(r.Context(), id))
		r.tick(15 * time.Second)
		r.is(id, pos.Closed, pos.Unpaid)
		r.must(r.sim.Pay(a.CodeID))
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.LatePaid)
		return id, a.ID
	}
	inBubble(t, func(r *rig) {
		id, attempt := late(r)
		r.must(r.Attach(r.Context(), id, attempt))
		r.is(id, pos.Paid, pos.Settled)
		if n := len(r.Tasks()); n != 0 {
			r.Errorf("%d tasks are left", n)
		}
		r.books(500)
	})
	inBubble(t, func(r *rig) {
		id, _ := late(r)
		r.giveBack(id, 500)
		r.tick(time.Minute)
		r.is(id, pos.Cancelled, pos.Returned)
		if n := len(r.Tasks()); n != 0 {
			r.Errorf("%d tasks are left", n)
		}
		r.books(0)
	})
}

func TestCharge_sameAmountAsksFirst(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.charge(500)
		order := pos.NewOrder(pos.Line{Unit: 500, Quantity: 1, Rate: pos.Reduced})
		if _, err := r.Charge(r.Context(), order, pos.Terms{}); !errors.Is(err, pos.ErrSameAmount) {
			r.Errorf("a second code for the same amount: %v", err)
		}
		if _, err := r.Charge(r.Context(), pos.NewOrder(pos.Line{Unit: 501, Quantity: 1, Rate: pos.Reduced}), pos.Terms{}); err != nil {
			r.Error(err)
		}
		if _, err := r.Charge(r.Context(), order, pos.Terms{Anyway: true}); err != nil {
			r.Error(err)
		}
	})
}

func TestReport_eachPaymentInOneDay(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		day := r.Day()
		id := r.paid(1_280)
		r.paid(300)
		r.giveBack(id, 80)
		r.tick(24 * time.Hour)
		r.giveBack(id, 200)
		r.tick(time.Minute)
		rep, err := r.Report(r.Context(), day)
		r.must(err)
		want := pos.Report{Day: day, Payments: 2, Paid: 1_580, Refunds: 1, Refunded: 80, Net: 1_500}
		if rep != want {
			r.Errorf("the day is %+v, want %+v", rep, want)
		}
		rep, err = r.Report(r.Context(), day.Next())
		r.must(err)
		if want := (pos.Report{Day: day.Next(), Refunds: 1, Refunded: 200, Net: -200}); rep != want {
			r.Errorf("the day after is %+v, want %+v", rep, want)
		}
	})
}

func TestCharge_taxOfTheDay(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		o := pos.NewOrder(pos.Line{Unit: 108, Quantity: 1, Rate: pos.Reduced})
		o.Tax.Reduced = 0
		if _, err := r.Charge(r.Context(), o, pos.Terms{}); !errors.Is(err, pos.ErrTax) {
			r.Errorf("charged with another tax: %v", err)
		}
		o.Tax = r.Tax()
		if _, err := r.Charge(r.Context(), o, pos.Terms{}); err != nil {
			r.Error(err)
		}
	})
}

func TestNewCode_sameAmountAsksFirst(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		old := r.charge(500)
		r.must(r.GiveUp(r.Context(), old))
		r.tick(time.Hour)
		r.is(old, pos.Closed, pos.Unpaid)
		other := r.charge(500)
		if s, ok := r.Same(r.sale(old)); !ok || s.ID != other {
			r.Errorf("the same amount has %+v, %v", s.ID, ok)
		}
		if err := r.NewCode(r.Context(), old, pos.Terms{}); !errors.Is(err, pos.ErrSameAmount) {
			r.Errorf("a second code for the same amount: %v", err)
		}
		r.must(r.NewCode(r.Context(), other, pos.Terms{})) // its own code goes first
		r.tick(time.Minute)
		r.must(r.NewCode(r.Context(), old, pos.Terms{Anyway: true}))
		synctest.Wait()
		r.must(r.GiveUp(r.Context(), old))
		r.tick(time.Minute)
		r.tick(3 * time.Minute)
		r.is(other, pos.Live, pos.Waiting)
		r.must(r.NewCode(r.Context(), old, pos.Terms{})) // that was long ago
	})
}

// What was paid and given back is over: what is bought then is another sale.
func TestNewCode_notAfterTheMoneyWasGivenBack(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(500)
		if err := r.NewCode(r.Context(), id, pos.Terms{}); !errors.Is(err, pos.ErrPaid) {
			r.Errorf("while it is paid: %v", err)
		}
		r.giveBack(id, 500)
		r.tick(time.Minute)
		if err := r.NewCode(r.Context(), id, pos.Terms{}); !errors.Is(err, pos.ErrReturned) {
			r.Errorf("after it was given back: %v", err)
		}
	})
}

// set changes the simulated PayPay's ways.
func (r *rig) set(body string) {
	r.Helper()
	in := httptest.NewRequestWithContext(r.Context(), http.MethodPost, "http://127.0.0.1/simulator/settings", strings.NewReader(body))
	in.Header.Set("Content-Type", "application/json")
	in.RemoteAddr = "127.0.0.1:1024"
	out := httptest.NewRecorder()
	r.sim.ServeHTTP(out, in)
	if out.Code >= http.StatusMultipleChoices {
		r.Fatalf("%d %s", out.Code, out.Body)
	}
}

// Of several refunds that PayPay carries out, each is asked about in its turn;
// one that it takes days over becomes a task, and is none when it is done.
func TestTasks_refundUnderWayForDays(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.giveBack(id, 100)
		r.tick(2 * time.Minute)
		r.set(`{"refundDelay": "1h"}`)
		r.giveBack(id, 200)
		r.tick(2 * time.Hour)
		state := func(i int) pos.Progress { return r.sale(id).Last().Modifications[i].State }
		if state(0) != pos.Accepted || state(1) != pos.Carried {
			r.Errorf("the first refund is %s, the second %s", state(0), state(1))
		}
		r.tick(69*time.Hour + 30*time.Minute)
		if tasks := r.Tasks(); len(tasks) != 0 {
			r.Errorf("too soon: %+v", tasks)
		}
		r.tick(time.Hour)
		r.restart()
		tasks := r.Tasks()
		if len(tasks) != 1 || tasks[0].Kind != pos.TaskSlow || tasks[0].Amount != 100 || tasks[0].Modification != r.sale(id).Last().Modifications[0].ID {
			r.Errorf("tasks %+v", tasks)
		}
		r.tick(3 * 24 * time.Hour) // PayPay's batch has come
		if tasks := r.Tasks(); len(tasks) != 0 || state(0) != pos.Carried {
			r.Errorf("it is %s, and still %+v", state(0), tasks)
		}
	}, func(c *simulator.Config) { c.RefundDelay = 5 * 24 * time.Hour })
}

// While PayPay's answers do not fit the payment, no money of it is moved.
func TestGiveBack_notWhileTheAnswersDoNotFit(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.held(1_000)
		attempt := r.sale(id).Last().ID
		r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.WrongID})
		r.tick(11 * time.Minute)
		if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskUnfit {
			r.Errorf("tasks %+v", tasks)
		}
		if err := r.Capture(r.Context(), id, attempt, 1_000); !errors.Is(err, pos.ErrUnfit) {
			r.Errorf("capture: %v", err)
		}
		if err := r.GiveBack(r.Context(), id, r.wanted(id, 1_000)); !errors.Is(err, pos.ErrUnfit) {
			r.Errorf("revert: %v", err)
		}
		r.sim.ClearFaults()
		r.tick(11 * time.Minute)
		r.must(r.Capture(r.Context(), id, attempt, 1_000))
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.Settled)
	}, mayHold)
	inBubble(t, func(r *rig) {
		id := r.paid(1_000)
		r.fault(simulator.Fault{Operation: simulator.OpRefund, Kind: simulator.WrongAmount})
		r.giveBack(id, 100)
		r.tick(11 * time.Minute)
		if err := r.GiveBack(r.Context(), id, r.wanted(id, 100)); !errors.Is(err, pos.ErrUnfit) {
			r.Errorf("refund: %v", err)
		}
		r.sim.ClearFaults()
		r.tick(15 * time.Minute)
		if m := r.sale(id).Last().Modifications[0]; m.State != pos.Accepted {
			r.Errorf("the first is %s", m.State)
		}
		r.giveBack(id, 100) // PayPay still carries out the first
		r.tick(2 * time.Hour)
		r.books(800)
	}, func(c *simulator.Config) { c.RefundDelay = time.Hour })
}
