package simulator_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay/simulator"
)

// seconds is the till's time, for a body.
func (tl *till) seconds() int64 { return start.Add(tl.elapsed).Unix() }

// refund asks for a refund by PayPay's number of a payment.
func (tl *till) refund(id, paymentID string, yen int64) reply {
	return tl.call("POST", "/v2/refunds", fmt.Sprintf(
		`{"merchantRefundId":%q,"paymentId":%q,"amount":{"amount":%d,"currency":"JPY"},"requestedAt":%d,"reason":"returned"}`,
		id, paymentID, yen, tl.seconds()))
}

func (tl *till) lookRefund(paymentID string) reply {
	return tl.call("GET", "/v2/refunds/refund-1?paymentId="+paymentID, "")
}

// paid sells something and returns PayPay's number of the payment.
func (tl *till) paid(t testing.TB, id string, yen int64) string {
	t.Helper()
	got := tl.call("POST", "/v2/codes", createBodyAt(id, yen, tl.elapsed))
	got.says(t, 201, "SUCCESS", "08100001")
	must(t, tl.sim.Pay(got.text("codeId")))
	return tl.look(id).text("paymentId")
}

func TestRefund_isAcceptedAndSettlesByTheClock(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	number := tl.paid(t, "order-1", 1000)
	got := tl.refund("refund-1", number, 1000)
	got.says(t, 200, "SUCCESS", "08100001")
	want := fmt.Sprintf(`map[acceptedAt:0 amount:map[amount:1000 currency:JPY] merchantRefundId:refund-1 paymentId:%s `+
		`reason:returned requestedAt:%d status:CREATED]`, number, start.Unix())
	if diff := cmp.Diff(want, fmt.Sprint(got.data)); diff != "" {
		t.Error(diff)
	}
	tl.look("order-1").is(t, "COMPLETED")
	tl.advance(10*time.Second - 1)
	tl.lookRefund(number).is(t, "CREATED")
	if got := tl.sim.State(); got.Taken != 1000 || got.Payments[0].Refunding != 1000 {
		t.Errorf("%+v", got)
	}
	tl.advance(1)
	done := tl.lookRefund(number)
	done.is(t, "REFUNDED")
	if done.text("acceptedAt") != strconv.FormatInt(start.Unix()+10, 10) {
		t.Error(done.raw)
	}
	after := tl.look("order-1")
	after.is(t, "REFUNDED")
	if diff := cmp.Diff(map[string]any{"data": []any{done.data}}, after.data["refunds"]); diff != "" {
		t.Error(diff)
	}
	if got := tl.sim.State(); got.Taken != 0 || got.Payments[0].Refunded != 1000 || got.Payments[0].Stage != "refunded" {
		t.Errorf("%+v", got)
	}
	tl.cancel("order-1").says(t, 400, "ORDER_NOT_REVERSIBLE", "00200044")
}

func TestRefund_sameIDIsAnsweredWithTheSameRefund(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	one, other := tl.paid(t, "order-1", 1000), tl.paid(t, "order-2", 1000)
	first := tl.refund("refund-1", one, 400)
	if diff := cmp.Diff(first.data, tl.refund("refund-1", one, 400).data); diff != "" {
		t.Error(diff)
	}
	tl.advance(time.Hour)
	tl.refund("refund-1", one, 400).is(t, "REFUNDED")
	// The key is the id and the payment.
	tl.refund("refund-1", other, 300).says(t, 200, "SUCCESS", "08100001")
	tl.advance(time.Hour)
	if got := tl.sim.State().Taken; got != 2000-400-300 {
		t.Errorf("taken %d", got)
	}
}

