package simulator_test

import (
	"errors"
	"testing"
	"time"

	"example.jp/reji/paypay/simulator"
)

func TestCustomer_declinesAndPaysLater(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	if err := tl.sim.Decline(code); !errors.Is(err, simulator.ErrNotScanned) {
		t.Errorf("got %v, want ErrNotScanned", err)
	}
	must(t, tl.sim.Scan(code))
	must(t, tl.sim.Scan(code))
	must(t, tl.sim.Decline(code))
	tl.look("order-1").is(t, "CREATED")
	must(t, tl.sim.Pay(code))
	for _, act := range []func(string) error{tl.sim.Scan, tl.sim.Pay, tl.sim.Decline, tl.sim.FailPayment} {
		if err := act(code); !errors.Is(err, simulator.ErrPaid) {
			t.Errorf("got %v, want ErrPaid", err)
		}
	}
	if err := tl.sim.Pay("04-AAAAAAAAAAAAAAAA"); !errors.Is(err, simulator.ErrUnknownCode) {
		t.Errorf("got %v, want ErrUnknownCode", err)
	}
	if got := tl.sim.State().Taken; got != 100 {
		t.Errorf("taken %d", got)
	}
}

func TestCustomer_paymentFails(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	code := tl.create(t, "order-1", 100)
	tl.advance(time.Second)
	must(t, tl.sim.FailPayment(code))
	got := tl.look("order-1")
	got.is(t, "FAILED")
	if got.text("acceptedAt") != "0" || got.text("paymentId") == "<nil>" || got.text("canceledAt") == "<nil>" {
		t.Error(got.raw)
	}
	if err := tl.sim.Pay(code); !errors.Is(err, simulator.ErrFailed) {
		t.Errorf("got %v, want ErrFailed", err)
	}
	tl.shut(code).says(t, 404, "DYNAMIC_QR_NOT_FOUND", "01652072")
	tl.cancel("order-1").says(t, 202, "REQUEST_ACCEPTED", "08100001")
	if got := tl.sim.State().Taken; got != 0 {
		t.Errorf("taken %d", got)
	}
}

func TestCustomer_paysUpToHalfAMillion(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	must(t, tl.sim.Pay(tl.create(t, "most", 500_000)))
	must(t, tl.sim.Pay(tl.create(t, "more", 500_001)))
	tl.look("most").is(t, "COMPLETED")
	tl.look("more").is(t, "FAILED")
}
