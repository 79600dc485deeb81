package pos_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
)

// These are the histories by which the laws of money were once broken.

func TestNewCode_waitsUntilTheOldOneCannotBePaid(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		// This PayPay says NOT_FOUND of deleted codes, as the till has seen before.
		first := r.charge(100)
		r.must(r.GiveUp(r.Context(), first))
		r.tick(poll)

		id := r.charge(500)
		code := r.sale(id).Last().CodeID
		r.must(r.sim.Scan(code))
		r.must(r.NewCode(r.Context(), id, pos.Terms{}))
		r.tick(20 * time.Second)
		r.is(id, pos.Closed, pos.Unpaid)
		if err := r.NewCode(r.Context(), id, pos.Terms{}); !errors.Is(err, pos.ErrUnsettled) {
			r.Errorf("a second code while the first may be paid: %v", err)
		}
		if n := len(r.sale(id).Attempts); n != 1 {
			r.Fatalf("%d codes", n)
		}
		r.must(r.sim.Decline(code))
		r.tick(time.Minute)
		r.must(r.NewCode(r.Context(), id, pos.Terms{}))
		synctest.Wait()
		r.is(id, pos.Live, pos.Waiting)
	})
}

func TestNewCode_doubtBeginsWithTheDeletion(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		code := r.sale(id).Last().CodeID
		r.fault(simulator.Fault{Operation: simulator.OpDeleteCode, Kind: simulator.DropBefore})
		r.must(r.NewCode(r.Context(), id, pos.Terms{}))
		r.tick(15 * time.Second)
		r.must(r.sim.Scan(code))
		r.sim.ClearFaults()
		r.tick(5 * time.Second) // deleted within the last few
		r.is(id, pos.Closing, pos.Waiting)
		r.must(r.sim.Pay(code))
		r.tick(2 * poll)
		r.is(id, pos.Paid, pos.Settled)
	})
}

func TestGiveUp_leftAndThenPaid(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		code := r.sale(id).Last().CodeID
		r.must(r.sim.Scan(code))
		r.must(r.GiveUp(r.Context(), id))
		r.tick(time.Second)
		r.must(r.MoveOn(r.Context(), id, pos.Waiting))
		r.must(r.sim.Pay(code))
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.LatePaid)
		if r.Status().Tasks != 1 {
			r.Error("the cashier may have taken cash, and nobody is told")
		}
	})
}

func TestMoveOn_doesNotSwallowNews(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		code := r.sale(id).Last().CodeID
		r.must(r.sim.Scan(code))
		r.must(r.GiveUp(r.Context(), id))
		r.tick(15 * time.Second)
		r.is(id, pos.Closed, pos.Unpaid)
		r.must(r.sim.Pay(code))
		r.tick(time.Minute)
		if err := r.MoveOn(r.Context(), id, pos.Unpaid); !errors.Is(err, pos.ErrNews) {
			r.Errorf("the cashier left what looked unpaid, and it was paid: %v", err)
		}
		if r.Status().Tasks != 1 {
			r.Error("nobody is told")
		}
	})
}

func TestTrouble_surfacedChargeIsNotChargedAgain(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.disk.kept.Store(true)
		r.disk.fails.Store(1)
		order := pos.NewOrder(pos.Line{Unit: 500, Quantity: 1, Rate: pos.Standard})
		if _, err := r.Charge(r.Context(), order, pos.Terms{}); !errors.Is(err, pos.ErrJournal) {
			r.Fatal(err)
		}
		r.tick(5 * time.Second)
		_, err := r.Charge(r.Context(), order, pos.Terms{Anyway: true})
		r.must(err)
		if list, err := r.List(r.Context(), pos.ListQuery{}); err != nil || len(list) != 1 {
			r.Errorf("%d sales of one order, %v", len(list), err)
		}
	})
}

func TestTrouble_watchersRest(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.tick(time.Minute)
		r.disk.fails.Store(1 << 30)
		_, err := r.Charge(r.Context(), pos.NewOrder(pos.Line{Unit: 1, Quantity: 1, Rate: pos.Standard}), pos.Terms{Anyway: true})
		if !errors.Is(err, pos.ErrJournal) {
			r.Error(err)
		}
		r.tick(5 * time.Minute) // past expiry: with a watcher that spins, no time would pass
		r.disk.fails.Store(0)
		r.tick(time.Minute)
		r.is(id, pos.Expired, pos.Unpaid)
	})
}

func TestCheckNow_doesNotHoldTheRoundBack(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		code := r.sale(id).Last().CodeID
		r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.RateLimit, RetryAfter: 20 * time.Second, Times: 1})
		r.tick(4 * time.Second)
		r.must(r.sim.Pay(code))
		for range 6 {
			r.tick(5 * time.Second)
			r.CheckNow(id)
		}
		synctest.Wait()
		r.is(id, pos.Paid, pos.Settled)
	})
}