// A refund that exists is told whenever it is asked for again, with the requestedAt
// that it was first asked for with.
func TestRefund_sameRequestDaysLater(t *testing.T) {
	t.Parallel()
	c := config()
	now := start
	c.Now = func() time.Time { return now }
	tl := newTill(t, c)
	number := tl.paid(t, "order-1", 1000)
	ask := func(id string) reply {
		return tl.call("POST", "/v2/refunds", fmt.Sprintf(
			`{"merchantRefundId":%q,"paymentId":%q,"amount":{"amount":400,"currency":"JPY"},"requestedAt":%d}`, id, number, start.Unix()))
	}
	ask("refund-1").is(t, "CREATED")
	now, tl.elapsed = start.Add(100*time.Hour), 100*time.Hour
	ask("refund-1").is(t, "REFUNDED")
	ask("refund-2").says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
}

func TestRefund_settings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		change         func(*simulator.Config)
		http           int
		status, before string // of the refund at once, and of the payment a minute later
		second         string
	}{
		{"as documented", func(*simulator.Config) {}, 200, "CREATED", "COMPLETED", "SUCCESS"},
		{"201", func(c *simulator.Config) { c.RefundHTTPStatus = 201 }, 201, "CREATED", "COMPLETED", "SUCCESS"},
		{"at once", func(c *simulator.Config) { c.RefundAtOnce = true }, 200, "REFUNDED", "COMPLETED", "SUCCESS"},
		{"only one", func(c *simulator.Config) { c.SingleRefund = true }, 200, "CREATED", "COMPLETED", "MERCHANT_MULTIPLE_REFUND_REJECTED"},
		{"refunded in part", func(c *simulator.Config) { c.PartialRefund = simulator.PartialRefunded }, 200, "CREATED", "REFUNDED", "SUCCESS"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := config()
			tt.change(&c)
			tl := newTill(t, c)
			number := tl.paid(t, "order-1", 1000)
			got := tl.refund("refund-1", number, 400)
			got.says(t, tt.http, "SUCCESS", "08100001")
			if got.text("status") != tt.status {
				t.Error(got.raw)
			}
			tl.advance(time.Minute)
			tl.look("order-1").is(t, tt.before)
			if got := tl.refund("refund-2", number, 600); got.code != tt.second {
				t.Error(got.raw)
			}
		})
	}
}

func TestRefund_refusals(t *testing.T) {
	t.Parallel()
	c := config()
	c.Customers = []simulator.Customer{{ID: "ann", Balance: 1_000_000, MaxBalance: 1_000_000}}
	tl := newTill(t, c)
	number := tl.paid(t, "order-1", 1000)
	tl.refund("refund-1", "order-1", 1).says(t, 500, "INTERNAL_SERVER_ERROR", "08101000")
	tl.refund("refund-1", "0400000000", 1).says(t, 404, "RESOURCE_NOT_FOUND", "00200001")
	tl.refund("refund-1", number, 1001).says(t, 400, "INVALID_PARAMS", "00200015")
	tl.refund("a.b", number, 1).says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	tl.refund("refund-1", number, 0).says(t, 400, "INVALID_REQUEST_PARAMS", "08100006")
	tl.call("POST", "/v2/refunds", `{"merchantRefundId":"a","amount":{"amount":1,"currency":"JPY"},"requestedAt":1}`).
		says(t, 400, "MISSING_REQUEST_PARAMS", "08100024")

	tl.lookRefund(number).says(t, 404, "NO_SUCH_REFUND_ORDER", "00200018")
	tl.lookRefund("0400000000").says(t, 404, "NO_SUCH_REFUND_ORDER", "00200018")
	tl.call("GET", "/v2/refunds/refund-1", "").says(t, 400, "INVALID_PARAMS", "")

	must(t, tl.sim.SetAccount("ann", simulator.AccountClosed))
	tl.refund("refund-1", number, 1).says(t, 400, "CANCELED_USER", "01103027")
	must(t, tl.sim.SetAccount("ann", simulator.AccountSuspended))
	tl.refund("refund-1", number, 1).says(t, 401, "USER_STATE_IS_NOT_ACTIVE", "")
	must(t, tl.sim.SetAccount("ann", simulator.AccountActive))

	tl.refund("refund-1", number, 400).says(t, 200, "SUCCESS", "08100001")
	tl.refund("refund-2", number, 100).says(t, 400, "THROTTLED_MULTIPLE_REFUND_REJECTED", "")
	tl.cancel("order-1").says(t, 400, "ORDER_NOT_REVERSIBLE", "00200044")
	tl.advance(time.Minute)
	tl.refund("refund-2", number, 601).says(t, 400, "INVALID_PARAMS", "00200015")
	tl.refund("refund-2", number, 600).says(t, 200, "SUCCESS", "08100001")

	cancelled := tl.paid(t, "order-2", 500)
	tl.cancel("order-2")
	tl.refund("refund-1", cancelled, 500).says(t, 400, "UNACCEPTABLE_OP", "00200013")
	tl.advance(time.Minute)
	tl.refund("refund-1", cancelled, 500).says(t, 400, "UNACCEPTABLE_OP", "00200013")
	if got := tl.sim.State(); got.Taken != 0 || got.Wallets[0].Balance != 1_000_000 {
		t.Errorf("%+v", got.Wallets)
	}
}

