package pos_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
)

func inBubble(t *testing.T, test func(r *rig), set ...func(*simulator.Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, set...)
		defer r.stop()
		test(r)
	})
}

func TestCharge_paid(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(1_280)
		r.is(id, pos.Live, pos.Waiting)
		s := r.sale(id)
		if truth := r.sim.State().Payments[0]; truth.URL != s.Last().URL || truth.Amount != 1_280 || s.Number != 1 {
			r.Errorf("the code is %+v, PayPay's is %+v", s.Last(), truth)
		}
		r.tick(10 * time.Second)
		r.is(id, pos.Live, pos.Waiting)
		r.must(r.sim.Pay(s.Last().CodeID))
		r.tick(poll + poll/10) // one round, with its jitter
		r.is(id, pos.Paid, pos.Settled)
		if s := r.sale(id); s.Last().PaymentID != r.sim.State().Payments[0].PaymentID {
			r.Errorf("paid by %q", s.Last().PaymentID)
		}
		r.must(r.MoveOn(r.Context(), id, r.sale(id).Standing()))
		if _, ok := r.Unfinished(); ok {
			r.Error("the sale is still unfinished")
		}
		reads := r.sim.State().Reads
		r.tick(time.Hour)
		if r.sim.State().Reads != reads {
			r.Error("a settled sale is still asked about")
		}
	})
}

func TestCharge_sameOrderTwiceIsOneSale(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		order := pos.NewOrder(pos.Line{Unit: 100, Quantity: 1, Rate: pos.Reduced})
		var wg sync.WaitGroup
		ids := make([]pos.SaleID, 5)
		for i := range ids {
			wg.Go(func() {
				s, err := r.Charge(r.Context(), order, pos.Terms{Anyway: true})
				if err != nil {
					r.Error(err)
				}
				ids[i] = s.ID
			})
		}
		wg.Wait()
		r.tick(time.Minute)
		for _, id := range ids {
			if id != ids[0] {
				r.Errorf("sales %v", ids)
			}
		}
		if n := r.calls("v2_createDynamicQRCode"); n != 1 {
			r.Errorf("%d codes were asked for", n)
		}
	})
}

func TestCharge_refuses(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		if _, err := r.Charge(r.Context(), pos.NewOrder(), pos.Terms{}); !errors.Is(err, pos.ErrEmptyOrder) {
			r.Errorf("an empty order: %v", err)
		}
		dear := pos.NewOrder(pos.Line{Unit: pos.MaxYen, Quantity: 2, Rate: pos.Standard})
		if _, err := r.Charge(r.Context(), dear, pos.Terms{}); !errors.Is(err, pos.ErrAmount) {
			r.Errorf("an amount over the limit: %v", err)
		}
		if n := len(r.sim.State().Calls); n != 0 {
			r.Errorf("%d calls were made", n)
		}
	})
}

func TestGiveUp_unpaid(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.must(r.GiveUp(r.Context(), id))
		synctest.Wait()
		r.is(id, pos.Closed, pos.Unpaid)
		if err := r.sim.Pay(r.sale(id).Last().CodeID); err == nil {
			r.Error("the code can still be paid")
		}
		r.must(r.MoveOn(r.Context(), id, r.sale(id).Standing()))
		r.tick(10 * time.Minute)
		if _, pending := r.Sale(id); pending {
			r.Error("a dead code is watched for ever")
		}
	})
}

func TestGiveUp_customerPaysBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.fault(simulator.Fault{Operation: "v2_deleteDynamicQRCode", Kind: simulator.PayDuring, Times: 1})
		r.must(r.GiveUp(r.Context(), id))
		r.tick(poll)
		r.is(id, pos.Paid, pos.Settled)
	})
}

func TestGiveUp_paymentUnderWayLandsLater(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		code := r.sale(id).Last().CodeID
		r.must(r.sim.Scan(code))
		r.must(r.GiveUp(r.Context(), id))
		r.tick(time.Second)
		r.is(id, pos.Closing, pos.Waiting)
		r.must(r.sim.Pay(code))
		r.tick(2 * poll)
		r.is(id, pos.Paid, pos.Settled)
	})
}

