package simulator_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/paypay/simulator"
)

// rich is a till whose customer has every kind of means.
func rich(t testing.TB) *till {
	t.Helper()
	return linking(t, func(c *simulator.Config) {
		c.Customers = []simulator.Customer{{
			ID: "ann", Phone: "08012345678", Balance: 1000, Means: []simulator.Means{
				{ID: "points", Type: "POINT", Yen: 30},
				{ID: "voucher", Type: "GIFT_VOUCHER", Yen: 20},
				{ID: "card", Type: "CREDIT_CARD", Yen: 5000},
				{ID: "later", Type: "PAY_LATER_CC", Yen: 700},
				{ID: "old", Type: "PAY_LATER_CC", Yen: 700, Status: "EXPIRED"},
				{ID: "off", Type: "CREDIT_CARD", Yen: 700, Status: "OFF"},
			},
		}}
	})
}

// has checks what the customer has, in the order of [rich], after the balance.
func (tl *till) has(t testing.TB, want ...int64) {
	t.Helper()
	w := tl.sim.State().Wallets[0]
	got := []int64{w.Balance}
	for _, m := range w.Means[:len(want)-1] {
		got = append(got, m.Yen)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// byMeans are the means in an answer, such as "POINT 30".
func byMeans(t testing.TB, r reply) string {
	t.Helper()
	list, _ := r.data["paymentMethods"].([]any)
	var all []string
	for _, each := range list {
		m, _ := each.(map[string]any)
		amount, _ := m["amount"].(map[string]any)
		all = append(all, fmt.Sprint(m["type"], " ", amount["amount"]))
		_, hasPoints := m["breakdown"]
		if hasPoints != (m["type"] == "POINT") {
			t.Errorf("breakdown of %v", m)
		}
	}
	return strings.Join(all, ", ")
}

func TestMeans_vouchersThenPointsThenBalance(t *testing.T) {
	t.Parallel()
	tl := rich(t)
	number := tl.paid(t, "order-1", 100)
	if got := byMeans(t, tl.look("order-1")); got != "GIFT_VOUCHER 20, POINT 30, WALLET 50" {
		t.Error(got)
	}
	if raw := tl.look("order-1").raw; !strings.Contains(raw, `"breakdown":{"points":[{"amount":30,"type":"REGULAR"}]}`) {
		t.Error(raw)
	}
	tl.has(t, 950, 0, 0)
	// It goes back the other way.
	tl.refund("refund-1", number, 60)
	tl.advance(2 * time.Minute)
	tl.has(t, 1000, 10, 0)
	tl.refund("refund-2", number, 40)
	tl.advance(2 * time.Minute)
	tl.has(t, 1000, 30, 20)
	if got := byMeans(t, tl.look("order-1")); got != "GIFT_VOUCHER 20, POINT 30, WALLET 50" {
		t.Errorf("after the refund: %s", got)
	}
	lines := tl.file(t, "transaction_123456_20261123000000_20261123235959_v2.csv")
	if !strings.Contains(lines[0], `"PayPay商品券,PayPayポイント,PayPay残高"`) || !strings.Contains(lines[0], `""paymentMethod"":""PayPayポイント"",""amount"":30`) {
		t.Error(lines[0])
	}
	if !strings.Contains(lines[1], `"PayPay残高,PayPayポイント"`) || !strings.Contains(lines[1], `""amount"":-10`) {
		t.Error(lines[1])
	}
}

func TestMeans_captureLessLetsTheRestGo(t *testing.T) {
	t.Parallel()
	tl := rich(t)
	tl.held(t, "order-1", 100)
	tl.has(t, 950, 0, 0)
	tl.capture("capture-1", "order-1", 40).is(t, "COMPLETED")
	tl.has(t, 1000, 10, 0)
	if got := byMeans(t, tl.look("order-1")); got != "GIFT_VOUCHER 20, POINT 20" {
		t.Error(got)
	}
	reverted := tl.held(t, "order-2", 500)
	tl.revert(reverted).is(t, "CANCELED")
	tl.has(t, 1000, 10, 0)
}

func TestMeans_customerChoosesACard(t *testing.T) {
	t.Parallel()
	tl := rich(t)
	must(t, tl.sim.PayWith("ann", "card"))
	tl.paid(t, "order-1", 4000)
	if got := byMeans(t, tl.look("order-1")); got != "CREDIT_CARD 4000" {
		t.Error(got)
	}
	tl.has(t, 1000, 30, 20, 1000)
	must(t, tl.sim.Pay(tl.create(t, "order-2", 1001)))
	tl.look("order-2").is(t, "FAILED")
	if got := tl.control(t, "POST", "/simulator/customers/ann/means/wallet", ""); got.Code != 200 {
		t.Error(got.Body)
	}
	tl.paid(t, "order-3", 1001)
	tl.has(t, 49, 0, 0, 1000)
	tl.cancel("order-1")
	tl.advance(time.Minute)
	tl.has(t, 49, 0, 0, 5000)

	for target, field := range map[string]string{"ann/means/x": "means", "eve/means/card": "customer"} {
		if got := tl.control(t, "POST", "/simulator/customers/"+target, ""); got.Code != 404 || !strings.Contains(got.Body.String(), field) {
			t.Errorf("%s: %d %s", target, got.Code, got.Body)
		}
	}
	if err := tl.sim.PayWith("ann", "x"); !errors.Is(err, simulator.ErrUnknownMeans) {
		t.Error(err)
	}
}

func TestMeans_shopChooses(t *testing.T) {
	t.Parallel()
	tl := rich(t)
	user := tl.link(t, "")
	for i, tt := range []struct {
		members string
		yen     int64
		status  int
		code    string
		by      string
	}{
		{`,"paymentMethodType":"WALLET"`, 60, 201, "SUCCESS", "GIFT_VOUCHER 20, POINT 30, WALLET 10"},
		{`,"paymentMethodType":"CREDIT_CARD"`, 61, 201, "SUCCESS", "CREDIT_CARD 61"},
		{`,"paymentMethodId":"later"`, 62, 201, "SUCCESS", "PAY_LATER_CC 62"},
		{`,"paymentMethodType":"PAY_LATER_CC","paymentMethodId":"later"`, 63, 201, "SUCCESS", "PAY_LATER_CC 63"},
		{`,"paymentMethodType":"CREDIT_CARD","paymentMethodId":"later"`, 1, 404, "PAYMENT_METHOD_NOT_FOUND", ""},
		{`,"paymentMethodType":"HIVEX"`, 1, 400, "UNSUPPORTED_PAYMENT_METHOD", ""},
		{`,"paymentMethodType":"CREDIT_CARD"`, 6000, 400, "CC_LIMIT_EXCEEDED", ""},
		{`,"paymentMethodId":"later"`, 6000, 400, "PPC_LIMIT_EXCEEDED", ""},
		{`,"paymentMethodId":"old"`, 1, 400, "PPC_EXPIRED", ""},
		{`,"paymentMethodId":"off"`, 1, 400, "PAY_METHOD_INVALIDATED", ""},
		{`,"paymentMethodType":"POINT"`, 31, 400, "NO_SUFFICIENT_FUND", ""},
	} {
		got := tl.charge("/v2/payments", fmt.Sprint("order-", i), user, tt.yen, tt.members)
		got.says(t, tt.status, tt.code, got.codeID)
		if by := byMeans(t, got); by != tt.by {
			t.Errorf("%s: by %s, want %s", tt.members, by, tt.by)
		}
	}
	got := tl.call("GET", "/v4/paymentMethods?userAuthorizationId="+user, "")
	for _, part := range []string{
		`"paymentMethodType":"WALLET","id":"wallet"`, `"paymentMethodType":"PAY_LATER_CC","id":"old"`, `"paymentMethodStatus":"EXPIRED"`, `"disabled":true`,
	} {
		if !strings.Contains(got.raw, part) {
			t.Errorf("%s is missing in %s", part, got.raw)
		}
	}
}

// What was paid on credit is kept for longer.
func TestMeans_creditIsLookedUpForLonger(t *testing.T) {
	t.Parallel()
	tl := rich(t)
	tl.paid(t, "order-1", 10)
	must(t, tl.sim.PayWith("ann", "later"))
	tl.paid(t, "order-2", 10)
	tl.advance(525 * 24 * time.Hour)
	tl.call("GET", "/v2/payments/order-1", "").says(t, 400, "ORDER_NO_LONGER_AVAILABLE", "")
	tl.call("GET", "/v2/payments/order-2", "").says(t, 200, "SUCCESS", "08100001")
	tl.advance((921 - 525) * 24 * time.Hour)
	tl.call("GET", "/v2/payments/order-2", "").says(t, 400, "ORDER_NO_LONGER_AVAILABLE", "")
}

func TestMeans_raisedCaptureBeyondTheCard(t *testing.T) {
	t.Parallel()
	tl := rich(t)
	must(t, tl.sim.PayWith("ann", "later"))
	tl.held(t, "order-1", 600)
	tl.capture("capture-1", "order-1", 701).says(t, 400, "LIMIT_EXCEEDED", "")
	tl.capture("capture-2", "order-1", 700).says(t, 202, "USER_CONFIRMATION_REQUIRED", "08300103")
	must(t, tl.sim.Consent("order-1"))
	tl.advance(time.Minute)
	if got := byMeans(t, tl.look("order-1")); got != "PAY_LATER_CC 700" {
		t.Error(got)
	}
}

func TestCustomers_areAddedByControl(t *testing.T) {
	t.Parallel()
	tl := newTill(t, config())
	add := func(body string) (int, string) {
		got := tl.control(t, "POST", "/simulator/customers", body)
		return got.Code, got.Body.String()
	}
	if code, body := add(`{"id":"eve","phone":"09011112222","balance":50,"means":[{"id":"p","type":"POINT","yen":7}]}`); code != 200 {
		t.Error(body)
	}
	must(t, tl.sim.PayAs(tl.create(t, "order-1", 57), "eve"))
	tl.look("order-1").is(t, "COMPLETED")
	for body, want := range map[string]string{
		`{"id":"eve"}`:            "id",
		`{"id":"x y"}`:            "id",
		`{"id":"f","balance":-1}`: "yen",
		`{"id":"f","means":[{"id":"wallet","type":"POINT"}]}`:                      "means[0].id",
		`{"id":"f","means":[{"id":"a","type":"WALLET"}]}`:                          "means[0].type",
		`{"id":"f","means":[{"id":"a","type":"POINT","yen":-1}]}`:                  "means[0].yen",
		`{"id":"f","means":[{"id":"a","type":"POINT","status":"?"}]}`:              "means[0].status",
		`{"id":"f","means":[{"id":"a","type":"POINT"},{"id":"a","type":"POINT"}]}`: "means[1].id",
		`{"id":"f","colour":"red"}`:                                                "colour",
	} {
		if code, got := add(body); code != 400 || !strings.Contains(got, want) {
			t.Errorf("%s: %d %s", body, code, got)
		}
	}
	if n := len(tl.sim.State().Wallets); n != 2 {
		t.Errorf("%d customers", n)
	}
}