func TestCheckNow_isHeardWhilePayPayFails(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{simulator.Maintenance, simulator.Unauthorized, simulator.RateLimit} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.charge(500)
				r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: kind})
				r.must(r.sim.Pay(r.sale(id).Last().CodeID))
				r.tick(2 * time.Minute)
				r.sim.ClearFaults()
				r.CheckNow(id)
				r.tick(time.Second)
				if s := r.sale(id); s.Last().State != pos.Paid {
					r.CheckNow(id) // the first may have come within a second of the last call
					r.tick(2 * time.Second)
					r.is(id, pos.Paid, pos.Settled)
				}
			})
		})
	}
}

func TestCreate_longPauseIsARefusal(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.fault(simulator.Fault{Operation: simulator.OpCreateCode, Kind: simulator.RateLimit, RetryAfter: time.Minute})
		id := r.charge(500)
		r.CheckNow(id)
		r.tick(time.Second)
		r.is(id, pos.Refused, pos.Unpaid)
		if n := r.calls(simulator.OpCreateCode); n != 1 {
			r.Errorf("asked %d times although PayPay wanted a minute", n)
		}
	})
}

// What PayPay says to one code, it says to the next ones too.
func TestCreate_longPauseIsForAllCodes(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.fault(simulator.Fault{Operation: simulator.OpCreateCode, Kind: simulator.RateLimit, RetryAfter: time.Minute, Times: 1})
		id := r.charge(500)
		r.tick(time.Second)
		for range 10 {
			r.must(r.NewCode(r.Context(), id, pos.Terms{}))
			r.tick(time.Second)
			r.is(id, pos.Refused, pos.Unpaid)
		}
		if n := r.calls(simulator.OpCreateCode); n != 1 {
			r.Errorf("asked %d times although PayPay wanted a minute", n)
		}
		r.tick(42 * time.Second) // the rest is short enough for a customer to wait for
		r.must(r.NewCode(r.Context(), id, pos.Terms{}))
		r.tick(time.Second)
		if n := r.calls(simulator.OpCreateCode); n != 1 {
			r.Errorf("asked %d times before the minute was over", n)
		}
		r.tick(9 * time.Second)
		r.is(id, pos.Live, pos.Waiting)
	})
}

func TestCreate_pauseCannotBeHurried(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.fault(simulator.Fault{Operation: simulator.OpCreateCode, Kind: simulator.RateLimit, RetryAfter: 9 * time.Second, Times: 1})
		id := r.charge(500)
		for range 6 {
			r.tick(1200 * time.Millisecond)
			r.CheckNow(id)
		}
		if n := r.calls(simulator.OpCreateCode); n != 1 {
			r.Errorf("asked %d times within the pause", n)
		}
		r.tick(4 * time.Second)
		r.is(id, pos.Live, pos.Waiting)
	})
}

func TestGiveUp_keepsRetryAfter(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.fault(simulator.Fault{Operation: simulator.OpDeleteCode, Kind: simulator.RateLimit, RetryAfter: 30 * time.Second})
		r.must(r.GiveUp(r.Context(), id))
		r.tick(25 * time.Second)
		if n := r.calls(simulator.OpDeleteCode); n != 1 {
			r.Errorf("%d deletions within the pause", n)
		}
	})
}

func TestCreate_lostAndTheCancelNeverAnswered(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.fault(simulator.Fault{Operation: simulator.OpCancelPayment, Kind: simulator.StatusBefore, Status: 500, Code: "INTERNAL_SERVER_ERROR"})
		r.fault(simulator.Fault{Operation: simulator.OpCreateCode, Kind: simulator.DropBefore, Times: 1})
		id := r.charge(500)
		r.tick(10 * time.Minute)
		if first := r.sale(id).Attempts[0]; first.State != pos.Closed {
			r.Errorf("%s for ever, although PayPay answers look-ups", first.State)
		}
		if n := r.calls(simulator.OpCancelPayment); n > 40 {
			r.Errorf("%d cancels", n)
		}
	})
}

func TestGiveUp_calledPaidAndNeverFound(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.fault(simulator.Fault{Operation: simulator.OpDeleteCode, Kind: simulator.StatusBefore, Status: 400, Code: "DYNAMIC_QR_ALREADY_PAID", Times: 1})
		r.must(r.GiveUp(r.Context(), id))
		r.tick(10 * time.Minute)
		r.is(id, pos.Closed, pos.Unpaid)
	})
}

func TestWatch_oneStaleAnswerDoesNotEndIt(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		code := r.sale(id).Last().CodeID
		r.must(r.sim.Scan(code))
		r.must(r.GiveUp(r.Context(), id))
		r.tick(15 * time.Second)
		r.wire.broken.Store(true)
		r.must(r.sim.Pay(code))
		r.tick(10 * time.Minute) // the watch is over by the clock
		r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.Stale, Times: 1})
		r.wire.broken.Store(false)
		r.tick(2 * time.Minute)
		r.is(id, pos.Paid, pos.LatePaid)
	})
}