func TestGiveUp_paymentUnderWayLandsMuchLater(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		code := r.sale(id).Last().CodeID
		r.must(r.sim.Scan(code))
		r.must(r.GiveUp(r.Context(), id))
		r.tick(20 * time.Second)
		r.is(id, pos.Closed, pos.Unpaid)
		r.must(r.MoveOn(r.Context(), id, r.sale(id).Standing()))
		r.must(r.sim.Pay(code))
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.LatePaid)
		if s := r.sale(id); r.Status().Tasks != 1 || s.Left {
			r.Error("nobody is told")
		}
	})
}

func TestGiveUp_deleteLost(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{simulator.DropBefore, simulator.DropAfter, simulator.HTMLAfter, simulator.Truncated, simulator.Maintenance} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.charge(500)
				r.fault(simulator.Fault{Operation: "v2_deleteDynamicQRCode", Kind: kind, Times: 2})
				r.must(r.GiveUp(r.Context(), id))
				r.tick(5 * poll)
				r.is(id, pos.Closed, pos.Unpaid)
			})
		})
	}
}

func TestGiveUp_paidAndTheAnswerLost(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.must(r.sim.Pay(r.sale(id).Last().CodeID))
		r.fault(simulator.Fault{Operation: "v2_deleteDynamicQRCode", Kind: simulator.DropAfter})
		r.must(r.GiveUp(r.Context(), id))
		r.tick(poll)
		r.is(id, pos.Paid, pos.Settled)
	})
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]simulator.GoneAnswer{
		"not found 400": simulator.NotFound400, "not found 404": simulator.NotFound404, "created for ever": simulator.Created200,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.charge(500)
				r.tick(5*time.Minute + 3*poll)
				r.is(id, pos.Expired, pos.Unpaid)
			}, func(c *simulator.Config) { c.GoneAnswer = answer })
		})
	}
}

func TestExpiry_isPayPaysClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-10 * time.Minute, -90 * time.Second, 90 * time.Second, 10 * time.Minute} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.charge(500)
				r.is(id, pos.Live, pos.Waiting)
				r.tick(4*time.Minute + 50*time.Second)
				r.is(id, pos.Live, pos.Waiting)
				r.must(r.NewCode(r.Context(), id, pos.Terms{}))
				r.tick(5*time.Minute + 20*time.Second)
				r.is(id, pos.Expired, pos.Unpaid)
			}, func(c *simulator.Config) { c.Now = func() time.Time { return time.Now().Add(ahead) } })
		})
	}
}

func TestExpiry_paidInTheLastSecond(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.tick(5*time.Minute - 500*time.Millisecond)
		r.must(r.sim.Pay(r.sale(id).Last().CodeID))
		r.tick(3 * poll)
		r.is(id, pos.Paid, pos.Settled)
	})
}

func TestNewCode(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		old := r.sale(id).Last()
		r.must(r.NewCode(r.Context(), id, pos.Terms{}))
		synctest.Wait()
		r.is(id, pos.Live, pos.Waiting)
		s := r.sale(id)
		if len(s.Attempts) != 2 || s.Attempts[0].State != pos.Closed || s.Last().ID == old.ID || s.Last().CodeID == old.CodeID {
			r.Fatalf("%+v", s.Attempts)
		}
		if err := r.sim.Pay(old.CodeID); err == nil {
			r.Error("the old code can still be paid")
		}
		r.must(r.sim.Pay(s.Last().CodeID))
		r.tick(poll * 2)
		r.is(id, pos.Paid, pos.Settled)
	})
}

