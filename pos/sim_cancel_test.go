package pos_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
)

// PayPay cancels a payment until 00:14:59 in Japan on the day after it,
// wherever the machine thinks it is and whatever its clock says.
func TestCancel_boundary(t *testing.T) { //nolint:paralleltest // it moves the machine to another zone
	jst := time.FixedZone("JST", 9*60*60)
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	local := time.Local //nolint:gosmopolitan // the zone of the machine is what is tested
	defer func() { time.Local = local }()
	for _, zone := range []*time.Location{time.UTC, jst, newYork} { //nolint:paralleltest // the machine has one zone at a time
		for _, ahead := range []time.Duration{-2 * time.Minute, 0, 2 * time.Minute} { // PayPay's clock
			for _, c := range []struct {
				at   string
				past time.Duration // PayPay's clock is known to half a second
				way  pos.Way
				ends pos.State
			}{{"00:14:59", 300 * time.Millisecond, pos.WayCancel, pos.Cancelled}, {"00:15:00", 700 * time.Millisecond, pos.WayRefund, pos.Refunded}} {
				t.Run(zone.String()+" "+ahead.String()+" "+c.at, func(t *testing.T) {
					time.Local = zone
					synctest.Test(t, func(t *testing.T) {
						r := newRig(t, func(s *simulator.Config) { s.Now = func() time.Time { return time.Now().Add(ahead) } })
						defer r.stop()
						at, err := time.ParseInLocation(time.DateTime, "2000-01-02 "+c.at, jst)
						if err != nil {
							t.Fatal(err)
						}
						r.tick(time.Until(at.Add(-ahead - time.Hour))) // the evening before, in Japan
						id := r.paid(1_280)
						if until := pos.CancelUntil(r.sale(id).Last().PaidAt); !until.Equal(time.Date(2000, 1, 2, 0, 15, 0, 0, jst)) {
							t.Errorf("the cancel is said to be possible until %v", until)
						}
						r.tick(time.Until(at.Add(-ahead)) + c.past)
						a := r.sale(id).Last()
						choice, ok := a.GiveBack(1_280, time.Now().Add(r.Status().Skew))
						if !ok {
							t.Fatal("nothing can be given back")
						}
						r.must(r.GiveBack(t.Context(), id, pos.Return{Attempt: a.ID, Amount: 1_280, Way: choice.Way, Left: choice.Left}))
						r.tick(time.Minute)
						if choice.Way != c.way {
							t.Errorf("given back by %s, want %s", choice.Way, c.way)
						}
						if s := r.sale(id); s.Last().State != c.ends {
							t.Errorf("the payment is %s in the end, want %s", s.Last().State, c.ends)
						}
					})
				})
			}
		}
	}
}

// A cancel that the cashier saw offered may come too late. Then PayPay refuses
// it, a person is told, and the money goes back by a refund, on the person's
// key.
func TestCancel_refusedAtTheBoundaryBecomesARefund(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		jst := time.FixedZone("JST", 9*60*60)
		deadline := time.Date(2000, 1, 2, 0, 15, 0, 0, jst)
		r.tick(time.Until(deadline.Add(-time.Hour)))
		id := r.paid(1_280)
		want := r.wanted(id, 1_280)
		r.tick(time.Until(deadline) + time.Second) // the dialog was open meanwhile
		r.must(r.GiveBack(r.Context(), id, want))
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.Settled)
		if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskDenied || tasks[0].Code != "ORDER_NOT_REVERSIBLE" {
			r.Fatalf("%+v", tasks)
		}
		if way := r.giveBack(id, 1_280); way != pos.WayRefund {
			r.Errorf("then by %s", way)
		}
		r.tick(2 * time.Minute)
		r.is(id, pos.Refunded, pos.Returned)
	})
}

// A look-up whose answer takes long says how things stood when it was asked. A
// cancel that PayPay accepts at the last moment, carries out later, and refuses
// when it is asked for again, is not denied by it.
func TestCancel_aSlowLookIsNoRefusal(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		deadline := time.Date(2000, 1, 2, 0, 15, 0, 0, time.FixedZone("JST", 9*60*60))
		r.tick(time.Until(deadline.Add(-time.Hour)))
		id := r.paid(1_280)
		r.tick(time.Until(deadline) - time.Second)
		r.fault(simulator.Fault{Operation: simulator.OpCancelPayment, Kind: simulator.HTMLAfter, Times: 1})
		r.giveBack(id, 1_280)
		for r.calls(simulator.OpCancelPayment) < 2 {
			r.tick(10 * time.Millisecond)
		}
		r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: simulator.DelayAfter, Delay: 12 * time.Second, Times: 1})
		for range 60 {
			r.tick(time.Second)
			if tasks := r.Tasks(); len(tasks) > 0 {
				r.Fatalf("%+v", tasks)
			}
		}
		r.is(id, pos.Cancelled, pos.Returned)
	}, func(c *simulator.Config) { c.CancelDelay = 8 * time.Second })
}

// The zone of the machine has no part in any decision.
func TestZone_ofTheMachineIsNeverAsked(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{".", "../paypay", "../store"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(folder, err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range []string{"time.Local", ".Local()"} {
				if strings.Contains(string(b), word) {
					t.Errorf("%s: %s", f, word)
				}
			}
		}
	}
}