func TestRefund_twentyTimes(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	number := tl.paid(t, "order-1", 1000)
	for i := range 20 {
		tl.refund(fmt.Sprint("refund-", i), number, 1).says(t, 200, "SUCCESS", "08100001")
		tl.advance(time.Minute)
	}
	tl.refund("refund-20", number, 1).says(t, 400, "REFUND_LIMIT_EXCEEDED", "")
}

func TestRefund_untilTheEndOfThe365thDayInTokyo(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	number := tl.paid(t, "order-1", 1000)
	end := time.Date(2027, 11, 23, 15, 0, 0, 0, time.UTC) // midnight JST after the 365th day
	tl.advance(end.Add(-time.Second).Sub(start))
	tl.refund("refund-1", number, 1).says(t, 200, "SUCCESS", "08100001")
	tl.advance(time.Minute)
	tl.refund("refund-2", number, 1).says(t, 400, "REFUND_WINDOW_EXCEED", "")
	tl.advance(160 * 24 * time.Hour)
	tl.refund("refund-2", number, 1).says(t, 400, "ORDER_NO_LONGER_AVAILABLE", "")
	tl.lookRefund(number).says(t, 400, "ORDER_NO_LONGER_AVAILABLE", "")
	tl.cancel("order-1").says(t, 400, "ORDER_NO_LONGER_AVAILABLE", "")
	tl.call("GET", "/v2/payments/order-1", "").says(t, 400, "ORDER_NO_LONGER_AVAILABLE", "")
}

func TestRefund_faultsSpoilItsAnswer(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	number := tl.paid(t, "order-1", 1000)
	once := func(kind simulator.Kind) {
		must(t, tl.sim.Fault(simulator.Fault{Kind: kind, Times: 1, MerchantPaymentID: "order-1"}))
	}
	once(simulator.DropAfter)
	if got := tl.refund("refund-1", number, 400); !got.dropped {
		t.Error(got.raw)
	}
	once(simulator.Stale)
	tl.lookRefund(number).says(t, 404, "NO_SUCH_REFUND_ORDER", "00200018")
	once(simulator.WrongAmount)
	if got := tl.lookRefund(number); fmt.Sprint(got.data["amount"]) != "map[amount:401 currency:JPY]" {
		t.Error(got.raw)
	}
	once(simulator.UnknownStatus)
	tl.lookRefund(number).is(t, "PENDING_REVIEW")
	once(simulator.WrongID)
	if got := tl.refund("refund-1", number, 400); got.text("merchantRefundId") == "refund-1" {
		t.Error(got.raw)
	}
	if got := tl.sim.State().Payments[0]; got.Refunding != 400 {
		t.Errorf("%+v", got)
	}
}