func TestNewCode_customerPaidTheOldOneFirst(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.must(r.sim.Pay(r.sale(id).Last().CodeID))
		r.must(r.NewCode(r.Context(), id, pos.Terms{}))
		r.tick(2 * poll)
		r.is(id, pos.Paid, pos.Settled)
		if n := r.calls("v2_createDynamicQRCode"); n != 1 {
			r.Errorf("%d codes were asked for", n)
		}
		if err := r.NewCode(r.Context(), id, pos.Terms{}); !errors.Is(err, pos.ErrPaid) {
			r.Errorf("a new code for a paid sale: %v", err)
		}
	})
}

func TestCreate_answerLost(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{
		simulator.DropBefore, simulator.DropAfter, simulator.Truncated, simulator.HTMLAfter, simulator.Garbage,
		simulator.DuplicateKey, simulator.WrongAmount, simulator.WrongID, simulator.WrongLength, simulator.Maintenance,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				r.fault(simulator.Fault{Operation: "v2_createDynamicQRCode", Kind: kind, Times: 1})
				id := r.charge(500)
				r.tick(poll)
				s := r.sale(id)
				if len(s.Attempts) != 2 || s.Attempts[0].State != pos.Lost || s.Last().State != pos.Live {
					r.Fatalf("%+v", s.Attempts)
				}
				if n := r.calls("v2_cancelPayment"); n != 1 {
					r.Errorf("%d cancels for the lost code", n)
				}
				// Were the lost code paid after all, it would be given back.
				r.must(r.sim.Pay(s.Last().CodeID))
				r.tick(10 * time.Minute)
				r.is(id, pos.Paid, pos.Settled)
				if first := r.sale(id).Attempts[0]; first.State != pos.Closed {
					r.Errorf("the lost code is %s in the end", first.State)
				}
			})
		})
	}
}

func TestCreate_takesEffectLate(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.fault(simulator.Fault{Operation: "v2_createDynamicQRCode", Kind: simulator.LateCreate, Delay: 20 * time.Second, Times: 1})
		id := r.charge(500)
		r.tick(time.Minute)
		for _, p := range r.sim.State().Payments {
			if p.MerchantPaymentID == r.sale(id).Attempts[0].ID && !p.CancelAccepted {
				r.Error("the late code was not cancelled")
			}
		}
		if s := r.sale(id); s.Last().Number != 2 || s.Last().State != pos.Live {
			r.Errorf("%+v", s.Last())
		}
		r.tick(10 * time.Minute)
	})
}

func TestCreate_refused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault simulator.Fault
	}{
		{"401", simulator.Fault{Kind: simulator.Unauthorized}},
		{"busy for long", simulator.Fault{Kind: simulator.RateLimit}},
		{"refused", simulator.Fault{Kind: simulator.StatusBefore, Status: 400, Code: "INVALID_REQUEST_PARAMS", CodeID: "08100006"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				c.fault.Operation = "v2_createDynamicQRCode"
				r.fault(c.fault)
				id := r.charge(500)
				r.tick(time.Minute)
				r.is(id, pos.Refused, pos.Unpaid)
				if s, _ := r.Sale(id); s.Contact.Problem == nil {
					r.Error("nobody can say why")
				}
				r.sim.ClearFaults()
				r.must(r.NewCode(r.Context(), id, pos.Terms{}))
				synctest.Wait()
				r.is(id, pos.Live, pos.Waiting)
			})
		})
	}
}

func TestCreate_busyForAMoment(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.fault(simulator.Fault{Operation: "v2_createDynamicQRCode", Kind: simulator.RateLimit, Times: 1, RetryAfter: 2 * time.Second})
		id := r.charge(500)
		r.tick(5 * time.Second)
		r.is(id, pos.Live, pos.Waiting)
		if s := r.sale(id); len(s.Attempts) != 1 {
			r.Errorf("what PayPay did not process was asked again under %d ids", len(s.Attempts))
		}
	})
}

func TestCreate_offline(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.wire.broken.Store(true)
		id := r.charge(500)
		r.tick(10 * time.Second)
		r.is(id, pos.Refused, pos.Unpaid)
		if s, _ := r.Sale(id); paypay.ClassOf(s.Contact.Problem) != paypay.Unsent {
			r.Errorf("the reason is %v", s.Contact.Problem)
		}
		r.wire.broken.Store(false)
		r.must(r.NewCode(r.Context(), id, pos.Terms{}))
		synctest.Wait()
		r.is(id, pos.Live, pos.Waiting)
	})
}

