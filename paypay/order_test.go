package paypay

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// userOrder is what testdata/payment.json and the pending payments answer.
func userOrder() OrderRequest {
	return OrderRequest{
		MerchantPaymentID: "R1-0001", UserAuthorizationID: authorizationID, Amount: Yen(1280), RequestedAt: 1760000120,
		StoreID: "STORE-01", TerminalID: "REG-2", OrderReceiptNumber: "000123", OrderDescription: "むね堂 お会計",
		OrderItems: []OrderItem{{"どら焼き", "和菓子", 4, "4901234567894", Yen(320)}},
	}
}

const userOrderBody = `{"merchantPaymentId":"R1-0001","userAuthorizationId":"0f3c8a52-6a1e-4a39-9b52-2f7f0d1b7c11",` +
	`"amount":{"amount":1280,"currency":"JPY"},"requestedAt":1760000120,"storeId":"STORE-01","terminalId":"REG-2",` +
	`"orderReceiptNumber":"000123","orderDescription":"むね堂 お会計","orderItems":[{"name":"どら焼き","category":"和菓子",` +
	`"quantity":4,"productId":"4901234567894","unitPrice":{"amount":320,"currency":"JPY"}}]`

func TestPay(t *testing.T) {
	t.Parallel()
	choice := PaymentChoice{BonusInvestment, "WALLET", "W1"}
	const chosen = `,"productType":"VIRTUAL_BONUS_INVESTMENT","paymentMethodType":"WALLET","paymentMethodId":"W1"`
	for name, tt := range map[string]struct {
		pay        func(*Client) (Payment, error)
		path, body string
	}{
		"native": {
			func(c *Client) (Payment, error) {
				return c.Pay(t.Context(), PayRequest{OrderRequest: userOrder(), PaymentChoice: choice})
			},
			"/v2/payments?agreeSimilarTransaction=false", userOrderBody + chosen + "}",
		},
		"native, agreed": {
			func(c *Client) (Payment, error) {
				return c.Pay(t.Context(), PayRequest{OrderRequest: userOrder(), AgreeSimilar: true})
			},
			"/v2/payments?agreeSimilarTransaction=true", userOrderBody + "}",
		},
		"pre-authorised": {
			func(c *Client) (Payment, error) {
				return c.Preauthorize(t.Context(), PreauthorizeRequest{PayRequest{userOrder(), choice, true}, 1762592120})
			},
			"/v2/payments/preauthorize?agreeSimilarTransaction=true", userOrderBody + chosen + `,"expiresAt":1762592120}`,
		},
		"continuous": {
			func(c *Client) (Payment, error) { return c.PayContinuous(t.Context(), userOrder()) },
			"/v1/subscription/payments", userOrderBody + "}",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{200, 201} { // both are seen
				var s sent
				got, err := tt.pay(serve(t, recording(&s, answering(status, testdata(t, "payment.json")))))
				if err != nil {
					t.Fatal(err)
				}
				got.Raw = nil
				if d := cmp.Diff(wholePayment(), got); d != "" {
					t.Error(d)
				}
				if s.method != "POST" || s.path != tt.path || s.body != tt.body {
					t.Errorf("sent %s %s %s", s.method, s.path, s.body)
				}
				checkSignature(t, s) // which leaves the query out
			}
			for _, edit := range [][2]string{{`"R1-0001"`, `"R1-0002"`}, {`"amount": 1280`, `"amount": 1281`}, {`"data": {`, `"other": {`}, {authorizationID, "somebody-else"}} {
				doc := strings.Replace(testdata(t, "payment.json"), edit[0], edit[1], 1)
				if _, err := tt.pay(serve(t, answering(200, doc))); ClassOf(err) != Unknown || !errors.Is(err, ErrMismatch) {
					t.Errorf("%s: error %v", edit, err)
				}
			}
		})
	}
}

func TestPay_refusedBeforeSending(t *testing.T) {
	t.Parallel()
	c := serve(t, answering(500, ""))
	for name, change := range map[string]func(*OrderRequest){
		"no id":         func(r *OrderRequest) { r.MerchantPaymentID = "" },
		"no customer":   func(r *OrderRequest) { r.UserAuthorizationID = "" },
		"no yen":        func(r *OrderRequest) { r.Amount = Yen(0) },
		"milliseconds":  func(r *OrderRequest) { r.RequestedAt = 1760000120000 },
		"long text":     func(r *OrderRequest) { r.OrderDescription = strings.Repeat("餅", 256) },
		"item unnamed":  func(r *OrderRequest) { r.OrderItems[0].Name = "" },
		"item of none":  func(r *OrderRequest) { r.OrderItems[0].Quantity = 0 },
		"item for free": func(r *OrderRequest) { r.OrderItems[0].UnitPrice = Yen(0) },
	} {
		r := userOrder()
		change(&r)
		_, pay := c.Pay(t.Context(), PayRequest{OrderRequest: r})
		_, hold := c.Preauthorize(t.Context(), PreauthorizeRequest{PayRequest: PayRequest{OrderRequest: r}})
		_, series := c.PayContinuous(t.Context(), r)
		_, ask := c.CreatePendingPayment(t.Context(), PendingPaymentRequest{OrderRequest: r})
		for _, err := range []error{pay, hold, series, ask} {
			if ClassOf(err) != Bug {
				t.Errorf("%s: error %v", name, err)
			}
		}
	}
}

