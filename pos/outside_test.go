package pos_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/paypay/simulator"
	"example.jp/reji/pos"
)

// panel is somebody who works with the same payments outside this till.
func (r *rig) panel() *paypay.Client {
	r.Helper()
	credentials, err := paypay.NewCredentials("key", "secret", "merchant")
	r.must(err)
	client, err := paypay.New(credentials, paypay.WithTries(1), paypay.WithBaseURL("https://paypay.example"), paypay.WithHTTPClient(&http.Client{Transport: &wire{to: r.sim}}))
	r.must(err)
	return client
}

// A return that PayPay denies because somebody else was faster shows what is
// true in the end.
func TestGiveBack_somebodyElseWasFaster(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.paid(1_280)
		_, err := r.panel().Refund(r.Context(), paypay.RefundRequest{
			MerchantRefundID: "panel-1", PaymentID: r.sale(id).Last().PaymentID, Amount: paypay.Yen(500), RequestedAt: time.Now().Unix(),
		})
		r.must(err)
		r.tick(time.Minute)
		r.giveBack(id, 1_280)
		r.tick(5 * time.Minute)
		if a := r.sale(id).Last(); a.Kept() != 780 || a.Left() != 780 {
			r.Errorf("the till keeps %d and could give back %d", a.Kept(), a.Left())
		}
		r.books(780)
	})
	inBubble(t, func(r *rig) {
		id := r.paid(1_280)
		r.must(r.panel().CancelPayment(r.Context(), r.sale(id).Last().ID))
		r.tick(time.Minute)
		r.giveBack(id, 280)
		r.tick(5 * time.Minute)
		r.is(id, pos.Cancelled, pos.Returned)
		r.books(0)
	})
}

func TestTasks_captureLostWithItsHold(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.held(1_000)
		r.tick(30*24*time.Hour - time.Hour)
		r.wire.broken.Store(true)
		r.must(r.Capture(r.Context(), id, r.sale(id).Last().ID, 1_000))
		r.tick(2 * time.Hour)
		r.wire.broken.Store(false)
		r.tick(time.Hour)
		if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskDenied || tasks[0].Way != pos.WayCapture {
			r.Errorf("the shop was not paid, and the tasks are %+v", tasks)
		}
	}, mayHold)
}

func TestTasks_unknownAlsoWhileShutOrOver(t *testing.T) {
	t.Parallel()
	for _, giveUp := range []bool{true, false} {
		inBubble(t, func(r *rig) {
			id := r.charge(700)
			r.wire.broken.Store(true)
			if giveUp {
				r.must(r.GiveUp(r.Context(), id))
				synctest.Wait()
			}
			r.tick(20 * time.Minute)
			if tasks := r.Tasks(); len(tasks) != 1 || tasks[0].Kind != pos.TaskUnknown {
				r.Errorf("the tasks are %+v", tasks)
			}
			r.wire.broken.Store(false)
			r.tick(5 * time.Minute)
			if n := len(r.Tasks()); n != 0 {
				r.Errorf("%d tasks are left", n)
			}
		})
	}
}

// One answer that is wrong changes nothing about a hold, and is forgotten when
// the next one fits.
func TestHold_oneWrongAnswer(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.Kind{simulator.WrongAmount, simulator.WrongID} {
		inBubble(t, func(r *rig) {
			id := r.held(1_000)
			r.fault(simulator.Fault{Operation: simulator.OpCodePayment, Kind: kind, Times: 1})
			r.tick(11 * time.Minute)
			if a := r.sale(id).Last(); a.OnHold != 1_000 {
				r.Errorf("%s: %d yen are held", kind, a.OnHold)
			}
			r.tick(time.Hour)
			if a := r.sale(id).Last(); a.OnHold != 1_000 || a.Mismatch || len(r.Tasks()) != 0 {
				r.Errorf("%s: %d yen are held, does not fit: %v, tasks %+v", kind, a.OnHold, a.Mismatch, r.Tasks())
			}
		}, mayHold)
	}
}