func TestWatch_connectionDownForAMinute(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.wire.broken.Store(true)
		r.must(r.sim.Pay(r.sale(id).Last().CodeID))
		r.tick(time.Minute)
		r.is(id, pos.Live, pos.Waiting)
		if s, _ := r.Sale(id); s.Contact.Problem == nil || r.Status().Contact.Problem == nil {
			r.Error("nobody says that PayPay cannot be reached")
		}
		r.wire.broken.Store(false)
		r.tick(poll + poll/10)
		r.is(id, pos.Paid, pos.Settled)
	})
}

func TestWatch_oddAnswersChangeNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{
		simulator.HTMLAfter, simulator.Garbage, simulator.DuplicateKey, simulator.Stale, simulator.WrongID, simulator.Truncated,
		simulator.RateLimit, simulator.Unauthorized, simulator.Maintenance, simulator.UnknownStatus,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				id := r.charge(500)
				r.fault(simulator.Fault{Operation: "v2_getQRPaymentDetails", Kind: kind})
				r.must(r.sim.Pay(r.sale(id).Last().CodeID))
				r.tick(2 * time.Minute)
				if s := r.sale(id); s.Standing() != pos.Waiting && s.Standing() != pos.Unclear {
					r.Errorf("the sale is %s by an answer that says nothing", s.Standing())
				}
				r.sim.ClearFaults()
				r.tick(time.Minute)
				r.is(id, pos.Paid, pos.Settled)
			})
		})
	}
}

func TestWatch_anotherAmountIsNeverPaid(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		r.must(r.sim.Pay(r.sale(id).Last().CodeID))
		r.fault(simulator.Fault{Operation: "v2_getQRPaymentDetails", Kind: simulator.WrongAmount})
		r.tick(time.Minute)
		if s := r.sale(id); s.Standing() != pos.Unclear || !s.Last().Mismatch {
			r.Errorf("%s: %+v", s.Standing(), s.Last())
		}
		r.sim.ClearFaults()
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.Settled)
	})
}

func TestWatch_failedPaymentShutsTheCode(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		code := r.sale(id).Last().CodeID
		r.must(r.sim.FailPayment(code))
		r.tick(2 * poll)
		r.is(id, pos.Failed, pos.Unpaid)
		r.must(r.NewCode(r.Context(), id, pos.Terms{}))
		synctest.Wait()
		r.is(id, pos.Live, pos.Waiting)
	})
}

func TestWatch_asksNoMoreOftenThanThePollAllows(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		r.charge(500)
		before := r.sim.State().Reads
		r.tick(time.Minute)
		if n := r.sim.State().Reads - before; n > 23 || n < 18 {
			r.Errorf("%d look-ups in a minute of %s rounds", n, poll)
		}
		r.fault(simulator.Fault{Operation: "v2_getQRPaymentDetails", Kind: simulator.RateLimit})
		r.tick(time.Minute)
		before = r.sim.State().Reads
		r.tick(2 * time.Minute)
		if n := r.sim.State().Reads - before; n > 5 {
			r.Errorf("%d look-ups in two minutes although PayPay is busy", n)
		}
	})
}

func TestLeave_theSaleIsStillWatched(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		first := r.charge(500)
		r.must(r.MoveOn(r.Context(), first, pos.Waiting))
		second := r.charge(700)
		if st := r.Status(); st.Unsettled != 2 || len(r.Unsettled()) != 2 {
			r.Errorf("%d sales are unsettled", st.Unsettled)
		}
		r.must(r.sim.Pay(r.sale(first).Last().CodeID))
		r.tick(2 * poll)
		r.is(first, pos.Paid, pos.Settled)
		r.is(second, pos.Live, pos.Waiting)
	})
}