// noAmount is a PayPay that names no amount in look-ups while it is curt.
type noAmount struct {
	http.Handler
	curt atomic.Bool
}

var amount = regexp.MustCompile(`"amount":\{[^}]*\},?`)

func (n *noAmount) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !n.curt.Load() || r.Method != http.MethodGet {
		n.Handler.ServeHTTP(w, r)
		return
	}
	out := httptest.NewRecorder()
	n.Handler.ServeHTTP(out, r)
	for k, v := range out.Header() {
		if k != "Content-Length" {
			w.Header()[k] = v
		}
	}
	w.WriteHeader(out.Code)
	_, _ = w.Write(amount.ReplaceAll(out.Body.Bytes(), nil))
}

func TestWatch_anAmountIsNeededOnlyWithMoney(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		paypay := &noAmount{Handler: r.sim}
		r.wire.to = paypay
		paypay.curt.Store(true)
		id := r.charge(500)
		r.tick(20 * time.Second)
		r.is(id, pos.Live, pos.Waiting)
		r.must(r.sim.Pay(r.sale(id).Last().CodeID))
		r.tick(20 * time.Second)
		if s := r.sale(id); s.Standing() != pos.Unclear {
			r.Errorf("a payment of nobody knows how much: %s", s.Standing())
		}
		paypay.curt.Store(false)
		r.tick(20 * time.Second)
		r.is(id, pos.Paid, pos.Settled)
	})
}

func TestCharge_refusesWhatNoOrderHolds(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		for _, l := range []pos.Line{
			{Unit: -500, Quantity: 1, Rate: pos.Standard}, {Unit: 500, Quantity: -1, Rate: pos.Standard}, {Unit: 500, Quantity: 1, Rate: "luxury"},
		} {
			if s, err := r.Charge(r.Context(), pos.NewOrder(l), pos.Terms{}); err == nil {
				r.Errorf("%+v was charged: %s", l, s.ID)
			}
		}
	})
}

func TestCreate_panicIsNoReasonToAskAgain(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.wire.panics.Store(1)
		id := r.charge(500)
		r.tick(2 * time.Minute)
		s := r.sale(id)
		if s.Attempts[0].State != pos.Lost {
			r.Errorf("the attempt that nobody knows about is %s", s.Attempts[0].State)
		}
		asked := 0
		for _, c := range r.sim.State().Calls {
			if c.Operation == simulator.OpCreateCode && c.MerchantPaymentID == s.Attempts[0].ID {
				asked++
			}
		}
		if asked != 1 {
			r.Errorf("the same code was asked for %d times", asked)
		}
	})
}

func TestCheckNow_panicIsNotTriedAgainAtOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.tick(3 * poll / 2) // the first look is a while ago
		r.wire.panics.Store(100)
		r.CheckNow(id)
		r.tick(2 * poll)
		if n := 100 - r.wire.panics.Load(); n != 1 {
			t.Errorf("the payment was looked up %d times", n)
		}
	})
}

func TestNewCode_followsAlthoughTheJournalFailed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.fault(simulator.Fault{Operation: simulator.OpDeleteCode, Kind: simulator.DelayAfter, Delay: time.Second, Times: 1})
		r.must(r.NewCode(r.Context(), id, pos.Terms{}))
		r.disk.skips.Store(2) // the deletion's answer and the look-up's; the new code's intent fails
		r.disk.fails.Store(1)
		r.tick(30 * time.Second)
		r.is(id, pos.Live, pos.Waiting)
		if n := len(r.sale(id).Attempts); n != 2 {
			r.Errorf("%d codes", n)
		}
	})
}

// A charge of which the journal said that it failed may come to light later: then
// the order that was changed in between is another one.
func TestCharge_changedSinceItFailed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		o := pos.NewOrder(pos.Line{Unit: 500, Quantity: 1, Rate: pos.Standard})
		r.disk.kept.Store(true)
		r.disk.fails.Store(1)
		if _, err := r.Charge(r.Context(), o, pos.Terms{}); err == nil {
			r.Fatal("charged")
		}
		more, _, err := o.Add(pos.Line{Unit: 300, Quantity: 1, Rate: pos.Standard})
		r.must(err)
		r.tick(10 * time.Second)
		if s, err := r.Charge(r.Context(), more, pos.Terms{}); !errors.Is(err, pos.ErrNews) {
			r.Errorf("800 yen are charged as %s, %v", s.Totals.Total, err)
		}
		if s, err := r.Charge(r.Context(), o, pos.Terms{Hold: true}); !errors.Is(err, pos.ErrNews) {
			r.Errorf("a hold is a charge: %s, %v", s.ID, err)
		}
		s, err := r.Charge(r.Context(), o, pos.Terms{})
		r.must(err)
		r.tick(time.Minute)
		if s.Totals.Total != 500 || len(r.sim.State().Payments) > 1 {
			r.Errorf("charged %+v", r.sim.State().Payments)
		}
	}, mayHold)
}
