package pos_test

import (
	"testing"
	"time"

	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
)

// These are the histories that the simulation has found, told as short as they
// can be.

func TestWatch_aStatusThatNobodyKnowsEndsNothing(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(500)
		code := r.sale(id).Last().CodeID
		r.must(r.sim.Scan(code))
		r.must(r.GiveUp(r.Context(), id))
		r.tick(15 * time.Second)
		r.is(id, pos.Closed, pos.Unpaid)
		r.wire.broken.Store(true)
		r.must(r.sim.Pay(code))
		r.tick(10 * time.Minute) // the watch is over by the clock
		r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.UnknownStatus, Times: 3})
		r.wire.broken.Store(false)
		r.tick(10 * time.Minute)
		r.is(id, pos.Paid, pos.LatePaid)
	})
}

func TestRetryAfter_isTheLeastPause(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		const asked = 20 * time.Second
		for range 10 { // the till spreads its pauses, so that one sale shows nothing
			id := r.charge(500)
			r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.RateLimit, RetryAfter: asked, Times: 1})
			reads := r.sim.State().Reads
			for r.sim.State().Reads == reads {
				r.tick(10 * time.Millisecond)
			}
			r.tick(asked - 20*time.Millisecond)
			if n := r.sim.State().Reads - reads; n != 1 {
				t.Fatalf("%d look-ups within the pause that PayPay asked for", n)
			}
			r.must(r.sim.Pay(r.sale(id).Last().CodeID))
			r.tick(3 * poll)
		}
	})
}

func TestRevert_aStatusThatNobodyKnowsIsNoRefusal(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.held(500)
		r.fault(simulator.Fault{Operation: simulator.OpRevert, Kind: simulator.DropAfter, Times: 1})
		r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.UnknownStatus, Times: 8})
		r.giveBack(id, 500)
		for range 20 {
			r.tick(poll)
			if tasks := r.Tasks(); len(tasks) > 0 {
				r.Fatalf("%+v", tasks)
			}
		}
		r.is(id, pos.Reverted, pos.Released)
		if n := r.calls(simulator.OpRevert); n != 1 {
			t.Errorf("the revert was asked for %d times", n)
		}
	}, mayHold)
}

func TestRevert_panicIsNoRefusal(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.held(500)
		r.wire.panics.Store(1)
		r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.Cached, Times: 1})
		r.giveBack(id, 500)
		for range 20 {
			r.tick(poll)
			if tasks := r.Tasks(); len(tasks) > 0 {
				r.Fatalf("%+v", tasks)
			}
		}
		r.is(id, pos.Reverted, pos.Released)
		if n := r.calls(simulator.OpRevert); n != 2 {
			t.Errorf("the revert was asked for %d times", n)
		}
	}, mayHold)
}