func TestPendingPayment(t *testing.T) {
	t.Parallel()
	want := PendingPayment{
		MerchantPaymentID: "R1-0001", UserAuthorizationID: authorizationID, Amount: Yen(1280), RequestedAt: 1760000120,
		ExpiryDate: 1760021721, StoreID: "STORE-01", TerminalID: "REG-2", OrderReceiptNumber: "000123",
		OrderDescription: "むね堂 お会計", OrderItems: []OrderItem{{"どら焼き", "和菓子", 4, "4901234567894", Yen(320)}},
		RequestID: testRequestID,
	}
	var s sent
	c := serve(t, recording(&s, answering(201, testdata(t, "create-pending-payment.json"))))
	got, err := c.CreatePendingPayment(t.Context(), PendingPaymentRequest{userOrder(), 1760021721, UtilityBill})
	if err != nil {
		t.Fatal(err)
	}
	got.Raw = nil
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if s.method != "POST" || s.path != "/v1/requestOrder" || s.body != userOrderBody+`,"expiryDate":1760021721,"productType":"UTILITY_BILL"}` {
		t.Errorf("sent %s %s %s", s.method, s.path, s.body)
	}
	checkSignature(t, s)

	want.ProductType, want.Status, want.PaymentID, want.AcceptedAt = UtilityBill, StatusCompleted, paymentID, 1760000160
	want.Refunds = Refunds{[]Refund{{
		Status: RefundCreated, MerchantRefundID: "R1-0001-R1", PaymentID: paymentID, Amount: Yen(280), RequestedAt: 1760003600,
	}}}
	c = serve(t, recording(&s, answering(200, testdata(t, "pending-payment.json"))))
	if got, err = c.PendingPayment(t.Context(), "R1-0001"); err != nil {
		t.Fatal(err)
	}
	got.Raw = nil
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if s.method != "GET" || s.path != "/v1/requestOrder/R1-0001" {
		t.Errorf("sent %s %s", s.method, s.path)
	}

	for _, edit := range [][2]string{
		{`"R1-0001"`, `"R1-0002"`},
		{`"COMPLETED"`, `""`},
		{`"paymentId": "04591234567890123456"`, `"paymentId": ""`},
		{`"JPY"`, `"USD"`},
		{`"COMPLETED"`, `"COMPLETED\u001b"`},
		{`"paymentId": "04591234567890123456"`, `"paymentId": "0 4"`},
		{`"amount": 280`, `"amount": 2800`},
		{`"requestedAt": 17`, `"requestedAt": 17000`},
	} {
		doc := strings.Replace(testdata(t, "pending-payment.json"), edit[0], edit[1], 1)
		if _, err := serve(t, answering(200, doc)).PendingPayment(t.Context(), "R1-0001"); ClassOf(err) != Unknown || !errors.Is(err, ErrMismatch) {
			t.Errorf("%s: error %v", edit, err)
		}
	}
	for _, edit := range [][2]string{{`"amount": 1280`, `"amount": 1281`}, {authorizationID, "somebody-else"}} {
		doc := strings.Replace(testdata(t, "create-pending-payment.json"), edit[0], edit[1], 1)
		if _, err := serve(t, answering(201, doc)).CreatePendingPayment(t.Context(), PendingPaymentRequest{OrderRequest: userOrder()}); ClassOf(err) != Unknown || !errors.Is(err, ErrMismatch) {
			t.Errorf("%s: error %v", edit, err)
		}
	}
}

// What only PayPay's yes answers, and nothing else.
func TestCall_acceptedWithoutData(t *testing.T) {
	t.Parallel()
	for op, want := range map[Op]string{
		OpCancelPayment:        "DELETE /v2/payments/R1-0001 ",
		OpCancelPendingPayment: "DELETE /v1/requestOrder/R1-0001 ",
		OpUnlink:               "DELETE /v2/user/authorizations/" + authorizationID + " ",
		OpGiveCashback: `POST /v2/cashback {"merchantCashbackId":"B1","userAuthorizationId":"` + authorizationID +
			`","amount":{"amount":50,"currency":"JPY"},"requestedAt":1760000190,"orderDescription":"来店","walletType":"PREPAID","expiryDate":"2027-03-31"}`,
		OpReverseCashback: `POST /v2/cashback_reversal {"merchantCashbackReversalId":"BR1","merchantCashbackId":"B1",` +
			`"amount":{"amount":50,"currency":"JPY"},"requestedAt":1760000290,"reason":"誤り"}`,
	} {
		var s sent
		if err := try(t, serve(t, recording(&s, answering(202, testdata(t, "accepted.json")))), op); err != nil {
			t.Errorf("%s: %v", op, err)
		}
		if got := s.method + " " + s.path + " " + s.body; got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
		checkSignature(t, s)
	}
}