func TestLatePayment_shutsTheNewerCode(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		old := r.sale(id).Last().CodeID
		r.must(r.sim.Scan(old))
		r.must(r.NewCode(r.Context(), id, pos.Terms{}))
		r.tick(20 * time.Second)
		r.is(id, pos.Live, pos.Waiting)
		r.must(r.sim.Pay(old))
		r.tick(30 * time.Second)
		s := r.sale(id)
		if s.Attempts[0].State != pos.Paid || s.Last().State != pos.Closed || s.Standing() != pos.LatePaid {
			r.Errorf("%s: %+v", s.Standing(), s.Attempts)
		}
		if err := r.sim.Pay(s.Last().CodeID); err == nil {
			r.Error("the sale can be paid twice")
		}
		if r.Status().Tasks != 1 {
			r.Error("nobody is told")
		}
	})
}

func TestRestart_takesEverythingUp(t *testing.T) {
	t.Parallel()
	t.Run("live, paid meanwhile", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(r *rig) {
			id := r.charge(500)
			r.stop()
			r.must(r.sim.Pay(r.sim.State().Payments[0].CodeID))
			r.start()
			if got, ok := r.Unfinished(); !ok || got != id {
				r.Errorf("the till shows %q first", got)
			}
			r.tick(time.Second)
			r.is(id, pos.Paid, pos.Settled)
		})
	})
	t.Run("live, not paid", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(r *rig) {
			id := r.charge(500)
			url := r.sale(id).Last().URL
			r.restart()
			r.tick(time.Second)
			r.is(id, pos.Live, pos.Waiting)
			if r.sale(id).Last().URL != url {
				r.Error("another code is shown")
			}
		})
	})
	t.Run("receipt showing", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(r *rig) {
			id := r.charge(500)
			r.must(r.sim.Pay(r.sale(id).Last().CodeID))
			r.tick(2 * poll)
			r.restart()
			if got, ok := r.Unfinished(); !ok || got != id {
				r.Errorf("the till shows %q first", got)
			}
			r.is(id, pos.Paid, pos.Settled)
		})
	})
	t.Run("create unanswered", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(r *rig) {
			r.fault(simulator.Fault{Operation: "v2_createDynamicQRCode", Kind: simulator.DelayAfter, Delay: time.Minute, Times: 1})
			id := r.charge(500)
			r.is(id, pos.Requested, pos.Waiting)
			r.restart()
			r.tick(time.Second)
			r.is(id, pos.Lost, pos.Unpaid)
			if n := r.calls("v2_createDynamicQRCode"); n != 1 {
				r.Errorf("%d codes were asked for", n)
			}
			r.must(r.NewCode(r.Context(), id, pos.Terms{}))
			r.tick(time.Second)
			r.is(id, pos.Live, pos.Waiting)
		})
	})
	t.Run("half given up", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(r *rig) {
			id := r.charge(500)
			r.fault(simulator.Fault{Operation: "v2_deleteDynamicQRCode", Kind: simulator.DropAfter, Times: 1})
			r.fault(simulator.Fault{Operation: "v2_getQRPaymentDetails", Kind: simulator.DropAfter, Times: 1})
			r.must(r.GiveUp(r.Context(), id))
			synctest.Wait()
			r.is(id, pos.Closing, pos.Waiting)
			r.restart()
			r.tick(poll * 2)
			r.is(id, pos.Closed, pos.Unpaid)
		})
	})
	t.Run("numbers go on", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(r *rig) {
			first := r.charge(500)
			r.restart()
			second := r.charge(500)
			if a, b := r.sale(first), r.sale(second); b.Number != a.Number+1 || a.Last().ID == b.Last().ID {
				r.Errorf("receipts %d and %d", a.Number, b.Number)
			}
			list, err := r.List(r.Context(), pos.ListQuery{Day: r.Day()})
			if err != nil || len(list) != 2 || list[0].ID != second {
				r.Errorf("%v: %+v", err, list)
			}
		})
	})
}
