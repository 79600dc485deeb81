package pos_test

import (
	"testing"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// Money that came and went before the till saw either is two movements, also
// when nothing is left of it.
func TestReport_whatCameAndWentInOneLook(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hold     bool
		refunded int64
	}{
		"a part of a payment":     {false, 200},
		"a whole payment":         {false, 700},
		"a part of what was held": {true, 200},
		"all of what was held":    {true, 700},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				var id pos.SaleID
				if c.hold {
					id = r.held(1_000)
				} else {
					id = r.charge(700)
				}
				copied := r.backup()
				if c.hold {
					r.must(r.Capture(r.Context(), id, r.sale(id).Last().ID, 700))
				} else {
					r.must(r.sim.Pay(r.sale(id).Last().CodeID))
				}
				r.tick(2 * time.Minute)
				// By a refund and not by a cancel, also of the whole.
				r.giveBack(id, pos.Yen(c.refunded-100))
				r.tick(2 * time.Minute)
				r.giveBack(id, 100)
				r.tick(30 * time.Minute)
				r.restore(copied)
				r.tick(2 * time.Hour)
				want := pos.Report{
					Day: r.Day(), Payments: 1, Paid: 700, Refunds: 1, Refunded: pos.Yen(c.refunded),
					Net: 700 - pos.Yen(c.refunded), Incomplete: true,
				}
				if rep, err := r.Report(r.Context(), r.Day()); err != nil || rep != want {
					r.Errorf("the day comes to %+v, %v; want %+v", rep, err, want)
				}
				if kept := r.sale(id).Last().Kept(); kept != want.Net {
					r.Errorf("the till has %d yen", kept)
				}
			}, mayHold)
		})
	}
}

// A till that is ended between the two entries of such a look asks again.
func TestReport_whatCameAndWentAndTheTillEnded(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *rig) {
		id := r.charge(700)
		r.must(r.MoveOn(r.Context(), id, r.sale(id).Standing()))
		r.wire.broken.Store(true)
		a := r.sale(id).Last()
		r.must(r.sim.Pay(a.CodeID))
		paid, err := r.panel().CodePayment(r.Context(), a.ID)
		r.must(err)
		_, err = r.panel().Refund(r.Context(), paypay.RefundRequest{
			MerchantRefundID: "panel-1", PaymentID: paid.PaymentID, Amount: paypay.Yen(300), RequestedAt: time.Now().Unix(),
		})
		r.must(err)
		r.tick(10 * time.Second)
		r.disk.skips.Store(1)
		r.disk.fails.Store(1 << 30)
		r.wire.broken.Store(false)
		r.tick(10 * time.Second)
		if kept := r.sale(id).Last().Kept(); kept != 700 {
			r.Errorf("the first entry tells of %d yen", kept)
		}
		r.disk.fails.Store(0)
		r.restart()
		r.tick(time.Minute)
		r.is(id, pos.Paid, pos.PartReturned)
		r.books(400)
		if _, pending := r.Sale(id); pending {
			r.Error("it is asked about for ever")
		}
	})
}
